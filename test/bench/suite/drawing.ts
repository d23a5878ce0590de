// What `npm run bench:widgets` prints, for the report: layout and paint, frames, memory, sizes of bundles.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Runs it in a process of its own. @returns its lines: what, and how much */
export async function measureDrawing(): Promise<(readonly [string, string])[]> {
  const program = path.join(import.meta.dirname, '../widgets.ts');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`The benchmark of the widgets ended with ${child.exitCode}`);
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [what = '', ...rest] = line.split(/\s{2,}/);
      return [what, rest.join('  ')] as const;
    });
}

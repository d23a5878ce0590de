// The program of embedded-child.ts: opens an embedded database as told by its argument, tells what came of it in one
// line, and closes it when its standard input says so.
import { createInterface } from 'node:readline';
import { EmbeddedDatabaseError, joinEmbedded, startEmbedded } from '../../db/embedded.ts';
import type { ChildOptions } from './embedded-child.ts';

// embedded-child.ts wrote it as such.
const { folder, join, binaries, settings } = JSON.parse(process.argv[2] ?? '{}') as ChildOptions;
const open = join === true ? joinEmbedded : startEmbedded;
try {
  const log: string[] = [];
  const database = await open(folder, { binaries, settings, log: (line) => log.push(line) });
  process.stdout.write(`${JSON.stringify({ options: database.options, owned: database.owned, log })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') await database.stop();
    process.exit(0);
  }
} catch (error) {
  if (!(error instanceof EmbeddedDatabaseError)) throw error;
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`);
}

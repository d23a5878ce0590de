// Reads and writes the files of a package that is put together.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function readText(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

export function writeText(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export function writeJson(folder: string, file: string, value: unknown): void {
  writeText(folder, file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Copies a file by the same path in another folder. */
export function copyFile(from: string, to: string, file: string): void {
  const path = join(to, file);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(join(from, file), path);
}

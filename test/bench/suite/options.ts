// What `npm run bench` may be told.
import { parseArgs } from 'node:util';

export const partNames = ['reads', 'export', 'http', 'live', 'widgets'] as const;
export type Part = (typeof partNames)[number];

export const usage = `npm run bench -- [--users N[,N]] [--large] [--only PART[,PART]] [--runs N] [--keep | --reuse FOLDER]

  --users N,N     how many users, one size after the other; 100000,1000000 unless given
  --large         10 million users, every figure once
  --only PARTS    of ${partNames.join(', ')}; the backfill and the audit are always there
  --runs N        how often each figure is measured; 5 unless given, the backfill once
  --keep          leave the filled databases where they are, and say where
  --reuse FOLDER  measure on databases that were kept; sizes that are not there are filled and kept
  --output FOLDER where the report goes; dist/bench unless given`;

export interface BenchOptions {
  readonly sizes: readonly number[];
  readonly parts: ReadonlySet<Part>;
  readonly runs: number;
  readonly reuse: string | undefined;
  readonly isKept: boolean;
  readonly output: string;
}

const wholeNumber = (text: string, what: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`${what} must be a whole number above 0\n${usage}`);
  return number;
};

const isPart = (text: string): text is Part => (partNames as readonly string[]).includes(text);

/** @returns undefined when help was asked for */
export function readOptions(words: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...words],
    options: {
      users: { type: 'string' },
      large: { type: 'boolean', default: false },
      only: { type: 'string' },
      runs: { type: 'string' },
      keep: { type: 'boolean', default: false },
      reuse: { type: 'string' },
      output: { type: 'string', default: 'dist/bench' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const named = values.only?.split(',') ?? partNames;
  const parts = new Set(named.filter(isPart));
  if (parts.size < named.length) throw new Error(`--only takes ${partNames.join(', ')}\n${usage}`);
  const sizes = values.users ?? (values.large ? '10000000' : '100000,1000000');
  return {
    sizes: sizes.split(',').map((size) => wholeNumber(size, '--users')),
    parts,
    runs: wholeNumber(values.runs ?? (values.large ? '1' : '5'), '--runs'),
    reuse: values.reuse,
    isKept: values.keep || values.reuse !== undefined,
    output: values.output,
  };
}

/**
 * What a user takes of the disk at its fullest, in bytes: 8,400 were measured at 100,000 users, of 11 events each, with the
 * plain table and its indexes, DuckDB’s file and the gzipped events. The write-ahead log comes on top.
 */
export const bytesOfUser = 9_000;
export const bytesOfWriteAheadLog = 3_000_000_000;

// Numbers are kept by day of entry and by coarser blocks of days, so that a long range is covered by few.

/** How many days a block of each level holds. The last level is all time. */
const blockDays = [1, 4, 16, 64, Infinity] as const;
export const levels: readonly number[] = blockDays.map((_, level) => level);
/** The level at which a block is one day. */
export const dayLevel = 0;
/** The level of all time. */
export const allTimeLevel = 4;
/** The levels whose numbers come with sets of users: the finest for exact ends of a range, the coarsest for what is between. */
const levelsWithSets: readonly number[] = [dayLevel, 3];

/** Whether the numbers of a level come with sets of users. */
export function hasSets(level: number): boolean {
  return levelsWithSets.includes(level);
}

/** The block of a level in which a day lies. */
export function blockOf(level: number, day: number): number {
  return level === allTimeLevel ? 0 : Math.floor(day / (blockDays[level] ?? Infinity));
}

/** The first day of a block. */
export function firstDayOf(level: number, block: number): number {
  return level === allTimeLevel ? 0 : block * (blockDays[level] ?? 0);
}

/** Consecutive blocks of one level, first and last inclusive. */
export interface BlockSpan {
  readonly level: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Covers the days from `first` to `last`, both inclusive, with as few blocks as possible: coarse ones in the middle,
 * finer ones towards the ends.
 */
export function coverDays(first: number, last: number): BlockSpan[] {
  return cover(first, last, levels.slice(0, allTimeLevel));
}

/** As coverDays, with blocks that have sets. */
export function coverDaysWithSets(first: number, last: number): BlockSpan[] {
  return cover(first, last, levelsWithSets);
}

function cover(first: number, last: number, by: readonly number[]): BlockSpan[] {
  if (first > last) return [];
  const level = by.at(-1) ?? dayLevel;
  if (level === dayLevel) return [{ level, first, last }];
  const finer = by.slice(0, -1);
  const days = blockDays[level] ?? Infinity;
  const firstBlock = Math.ceil(first / days);
  const lastBlock = Math.floor((last + 1) / days) - 1;
  if (firstBlock > lastBlock) return cover(first, last, finer);
  return [
    ...cover(first, firstBlock * days - 1, finer),
    { level, first: firstBlock, last: lastBlock },
    ...cover((lastBlock + 1) * days, last, finer),
  ];
}

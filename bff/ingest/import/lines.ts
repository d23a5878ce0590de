// Splits NDJSON into its lines, as many at a time as there are, so that memory does not grow with the file.
import type { Item } from './item.ts';

const newline = 10;
/** Longer than any event can be, however its characters are written. */
const longestLine = 1_000_000;

function parse(text: string, line: number): Item {
  if (text.length > longestLine) return { line, problem: `must be at most ${longestLine} characters long` };
  try {
    return { line, value: JSON.parse(text) as unknown };
  } catch {
    return { line, problem: 'must be a line of JSON' };
  }
}

/**
 * Reads the non-blank lines after the first `skipped` of them.
 * @returns groups of lines, parsed
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, skipped: number): AsyncGenerator<Item[]> {
  let line = 0;
  let seen = 0;
  // The beginning of a line whose end has not come yet. Of one that is too long only so much is kept.
  let begun: Buffer[] = [];
  let begunLength = 0;
  const keep = (part: Buffer) => {
    if (begunLength <= longestLine * 4) begun.push(part);
    begunLength += part.length;
  };
  const take = (whole: Buffer): Item[] => {
    const items: Item[] = [];
    for (const text of whole.toString('utf8').split('\n')) {
      line += 1;
      const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (bare.trim() === '') continue;
      seen += 1;
      if (seen > skipped) items.push(parse(bare, line));
    }
    return items;
  };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      keep(chunk);
      continue;
    }
    keep(chunk.subarray(0, end));
    const items = take(Buffer.concat(begun));
    begun = [chunk.subarray(end + 1)];
    begunLength = chunk.length - end - 1;
    if (items.length > 0) yield items;
  }
  if (begunLength > 0) yield take(Buffer.concat(begun));
}

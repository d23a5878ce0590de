// Reads the body of POST /v1/events: text to events, and what is wrong with those that are none.
import * as v from 'valibot';
import { eventSchema, type IngestAnswer, type ParsedEvent } from '../contract/index.ts';
import { describeIssues } from '../middleware/describe-issues.ts';

type Rejected = IngestAnswer['rejected'][number];

/** One element of a body: a value, or a line that is no JSON. */
type Element = { readonly value: unknown } | { readonly problem: string };

/**
 * Splits NDJSON into its non-blank lines.
 * @param most after one more than these it stops, since a small compressed body can hold millions of lines
 * @returns for each its value, or that it is no JSON.
 */
export function readNdjson(text: string, most: number): Element[] {
  const elements: Element[] = [];
  let end = -1;
  while (end < text.length && elements.length <= most) {
    const start = end + 1;
    const next = text.indexOf('\n', start);
    end = next === -1 ? text.length : next;
    const line = text.slice(start, end);
    if (line.trim() === '') continue;
    try {
      elements.push({ value: JSON.parse(line) });
    } catch {
      elements.push({ problem: 'must be a line of JSON' });
    }
  }
  return elements;
}

function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  return typeof value.id === 'string' && value.id.length <= 400 ? value.id : null;
}

export interface ParsedEvents {
  readonly events: ParsedEvent[];
  readonly rejected: Rejected[];
}

/** Parses each element on its own, so that one bad event does not keep the others out. */
export function parseEvents(elements: readonly Element[]): ParsedEvents {
  const events: ParsedEvent[] = [];
  const rejected: Rejected[] = [];
  elements.forEach((element, index) => {
    if ('problem' in element) {
      rejected.push({ index, id: null, errors: [{ path: '', message: element.problem }] });
      return;
    }
    const result = v.safeParse(eventSchema, element.value);
    if (result.success) events.push(result.output);
    else rejected.push({ index, id: idOf(element.value), errors: describeIssues(result.issues) });
  });
  return { events, rejected };
}

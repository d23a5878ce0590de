// An activity log as events: each person has one entry, from their first row to their last, and a row is a step.
import { hash } from 'node:crypto';
import { ImportError } from './import-error.ts';
import type { Item } from './item.ts';
import { columnIndex, propertyOf } from './mapping.ts';
import type { ImportOptions, LogColumns } from './options.ts';
import type { Row, Table } from './rows.ts';

/** Names that such columns usually have, in lower case without separators; earlier ones are preferred. */
const usualNames = {
  user: [
    'userid',
    'externalid',
    'customerid',
    'clientid',
    'visitorid',
    'caseid',
    'caseconceptname',
    'user',
    'case',
  ],
  step: ['stepid', 'activity', 'activityname', 'conceptname', 'eventname', 'event', 'step', 'action', 'page'],
  at: ['at', 'timestamp', 'timetimestamp', 'datetime', 'occurredat', 'eventtime', 'time', 'date'],
} as const;

interface Places {
  readonly user: number;
  readonly step: number;
  readonly at: number;
  readonly order: number | undefined;
  readonly properties: readonly { readonly name: string; readonly index: number }[];
}

function bareName(column: string): string {
  return column.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function findColumn(
  header: readonly string[],
  role: keyof typeof usualNames,
  named: string | undefined,
): number {
  if (named !== undefined) return columnIndex(header, named);
  const bare = header.map(bareName);
  for (const name of usualNames[role]) {
    const index = bare.indexOf(name);
    if (index >= 0) return index;
  }
  const known = header.map((column) => `"${column}"`).join(', ');
  const what = { user: 'the person', step: 'the step', at: 'the time' }[role];
  throw new ImportError(
    `Name the column that holds ${what} with --${role} COLUMN, or map columns to the fields of events with --map. The file's columns are: ${known}.`,
  );
}

function findPlaces(header: readonly string[], columns: LogColumns): Places {
  return {
    user: findColumn(header, 'user', columns.user),
    step: findColumn(header, 'step', columns.step),
    at: findColumn(header, 'at', columns.at),
    order: columns.order === undefined ? undefined : columnIndex(header, columns.order),
    properties: columns.properties.map((name) => ({ name, index: columnIndex(header, name) })),
  };
}

/** One row that can be used. */
interface Visit {
  readonly line: number;
  readonly at: string;
  readonly order: number;
  readonly stepId: string;
  readonly properties: readonly string[];
}

type TimeReader = (text: string) => string | undefined;

function visitOf(row: Row, places: Places, readTime: TimeReader): Visit | string {
  if (row.problem !== undefined) return row.problem;
  const cell = (index: number) => row.cells[index] ?? '';
  const at = readTime(cell(places.at));
  if (at === undefined) return 'the time must be written like 2026-11-24 09:30:00, or with an offset';
  const order = places.order === undefined ? 0 : Number(cell(places.order));
  if (!Number.isFinite(order)) return 'the order must be a number';
  const properties = places.properties.map(({ index }) => cell(index));
  return { line: row.line, at, order, stepId: cell(places.step), properties };
}

/** The events of one person. `sequence` keeps rows of one time in their order. */
function eventsOf(
  userId: string,
  visits: readonly Visit[],
  places: Places,
  { journeyId, conversion }: LogSettings,
): Item[] {
  const person = hash('sha256', `${journeyId}\0${userId}`, 'base64url').slice(0, 22);
  const common = (visit: Visit, sequence: number, kind: string) => ({
    id: `${person}-${sequence}${kind}`,
    at: visit.at,
    userId,
    sequence,
  });
  const items: Item[] = [];
  const add = (line: number, value: Record<string, unknown>) => items.push({ line, value });
  const [first] = visits;
  const last = visits.at(-1);
  if (!first || !last) return items;
  add(first.line, { ...common(first, 0, 'b'), type: 'journey.entered', journeyId });
  visits.forEach((visit, index) => {
    const { line, stepId } = visit;
    add(line, { ...common(visit, index + 1, 's'), type: 'step.entered', journeyId, stepId });
    if (stepId !== conversion?.step) return;
    const properties = places.properties
      .map(({ name }, position) => [name, visit.properties[position] ?? ''] as const)
      .filter(([, text]) => text !== '');
    add(line, {
      ...common(visit, index + 1, 't'),
      type: 'track',
      name: conversion.event,
      ...(properties.length > 0
        ? { properties: Object.fromEntries(properties.map(([name, text]) => [name, propertyOf(text)])) }
        : {}),
    });
  });
  add(last.line, { ...common(last, visits.length + 1, 'e'), type: 'journey.exited', journeyId });
  return items;
}

interface LogSettings {
  readonly journeyId: string;
  readonly conversion: ImportOptions['conversion'];
}

/**
 * Turns an activity log into events, person by person in the order in which they first come. All rows are read before
 * the first event is given, since a person's rows may stand anywhere.
 * @param skipped how many items at the beginning are left out
 */
export async function* readActivityLog(
  { header, rows }: Table,
  columns: LogColumns,
  settings: LogSettings,
  readTime: TimeReader,
  skipped: number,
): AsyncGenerator<Item[]> {
  const places = findPlaces(header, columns);
  const people = new Map<string, Visit[]>();
  const problems: Item[] = [];
  for await (const group of rows) {
    for (const row of group) {
      const visit = visitOf(row, places, readTime);
      if (typeof visit === 'string') {
        problems.push({ line: row.line, problem: visit });
        continue;
      }
      const userId = row.cells[places.user] ?? '';
      const visits = people.get(userId);
      if (visits) visits.push(visit);
      else people.set(userId, [visit]);
    }
  }
  let seen = 0;
  const fresh = (items: Item[]): Item[] => {
    const from = Math.max(0, skipped - seen);
    seen += items.length;
    return from === 0 ? items : items.slice(from);
  };
  yield fresh(problems);
  for (const [userId, visits] of people) {
    // RFC 3339 in UTC, all written alike: the order of the texts is that of the times. Equal rows keep theirs.
    const inOrder = visits.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.order - b.order));
    yield fresh(eventsOf(userId, inOrder, places, settings));
  }
}

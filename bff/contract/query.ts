// Query parameters of the reading routes.
import * as v from 'valibot';
import { platforms } from './event.ts';
import { dateSchema, parseDate } from './instant.ts';
import { idText, journeyIdSchema, nameText } from './text.ts';

const rangeEntries = { from: v.optional(dateSchema), to: v.optional(dateSchema) };

/** Whether a range's days are in order; an open end always is. */
export function rangeRunsForward({
  from,
  to,
}: {
  from?: string | undefined;
  to?: string | undefined;
}): boolean {
  if (from === undefined || to === undefined) return true;
  return (parseDate(from) ?? 0) <= (parseDate(to) ?? 0);
}
export const startsTooLate = 'must not be after to';

const compare = v.optional(v.literal('previous', 'must be previous'));

export const overviewQuerySchema = v.pipe(
  v.strictObject({ ...rangeEntries, compare, trend: v.optional(v.literal('day', 'must be day')) }),
  v.forward(
    v.check((query) => rangeRunsForward(query), startsTooLate),
    ['from'],
  ),
);
export const flowQuerySchema = v.pipe(
  v.strictObject({ ...rangeEntries, compare }),
  v.forward(
    v.check((query) => rangeRunsForward(query), startsTooLate),
    ['from'],
  ),
);
export const rangeQuerySchema = v.pipe(
  v.strictObject(rangeEntries),
  v.forward(
    v.check((query) => rangeRunsForward(query), startsTooLate),
    ['from'],
  ),
);
export const trendQuerySchema = v.pipe(
  v.strictObject({
    ...rangeEntries,
    metric: v.string('must name a metric'),
    stepId: v.optional(idText),
    platform: v.optional(v.picklist(platforms, 'must be android, ios, web or other')),
    outcome: v.optional(nameText),
  }),
  v.forward(
    v.check((query) => rangeRunsForward(query), startsTooLate),
    ['from'],
  ),
);
export const putJourneyQuerySchema = v.strictObject({
  rebuild: v.optional(v.picklist(['true', 'false'], 'must be true or false')),
});
const limit = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^[1-9]\d{0,2}$/, 'must be a whole number from 1 to 500'),
    v.transform(Number),
    v.maxValue(500, 'must be a whole number from 1 to 500'),
  ),
  '100',
);
export const listQuerySchema = v.strictObject({ cursor: v.optional(journeyIdSchema), limit });
export const exportListQuerySchema = v.strictObject({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(500, 'must be the nextCursor of an answer'))),
  limit,
});
export const emptyQuerySchema = v.strictObject({});

// Exports and audiences: what is asked for, and what is answered beside the files.
import * as v from 'valibot';
import { platforms } from './event.ts';
import { dateSchema } from './instant.ts';
import { rangeRunsForward, startsTooLate } from './query.ts';
import { idText, nameText } from './text.ts';

export const exportFormats = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const file = {
  format: v.picklist(exportFormats, 'must be csv or xlsx'),
  bom: v.optional(v.picklist(['true', 'false'], 'must be true or false')),
};
const qualifiers = {
  stepId: v.optional(idText),
  platform: v.optional(v.picklist(platforms, 'must be android, ios, web or other')),
  outcome: v.optional(nameText),
};
const range = { from: v.optional(dateSchema), to: v.optional(dateSchema) };

export const exportQuerySchema = v.pipe(
  v.strictObject({ ...file, ...qualifiers, ...range }),
  v.forward(
    v.check((query) => rangeRunsForward(query), startsTooLate),
    ['from'],
  ),
);

export const audienceExportQuerySchema = v.pipe(
  v.strictObject({ ...file, ...range }),
  v.forward(
    v.check((query) => rangeRunsForward(query), startsTooLate),
    ['from'],
  ),
);

export const audienceLimits = { depth: 8, leaves: 32 } as const;

const leafSchema = v.strictObject({ metric: v.string('must name a metric'), ...qualifiers });

/** A metric's users, or a combination of such sets. */
export type Audience =
  | v.InferOutput<typeof leafSchema>
  | { readonly all: readonly Audience[] }
  | { readonly any: readonly Audience[] }
  | { readonly not: Audience };

const conditionSchema: v.GenericSchema<unknown, Audience> = v.lazy((input) => {
  if (typeof input === 'object' && input !== null) {
    if ('all' in input) return v.strictObject({ all: conditionList });
    if ('any' in input) return v.strictObject({ any: conditionList });
    if ('not' in input) return v.strictObject({ not: conditionSchema });
  }
  return leafSchema;
});

const conditionList = v.pipe(
  v.array(conditionSchema),
  v.minLength(1, 'must not be empty'),
  v.maxLength(audienceLimits.leaves, `must hold at most ${audienceLimits.leaves}`),
);

/** How deep a condition nests; more than the limit is not counted further, so that no body can exhaust the stack. */
function depthOf(condition: unknown, limit: number): number {
  if (limit === 0 || typeof condition !== 'object' || condition === null) return 0;
  const parts: unknown[] =
    'all' in condition && Array.isArray(condition.all)
      ? condition.all
      : 'any' in condition && Array.isArray(condition.any)
        ? condition.any
        : 'not' in condition
          ? [condition.not]
          : [];
  return 1 + parts.reduce<number>((deepest, part) => Math.max(deepest, depthOf(part, limit - 1)), 0);
}

function leavesOf(condition: Audience): number {
  if ('all' in condition) return condition.all.reduce((sum, part) => sum + leavesOf(part), 0);
  if ('any' in condition) return condition.any.reduce((sum, part) => sum + leavesOf(part), 0);
  return 'not' in condition ? leavesOf(condition.not) : 1;
}

/** What `POST …/audience` takes. `all`, `any` and `not` nest up to 8 deep and hold up to 32 leaves. */
export const audienceSchema = v.strictObject({
  where: v.pipe(
    v.unknown(),
    v.check(
      // A leaf stands at most below eight combinations.
      (condition) => depthOf(condition, audienceLimits.depth + 2) <= audienceLimits.depth + 1,
      `must nest at most ${audienceLimits.depth} deep`,
    ),
    conditionSchema,
    v.check(
      (condition) => leavesOf(condition) <= audienceLimits.leaves,
      `must hold at most ${audienceLimits.leaves} metrics`,
    ),
  ),
});

export const audienceAnswerSchema = v.object({
  users: v.number(),
  asOf: v.string(),
  pendingEvents: v.number(),
});

/** The answer to a request for a one-time link. `url` is a path of this service. */
export const exportLinkSchema = v.object({
  url: v.string(),
  expiresAt: v.string(),
  exportId: v.string(),
  rows: v.number(),
});

export const exportStates = ['waiting', 'streaming', 'complete', 'broken', 'expired'] as const;

export const exportStateSchema = v.object({
  state: v.picklist(exportStates),
  rows: v.number(),
  rowsSent: v.number(),
});

/** One line of the audit trail. */
export const exportRecordSchema = v.object({
  exportId: v.string(),
  journeyId: v.string(),
  /** The API key, the one that minted the token, or the identity provider that signed it. */
  credentialId: v.string(),
  subject: v.nullable(v.string()),
  request: v.unknown(),
  format: v.picklist(exportFormats),
  createdAt: v.string(),
  ...exportStateSchema.entries,
});

export const exportListSchema = v.object({
  exports: v.array(exportRecordSchema),
  nextCursor: v.nullable(v.string()),
});

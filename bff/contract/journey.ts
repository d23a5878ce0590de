// A journey's definition: its steps, transitions and conversion.
import * as v from 'valibot';
import { idText, journeyIdSchema, nameText } from './text.ts';

export const stepTypes = [
  'entry',
  'push',
  'email',
  'sms',
  'in-app',
  'wait',
  'condition',
  'split',
  'custom',
  'exit',
] as const;
export type StepType = (typeof stepTypes)[number];

/** The step types that send messages. */
export const channels = ['push', 'email', 'sms', 'in-app'] as const;
export type Channel = (typeof channels)[number];

export function isChannel(type: StepType): type is Channel {
  return (channels as readonly StepType[]).includes(type);
}

export const maximumSteps = 2_000;
const maximumWindowDays = 3_650;
export const windowUnits = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

/** @returns whether `Intl` knows the zone by its IANA name; offsets such as `+03:00` are no names. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false; // a RangeError is how Intl says no
  }
}

const finite = v.pipe(v.number('must be a number'), v.finite('must be a finite number'));

const filterValue = v.union(
  [nameOrEmpty(), finite, v.boolean()],
  'must be a text of at most 1,000 characters, a number or true or false',
);

function nameOrEmpty() {
  return v.pipe(
    v.string(),
    v.maxLength(1_000),
    v.check(
      (text) => !text.includes('\0') && text.isWellFormed(),
      'must not contain U+0000 or lone surrogates',
    ),
  );
}

const filterSchema = v.variant('operator', [
  v.strictObject({ property: nameText, operator: v.literal('exists') }),
  v.strictObject({
    property: nameText,
    operator: v.picklist(['equals', 'notEquals', 'greaterThan', 'lessThan', 'contains']),
    value: filterValue,
  }),
]);
export type ConversionFilter = v.InferOutput<typeof filterSchema>;

const windowSchema = v.pipe(
  v.strictObject({
    value: v.pipe(finite, v.minValue(0, 'must not be negative')),
    unit: v.picklist(['minutes', 'hours', 'days'], 'must be minutes, hours or days'),
  }),
  v.check(
    ({ value, unit }) => value * windowUnits[unit] <= maximumWindowDays * windowUnits.days,
    `must be at most ${maximumWindowDays} days`,
  ),
);

const conversionSchema = v.strictObject({
  event: nameText,
  filters: v.optional(v.pipe(v.array(filterSchema), v.maxLength(50, 'must hold at most 50 filters')), []),
  stopCountingAfterExit: windowSchema,
});
export type Conversion = v.InferOutput<typeof conversionSchema>;

const variantSchema = v.strictObject({
  outcome: nameText,
  weight: v.pipe(finite, v.minValue(0, 'must not be negative')),
  name: v.optional(nameText),
});

const stepSchema = v.strictObject({
  stepId: idText,
  type: v.picklist(stepTypes, 'must be a known type of step'),
  name: v.optional(nameText),
  campaignId: v.optional(v.nullable(idText)),
  position: v.optional(v.nullable(v.strictObject({ x: finite, y: finite }))),
  variants: v.optional(v.pipe(v.array(variantSchema), v.maxLength(100, 'must hold at most 100 variants'))),
});
export type Step = v.InferOutput<typeof stepSchema>;

const transitionSchema = v.strictObject({
  from: idText,
  to: idText,
  label: v.optional(v.nullable(nameText)),
});

/** What `PUT /v1/journeys/{journeyId}` takes. Parsed, absent parts have their defaults. */
export const journeyDefinitionSchema = v.pipe(
  v.strictObject({
    name: nameText,
    timeZone: v.optional(
      v.pipe(v.string('must be a text'), v.check(isTimeZone, 'must be a known IANA time zone')),
      'UTC',
    ),
    conversion: v.optional(v.nullable(conversionSchema), null),
    steps: v.optional(
      v.pipe(v.array(stepSchema), v.maxLength(maximumSteps, `must hold at most ${maximumSteps} steps`)),
      [],
    ),
    transitions: v.optional(
      v.pipe(v.array(transitionSchema), v.maxLength(20_000, 'must hold at most 20000 transitions')),
      [],
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { steps, transitions } = dataset.value;
    const known = new Set<string>();
    const issueAt = (list: 'steps' | 'transitions', index: number, key: string, message: string) => {
      addIssue({
        message,
        path: [
          { type: 'object', origin: 'value', input: dataset.value, key: list, value: dataset.value[list] },
          {
            type: 'array',
            origin: 'value',
            input: dataset.value[list],
            key: index,
            value: dataset.value[list][index],
          },
          {
            type: 'object',
            origin: 'value',
            input: dataset.value[list][index] as never,
            key,
            value: undefined,
          },
        ],
      });
    };
    steps.forEach((step, index) => {
      if (known.has(step.stepId)) issueAt('steps', index, 'stepId', 'is given twice');
      known.add(step.stepId);
    });
    transitions.forEach((transition, index) => {
      if (!known.has(transition.from))
        issueAt('transitions', index, 'from', 'names a step that does not exist');
      if (!known.has(transition.to)) issueAt('transitions', index, 'to', 'names a step that does not exist');
    });
  }),
);
/** A definition as a host writes it. */
export type JourneyDefinitionInput = v.InferInput<typeof journeyDefinitionSchema>;
/** A definition after parsing: what is stored and served. */
export type JourneyDefinition = v.InferOutput<typeof journeyDefinitionSchema>;

/** A journey as it is served: its id and its definition. */
export const journeySchema = v.object({
  journeyId: journeyIdSchema,
  name: v.string(),
  timeZone: v.string(),
  conversion: v.nullable(conversionSchema),
  steps: v.array(stepSchema),
  transitions: v.array(transitionSchema),
});
export type Journey = v.InferOutput<typeof journeySchema>;

export const journeyListSchema = v.object({
  journeys: v.array(journeySchema),
  nextCursor: v.nullable(v.string()),
});

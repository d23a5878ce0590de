// The arguments of `npm run import`, read once. Whatever is wrong with them is said in one message.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import * as v from 'valibot';
import { idText, journeyDefinitionSchema, journeyIdSchema, nameText } from '../../contract/index.ts';
import { ImportError } from './import-error.ts';
import { parseMapping, type FieldSource } from './mapping.ts';

const optionNames = {
  journey: { type: 'string' },
  workspace: { type: 'string' },
  format: { type: 'string' },
  delimiter: { type: 'string' },
  definition: { type: 'string' },
  map: { type: 'string', multiple: true },
  user: { type: 'string' },
  step: { type: 'string' },
  at: { type: 'string' },
  order: { type: 'string' },
  conversion: { type: 'string' },
  properties: { type: 'string', multiple: true },
  zone: { type: 'string' },
  strict: { type: 'boolean' },
  restart: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

const isTimeZone = (zone: string) => v.is(journeyDefinitionSchema, { name: 'any', timeZone: zone });

const column = v.optional(v.pipe(v.string(), v.minLength(1, 'must name a column')));

const argumentsSchema = v.strictObject({
  journey: v.optional(journeyIdSchema),
  workspace: v.optional(nameText, 'demo'),
  format: v.optional(v.picklist(['ndjson', 'csv'], 'must be ndjson or csv')),
  delimiter: v.optional(v.pipe(v.string(), v.minLength(1, 'must not be empty'))),
  definition: v.optional(v.string()),
  map: v.optional(v.array(v.string())),
  user: column,
  step: column,
  at: column,
  order: column,
  conversion: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => {
        const cut = text.indexOf('=');
        return cut < 0
          ? { step: text, event: text }
          : { step: text.slice(0, cut), event: text.slice(cut + 1) };
      }),
      v.object({ step: idText, event: nameText }),
    ),
  ),
  properties: v.optional(v.array(v.string()), []),
  zone: v.optional(
    v.pipe(v.string(), v.check(isTimeZone, 'must be an IANA time zone, such as Europe/Istanbul')),
    'UTC',
  ),
  strict: v.optional(v.boolean(), false),
  restart: v.optional(v.boolean(), false),
  json: v.optional(v.boolean(), false),
  help: v.optional(v.boolean(), false),
});

/** Columns of an activity log; those that are not named are looked for. */
export interface LogColumns {
  readonly user: string | undefined;
  readonly step: string | undefined;
  readonly at: string | undefined;
  readonly order: string | undefined;
  readonly properties: readonly string[];
}

export interface ImportOptions {
  /** A path, or `-`. */
  readonly file: string;
  readonly journeyId: string | undefined;
  readonly workspace: string;
  readonly format: 'ndjson' | 'csv' | undefined;
  readonly delimiter: string | undefined;
  readonly definitionFile: string | undefined;
  readonly mapping: readonly FieldSource[] | undefined;
  readonly columns: LogColumns;
  readonly conversion: { readonly step: string; readonly event: string } | undefined;
  readonly zone: string;
  readonly strict: boolean;
  readonly restart: boolean;
  readonly json: boolean;
}

const seeHelp = 'See: npm run import -- --help';

function readArguments(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: optionNames, allowPositionals: true, strict: true });
  } catch (error) {
    // parseArgs says in its first sentence which argument is wrong, and in others how to force it.
    const [sentence] = error instanceof Error ? error.message.split('. ') : [];
    throw new ImportError(`${sentence ?? 'The arguments cannot be read'}.\n${seeHelp}`, { cause: error });
  }
}

/**
 * Reads the arguments.
 * @returns undefined when help was asked for
 * @throws ImportError naming everything that is wrong
 */
export function readOptions(words: readonly string[]): ImportOptions | undefined {
  const { values, positionals } = readArguments(words);
  if (values.help === true || (words.length === 0 && process.stdin.isTTY)) return undefined;
  const problems: string[] = [];
  const [file, ...more] = positionals;
  if (file === undefined) problems.push('Name a file to import, or - for standard input.');
  if (more.length > 0) problems.push(`Import one file at a time: ${more.length} more were named.`);
  const parsed = v.safeParse(argumentsSchema, values);
  if (!parsed.success) {
    for (const issue of parsed.issues) problems.push(`--${String(issue.path?.[0]?.key)} ${issue.message}`);
  }
  const { user, step, at, order } = values;
  if (values.map && (user ?? step ?? at ?? order) !== undefined) {
    problems.push(
      'Give either --map, for a table of events, or --user, --step, --at and --order, for an activity log.',
    );
  }
  const mapping = values.map && parseMapping(values.map);
  if (mapping) problems.push(...mapping.problems);
  if (!parsed.success || file === undefined || problems.length > 0) {
    throw new ImportError(`${problems.join('\n')}\n${seeHelp}`);
  }
  const { output } = parsed;
  return {
    file,
    journeyId: output.journey,
    workspace: output.workspace,
    format: output.format,
    delimiter: output.delimiter,
    definitionFile: output.definition,
    mapping: mapping?.sources,
    columns: {
      user: output.user,
      step: output.step,
      at: output.at,
      order: output.order,
      properties: output.properties.flatMap((list) => list.split(',')).filter((name) => name !== ''),
    },
    conversion: output.conversion,
    zone: output.zone,
    strict: output.strict,
    restart: output.restart,
    json: output.json,
  };
}

// Reads query parameters by their schema; a parameter that is unknown or given twice is an error.
import type { Context } from 'hono';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { describeIssues } from './describe-issues.ts';

function readParameters<Schema extends v.GenericSchema>(text: string, schema: Schema): v.InferOutput<Schema> {
  // Hono's own reading leaves out a parameter without a name.
  const given = new URLSearchParams(text);
  if (new Set(given.keys()).size < given.size) {
    throw new Failure('invalid_parameter', 'A query parameter is given more than once.');
  }
  const result = v.safeParse(schema, Object.fromEntries(given));
  if (result.success) return result.output;
  const unknown = result.issues.some((issue) => issue.type === 'strict_object' && issue.expected === 'never');
  throw unknown
    ? new Failure('unknown_parameter', 'A query parameter is not known here.')
    : new Failure(
        'invalid_parameter',
        'A query parameter is not valid; errors names it.',
        describeIssues(result.issues),
      );
}

/** What schemas make of no parameters at all, which is what most requests have. */
const readFromNone = new WeakMap<v.GenericSchema, unknown>();

/** @throws Failure `unknown_parameter`, `invalid_parameter` */
export function readQuery<Schema extends v.GenericSchema>(
  context: Context,
  schema: Schema,
): v.InferOutput<Schema> {
  const { url } = context.req;
  const start = url.indexOf('?');
  if (start !== -1) return readParameters(url.slice(start), schema);
  if (!readFromNone.has(schema)) readFromNone.set(schema, readParameters('', schema));
  return readFromNone.get(schema);
}

// Reads query parameters by their schema; a parameter that is unknown or given twice is an error.
import type { Context } from 'hono';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { describeIssues } from './describe-issues.ts';

/** @throws Failure `unknown_parameter`, `invalid_parameter` */
export function readQuery<Schema extends v.GenericSchema>(
  context: Context,
  schema: Schema,
): v.InferOutput<Schema> {
  const { url } = context.req;
  const start = url.indexOf('?');
  // Hono's own reading leaves out a parameter without a name.
  const given = new URLSearchParams(start === -1 ? '' : url.slice(start));
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

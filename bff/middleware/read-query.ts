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
  const entries: [string, string][] = [];
  for (const [name, values] of Object.entries(context.req.queries())) {
    const [value, ...more] = values;
    if (more.length > 0 || value === undefined) {
      throw new Failure('invalid_parameter', 'A query parameter is given more than once.');
    }
    entries.push([name, value]);
  }
  const result = v.safeParse(schema, Object.fromEntries(entries));
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

// Errors as RFC 9457 problem documents, with one closed list of codes.
import * as v from 'valibot';

/** Every code, with the status and the title that go with it. */
export const problems = {
  invalid_parameter: { status: 400, title: 'A query parameter is not valid' },
  unknown_parameter: { status: 400, title: 'A query parameter is not known' },
  invalid_body: { status: 400, title: 'The body cannot be read' },
  unauthorized: { status: 401, title: 'The credential is missing or not valid' },
  forbidden: { status: 403, title: 'The credential does not allow this' },
  missing_scope: { status: 403, title: 'The token lacks a scope' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  rebuild_required: { status: 409, title: 'The change needs a rebuild' },
  nothing_to_export: { status: 409, title: 'There is nothing to export' },
  link_used: { status: 410, title: 'The link has been used or is too old' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The type or encoding of the body is not supported' },
  validation_failed: { status: 422, title: 'The body is not valid' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong' },
  unavailable: { status: 503, title: 'The service is not available for now' },
} as const;
export type ProblemCode = keyof typeof problems;

export const problemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.picklist(Object.keys(problems) as ProblemCode[]),
  requestId: v.string(),
  errors: v.array(v.object({ path: v.string(), message: v.string() })),
});
export type Problem = v.InferOutput<typeof problemSchema>;

/** Where something is wrong, by its path, and what; never the value itself. */
export interface ProblemDetail {
  readonly path: string;
  readonly message: string;
}

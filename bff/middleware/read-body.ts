// Reads a request's body: bounded while it arrives, gzip undone, UTF-8 checked.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { describeIssues } from './describe-issues.ts';

const unzip = promisify(gunzip);

async function bytesOf(request: Request, limit: number): Promise<Buffer> {
  const tooLarge = () => new Failure('payload_too_large', `The body must be at most ${limit} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    // A connection that breaks here is the sender's, and must not be taken for the one to the database.
    throw new Failure('invalid_body', 'The body was broken off.');
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a body as text.
 * @throws Failure `payload_too_large` (also after decompression), `unsupported_media_type`, `invalid_body`
 */
export async function readText(context: Context, limit: number): Promise<string> {
  const request = context.req.raw;
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new Failure('unsupported_media_type', 'The body may be sent as it is or with gzip.');
  }
  let bytes = await bytesOf(request, limit);
  if (encoding === 'gzip') {
    try {
      bytes = await unzip(bytes, { maxOutputLength: limit });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
        throw new Failure(
          'payload_too_large',
          `The body must be at most ${limit} bytes after decompression.`,
        );
      }
      throw new Failure('invalid_body', 'The body is not gzip.');
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('invalid_body', 'The body is not UTF-8.');
  }
}

/** The media type without its parameters; none is taken as JSON. */
export function mediaTypeOf(context: Context): string {
  return (context.req.header('content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads a JSON body by its schema.
 * @throws Failure as readText does, and `validation_failed` naming each part that is wrong
 */
export async function readJson<Schema extends v.GenericSchema>(
  context: Context,
  schema: Schema,
  limit: number,
): Promise<v.InferOutput<Schema>> {
  if (mediaTypeOf(context) !== 'application/json') {
    throw new Failure('unsupported_media_type', 'The body must be application/json.');
  }
  const text = await readText(context, limit);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('invalid_body', 'The body is not JSON.');
  }
  const result = v.safeParse(schema, value);
  if (!result.success) {
    throw new Failure(
      'validation_failed',
      'Parts of the body are not valid; errors names each.',
      describeIssues(result.issues),
    );
  }
  return result.output;
}

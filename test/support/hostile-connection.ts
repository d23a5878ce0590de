// Connections of one's own: bytes that no HTTP client would send, and answers that never end.
import { request } from 'node:http';
import { connect } from 'node:net';
import { Answer } from './http-client.ts';

/** How long a connection is quiet before everything that comes has come. */
const quietMilliseconds = 150;
const patience = 10_000;

/** What came back on a connection. */
export interface Conversation {
  readonly text: string;
  /** The statuses of the answers, in their order. */
  readonly statuses: readonly number[];
  /** Whether the server ended it. */
  readonly isClosed: boolean;
}

/**
 * Sends bytes on a connection of their own, and reads until the server closes it or has been quiet for a while after its
 * first byte.
 * @param breaksOff closes the connection when the bytes are sent, without waiting for an answer
 */
export async function converse(
  url: string,
  bytes: string | Uint8Array,
  options: { readonly breaksOff?: boolean } = {},
): Promise<Conversation> {
  const { hostname, port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const parts: Buffer[] = [];
  let quiet: NodeJS.Timeout | undefined;
  const socket = connect(Number(port), hostname);
  const limit = setTimeout(resolve, patience, false);
  socket.on('data', (part) => {
    parts.push(part);
    clearTimeout(quiet);
    quiet = setTimeout(resolve, quietMilliseconds, false);
  });
  // A server that resets the connection has answered in its way: 'close' follows.
  socket.on('error', () => {});
  socket.once('close', () => {
    resolve(true);
  });
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => {
    if (options.breaksOff) setTimeout(() => socket.destroy(), 20);
  });
  const isClosed = await promise;
  clearTimeout(quiet);
  clearTimeout(limit);
  socket.destroy();
  const text = Buffer.concat(parts).toString('latin1');
  const statuses = Array.from(text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm), ([, status]) => Number(status));
  return { text, statuses: statuses.filter((status) => status >= 200), isClosed };
}

/** Calls, and reads of a stream of changes only what comes first. */
export async function callOnce(
  url: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sends = request({ host: hostname, port, method, path, headers, agent: false });
  sends.once('error', reject);
  sends.once('response', (response) => {
    const parts: Buffer[] = [];
    const finish = () => {
      resolve(new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(parts)));
      response.destroy();
    };
    response.on('data', (part: Buffer) => {
      parts.push(part);
      if (response.headers['content-type'] === 'text/event-stream') finish();
    });
    response.once('end', finish);
  });
  sends.end();
  return promise;
}

// A small HTTP client: sends exactly the path, headers and bytes that it is given, and reads the answer whole.
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import * as v from 'valibot';

export interface Sending {
  /** Query parameters, in their order; a list of pairs may name one twice. */
  readonly query?: Readonly<Record<string, string | undefined>> | readonly (readonly [string, string])[];
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as they are. */
  readonly bytes?: Uint8Array | string;
  /** Null leaves a header out that would be sent otherwise. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  /** Instead of the client's own credential; null sends none. */
  readonly credential?: string | null;
}

export class Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;

  constructor(status: number, headers: IncomingHttpHeaders, body: Buffer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  get text(): string {
    return this.body.toString('utf8');
  }

  get etag(): string {
    return this.headers.etag ?? '';
  }

  json(): unknown {
    return JSON.parse(this.text);
  }

  /** The body, which must have the shape of the schema. */
  as<Schema extends v.GenericSchema>(schema: Schema): v.InferOutput<Schema> {
    return v.parse(schema, this.json());
  }
}

/** Writes query parameters as a browser's form would. */
function queryText(query: Sending['query']): string {
  if (query === undefined) return '';
  const pairs = Array.isArray(query) ? (query as [string, string][]) : Object.entries(query);
  const given = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

export class HttpClient {
  readonly base: string;
  readonly #credential: string | undefined;
  readonly #agent: Agent;

  /** @param credential sent as Bearer with every request that names no other */
  constructor(base: string, credential?: string, agent = new Agent({ keepAlive: true, maxSockets: 64 })) {
    this.base = base;
    this.#credential = credential;
    this.#agent = agent;
  }

  /** The same server, by another credential. */
  as(credential: string): HttpClient {
    return new HttpClient(this.base, credential, this.#agent);
  }

  /** @param path is sent as it is, so its parts must be encoded already */
  async call(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const { query, json, bytes, headers = {}, credential = this.#credential ?? null } = sending;
    const body = json === undefined ? bytes : JSON.stringify(json);
    const url = new URL(this.base);
    const sent: Record<string, string | string[]> = {};
    if (credential !== null) sent['authorization'] = `Bearer ${credential}`;
    if (json !== undefined) sent['content-type'] = 'application/json';
    if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body));
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) delete sent[name.toLowerCase()];
      else sent[name.toLowerCase()] = typeof value === 'string' ? value : [...value];
    }
    const sends = request({
      host: url.hostname,
      port: url.port,
      method,
      path: `${path}${queryText(query)}`,
      headers: sent,
      agent: this.#agent,
    });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    sends.once('error', reject);
    sends.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        resolve(new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(parts)));
      });
      response.once('close', () => {
        // Does nothing when the answer came to its end.
        reject(new Error('The answer was broken off'));
      });
    });
    sends.end(body);
    return promise;
  }

  get(path: string, query?: Sending['query'], headers: Sending['headers'] = {}): Promise<Answer> {
    return this.call('GET', path, query === undefined ? { headers } : { query, headers });
  }

  put(path: string, json: unknown, query?: Sending['query']): Promise<Answer> {
    return this.call('PUT', path, query === undefined ? { json } : { json, query });
  }

  post(path: string, json?: unknown, query?: Sending['query']): Promise<Answer> {
    return this.call('POST', path, query === undefined ? { json } : { json, query });
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy();
  }
}

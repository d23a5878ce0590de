// Stands between a sender and the service, and does to requests what networks and proxies do to them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';

/** What becomes of one request. `cut after` breaks the connection off when the service has answered, `cut before` unasked. */
export type Behaviour =
  | 'pass'
  | 'cut before'
  | 'cut after'
  | 'hang'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface ProxiedRequest {
  readonly at: number;
  /** Of the events in it. */
  readonly ids: readonly string[];
  readonly bytes: number;
  readonly encoding: string | undefined;
  /** Of the service's own answer. */
  status?: number;
}

const sentEvents = v.array(v.object({ id: v.string() }));

export class UnrulyProxy {
  /** Where requests are passed on to. */
  target: string;
  /** What becomes of the requests to come, in their order; those after them pass. */
  next: Behaviour[] = [];
  /** What becomes of those that `next` does not name. */
  otherwise: Behaviour = 'pass';
  readonly requests: ProxiedRequest[] = [];
  readonly #server = createServer((request, response) => {
    const behaviour = this.next.shift() ?? this.otherwise;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      const body = Buffer.concat(parts);
      const encoding = request.headers['content-encoding'];
      const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString('utf8');
      const ids = v.parse(sentEvents, JSON.parse(text)).map(({ id }) => id);
      const seen: ProxiedRequest = { at: performance.now(), ids, bytes: text.length, encoding };
      this.requests.push(seen);
      if (behaviour === 'hang') return;
      if (behaviour === 'cut before') {
        response.destroy();
        return;
      }
      if (typeof behaviour === 'object') {
        response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
        return;
      }
      const headers = Object.fromEntries(
        ['authorization', 'content-type', 'content-encoding'].map((name) => [
          name,
          String(request.headers[name]),
        ]),
      );
      const passOn = async () => {
        const answer = await fetch(new URL(request.url ?? '', this.target), {
          method: 'POST',
          headers,
          body: new Uint8Array(body),
        });
        seen.status = answer.status;
        const answered = await answer.text();
        if (behaviour === 'cut after') response.destroy();
        else response.writeHead(answer.status, toldOf(answer.headers)).end(answered);
      };
      passOn().catch(() => response.destroy()); // as the service is away, so is this
    });
  });

  private constructor(target: string) {
    this.target = target;
  }

  static async start(target: string): Promise<UnrulyProxy> {
    const proxy = new UnrulyProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on a port
    return `http://127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function toldOf(headers: Headers): Record<string, string> {
  const told = ['content-type', 'retry-after', 'x-request-id'] as const;
  return Object.fromEntries(
    told.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])),
  );
}

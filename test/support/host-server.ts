// A host's web server: its pages under the policy that the product promises to run under, its files, and its route that
// gets tokens from the service.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostFile {
  readonly type: 'text/html' | 'text/javascript' | 'text/css' | 'application/json';
  readonly body: string;
}

export interface HostServer {
  /** By the name localhost, so that a service at 127.0.0.1 is another site. */
  readonly origin: string;
  readonly files: Map<string, HostFile>;
  /** What is answered to `POST /token?workspace=…`, as JSON. */
  tokens: (workspace: string) => Promise<unknown>;
  /** Answers what no file answers, if it says so. */
  answers: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The origin of the service, for the policy of the pages; empty: none. */
  service: string;
  stop(): void;
}

/** The policy of widgets.md, word for word. */
export function hostPolicy(service: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${service}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${service}`,
    "require-trusted-types-for 'script'",
    "trusted-types lit-html 'allow-duplicates'",
  ].join('; ');
}

export async function startHostServer(): Promise<HostServer> {
  const host = {
    origin: '',
    service: '',
    files: new Map<string, HostFile>(),
    tokens: async (workspace: string): Promise<unknown> => {
      throw new Error(`nobody gives tokens of ${workspace}`);
    },
    answers: (_request: IncomingMessage, _response: ServerResponse): boolean => false,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('Content-Security-Policy', hostPolicy(host.service));
    response.setHeader('Cache-Control', 'no-store');
    if (pathname === '/token' && request.method === 'POST') {
      host.tokens(searchParams.get('workspace') ?? '').then(
        (token) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(token)),
        (error: unknown) => response.writeHead(502).end(String(error)),
      );
      return;
    }
    const file = host.files.get(pathname);
    if (!file) {
      if (host.answers(request, response)) return;
      // A browser asks for an icon by itself.
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    response.setHeader('Content-Type', `${file.type}; charset=utf-8`).end(file.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that listens on a port has an address with a port.
  host.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return host;
}

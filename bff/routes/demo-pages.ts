// The demo: a host's page that embeds the widgets, with the two routes that a host's backend would have.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Context, Hono } from 'hono';
import { inWorkspace, type Database } from '../../db/client.ts';
import { selectJourneys } from '../../db/queries/generations.ts';
import type { EmbedTokens, TokenMinter } from '../auth/embed-tokens.ts';
import { isLoopback } from '../config.ts';
import type { JourneyDefinition } from '../contract/index.ts';
import { problemResponse } from '../middleware/problems.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
};

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html 'allow-duplicates'",
].join('; ');

export interface DemoOptions {
  readonly distribution: string;
  readonly database: Database;
  readonly tokens: EmbedTokens;
  readonly minter: TokenMinter;
  readonly workspaceId: number;
  readonly host: string;
}

/** Whether the request came from a page of this very server, so that no other site can have tokens minted. */
function isOwnPage(context: Context, host: string): boolean {
  if (context.req.header('sec-fetch-site') !== 'same-origin') return false;
  const asked = context.req.header('host') ?? '';
  if (!URL.canParse(`http://${asked}`)) return false;
  const name = new URL(`http://${asked}`).hostname.replaceAll(/[[\]]/g, '');
  return name === host || (isLoopback(host) && isLoopback(name));
}

/** Mounts the demo's pages and routes. */
export function demoPages({ distribution, database, tokens, minter, workspaceId, host }: DemoOptions) {
  const folder = join(distribution, 'demo');
  const send = async (context: Context, name: string) => {
    const file = normalize(join(folder, name));
    const type = contentTypes[extname(file)];
    if (!file.startsWith(`${folder}${sep}`) || type === undefined) return context.notFound();
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) return context.notFound();
    return context.body(new Uint8Array(bytes), 200, {
      'Content-Type': type,
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': pagePolicy,
    });
  };

  return (app: Hono): void => {
    app.get('/', (context) => send(context, 'index.html'));
    app.post('/demo/embed-token', async (context) => {
      if (!isOwnPage(context, host)) {
        return problemResponse(context, 'forbidden', { detail: 'Only the demo’s own page gets its tokens.' });
      }
      const token = await tokens.mint(minter, {
        subject: 'demo',
        journeyIds: ['*'],
        scopes: ['metrics:read', 'users:export'],
        expiresInSeconds: 600,
      });
      context.header('Cache-Control', 'no-store');
      return context.json(token);
    });
    app.get('/demo/journeys', async (context) => {
      if (!isOwnPage(context, host)) {
        return problemResponse(context, 'forbidden', {
          detail: 'Only the demo’s own page gets its journeys.',
        });
      }
      const page = { cursor: '', limit: 500 };
      const rows = await inWorkspace(database, workspaceId, (tx) => selectJourneys(tx, workspaceId, page));
      return context.json({
        journeys: rows.map(({ journeyId, definition }) => ({
          journeyId,
          // Only parsed definitions are ever stored.
          name: (definition as JourneyDefinition).name,
        })),
      });
    });
    // Pages without their ending, as the documentation links to them.
    app.get('/docs', (context) => context.redirect('/docs/', 308));
    app.get('/docs/:page{.*}', (context) =>
      send(context, `docs/${context.req.param('page') || 'index'}.html`),
    );
    app.get('/demo/:file{.+}', (context) => send(context, context.req.param('file')));
  };
}

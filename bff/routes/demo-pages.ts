// The demo: a host's page that embeds the widgets, with the two routes that a host's backend would have.
import { join } from 'node:path';
import type { Hono } from 'hono';
import { inWorkspace, type Database } from '../../db/client.ts';
import { selectJourneys } from '../../db/queries/generations.ts';
import type { EmbedTokens, TokenMinter } from '../auth/embed-tokens.ts';
import type { JourneyDefinition } from '../contract/index.ts';
import { problemResponse } from '../middleware/problems.ts';
import { isOwnPage, pagePolicy, pathBelow, sendFile } from './demo-files.ts';
import { demoHosts } from './demo-hosts.ts';
import { demoTraffic } from './demo-traffic.ts';

export interface DemoOptions {
  readonly distribution: string;
  readonly database: Database;
  readonly tokens: EmbedTokens;
  readonly minter: TokenMinter;
  readonly workspaceId: number;
  readonly host: string;
}

/** Mounts the demo's pages and routes. */
export function demoPages({ distribution, database, tokens, minter, workspaceId, host }: DemoOptions) {
  const folder = join(distribution, 'demo');
  const policy = pagePolicy();

  return (app: Hono): void => {
    app.get('/', (context) => sendFile(context, folder, 'index.html', policy));
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
    demoTraffic({ database, workspaceId, host })(app);
    demoHosts(distribution)(app);
    // Pages without their ending, as the documentation links to them.
    app.get('/docs', (context) => context.redirect('/docs/', 308));
    app.get('/docs/*', (context) =>
      sendFile(context, folder, `docs/${pathBelow(context, '/docs/') || 'index'}.html`, policy),
    );
    app.get('/demo/*', (context) => sendFile(context, folder, pathBelow(context, '/demo/'), policy));
  };
}

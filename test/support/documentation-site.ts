// The documentation as the service serves it, with the demo's journey behind its examples, small enough for a test.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { Hono } from 'hono';
import { EmbedTokens } from '../../bff/auth/embed-tokens.ts';
import { demoPages } from '../../bff/routes/demo-pages.ts';
import { widgetFiles } from '../../bff/routes/widget-files.ts';
import { welcomeJourney } from '../../demo/journeys.ts';
import { simulate } from '../../demo/simulate.ts';
import { settled, startTestService, type TestService } from './test-service.ts';

const distribution = resolve(import.meta.dirname, '../../dist');

/** @throws Error that says what to do when the pages are not built */
export async function startDocumentationSite(): Promise<TestService> {
  const widgets = await widgetFiles(distribution);
  // The demo's routes need what the service makes, which is made with its routes.
  const pages = new Hono();
  const service = await startTestService({
    app: {
      mount(site) {
        widgets(site);
        site.all('*', (context) => pages.fetch(context.req.raw, context.env));
      },
    },
  });
  const { workspaceId, apiKeyId, name, api } = await service.workspace('demo');
  demoPages({
    distribution,
    database: service.database,
    tokens: new EmbedTokens(service.secrets),
    minter: { workspace: name, apiKeyId },
    workspaceId,
    host: '127.0.0.1',
  })(pages);
  const { status, text } = await api.put('/v1/journeys/welcome', welcomeJourney);
  assert.equal(status, 201, text);
  const events = [...simulate({ seed: 5, users: 80, days: 20, endsAt: Date.now() })];
  for (let at = 0; at < events.length; at += 2_000) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const answer = await api.post('/v1/events', events.slice(at, at + 2_000));
    assert.equal(answer.status, 202, answer.text);
  }
  await settled(api, 'welcome');
  return service;
}

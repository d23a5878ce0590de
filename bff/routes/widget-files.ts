// Serves the built widgets: one file for all, by its plain name and by its hash, and the hash for `integrity`.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { answerHeader } from '../middleware/node-headers.ts';
import { problemResponse } from '../middleware/problems.ts';

const javascript = 'text/javascript; charset=utf-8';

/**
 * Reads the built widgets and mounts them under /widgets.
 * @throws an error whose message says what to do when they are not built
 */
export async function widgetFiles(distribution: string): Promise<(app: Hono) => void> {
  const file = join(distribution, 'widgets', 'journey-analytics.js');
  const code = await readFile(file).catch((error: unknown) => {
    throw new Error(`The widgets are not built (${file} is missing): run npm run build`, { cause: error });
  });
  const digest = createHash('sha384').update(code).digest();
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const hashedName = `journey-analytics.${hash}.js`;
  const etag = `"${hash}"`;
  const manifest = JSON.stringify({
    'journey-analytics.js': { file: hashedName, integrity: `sha384-${digest.toString('base64')}` },
  });

  return (app) => {
    app.use('/widgets/*', async (context, next) => {
      answerHeader(context, 'Access-Control-Allow-Origin', '*');
      answerHeader(context, 'Cross-Origin-Resource-Policy', 'cross-origin');
      if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
      return problemResponse(context, 'method_not_allowed', { headers: { Allow: 'GET, HEAD' } });
    });
    app.get('/widgets/journey-analytics.js', (context) => {
      context.header('ETag', etag);
      context.header('Cache-Control', 'no-cache');
      if (context.req.header('if-none-match') === etag) return context.body(null, 304);
      return context.body(new Uint8Array(code), 200, { 'Content-Type': javascript });
    });
    app.get(`/widgets/${hashedName}`, (context) =>
      context.body(new Uint8Array(code), 200, {
        'Content-Type': javascript,
        'Cache-Control': 'public, max-age=31536000, immutable',
      }),
    );
    app.get('/widgets/manifest.json', (context) =>
      context.body(manifest, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }),
    );
  };
}

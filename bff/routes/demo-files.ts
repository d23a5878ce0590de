// Files of the demo's pages, under the policy that the widgets promise to run under.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Context } from 'hono';
import { isLoopback } from '../config.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
};

/** @param trustedTypes names of policies besides the widgets' own that the page's framework cannot do without */
export function pagePolicy(trustedTypes: readonly string[] = []): string {
  return [
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
    `trusted-types ${['lit-html', ...trustedTypes].join(' ')} 'allow-duplicates'`,
  ].join('; ');
}

/** What stands in the path of a request behind the folder that it begins with: the name of a file, or nothing. */
export function pathBelow(context: Context, folder: string): string {
  return context.req.path.slice(folder.length);
}

/** Answers with a file of a folder, or 404. */
export async function sendFile(
  context: Context,
  folder: string,
  name: string,
  policy: string,
): Promise<Response> {
  const file = normalize(join(folder, name));
  const type = contentTypes[extname(file)];
  if (!file.startsWith(`${folder}${sep}`) || type === undefined) return context.notFound();
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) return context.notFound();
  return context.body(new Uint8Array(bytes), 200, {
    'Content-Type': type,
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': policy,
  });
}

/** Whether the request came from a page of this very server, so that no other site can have tokens minted. */
export function isOwnPage(context: Context, host: string): boolean {
  if (context.req.header('sec-fetch-site') !== 'same-origin') return false;
  const asked = context.req.header('host') ?? '';
  if (!URL.canParse(`http://${asked}`)) return false;
  const name = new URL(`http://${asked}`).hostname.replaceAll(/[[\]]/g, '');
  return name === host || (isLoopback(host) && isLoopback(name));
}

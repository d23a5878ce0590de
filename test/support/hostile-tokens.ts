// Tokens of one's own making: any header, any claims, any text, signed by any secret.
import { createHmac } from 'node:crypto';
import type { Workspace } from './test-service.ts';

export type Json = Readonly<Record<string, unknown>>;

export const encode = (text: string): string => Buffer.from(text).toString('base64url');

export const header = (more: Json = {}): string => JSON.stringify({ alg: 'HS256', typ: 'JWT', ...more });

/** Signs texts, which need be no JSON, by HMAC. */
export function signed(head: string, payload: string, secret: string | Uint8Array): string {
  const content = `${encode(head)}.${encode(payload)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

/** The claims of a token for everything of a workspace, but for some. */
export function claimsOf({ name, apiKeyId }: Workspace, changes: Json = {}): Json {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: 'journey-analytics',
    aud: 'journey-analytics',
    sub: 'viewer',
    workspace: name,
    journeys: ['*'],
    scopes: ['metrics:read', 'users:export'],
    key: apiKeyId,
    iat: now,
    exp: now + 600,
    ...changes,
  };
}

// API keys: how they are made, hashed and found. A key is shown once and kept nowhere.
import { hash, randomBytes, randomUUID } from 'node:crypto';
import { lookUpApiKey, lookUpCredential, type Database } from '../../db/client.ts';
import {
  insertApiKey,
  selectApiKeyByHash,
  selectApiKeyById,
  type ApiKeyRow,
} from '../../db/queries/credentials.ts';

export const apiKeyStart = 'jk_';

function hashOf(key: string): string {
  return hash('sha256', key, 'hex');
}

/** What may be shown of a key: enough to tell it from others, far too little to use it. */
function prefixOf(key: string): string {
  return key.slice(0, apiKeyStart.length + 6);
}

/** Makes a new key of a workspace. @returns the key and its id. */
export async function createApiKey(
  database: Database,
  workspaceId: number,
): Promise<{ key: string; apiKeyId: string; prefix: string }> {
  const key = `${apiKeyStart}${randomBytes(30).toString('base64url')}`;
  const apiKeyId = randomUUID();
  await insertApiKey(database.owner, { workspaceId, apiKeyId, hash: hashOf(key), prefix: prefixOf(key) });
  return { key, apiKeyId, prefix: prefixOf(key) };
}

/** Makes sure that a given key exists. @returns the workspace that it belongs to, which may be another than asked for. */
export function adoptApiKey(database: Database, workspaceId: number, key: string): Promise<number> {
  return insertApiKey(database.owner, {
    workspaceId,
    apiKeyId: randomUUID(),
    hash: hashOf(key),
    prefix: prefixOf(key),
  });
}

function usable(row: ApiKeyRow | undefined): ApiKeyRow | undefined {
  return row?.isRevoked === false ? row : undefined;
}

/** Finds a key that is not revoked. */
export async function findApiKey(database: Database, key: string): Promise<ApiKeyRow | undefined> {
  const digest = hashOf(key);
  return usable(await selectApiKeyByHash(lookUpApiKey(database, digest), digest));
}

/** Finds a key that is not revoked, by its id. */
export async function findApiKeyById(database: Database, apiKeyId: string): Promise<ApiKeyRow | undefined> {
  return usable(await selectApiKeyById(lookUpCredential(database, apiKeyId), apiKeyId));
}

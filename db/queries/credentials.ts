// API keys. Only their hashes are here.
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Transaction } from '../client.ts';
import { apiKeys, workspaces } from '../schema/tables.ts';

export interface ApiKeyRow {
  readonly workspaceId: number;
  readonly apiKeyId: string;
  readonly revokedAt: Date | null;
}

const columns = {
  workspaceId: apiKeys.workspaceId,
  apiKeyId: apiKeys.apiKeyId,
  revokedAt: apiKeys.revokedAt,
};

/** The key with this SHA-256 in hex. The transaction must name the hash, or the workspace. */
export async function selectApiKeyByHash(tx: Transaction, hash: string): Promise<ApiKeyRow | undefined> {
  const [row] = await tx
    .select(columns)
    .from(apiKeys)
    .where(eq(apiKeys.hash, Buffer.from(hash, 'hex')));
  return row;
}

/** The key with this id. The transaction must name the id, or the workspace. */
export async function selectApiKeyById(tx: Transaction, apiKeyId: string): Promise<ApiKeyRow | undefined> {
  const [row] = await tx.select(columns).from(apiKeys).where(eq(apiKeys.apiKeyId, apiKeyId));
  return row;
}

export async function selectWorkspaceName(tx: Transaction, workspaceId: number): Promise<string | undefined> {
  const [row] = await tx
    .select({ name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.workspaceId, workspaceId));
  return row?.name;
}

// What follows runs as the owner of the tables: at start, and from the command line.

/** Adds a key unless there is one with this hash. @returns the workspace that the hash belongs to. */
export async function insertApiKey(
  owner: PostgresJsDatabase,
  key: { workspaceId: number; apiKeyId: string; hash: string; prefix: string },
): Promise<number> {
  const hash = Buffer.from(key.hash, 'hex');
  await owner
    .insert(apiKeys)
    .values({ ...key, hash, createdAt: new Date() })
    .onConflictDoNothing({ target: apiKeys.hash });
  const [row] = await owner
    .select({ workspaceId: apiKeys.workspaceId })
    .from(apiKeys)
    .where(eq(apiKeys.hash, hash));
  return row?.workspaceId ?? key.workspaceId;
}

/** The id of a workspace's key with this prefix that is not revoked. */
export async function selectApiKeyIdByPrefix(
  owner: PostgresJsDatabase,
  workspaceId: number,
  prefix: string,
): Promise<string | undefined> {
  const [row] = await owner
    .select({ apiKeyId: apiKeys.apiKeyId })
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.prefix, prefix), isNull(apiKeys.revokedAt)));
  return row?.apiKeyId;
}

export interface ListedApiKey {
  readonly apiKeyId: string;
  readonly workspace: string;
  readonly prefix: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** All keys, or those of one workspace, newest first. */
export async function selectApiKeys(owner: PostgresJsDatabase, workspace?: string): Promise<ListedApiKey[]> {
  return owner
    .select({
      apiKeyId: apiKeys.apiKeyId,
      workspace: workspaces.name,
      prefix: apiKeys.prefix,
      createdAt: apiKeys.createdAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.workspaceId, apiKeys.workspaceId))
    .where(workspace === undefined ? undefined : eq(workspaces.name, workspace))
    .orderBy(desc(apiKeys.createdAt));
}

/** Revokes a key. @returns whether there was such a key that was not revoked. */
export async function revokeApiKey(owner: PostgresJsDatabase, apiKeyId: string): Promise<boolean> {
  const rows = await owner
    .update(apiKeys)
    .set({ revokedAt: new Date() })
    .where(and(eq(apiKeys.apiKeyId, apiKeyId), isNull(apiKeys.revokedAt)))
    .returning({ apiKeyId: apiKeys.apiKeyId });
  return rows.length > 0;
}

// API keys, of which only the hashes are here, and the identity providers of hosts.
import { and, desc, eq, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Reader, Transaction } from '../client.ts';
import { apiKeys, identityProviders, workspaces } from '../schema/tables.ts';

export interface ApiKeyRow {
  readonly workspaceId: number;
  readonly apiKeyId: string;
  readonly isRevoked: boolean;
}

async function selectApiKey(reader: Reader, condition: SQL): Promise<ApiKeyRow | undefined> {
  const [row] = await reader.execute<{ workspace_id: number; api_key_id: string; is_revoked: boolean }>(sql`
    SELECT workspace_id, api_key_id, revoked_at IS NOT NULL AS is_revoked
    FROM journey_analytics.api_keys WHERE ${condition}`);
  return row && { workspaceId: row.workspace_id, apiKeyId: row.api_key_id, isRevoked: row.is_revoked };
}

/** The key with this SHA-256 in hex. The reader must name the hash, or the workspace. */
export function selectApiKeyByHash(reader: Reader, hash: string): Promise<ApiKeyRow | undefined> {
  return selectApiKey(reader, sql`hash = decode(${hash}, 'hex')`);
}

/** The key with this id. The reader must name the id, or the workspace. */
export function selectApiKeyById(reader: Reader, apiKeyId: string): Promise<ApiKeyRow | undefined> {
  return selectApiKey(reader, sql`api_key_id = ${apiKeyId}::uuid`);
}

/** Notes that a key was used. The transaction must name the key, or the workspace. */
export async function updateLastUse(tx: Transaction, apiKeyId: string, usedAt: Date): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ lastUsedAt: usedAt })
    // Other processes write here too, and none may turn it back.
    .where(
      and(eq(apiKeys.apiKeyId, apiKeyId), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, usedAt))),
    );
}

export interface IdentityProviderRow {
  readonly workspaceId: number;
  readonly identityProviderId: string;
  readonly jwksUrl: string;
}

/** The provider whose issuer has this SHA-256 in hex, unless it was removed. The transaction must name the hash, or the workspace. */
export async function selectIdentityProvider(
  tx: Transaction,
  issuerHash: string,
): Promise<IdentityProviderRow | undefined> {
  const [row] = await tx
    .select({
      workspaceId: identityProviders.workspaceId,
      identityProviderId: identityProviders.identityProviderId,
      jwksUrl: identityProviders.jwksUrl,
    })
    .from(identityProviders)
    .where(
      and(
        eq(identityProviders.issuerHash, Buffer.from(issuerHash, 'hex')),
        isNull(identityProviders.removedAt),
      ),
    );
  return row;
}

/** Whether there is a key or an identity provider with this id, neither revoked nor removed. The reader must name the id. */
export async function isCredentialInUse(reader: Reader, credentialId: string): Promise<boolean> {
  const [row] = await reader.execute<{ is_in_use: boolean }>(sql`
    SELECT
      EXISTS (SELECT FROM journey_analytics.api_keys
        WHERE api_key_id = ${credentialId}::uuid AND revoked_at IS NULL)
      OR EXISTS (SELECT FROM journey_analytics.identity_providers
        WHERE identity_provider_id = ${credentialId}::uuid AND removed_at IS NULL) AS is_in_use`);
  return row?.is_in_use ?? false;
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
  readonly lastUsedAt: Date | null;
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
      lastUsedAt: apiKeys.lastUsedAt,
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

/**
 * Adds an identity provider, or gives the workspace's own with this issuer another URL.
 * @returns its id, or undefined when the issuer is that of another workspace
 */
export async function writeIdentityProvider(
  owner: PostgresJsDatabase,
  provider: {
    workspaceId: number;
    identityProviderId: string;
    issuer: string;
    issuerHash: string;
    jwksUrl: string;
  },
): Promise<string | undefined> {
  const issuerHash = Buffer.from(provider.issuerHash, 'hex');
  const [row] = await owner
    .insert(identityProviders)
    .values({ ...provider, issuerHash, createdAt: new Date() })
    .onConflictDoUpdate({
      target: identityProviders.issuerHash,
      targetWhere: isNull(identityProviders.removedAt),
      set: { jwksUrl: provider.jwksUrl },
      setWhere: eq(identityProviders.workspaceId, provider.workspaceId),
    })
    .returning({ identityProviderId: identityProviders.identityProviderId });
  return row?.identityProviderId;
}

export interface ListedIdentityProvider {
  readonly identityProviderId: string;
  readonly workspace: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly createdAt: Date;
  readonly removedAt: Date | null;
}

/** All identity providers, or those of one workspace, newest first. */
export async function selectIdentityProviders(
  owner: PostgresJsDatabase,
  workspace?: string,
): Promise<ListedIdentityProvider[]> {
  return owner
    .select({
      identityProviderId: identityProviders.identityProviderId,
      workspace: workspaces.name,
      issuer: identityProviders.issuer,
      jwksUrl: identityProviders.jwksUrl,
      createdAt: identityProviders.createdAt,
      removedAt: identityProviders.removedAt,
    })
    .from(identityProviders)
    .innerJoin(workspaces, eq(workspaces.workspaceId, identityProviders.workspaceId))
    .where(workspace === undefined ? undefined : eq(workspaces.name, workspace))
    .orderBy(desc(identityProviders.createdAt));
}

/** Removes an identity provider. @returns whether there was such a one that was not removed. */
export async function removeIdentityProvider(
  owner: PostgresJsDatabase,
  identityProviderId: string,
): Promise<boolean> {
  const rows = await owner
    .update(identityProviders)
    .set({ removedAt: new Date() })
    .where(
      and(eq(identityProviders.identityProviderId, identityProviderId), isNull(identityProviders.removedAt)),
    )
    .returning({ identityProviderId: identityProviders.identityProviderId });
  return rows.length > 0;
}

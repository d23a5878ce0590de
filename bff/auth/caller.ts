// Who calls, and what that allows. Every credential is turned into a Caller here and nowhere else.
import * as v from 'valibot';
import { inWorkspace, type Database } from '../../db/client.ts';
import { selectWorkspaceName } from '../../db/queries/credentials.ts';
import { journeyIdSchema, type Scope } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { apiKeyStart, findApiKey, findApiKeyById } from './api-keys.ts';
import { longestCredential, type EmbedTokens } from './embed-tokens.ts';

export interface Caller {
  readonly kind: 'key' | 'token';
  readonly workspaceId: number;
  readonly workspace: string;
  /** The API key, or the one that minted the token. */
  readonly apiKeyId: string;
  /** Whom an embed token was minted for; null: an API key. */
  readonly subject: string | null;
  /** The journeys that the caller may read; null: all. */
  readonly journeyIds: ReadonlySet<string> | null;
  /** Null: an API key, which may do everything in its workspace. */
  readonly scopes: ReadonlySet<Scope> | null;
  /** When the credential ends, in milliseconds since 1970; null: not by itself. */
  readonly expiresAt: number | null;
}

/** Whose requests and exports count together. */
export function credentialOf({ apiKeyId, subject }: Pick<Caller, 'apiKeyId' | 'subject'>): string {
  return `${apiKeyId} ${subject ?? ''}`;
}

const refused = () =>
  new Failure('unauthorized', 'Send a valid API key or embed token as Authorization: Bearer.');
const uuid = v.pipe(v.string(), v.uuid());

/** Names of workspaces never change, so each is read once. */
const workspaceNames = new WeakMap<Database, Map<number, string>>();

async function workspaceName(database: Database, workspaceId: number): Promise<string> {
  const known = workspaceNames.get(database) ?? new Map<number, string>();
  workspaceNames.set(database, known);
  const name =
    known.get(workspaceId) ??
    (await inWorkspace(database, workspaceId, (tx) => selectWorkspaceName(tx, workspaceId)));
  if (name === undefined) throw refused();
  known.set(workspaceId, name);
  return name;
}

/**
 * Finds out who calls.
 * @param authorization the header
 * @throws Failure `unauthorized`
 */
export async function authenticate(
  database: Database,
  tokens: EmbedTokens,
  authorization: string | undefined,
): Promise<Caller> {
  const credential = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];
  if (credential === undefined || credential.length > longestCredential) throw refused();
  if (credential.startsWith(apiKeyStart)) {
    const key = await findApiKey(database, credential);
    if (!key) throw refused();
    return {
      kind: 'key',
      workspaceId: key.workspaceId,
      workspace: await workspaceName(database, key.workspaceId),
      apiKeyId: key.apiKeyId,
      subject: null,
      journeyIds: null,
      scopes: null,
      expiresAt: null,
    };
  }
  const claims = await tokens.verify(credential);
  if (!claims || !v.is(uuid, claims.key)) throw refused();
  const key = await findApiKeyById(database, claims.key);
  if (!key) throw refused();
  const workspace = await workspaceName(database, key.workspaceId);
  if (workspace !== claims.workspace) throw refused();
  return {
    kind: 'token',
    workspaceId: key.workspaceId,
    workspace,
    apiKeyId: key.apiKeyId,
    subject: claims.sub,
    journeyIds: claims.journeys.includes('*') ? null : new Set(claims.journeys),
    scopes: new Set(claims.scopes),
    expiresAt: claims.exp * 1_000,
  };
}

/** @throws Failure `forbidden` unless the caller has an API key. */
export function requireKey(caller: Caller): void {
  if (caller.kind !== 'key')
    throw new Failure('forbidden', 'This needs an API key; an embed token only reads.');
}

/** @throws Failure `missing_scope` unless the caller has the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes && !caller.scopes.has(scope)) {
    throw new Failure('missing_scope', `The embed token lacks the scope ${scope}.`);
  }
}

/** A journey outside the caller's list, or an id that no journey can have, is one that does not exist. @throws Failure `not_found` */
export function requireJourney(caller: Caller, journeyId: string): void {
  if (!v.is(journeyIdSchema, journeyId) || (caller.journeyIds && !caller.journeyIds.has(journeyId))) {
    throw new Failure('not_found', 'There is no such journey.');
  }
}

// Who calls, and what that allows. Every credential is turned into a Caller here and nowhere else.
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import { inWorkspace, type Database } from '../../db/client.ts';
import { selectWorkspaceName } from '../../db/queries/credentials.ts';
import { journeyIdSchema, tokenIssuer, type EmbedTokenClaims, type Scope } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { SharedQuery } from '../shared-query.ts';
import { apiKeyStart, findApiKey, findApiKeyById } from './api-keys.ts';
import { longestCredential, type EmbedTokens } from './embed-tokens.ts';
import { claimedIssuer, type IdentityProviders } from './identity-providers.ts';
import type { KeyUses } from './key-uses.ts';
import { KeysUnavailable } from './provider-keys.ts';

export interface Caller {
  readonly kind: 'key' | 'token';
  readonly workspaceId: number;
  readonly workspace: string;
  /** The API key, the one that minted the token, or the identity provider that signed it. */
  readonly credentialId: string;
  /** Whom a token was made for; null: an API key. */
  readonly subject: string | null;
  /** The journeys that the caller may read; null: all. */
  readonly journeyIds: ReadonlySet<string> | null;
  /** Null: an API key, which may do everything in its workspace. */
  readonly scopes: ReadonlySet<Scope> | null;
  /** When the credential ends, in milliseconds since 1970; null: not by itself. */
  readonly expiresAt: number | null;
}

/** Whose requests and exports count together. */
export function credentialOf({ credentialId, subject }: Pick<Caller, 'credentialId' | 'subject'>): string {
  return `${credentialId} ${subject ?? ''}`;
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

/** Where credentials are looked up. */
export interface CredentialSources {
  readonly database: Database;
  readonly tokens: EmbedTokens;
  readonly identityProviders: IdentityProviders;
  readonly keyUses: KeyUses;
}

async function callerByKey({ database, keyUses }: CredentialSources, credential: string): Promise<Caller> {
  const key = await findApiKey(database, credential);
  if (!key) throw refused();
  keyUses.note(key.apiKeyId);
  return {
    kind: 'key',
    workspaceId: key.workspaceId,
    workspace: await workspaceName(database, key.workspaceId),
    credentialId: key.apiKeyId,
    subject: null,
    journeyIds: null,
    scopes: null,
    expiresAt: null,
  };
}

/** What the claims that all tokens have in common allow. */
function allowedBy(claims: Pick<EmbedTokenClaims, 'sub' | 'journeys' | 'scopes' | 'exp'>) {
  return {
    kind: 'token' as const,
    subject: claims.sub,
    journeyIds: claims.journeys.includes('*') ? null : new Set(claims.journeys),
    scopes: new Set(claims.scopes),
    expiresAt: claims.exp * 1_000,
  };
}

async function callerByEmbedToken(
  { database, tokens }: CredentialSources,
  credential: string,
): Promise<Caller> {
  const claims = await tokens.verify(credential);
  if (!claims || !v.is(uuid, claims.key)) throw refused();
  const key = await findApiKeyById(database, claims.key);
  if (!key) throw refused();
  const workspace = await workspaceName(database, key.workspaceId);
  if (workspace !== claims.workspace) throw refused();
  return {
    ...allowedBy(claims),
    workspaceId: key.workspaceId,
    workspace,
    credentialId: key.apiKeyId,
  };
}

async function callerByProvider(
  { database, identityProviders }: CredentialSources,
  credential: string,
  issuer: string,
): Promise<Caller> {
  const verified = await identityProviders.verify(credential, issuer).catch((error: unknown) => {
    if (!(error instanceof KeysUnavailable)) throw error;
    throw new Failure(
      'unavailable',
      'The token cannot be verified: the keys of its identity provider cannot be had. Try again soon.',
      [],
      error.retryAfterSeconds,
    );
  });
  if (!verified) throw refused();
  const { provider, claims } = verified;
  return {
    ...allowedBy(claims),
    workspaceId: provider.workspaceId,
    workspace: await workspaceName(database, provider.workspaceId),
    credentialId: provider.identityProviderId,
  };
}

/**
 * Finds out who calls.
 * @param authorization the header
 * @throws Failure `unauthorized`, or `unavailable` when the keys of an identity provider cannot be had
 */
export async function authenticate(
  sources: CredentialSources,
  authorization: string | undefined,
): Promise<Caller> {
  const credential = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];
  if (credential === undefined || credential.length > longestCredential) throw refused();
  if (credential.startsWith(apiKeyStart)) return callerByKey(sources, credential);
  const issuer = claimedIssuer(credential);
  if (issuer === undefined) throw refused();
  if (issuer === tokenIssuer) return callerByEmbedToken(sources, credential);
  return callerByProvider(sources, credential, issuer);
}

/** A caller, and the certainty that they may call. */
export interface Recognised {
  readonly caller: Caller;
  /** Resolves when the credential is found good, which is asked after the request came; rejects as authenticate does. */
  readonly confirmed: Promise<unknown>;
}

/** Callers who were found good lately: who they are hardly ever changes, so work for them may begin while they are confirmed. */
export class Callers {
  readonly #sources: CredentialSources;
  readonly #known = new LRUCache<string, Caller>({ max: 5_000 });
  /** By the header itself, which is needed until the query is over. */
  readonly #confirmations = new SharedQuery<Caller>();
  /** What those who share a confirmation have of it. */
  readonly #recognised = new WeakMap<Promise<Caller>, Recognised | Promise<Recognised>>();

  constructor(sources: CredentialSources) {
    this.#sources = sources;
  }

  /** @throws Failure as authenticate does, for a credential that is not known */
  recognise(authorization = ''): Recognised | Promise<Recognised> {
    const authenticated = this.#confirmations.ask(authorization, () =>
      authenticate(this.#sources, authorization),
    );
    const shared = this.#recognised.get(authenticated);
    if (shared) return shared;
    const recognised = this.#recogniseBy(authorization, authenticated);
    this.#recognised.set(authenticated, recognised);
    return recognised;
  }

  #recogniseBy(authorization: string, authenticated: Promise<Caller>): Recognised | Promise<Recognised> {
    // Not the credential itself: it is not kept in memory any longer than it takes.
    const digest = hash('sha256', authorization, 'base64');
    const known = this.#known.get(digest);
    if (!known) return this.#meet(digest, authenticated);
    const confirmed = this.#confirm(digest, known, authenticated);
    // Whoever shares it waits for it, but only when their work is done.
    confirmed.catch(() => undefined);
    return { caller: known, confirmed };
  }

  async #meet(digest: string, authenticated: Promise<Caller>): Promise<Recognised> {
    const caller = await authenticated;
    this.#known.set(digest, caller);
    return { caller, confirmed: authenticated };
  }

  /** An issuer may have been given to another workspace since: then what was begun is not for this caller. */
  async #confirm(digest: string, known: Caller, authenticated: Promise<Caller>): Promise<void> {
    try {
      if ((await authenticated).credentialId !== known.credentialId) throw refused();
    } catch (error) {
      this.#known.delete(digest);
      throw error;
    }
  }
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

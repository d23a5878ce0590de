// npm run keys -- create | list | revoke | trust | distrust: API keys, and the identity providers of hosts.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import type { Database } from '../../db/client.ts';
import {
  removeIdentityProvider,
  revokeApiKey,
  selectApiKeys,
  selectIdentityProviders,
  writeIdentityProvider,
} from '../../db/queries/credentials.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { createApiKey } from '../auth/api-keys.ts';
import { hashOfIssuer } from '../auth/identity-providers.ts';
import { isLoopback, readConfig } from '../config.ts';
import { nameText, tokenIssuer } from '../contract/index.ts';
import { explainStart } from '../explain-start.ts';
import { openConfiguredDatabase } from '../open-database.ts';

const usage = `API keys of workspaces, and the identity providers that sign tokens for them.

  npm run keys -- create --workspace NAME    makes the workspace when it is new, and prints a key once
  npm run keys -- list [--workspace NAME]    shows ids, prefixes, dates and last uses, never keys
  npm run keys -- revoke ID                  ends a key and all embed tokens that it minted
  npm run keys -- trust --workspace NAME --issuer ISSUER --jwks URL
                                             takes tokens of this issuer, verified by the keys at the URL
  npm run keys -- distrust ID                ends an identity provider and all its tokens

ISSUER is what the tokens have as iss, exactly; the URL is https, or http on this machine.`;

class UsageError extends Error {}

const uuid = v.pipe(v.string(), v.uuid());

/** Our own tokens have our own name. */
const issuerText = v.pipe(
  nameText,
  v.check((text) => text !== tokenIssuer),
);

/** Where keys may be fetched: over TLS, or on this machine. */
const keysUrl = v.pipe(
  v.string(),
  v.maxLength(2_000),
  v.url(),
  v.check((text) => {
    const { protocol, hostname, username, password, hash } = new URL(text);
    if (username !== '' || password !== '' || hash !== '') return false;
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')));
  }),
);

const creating = v.strictObject({ command: v.literal('create'), workspace: nameText });
const listing = v.strictObject({ command: v.literal('list'), workspace: v.optional(nameText) });
const ending = v.strictObject({ command: v.picklist(['revoke', 'distrust']), id: uuid });
const trusting = v.strictObject({
  command: v.literal('trust'),
  workspace: nameText,
  issuer: issuerText,
  jwks: keysUrl,
});
const wordsSchema = v.variant('command', [creating, listing, ending, trusting]);
type Words = v.InferOutput<typeof wordsSchema>;

function readWords(): Words {
  const text = { type: 'string' } as const;
  try {
    const options = { workspace: text, issuer: text, jwks: text };
    const { values, positionals } = parseArgs({ options, allowPositionals: true, strict: true });
    const [command, id, ...more] = positionals;
    if (more.length > 0) throw new UsageError(usage);
    return v.parse(wordsSchema, { command, ...values, ...(id === undefined ? {} : { id }) });
  } catch (error) {
    throw new UsageError(usage, { cause: error });
  }
}

async function list({ owner }: Database, workspace: string | undefined): Promise<void> {
  for (const key of await selectApiKeys(owner, workspace)) {
    const state = key.revokedAt ? `revoked ${key.revokedAt.toISOString()}` : 'in use';
    const use = key.lastUsedAt ? `last used ${key.lastUsedAt.toISOString()}` : 'never used';
    const made = `made ${key.createdAt.toISOString()}`;
    console.log([key.apiKeyId, key.workspace, `${key.prefix}…`, made, use, state].join('  '));
  }
  for (const provider of await selectIdentityProviders(owner, workspace)) {
    const { identityProviderId, issuer, jwksUrl } = provider;
    const state = provider.removedAt ? `removed ${provider.removedAt.toISOString()}` : 'trusted';
    const made = `made ${provider.createdAt.toISOString()}`;
    console.log([identityProviderId, provider.workspace, issuer, jwksUrl, made, state].join('  '));
  }
}

async function trust(
  { owner }: Database,
  { workspace, issuer, jwks }: v.InferOutput<typeof trusting>,
): Promise<void> {
  const workspaceId = await ensureWorkspace(owner, workspace);
  const id = await writeIdentityProvider(owner, {
    workspaceId,
    identityProviderId: randomUUID(),
    issuer,
    issuerHash: hashOfIssuer(issuer),
    jwksUrl: jwks,
  });
  if (id === undefined) {
    throw new UsageError(
      'Another workspace trusts this issuer already, and an issuer decides the workspace.',
    );
  }
  console.log(id);
}

async function run(): Promise<void> {
  const words = readWords();
  const config = readConfig(process.env, 'database');
  const { database, close } = await openConfiguredDatabase(config, 'guest');
  try {
    if (words.command === 'create') {
      const workspaceId = await ensureWorkspace(database.owner, words.workspace);
      const { key, apiKeyId } = await createApiKey(database, workspaceId);
      console.error(`A key of the workspace "${words.workspace}", shown this once (id ${apiKeyId}):`);
      console.log(key);
    } else if (words.command === 'list') {
      await list(database, words.workspace);
    } else if (words.command === 'trust') {
      await trust(database, words);
    } else if (words.command === 'revoke') {
      if (await revokeApiKey(database.owner, words.id)) return;
      throw new UsageError('There is no such key, or it is revoked already. See: npm run keys -- list');
    } else {
      if (await removeIdentityProvider(database.owner, words.id)) return;
      throw new UsageError('There is no such identity provider. See: npm run keys -- list');
    }
  } finally {
    await close();
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : explainStart(error));
  process.exitCode = 1;
}

// npm run keys -- create --workspace NAME | list [--workspace NAME] | revoke ID
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { revokeApiKey, selectApiKeys } from '../../db/queries/credentials.ts';
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { createApiKey } from '../auth/api-keys.ts';
import { readConfig } from '../config.ts';
import { nameText } from '../contract/index.ts';
import { explainStart } from '../explain-start.ts';
import { openConfiguredDatabase } from '../open-database.ts';

const usage = `API keys of workspaces.

  npm run keys -- create --workspace NAME    makes the workspace when it is new, and prints a key once
  npm run keys -- list [--workspace NAME]    shows ids, prefixes and dates, never keys
  npm run keys -- revoke ID                  ends a key and all embed tokens that it minted`;

class UsageError extends Error {}

const uuid = v.pipe(v.string(), v.uuid());

function readArguments() {
  try {
    return parseArgs({ options: { workspace: { type: 'string' } }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(usage, { cause: error });
  }
}

async function run(): Promise<void> {
  const { values, positionals } = readArguments();
  const [command, id, ...more] = positionals;
  const { workspace } = values;
  const isRight =
    more.length === 0 &&
    ((command === 'create' && id === undefined && v.is(nameText, workspace)) ||
      (command === 'list' && id === undefined) ||
      (command === 'revoke' && v.is(uuid, id) && workspace === undefined));
  if (!isRight) throw new UsageError(usage);
  const config = readConfig(process.env, 'database');
  const { database, close } = await openConfiguredDatabase(config, 'guest');
  try {
    if (command === 'create') {
      const workspaceId = await ensureWorkspace(database.owner, workspace ?? '');
      const { key, apiKeyId } = await createApiKey(database, workspaceId);
      console.error(`A key of the workspace "${workspace}", shown this once (id ${apiKeyId}):`);
      console.log(key);
    } else if (command === 'list') {
      for (const key of await selectApiKeys(database.owner, workspace)) {
        const state = key.revokedAt ? `revoked ${key.revokedAt.toISOString()}` : 'in use';
        console.log(
          [key.apiKeyId, key.workspace, `${key.prefix}…`, key.createdAt.toISOString(), state].join('  '),
        );
      }
    } else if (!(await revokeApiKey(database.owner, id ?? ''))) {
      throw new UsageError('There is no such key, or it is revoked already. See: npm run keys -- list');
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

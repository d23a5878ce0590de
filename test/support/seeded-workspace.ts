// A workspace that has something in every table: numbers, batches and blocks that wait, an export's link, a provider.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { hashOfIssuer } from '../../bff/auth/identity-providers.ts';
import { shardOf, userBlockOf } from '../../bff/rollup/shards.ts';
import { writeIdentityProvider } from '../../db/queries/credentials.ts';
import type { Numbers } from '../../db/numbers.ts';
import type { RollupKey } from '../../db/queries/rollups.ts';
import type { SetKey } from '../../db/queries/sets.ts';
import { definition, event, journeyId } from './sample-journey.ts';
import { settled, type TestService } from './test-service.ts';

export interface SeededWorkspace {
  readonly workspaceId: number;
  readonly name: string;
  readonly apiKeyId: string;
  readonly keyHash: string;
  readonly keyPrefix: string;
  readonly identityProviderId: string;
  readonly issuer: string;
  readonly issuerHash: string;
  readonly journeyId: string;
  readonly journeyNumber: number;
  readonly productEvent: string;
  readonly externalId: string;
  readonly userId: number;
  readonly shard: number;
  readonly userBlock: number;
  readonly exportId: string;
  readonly ticketHash: string;
  /** The generation that serves. */
  readonly numbers: Numbers;
  readonly rollup: RollupKey & { readonly shard: number };
  readonly sets: SetKey & { readonly shard: number };
  readonly closing: { readonly shard: number; readonly day: number; readonly closesAt: number };
  readonly batch: { readonly shard: number; readonly batchId: number };
  readonly refold: {
    readonly journeyNumber: number;
    readonly generation: number;
    readonly userBlock: number;
  };
}

/** Entered two hours ago, out an hour ago, so that the counting window is open still. */
function visit(userId: string) {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  return [
    event('journey.entered', userId, at(120)),
    event('step.entered', userId, at(119), { stepId: 'start' }),
    event('step.entered', userId, at(118), { stepId: 'hello' }),
    event('message.sent', userId, at(117), { stepId: 'hello', platform: 'ios' }),
    event('journey.exited', userId, at(60), { reason: 'done' }),
    event('track', userId, at(200), { name: 'Purchase' }),
  ];
}

/** Makes the workspaces, the rollup running; afterwards it stands still and work waits in each. */
export async function seedWorkspaces(
  service: TestService,
  names: readonly string[],
): Promise<SeededWorkspace[]> {
  service.startRollup();
  const made = await Promise.all(names.map((name) => service.workspace(name)));
  const path = `/v1/journeys/${journeyId}`;
  for (const { api } of made) {
    await api.put(path, definition);
    await api.post('/v1/events', visit('ann'));
    await settled(api, journeyId);
    await api.post(`${path}/exports/totalEntries/link`, undefined, { format: 'csv' });
  }
  await service.stopRollup();
  for (const { api } of made) {
    await api.put(path, { ...definition, timeZone: 'Asia/Tokyo' }, { rebuild: 'true' });
    await api.post('/v1/events', visit('ann'));
  }
  return Promise.all(
    made.map(({ name, workspaceId, apiKeyId }) => read(service, name, workspaceId, apiKeyId)),
  );
}

async function read(
  service: TestService,
  name: string,
  workspaceId: number,
  apiKeyId: string,
): Promise<SeededWorkspace> {
  const { owner } = service.database;
  const one = async <Row extends Record<string, unknown>>(columns: string, rest: string): Promise<Row> => {
    const [row] = await owner.execute<Row>(
      sql.raw(
        `SELECT ${columns} FROM journey_analytics.${rest.replace('$', `workspace_id = ${workspaceId}`)} LIMIT 1`,
      ),
    );
    if (!row) throw new Error(`There is no row of ${rest}`);
    return row as Row; // what the columns are asked to be
  };
  const issuer = `https://idp-of-${name}.example`;
  const issuerHash = hashOfIssuer(issuer);
  const identityProviderId = await writeIdentityProvider(owner, {
    workspaceId,
    identityProviderId: randomUUID(),
    issuer,
    issuerHash,
    jwksUrl: `${issuer}/keys`,
  });
  const key = await one<{ hash: string; prefix: string }>(
    "encode(hash, 'hex') AS hash, prefix",
    `api_keys WHERE api_key_id = '${apiKeyId}'`,
  );
  const user = await one<{ id: number; name: string }>('user_id AS id, external_id AS name', 'users WHERE $');
  const served = await one<{ journey: number; number: string }>(
    'journey_number AS journey, generation AS number',
    'generations WHERE $ AND serving',
  );
  const numbers = { workspaceId, journeyNumber: served.journey, generation: Number(served.number) };
  const file = await one<{ id: string; ticket: string }>(
    "export_id AS id, encode(ticket_hash, 'hex') AS ticket",
    'exports WHERE $ AND ticket_hash IS NOT NULL',
  );
  const rollup = await one<{ level: number; block: number; shard: number; step: string }>(
    'level, block, shard, step_id AS step',
    'rollups WHERE $ AND level = 0',
  );
  const sets = await one<{ level: number; block: number; shard: number; range: number }>(
    'level, block, shard, user_range AS range',
    "rollup_sets WHERE $ AND level = 0 AND step_id = ''",
  );
  const closing = await one<{ shard: number; day: number; at: number }>(
    "shard, day, round(date_part('epoch', closes_at) * 1000) AS at",
    'window_closings WHERE $',
  );
  const batch = await one<{ shard: number; id: string }>('shard, batch_id AS id', 'batches WHERE $');
  const refold = await one<{ generation: string; block: number }>(
    'generation, user_block AS block',
    'refolds WHERE $',
  );
  return {
    workspaceId,
    name,
    apiKeyId,
    keyHash: key.hash,
    keyPrefix: key.prefix,
    identityProviderId: identityProviderId ?? '',
    issuer,
    issuerHash,
    journeyId,
    journeyNumber: served.journey,
    productEvent: 'Purchase',
    externalId: user.name,
    userId: user.id,
    shard: shardOf(user.id),
    userBlock: userBlockOf(user.id),
    exportId: file.id,
    ticketHash: file.ticket,
    numbers,
    rollup: { ...rollup, stepId: rollup.step, part: 0 },
    sets: { ...sets, stepId: '', part: 0, userRange: sets.range },
    closing: { shard: closing.shard, day: closing.day, closesAt: closing.at },
    batch: { shard: batch.shard, batchId: Number(batch.id) },
    refold: {
      journeyNumber: served.journey,
      generation: Number(refold.generation),
      userBlock: refold.block,
    },
  };
}

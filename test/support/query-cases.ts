// Every query of db/queries with the arguments that make it find or change something of one workspace. isolation.test.ts runs
// each where it must find and change nothing.
import { randomUUID } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import type { Reader, Transaction } from '../../db/client.ts';
import { noPairs } from '../../db/packed-numbers.ts';
import * as blocks from '../../db/queries/blocks.ts';
import * as closings from '../../db/queries/closings.ts';
import * as credentials from '../../db/queries/credentials.ts';
import * as erasure from '../../db/queries/erasure.ts';
import * as exportedRows from '../../db/queries/exported-rows.ts';
import * as exportsOf from '../../db/queries/exports.ts';
import * as generations from '../../db/queries/generations.ts';
import * as histories from '../../db/queries/histories.ts';
import * as log from '../../db/queries/log.ts';
import * as pending from '../../db/queries/pending.ts';
import * as rollups from '../../db/queries/rollups.ts';
import * as sets from '../../db/queries/sets.ts';
import * as work from '../../db/queries/work.ts';
import * as workspaces from '../../db/queries/workspaces.ts';
import type { SeededWorkspace } from './seeded-workspace.ts';

export interface QueryCase {
  /** Reads something of the workspace, or changes it. */
  readonly does: 'reads' | 'writes';
  /** Whether the product runs it as the owner of the tables, and never for a request. */
  readonly ofOwner?: true;
  readonly run: (tx: Transaction, seeded: SeededWorkspace) => Promise<unknown>;
}

type Run = QueryCase['run'];
const reads = (run: Run): QueryCase => ({ does: 'reads', run });
const writes = (run: Run): QueryCase => ({ does: 'writes', run });
/** A transaction stands in the place of the owner's connection: both run queries. */
type Owner = Parameters<typeof workspaces.selectWorkspaces>[0];
const asOwner = (
  does: QueryCase['does'],
  run: (owner: Owner, seeded: SeededWorkspace) => Promise<unknown>,
) => ({
  does,
  ofOwner: true as const,
  run: (tx: Transaction, seeded: SeededWorkspace) => run(tx, seeded),
});

async function all<Item>(parts: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const part of parts) items.push(...part);
  return items;
}

/** A transaction in the place of a reader: both run queries, whose rows only their types say otherwise. */
const readerIn = (tx: Transaction): Reader => ({
  async execute<Row extends Record<string, unknown>>(query: SQL) {
    return [...(await tx.execute(query))] as Row[];
  },
});

const always = { first: null, last: null };
const wanted = (s: SeededWorkspace) => ({
  journeyNumber: s.journeyNumber,
  types: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  stepTypes: [],
  stepId: '',
  productName: null,
  also: [],
});
const spansOf = (s: SeededWorkspace) => [
  { level: s.rollup.level, first: s.rollup.block, last: s.rollup.block },
];

/** By file and name. */
export const queryCases: Readonly<Record<string, QueryCase>> = {
  'blocks.selectBlocks': reads((tx, s) => blocks.selectBlocks(tx, s.numbers, spansOf(s), null)),
  'blocks.selectDays': reads((tx, s) =>
    blocks.selectDays(tx, s.numbers, s.rollup.stepId, { first: 0, last: 2 ** 30 }),
  ),
  'blocks.selectDayBounds': reads((tx, s) => blocks.selectDayBounds(tx, s.numbers)),

  'closings.addClosings': writes((tx, s) =>
    closings.addClosings(tx, s.numbers, s.closing.shard, [{ ...s.closing, count: 5 }], 0),
  ),
  'closings.countOpenWindows': reads((tx, s) => closings.countOpenWindows(tx, s.numbers, 0, always)),
  'closings.selectAllClosings': reads((tx, s) =>
    closings.selectAllClosings(tx, s.numbers, s.closing.shard, 0),
  ),

  'credentials.selectApiKeyByHash': reads((tx, s) => credentials.selectApiKeyByHash(readerIn(tx), s.keyHash)),
  'credentials.selectApiKeyById': reads((tx, s) => credentials.selectApiKeyById(readerIn(tx), s.apiKeyId)),
  'credentials.updateLastUse': writes((tx, s) =>
    credentials.updateLastUse(tx, s.apiKeyId, new Date('2099-01-01')),
  ),
  'credentials.selectIdentityProvider': reads((tx, s) =>
    credentials.selectIdentityProvider(tx, s.issuerHash),
  ),
  'credentials.isCredentialInUse': reads(async (tx, s) => [
    await credentials.isCredentialInUse(readerIn(tx), s.apiKeyId),
    await credentials.isCredentialInUse(readerIn(tx), s.identityProviderId),
  ]),
  'credentials.selectWorkspaceName': reads((tx, s) => credentials.selectWorkspaceName(tx, s.workspaceId)),
  'credentials.insertApiKey': asOwner('writes', (owner, { workspaceId }) =>
    credentials.insertApiKey(owner, { workspaceId, apiKeyId: randomUUID(), hash: 'ab', prefix: 'jk_' }),
  ),
  'credentials.selectApiKeyIdByPrefix': asOwner('reads', (owner, s) =>
    credentials.selectApiKeyIdByPrefix(owner, s.workspaceId, s.keyPrefix),
  ),
  'credentials.selectApiKeys': asOwner('reads', (owner, s) => credentials.selectApiKeys(owner, s.name)),
  'credentials.revokeApiKey': asOwner('writes', (owner, s) => credentials.revokeApiKey(owner, s.apiKeyId)),
  'credentials.writeIdentityProvider': asOwner('writes', (owner, { workspaceId, issuer, issuerHash }) =>
    credentials.writeIdentityProvider(owner, {
      workspaceId,
      identityProviderId: randomUUID(),
      issuer,
      issuerHash,
      jwksUrl: 'https://elsewhere.example/keys',
    }),
  ),
  'credentials.selectIdentityProviders': asOwner('reads', (owner, s) =>
    credentials.selectIdentityProviders(owner, s.name),
  ),
  'credentials.removeIdentityProvider': asOwner('writes', (owner, s) =>
    credentials.removeIdentityProvider(owner, s.identityProviderId),
  ),
  'workspaces.ensureWorkspace': asOwner('writes', (owner) => workspaces.ensureWorkspace(owner, 'a new one')),
  'workspaces.selectWorkspaces': asOwner('reads', async (owner, s) =>
    (await workspaces.selectWorkspaces(owner)).filter(({ name }) => name === s.name),
  ),

  'erasure.selectUserId': reads((tx, s) => erasure.selectUserId(tx, s.workspaceId, s.externalId)),
  'erasure.removeFromWork': writes((tx, s) =>
    erasure.removeFromWork(tx, s.workspaceId, { userId: s.userId, shard: s.shard, userBlock: s.userBlock }),
  ),
  'erasure.deleteUser': writes((tx, s) => erasure.deleteUser(tx, s.workspaceId, s.userId, s.externalId)),

  'exported-rows.listUsers': reads((tx, s) =>
    all(exportedRows.listUsers(tx, s.workspaceId, Uint32Array.of(s.userId), 10)),
  ),
  'exported-rows.listNames': reads((tx, s) =>
    all(exportedRows.listNames(tx, s.workspaceId, Uint32Array.of(s.userId), 10)),
  ),
  'exported-rows.selectWantedEvents': reads((tx, s) =>
    exportedRows.selectWantedEvents(tx, s.workspaceId, [s.userId], wanted(s)),
  ),
  'exported-rows.listEventsInOrder': reads((tx, s) =>
    all(exportedRows.listEventsInOrder(tx, s.workspaceId, Uint32Array.of(s.userId), wanted(s), 10)),
  ),

  'exports.insertExport': writes((tx, s) =>
    exportsOf.insertExport(
      tx,
      s.workspaceId,
      {
        exportId: randomUUID(),
        credentialId: s.apiKeyId,
        subject: null,
        journeyId: s.journeyId,
        request: {},
        format: 'csv',
        rows: 1,
      },
      null,
    ),
  ),
  'exports.updateExport': writes((tx, s) =>
    exportsOf.updateExport(tx, s.workspaceId, s.exportId, { state: 'broken', rows: 7, rowsSent: 7 }),
  ),
  'exports.takeExport': writes((tx, s) => exportsOf.takeExport(tx, s.ticketHash)),
  'exports.selectTicket': reads((tx, s) => exportsOf.selectTicket(tx, s.ticketHash)),
  'exports.selectExport': reads((tx, s) => exportsOf.selectExport(tx, s.workspaceId, s.exportId)),
  'exports.selectExports': reads((tx, s) =>
    exportsOf.selectExports(tx, s.workspaceId, { after: null, limit: 10 }),
  ),

  'generations.selectJourney': reads((tx, s) => generations.selectJourney(tx, s.workspaceId, s.journeyId)),
  'generations.selectJourneys': reads((tx, s) =>
    generations.selectJourneys(tx, s.workspaceId, { cursor: '', limit: 10 }),
  ),
  'generations.writeDefinition': writes((tx, s) =>
    generations.writeDefinition(tx, s.workspaceId, s.journeyId, { name: 'changed' }),
  ),
  'generations.selectGenerations': reads((tx, s) => generations.selectGenerations(tx, s.workspaceId)),
  'generations.insertGeneration': writes((tx, s) =>
    generations.insertGeneration(tx, s.workspaceId, s.journeyNumber, {}, false),
  ),
  'generations.insertRefolds': writes((tx, s) =>
    generations.insertRefolds(tx, s.workspaceId, s.journeyNumber, 1_000_000, {
      usersInBlock: 1,
      shardCount: 4,
    }),
  ),
  'generations.deleteGenerations': writes((tx, s) =>
    generations.deleteGenerations(tx, s.workspaceId, s.journeyNumber),
  ),
  'generations.serveGeneration': writes((tx, s) =>
    generations.serveGeneration(tx, s.workspaceId, s.journeyNumber, s.refold.generation),
  ),
  'generations.touchGenerations': writes((tx, s) =>
    generations.touchGenerations(tx, s.workspaceId, s.journeyNumber),
  ),
  'generations.reviseGenerations': writes((tx, s) =>
    generations.reviseGenerations(tx, s.workspaceId, [s.numbers], null),
  ),
  'generations.selectFreshness': reads((tx, s) =>
    generations.selectFreshness(readerIn(tx), s.workspaceId, s.journeyId),
  ),
  'generations.selectReadState': reads((tx, s) =>
    generations.selectReadState(tx, s.workspaceId, s.journeyId),
  ),

  'histories.selectJourneyEvents': reads((tx, s) =>
    histories.selectJourneyEvents(tx, s.workspaceId, s.journeyNumber, [s.userId]),
  ),
  'histories.selectProductEvents': reads((tx, s) =>
    histories.selectProductEvents(tx, s.workspaceId, [s.userId], [s.productEvent]),
  ),
  'histories.selectJourneysOfUsers': reads((tx, s) =>
    histories.selectJourneysOfUsers(tx, s.workspaceId, [s.userId], [s.journeyNumber]),
  ),
  'histories.selectUsersOfJourney': reads((tx, s) =>
    histories.selectUsersOfJourney(tx, s.workspaceId, s.journeyNumber, 0, 2 ** 30, 10),
  ),

  'log.claimEventIds': writes((tx, s) => log.claimEventIds(tx, s.workspaceId, ['0'.repeat(32)])),
  'log.numberUsers': writes((tx, s) => log.numberUsers(tx, s.workspaceId, [s.externalId, 'somebody new'])),
  'log.numberJourneys': writes((tx, s) => log.numberJourneys(tx, s.workspaceId, [s.journeyId, 'a-new-one'])),
  'log.insertEvents': writes((tx, s) =>
    log.insertEvents(tx, s.workspaceId, 1, {
      journeyNumbers: [s.journeyNumber],
      userIds: [s.userId],
      at: [Date.parse('2019-05-05')],
      eventIds: ['new'],
      eventTypes: [1],
      sequences: [0],
      entryIds: [null],
      stepIds: [null],
      outcomes: [null],
      platforms: [null],
      reasons: [null],
      names: [null],
      properties: [null],
    }),
  ),
  'log.insertBatch': writes((tx, s) =>
    log.insertBatch(tx, s.workspaceId, 1_000_000, [
      { shard: 0, eventCount: 1, journeyNumbers: [s.journeyNumber], userIds: [s.userId] },
    ]),
  ),
  'pending.selectPendingEvents': reads((tx, s) => pending.selectPendingEvents(tx, s.workspaceId)),

  'rollups.selectRollups': reads((tx, s) => rollups.selectRollups(tx, s.numbers, s.rollup.shard, [s.rollup])),
  'rollups.writeRollups': writes((tx, s) =>
    rollups.writeRollups(
      tx,
      s.numbers,
      s.rollup.shard,
      [
        {
          ...s.rollup,
          facts: [
            {
              fact: 'totalEntries',
              detail: '',
              count: 77,
              users: 77,
              earlier: noPairs,
            },
          ],
          durations: noPairs,
        },
      ],
      true,
    ),
  ),
  'rollups.deleteRollups': writes((tx, s) =>
    rollups.deleteRollups(tx, s.numbers, s.rollup.shard, [s.rollup]),
  ),
  'rollups.selectAllRollups': reads((tx, s) => rollups.selectAllRollups(tx, s.numbers, s.rollup.shard)),

  'sets.selectSetSizes': reads(async (tx, s) => {
    const sizes = await sets.selectSetSizes(tx, s.numbers, s.sets.shard, [s.sets]);
    return sizes.filter((size) => size !== undefined);
  }),
  'sets.selectSets': reads((tx, s) => sets.selectSets(tx, s.numbers, s.sets.shard, [s.sets])),
  'sets.writeSets': writes((tx, s) =>
    sets.writeSets(tx, s.numbers, s.sets.shard, [
      { ...s.sets, sets: [{ fact: 'totalEntries', detail: '', members: new Uint8Array([1]) }] },
    ]),
  ),
  'sets.deleteSets': writes((tx, s) => sets.deleteSets(tx, s.numbers, s.sets.shard, [s.sets])),
  'sets.selectAllSets': reads((tx, s) => sets.selectAllSets(tx, s.numbers, s.sets.shard)),
  'sets.selectMembers': reads((tx, s) => {
    const { level, block } = s.sets;
    const which = { stepId: '', fact: 'totalEntries', detail: '' };
    return sets.selectMembers(tx, s.numbers, which, [{ level, first: block, last: block }]);
  }),

  'work.selectShardsWithWork': reads((tx, s) => work.selectShardsWithWork(tx, s.workspaceId)),
  'work.selectPendingBatches': reads(
    // The other part of the answer is the time.
    async (tx, s) => (await work.selectPendingBatches(tx, s.workspaceId, s.batch.shard)).batches,
  ),
  'work.selectTouched': reads((tx, s) =>
    work.selectTouched(tx, s.workspaceId, s.batch.shard, [s.batch.batchId]),
  ),
  'work.deleteBatches': writes((tx, s) =>
    work.deleteBatches(tx, s.workspaceId, s.batch.shard, [s.batch.batchId]),
  ),
  'work.selectRefolds': reads((tx, s) =>
    work.selectRefolds(tx, s.workspaceId, { journeyNumber: s.journeyNumber }),
  ),
  'work.addToRefolds': writes((tx, s) => work.addToRefolds(tx, s.workspaceId, [{ ...s.refold, events: 3 }])),
  'work.finishRefold': writes((tx, s) => work.finishRefold(tx, s.workspaceId, s.refold, true)),
};

/** What is of no one workspace, and why that is right. */
export const queriesOfNoWorkspace: Readonly<Record<string, string>> = {
  'exported-rows.isLargeShare': 'compares a number with how many users there are at all',
  'exports.selectBackend': 'the number of the connection itself',
  'exports.cancelQuery': 'a connection is of this service, which remembers whose query it runs',
  'locks.tryLockShard': 'a lock on a number; there are no rows',
  'locks.lockShard': 'a lock on a number; there are no rows',
  'locks.lockAgainstErasure': 'a lock on a number; there are no rows',
  'locks.lockForErasure': 'a lock on a number; there are no rows',
  'log.createEventsPartition': 'months are of all workspaces, and a partition has no rows yet',
  'log.nextBatchId': 'numbers that only grow',
  'work.selectWorkspacesWithWork': 'the rollup is told numbers of workspaces, and enters each',
  'work.selectBacklog': 'sums over all workspaces, for measurements',
};

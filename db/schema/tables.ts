// The tables as Drizzle sees them. The migrations are what makes them; a test holds the two against each other.
import {
  bigint,
  boolean,
  customType,
  integer,
  json,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const schema = pgSchema('journey_analytics');

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true });
const big = (name: string) => bigint(name, { mode: 'number' });

export const workspaces = schema.table('workspaces', {
  workspaceId: integer('workspace_id').primaryKey().generatedAlwaysAsIdentity(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const apiKeys = schema.table(
  'api_keys',
  {
    workspaceId: integer('workspace_id').notNull(),
    apiKeyId: uuid('api_key_id').notNull(),
    hash: bytea('hash').notNull(),
    prefix: text('prefix').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.apiKeyId] })],
);

export const identityProviders = schema.table(
  'identity_providers',
  {
    workspaceId: integer('workspace_id').notNull(),
    identityProviderId: uuid('identity_provider_id').notNull(),
    issuer: text('issuer').notNull(),
    issuerHash: bytea('issuer_hash').notNull(),
    jwksUrl: text('jwks_url').notNull(),
    createdAt: instant('created_at').notNull(),
    removedAt: instant('removed_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.identityProviderId] })],
);

export const journeys = schema.table(
  'journeys',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull().generatedAlwaysAsIdentity(),
    journeyId: text('journey_id').notNull(),
    definition: json('definition'),
    hasEvents: boolean('has_events').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.journeyNumber] })],
);

export const generations = schema.table(
  'generations',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
    generation: big('generation').notNull(),
    rules: json('rules').notNull(),
    serving: boolean('serving').notNull(),
    revision: big('revision').notNull(),
    asOf: instant('as_of').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.journeyNumber, table.generation] })],
);

export const userNumbers = schema.table(
  'user_numbers',
  {
    workspaceId: integer('workspace_id').notNull(),
    externalId: text('external_id').notNull(),
    userId: integer('user_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.externalId] })],
);

export const users = schema.table(
  'users',
  {
    workspaceId: integer('workspace_id').notNull(),
    userId: integer('user_id').notNull(),
    externalId: text('external_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.userId] })],
);

export const eventIds = schema.table(
  'event_ids',
  {
    workspaceId: integer('workspace_id').notNull(),
    eventIdHash: uuid('event_id_hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.eventIdHash] })],
);

export const events = schema.table(
  'events',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
    userId: integer('user_id').notNull(),
    at: instant('at').notNull(),
    eventId: text('event_id').notNull(),
    eventType: smallint('event_type').notNull(),
    sequence: big('sequence').notNull(),
    entryId: text('entry_id'),
    stepId: text('step_id'),
    outcome: text('outcome'),
    platform: text('platform'),
    reason: text('reason'),
    name: text('name'),
    properties: json('properties'),
    batchId: big('batch_id').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.workspaceId, table.journeyNumber, table.userId, table.at, table.eventId],
    }),
  ],
);

export const journeyUsers = schema.table(
  'journey_users',
  {
    workspaceId: integer('workspace_id').notNull(),
    userId: integer('user_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.userId, table.journeyNumber] })],
);

export const batches = schema.table(
  'batches',
  {
    workspaceId: integer('workspace_id').notNull(),
    shard: smallint('shard').notNull(),
    batchId: big('batch_id').notNull(),
    eventCount: integer('event_count').notNull(),
    acceptedAt: instant('accepted_at').notNull(),
    journeyNumbers: integer('journey_numbers').array().notNull(),
    userIds: integer('user_ids').array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.shard, table.batchId] })],
);

export const refolds = schema.table(
  'refolds',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
    generation: big('generation').notNull(),
    shard: smallint('shard').notNull(),
    userBlock: integer('user_block').notNull(),
    eventCount: big('event_count').notNull(),
    folded: boolean('folded').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.journeyNumber, table.generation, table.userBlock] }),
  ],
);

export const rollups = schema.table(
  'rollups',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
    generation: big('generation').notNull(),
    level: smallint('level').notNull(),
    block: integer('block').notNull(),
    stepId: text('step_id').notNull(),
    part: smallint('part').notNull(),
    shard: smallint('shard').notNull(),
    facts: text('facts').notNull(),
    numbers: bytea('numbers').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.workspaceId,
        table.journeyNumber,
        table.generation,
        table.level,
        table.block,
        table.stepId,
        table.part,
        table.shard,
      ],
    }),
  ],
);

export const rollupSets = schema.table(
  'rollup_sets',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
    generation: big('generation').notNull(),
    stepId: text('step_id').notNull(),
    level: smallint('level').notNull(),
    block: integer('block').notNull(),
    part: smallint('part').notNull(),
    shard: smallint('shard').notNull(),
    userRange: smallint('user_range').notNull(),
    facts: text('facts').notNull(),
    ends: integer('ends').array().notNull(),
    members: bytea('members').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.workspaceId,
        table.journeyNumber,
        table.generation,
        table.stepId,
        table.level,
        table.block,
        table.part,
        table.shard,
        table.userRange,
      ],
    }),
  ],
);

export const windowClosings = schema.table(
  'window_closings',
  {
    workspaceId: integer('workspace_id').notNull(),
    journeyNumber: integer('journey_number').notNull(),
    generation: big('generation').notNull(),
    closesAt: instant('closes_at').notNull(),
    day: integer('day').notNull(),
    shard: smallint('shard').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.workspaceId,
        table.journeyNumber,
        table.generation,
        table.closesAt,
        table.day,
        table.shard,
      ],
    }),
  ],
);

export const exportRecords = schema.table(
  'exports',
  {
    workspaceId: integer('workspace_id').notNull(),
    exportId: uuid('export_id').notNull(),
    apiKeyId: uuid('api_key_id').notNull(),
    subject: text('subject'),
    journeyId: text('journey_id').notNull(),
    request: json('request').notNull(),
    format: text('format').notNull(),
    state: text('state').notNull(),
    rows: big('rows').notNull(),
    rowsSent: big('rows_sent').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    ticketHash: bytea('ticket_hash'),
    ticketExpiresAt: instant('ticket_expires_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.exportId] })],
);

// Distributes the tables over the nodes of a Citus cluster. The schema keeps to Citus's rules from its first migration on, so
// nothing changes but where rows are.
import postgres from 'postgres';
import type { Connection } from './client.ts';

/** Small, and joined with large ones on every node. A foreign key may lead to these alone. */
const referenceTables = ['workspaces', 'journeys'] as const;

interface DistributedTable {
  readonly name: string;
  readonly by: string;
  /** The table whose rows of the same value are on the same node. */
  readonly beside: string | null;
}

/** Large ones. What belongs to one user is on one node; what finds users and events by their names is spread by those. */
const distributedTables: readonly DistributedTable[] = [
  { name: 'users', by: 'user_id', beside: null },
  { name: 'journey_users', by: 'user_id', beside: 'users' },
  { name: 'events', by: 'user_id', beside: 'users' },
  { name: 'user_numbers', by: 'external_id', beside: null },
  { name: 'event_ids', by: 'event_id_hash', beside: null },
];
// All others stay on the coordinator: what the rollup writes, and what is small and joined with that alone.

export type Distribution =
  | { readonly outcome: 'no-citus' }
  | { readonly outcome: 'no-workers' }
  | { readonly outcome: 'distributed'; readonly now: readonly string[]; readonly before: readonly string[] };

/**
 * Distributes what is not distributed yet. Does nothing in a database without Citus, or on a coordinator without workers.
 * It may be run again at any time; what it did before it was broken off stays done.
 * @param connection of a migrated database, as the owner of the tables
 */
export async function distribute(connection: Connection): Promise<Distribution> {
  const options = { max: 1, onnotice: () => undefined };
  const sql =
    typeof connection === 'string' ? postgres(connection, options) : postgres({ ...connection, ...options });
  try {
    const [extension] = await sql`SELECT FROM pg_extension WHERE extname = 'citus'`;
    if (!extension) return { outcome: 'no-citus' };
    const [worker] = await sql`SELECT FROM citus_get_active_worker_nodes()`;
    if (!worker) return { outcome: 'no-workers' };
    const rows = await sql<{ name: string }[]>`
      SELECT relname AS name FROM pg_dist_partition JOIN pg_class ON pg_class.oid = logicalrelid
      WHERE relnamespace = 'journey_analytics'::regnamespace AND partmethod IN ('n', 'h') AND NOT relispartition
        AND (partmethod = 'h' OR repmodel = 't')`;
    const before = rows.map(({ name }) => name);
    const now: string[] = [];
    /* oxlint-disable no-await-in-loop -- in this order: what others refer to and stand beside comes first */
    for (const name of referenceTables) {
      if (before.includes(name)) continue;
      await sql`SELECT create_reference_table(${`journey_analytics.${name}`}::regclass)`;
      now.push(name);
    }
    for (const { name, by, beside } of distributedTables) {
      if (before.includes(name)) continue;
      const place = beside === null ? 'none' : `journey_analytics.${beside}`;
      await sql`
        SELECT create_distributed_table(${`journey_analytics.${name}`}::regclass, ${by}, colocate_with => ${place})`;
      now.push(name);
    }
    /* oxlint-enable no-await-in-loop */
    return { outcome: 'distributed', now, before };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

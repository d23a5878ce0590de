// Advisory locks. Two numbers name one: what it is for, and the workspace.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../client.ts';

const shardLocks = 1_246_840_000;
const erasureLock = 1_246_840_100;

/** Takes a shard of a workspace's users for this transaction, unless another has it. */
export async function tryLockShard(tx: Transaction, workspaceId: number, shard: number): Promise<boolean> {
  const [row] = await tx.execute<{ locked: boolean }>(
    sql`SELECT pg_try_advisory_xact_lock(${shardLocks + shard}::integer, ${workspaceId}::integer) AS locked`,
  );
  return row?.locked ?? false;
}

/** Waits for a shard of a workspace's users. Who needs several takes them in ascending order. */
export async function lockShard(tx: Transaction, workspaceId: number, shard: number): Promise<void> {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(${shardLocks + shard}::integer, ${workspaceId}::integer)`,
  );
}

/** Events of a workspace may be stored while no person is being erased from it, so a person's number cannot vanish between. */
export async function lockAgainstErasure(tx: Transaction, workspaceId: number): Promise<void> {
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock_shared(${erasureLock}::integer, ${workspaceId}::integer)`,
  );
}

/** Waits until no events are being stored in the workspace, and keeps others from it until the transaction ends. */
export async function lockForErasure(tx: Transaction, workspaceId: number): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${erasureLock}::integer, ${workspaceId}::integer)`);
}

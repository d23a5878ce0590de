// Defining a journey, and forgetting it: what its numbers follow changes with its rules.
import { isDeepStrictEqual } from 'node:util';
import { inWorkspace, retryConflicts, type Database, type Transaction } from '../../db/client.ts';
import {
  deleteGenerations,
  insertGeneration,
  insertRefolds,
  reviseGenerations,
  selectGenerations,
  selectJourney,
  serveGeneration,
  touchGenerations,
  writeDefinition,
} from '../../db/queries/generations.ts';
import { lockShard } from '../../db/queries/locks.ts';
import type { JourneyDefinition } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { readRules, rulesOf } from './generation.ts';
import { shardCount, shards, usersInBlock } from './shards.ts';

/** Keeps the rollup out of the workspace until the transaction ends, so that no batch is counted under half a change. */
async function holdRollup(tx: Transaction, workspaceId: number): Promise<void> {
  for (const shard of shards) await lockShard(tx, workspaceId, shard);
}

/** Begins a generation under the definition's rules and notes what it has to fold. */
async function beginGeneration(
  tx: Transaction,
  workspaceId: number,
  journeyNumber: number,
  definition: JourneyDefinition,
  beside: boolean,
): Promise<void> {
  const generation = await insertGeneration(tx, workspaceId, journeyNumber, rulesOf(definition), !beside);
  const blocks = await insertRefolds(tx, workspaceId, journeyNumber, generation, {
    usersInBlock,
    shardCount,
  });
  if (blocks > 0) return;
  await reviseGenerations(tx, workspaceId, [{ journeyNumber, generation }], null);
  if (beside) await serveGeneration(tx, workspaceId, journeyNumber, generation);
}

/**
 * Creates or replaces a journey's definition. New rules (conversion or time zone) of a journey that has events need
 * `rebuild`; then the numbers under the old rules are served until those under the new ones are complete.
 * @returns whether the journey was not defined before.
 * @throws Failure `rebuild_required`
 */
export async function defineJourney(
  database: Database,
  workspaceId: number,
  journeyId: string,
  definition: JourneyDefinition,
  rebuild: boolean,
): Promise<{ created: boolean }> {
  return retryConflicts(() =>
    inWorkspace(
      database,
      workspaceId,
      async (tx) => {
        await holdRollup(tx, workspaceId);
        const before = await selectJourney(tx, workspaceId, journeyId);
        const journeyNumber = await writeDefinition(tx, workspaceId, journeyId, definition);
        const created = before === undefined || before.definition === null;
        if (created) {
          await beginGeneration(tx, workspaceId, journeyNumber, definition, false);
          return { created };
        }
        // Also while the numbers stay those of the old rules, steps and names are those of the new definition.
        await touchGenerations(tx, workspaceId, journeyNumber);
        const known = await selectGenerations(tx, workspaceId, journeyNumber);
        const newest = known.at(-1);
        if (newest && isDeepStrictEqual(readRules(newest.rules), rulesOf(definition))) return { created };
        if (before.hasEvents && !rebuild) {
          throw new Failure(
            'rebuild_required',
            'The conversion or the time zone of a journey that has events changes only with rebuild=true, which recomputes its numbers.',
          );
        }
        const serving = known.find((generation) => generation.serving);
        // An unfinished rebuild under rules that are no longer wanted is given up.
        await deleteGenerations(tx, workspaceId, journeyNumber, serving?.generation);
        await beginGeneration(tx, workspaceId, journeyNumber, definition, serving !== undefined);
        return { created };
      },
      { patient: true },
    ),
  );
}

/** Forgets a journey's definition and its numbers; the log stays. @returns whether it was defined. */
export async function forgetJourney(
  database: Database,
  workspaceId: number,
  journeyId: string,
): Promise<boolean> {
  return retryConflicts(() =>
    inWorkspace(
      database,
      workspaceId,
      async (tx) => {
        await holdRollup(tx, workspaceId);
        const journey = await selectJourney(tx, workspaceId, journeyId);
        if (!journey || journey.definition === null) return false;
        await writeDefinition(tx, workspaceId, journeyId, null);
        await deleteGenerations(tx, workspaceId, journey.journeyNumber);
        return true;
      },
      { patient: true },
    ),
  );
}

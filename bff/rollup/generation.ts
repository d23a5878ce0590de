// A generation as the rollup uses it: where its numbers stand, and the rules they follow.
import { selectGenerations } from '../../db/queries/generations.ts';
import type { Transaction } from '../../db/client.ts';
import type { Conversion, JourneyDefinition } from '../contract/index.ts';
import type { Rules } from '../fold/index.ts';

export interface Generation {
  readonly journeyNumber: number;
  readonly generation: number;
  readonly rules: Rules;
  readonly serving: boolean;
}

/** The part of a definition that numbers depend on, as it is read back when it was stored: JSON has no -0. */
export function rulesOf({ conversion, timeZone }: Pick<JourneyDefinition, 'conversion' | 'timeZone'>): Rules {
  return readRules(JSON.parse(JSON.stringify({ conversion, timeZone })));
}

/** Reads rules back as they were written. */
export function readRules(stored: unknown): Rules {
  // Only parsed definitions are ever stored, by writeDefinition and insertGeneration.
  return stored as { conversion: Conversion | null; timeZone: string };
}

/** Every generation of a workspace's journeys, or of one journey. */
export async function loadGenerations(
  tx: Transaction,
  workspaceId: number,
  journeyNumber?: number,
): Promise<Generation[]> {
  const rows = await selectGenerations(tx, workspaceId, journeyNumber);
  return rows.map((row) => ({ ...row, rules: readRules(row.rules) }));
}

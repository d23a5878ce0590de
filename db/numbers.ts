// The numbers of one generation of one journey: how statements name them.
import { sql } from 'drizzle-orm';

/** Which numbers: those of one generation of one journey. */
export interface Numbers {
  readonly workspaceId: number;
  readonly journeyNumber: number;
  readonly generation: number;
}

export const generationIs = (numbers: Numbers) => sql`
  workspace_id = ${numbers.workspaceId} AND journey_number = ${numbers.journeyNumber}
  AND generation = ${numbers.generation}::bigint`;

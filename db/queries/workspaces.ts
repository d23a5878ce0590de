// Workspaces, as the owner of the tables makes them.
import { eq } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { workspaces } from '../schema/tables.ts';

/** Finds a workspace by its name, or makes it. @returns its number. */
export async function ensureWorkspace(owner: PostgresJsDatabase, name: string): Promise<number> {
  await owner
    .insert(workspaces)
    .values({ name, createdAt: new Date() })
    .onConflictDoNothing({ target: workspaces.name });
  const [row] = await owner
    .select({ workspaceId: workspaces.workspaceId })
    .from(workspaces)
    .where(eq(workspaces.name, name));
  if (!row) throw new Error('The workspace was not made');
  return row.workspaceId;
}

/** All workspaces, in order of their names. */
export function selectWorkspaces(
  owner: PostgresJsDatabase,
): Promise<{ workspaceId: number; name: string }[]> {
  return owner
    .select({ workspaceId: workspaces.workspaceId, name: workspaces.name })
    .from(workspaces)
    .orderBy(workspaces.name);
}

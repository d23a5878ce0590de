// What the right to call can come from: an API key or an identity provider, each with an id of its own.
import { lookUpCredential, type Database } from '../../db/client.ts';
import { isCredentialInUse } from '../../db/queries/credentials.ts';

/** Whether an API key or an identity provider is there, neither revoked nor removed. Always asks the database. */
export function isInUse(database: Database, credentialId: string): Promise<boolean> {
  return isCredentialInUse(lookUpCredential(database, credentialId), credentialId);
}

// npm run db:distribute
import { distribute, type Distribution } from '../../db/distribute.ts';
import { readConfig } from '../config.ts';
import { explainStart } from '../explain-start.ts';
import { openConfiguredDatabase } from '../open-database.ts';

function describe(distribution: Distribution): string {
  if (distribution.outcome === 'no-citus') {
    return 'Nothing to do: this database has no Citus. One PostgreSQL is enough until the log no longer fits it; to grow past it, see the README.';
  }
  if (distribution.outcome === 'no-workers') {
    return 'Nothing done: this Citus coordinator has no workers. Add them with citus_add_node, then run this again.';
  }
  const { now, before } = distribution;
  if (now.length === 0) return `Nothing to do: ${before.join(', ')} are distributed already.`;
  return `Distributed ${now.join(', ')}.`;
}

try {
  const { connection, close } = await openConfiguredDatabase(readConfig(process.env, 'database'), 'guest');
  try {
    console.log(describe(await distribute(connection)));
  } finally {
    await close();
  }
} catch (error) {
  console.error(explainStart(error));
  process.exitCode = 1;
}

// npm run audit [-- --workspace NAME] [--journey ID]
import { parseArgs } from 'node:util';
import { inWorkspace } from '../../db/client.ts';
import { selectJourneys } from '../../db/queries/generations.ts';
import { selectWorkspaces } from '../../db/queries/workspaces.ts';
import { readConfig } from '../config.ts';
import { explainStart } from '../explain-start.ts';
import { openConfiguredDatabase } from '../open-database.ts';
import { auditJourney } from '../rollup/audit.ts';

const usage = `Folds the whole log afresh and names every number that differs from the one that is served.

  npm run audit                                        every journey of every workspace
  npm run audit -- --workspace NAME [--journey ID]     one workspace, or one journey of it

Exits with 0 when no number differs, else with 1. It may run beside the service: each journey is read from one snapshot.`;

class UsageError extends Error {}

function readArguments() {
  try {
    const options = { workspace: { type: 'string' }, journey: { type: 'string' } } as const;
    const { values } = parseArgs({ options, strict: true });
    if (values.journey !== undefined && values.workspace === undefined) throw new UsageError(usage);
    return values;
  } catch (error) {
    throw new UsageError(usage, { cause: error });
  }
}

async function run(): Promise<void> {
  const { workspace, journey } = readArguments();
  const config = readConfig(process.env, 'database');
  const { database, close } = await openConfiguredDatabase(config, 'guest');
  try {
    const all = await selectWorkspaces(database.owner);
    const wanted = all.filter(({ name }) => workspace === undefined || name === workspace);
    if (wanted.length === 0 && workspace !== undefined) throw new UsageError('There is no such workspace.');
    let journeys = 0;
    let differing = 0;
    for (const { workspaceId, name } of wanted) {
      const page = { cursor: '', limit: 1_000_000, ...(journey === undefined ? {} : { only: [journey] }) };
      const rows = await inWorkspace(database, workspaceId, (tx) => selectJourneys(tx, workspaceId, page));
      if (rows.length === 0 && journey !== undefined) throw new UsageError('There is no such journey.');
      for (const { journeyId } of rows) {
        const { differences } = await auditJourney(database, workspaceId, journeyId);
        journeys += 1;
        differing += differences.length;
        console.log(
          `${name}  ${journeyId}  ${differences.length === 0 ? 'right' : `${differences.length} differ`}`,
        );
        for (const difference of differences) console.log(`  ${JSON.stringify(difference)}`);
      }
    }
    console.log(`${journeys} journeys, ${differing} numbers differ`);
    if (differing > 0) process.exitCode = 1;
  } finally {
    await close();
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : explainStart(error));
  process.exitCode = 1;
}

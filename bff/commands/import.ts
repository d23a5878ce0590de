// npm run import -- FILE [--journey ID] [options]
import { ensureWorkspace } from '../../db/queries/workspaces.ts';
import { readConfig } from '../config.ts';
import { explainStart } from '../explain-start.ts';
import { ImportError } from '../ingest/import/import-error.ts';
import { readOptions } from '../ingest/import/options.ts';
import { runImport } from '../ingest/import/run-import.ts';
import { openSource } from '../ingest/import/source.ts';
import { describeSummary } from '../ingest/import/summary.ts';
import { usage } from '../ingest/import/usage.ts';
import { startRollupThread } from '../rollup/rollup-thread.ts';
import { openConfiguredDatabase } from '../open-database.ts';

/** The first signal ends the import after the batch under way, the second at once. */
function watchSignals(): () => boolean {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopped = true;
      console.error('\nStopping after the batch under way.');
    });
  }
  return () => stopped;
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return;
  }
  const config = readConfig(process.env, 'database');
  // First, so that a wrong name is noticed before a database is started.
  const source = await openSource(options.file);
  const stopped = watchSignals();
  const { database, connection, close } = await openConfiguredDatabase(config, 'guest');
  // Counts what is stored, beside the storing. What is too little for it the import itself counts in the end.
  const rollup = startRollupThread(
    connection,
    (failure) => {
      if (failure) console.error(`Counting failed and is tried again: ${failure.code ?? failure.name}`);
    },
    { worthwhile: 50_000 },
  );
  try {
    const workspaceId = await ensureWorkspace(database.owner, options.workspace);
    const summary = await runImport({ database, workspaceId }, source, options, config, stopped);
    console.log(options.json ? JSON.stringify(summary) : describeSummary(summary, options, config));
    if (summary.stopped) process.exitCode = 130;
    else if (options.strict && summary.rejected > 0) process.exitCode = 1;
  } finally {
    await rollup.stop();
    await close();
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof ImportError ? error.message : explainStart(error));
  process.exitCode = 1;
}

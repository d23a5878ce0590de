// Imports one file, from its first or its next line to the numbers.
import type { Config } from '../../config.ts';
import { catchUp } from './catch-up.ts';
import { importEvents, type ImportTarget } from './import-events.ts';
import { readItems } from './items.ts';
import { ensureJourney, nameSteps } from './journey.ts';
import type { ImportOptions } from './options.ts';
import { positionFile, type Position } from './position.ts';
import { countingProgress, readingProgress } from './progress.ts';
import { openSource, type Source } from './source.ts';
import type { Summary } from './summary.ts';

async function importSource(
  target: ImportTarget,
  first: Source,
  options: ImportOptions,
  config: Config,
  stopped: () => boolean,
) {
  const file = first.identity === undefined ? undefined : positionFile(config, options, first.identity);
  const earlier = options.restart ? undefined : await file?.read();
  const { journeyId } = options;
  const journey =
    journeyId === undefined
      ? { defined: false, needsSteps: false }
      : await ensureJourney(target, journeyId, options);
  const needsSteps = journey.needsSteps || (earlier?.definedJourney ?? false);

  const pass = async (source: Source, from: Position | undefined) => {
    const progress = readingProgress(source);
    const skipped = from?.items ?? 0;
    let isChecked = from === undefined;
    let isElsewhere = false;
    try {
      const tally = await importEvents(
        target,
        readItems(source, options, skipped),
        skipped,
        async ({ items, accepted, duplicates }, batchBegan) => {
          progress.show(items - skipped);
          // The batch at the position was stored before. Where one of its events is new, the database is not the one
          // that the position tells of, such as one restored from a backup: then nothing is taken for stored.
          if (!isChecked && accepted > 0) {
            isElsewhere = true;
            return false;
          }
          isChecked ||= duplicates > 0;
          if (isChecked) await file?.write({ items: batchBegan, definedJourney: needsSteps });
          return !stopped();
        },
      );
      return { tally, isElsewhere };
    } finally {
      progress.end();
    }
  };

  let continuedAfter = earlier?.items ?? 0;
  let { tally, isElsewhere } = await pass(first, earlier);
  if (isElsewhere) {
    continuedAfter = 0;
    const { accepted } = tally;
    ({ tally, isElsewhere } = await pass(await openSource(options.file), undefined));
    tally.accepted += accepted;
    tally.duplicates -= accepted;
  }
  return { tally, continuedAfter, file, journey, needsSteps };
}

/**
 * Imports a file and counts what it holds.
 * @param source the opened file
 * @param stopped asked after each batch; when true, what is stored is kept and the next run goes on from there
 * @throws ImportError when the file cannot be read; what was stored before stays
 */
export async function runImport(
  target: ImportTarget,
  source: Source,
  options: ImportOptions,
  config: Config,
  stopped: () => boolean,
): Promise<Summary> {
  const started = performance.now();
  const { tally, continuedAfter, file, journey, needsSteps } = await importSource(
    target,
    source,
    options,
    config,
    stopped,
  );
  const storedAt = performance.now();
  const counting = countingProgress();
  const showLeft = (pendingEvents: number) => {
    counting.show(pendingEvents);
  };
  await catchUp(target, showLeft, stopped);
  counting.end();
  if (!stopped()) {
    if (needsSteps && options.journeyId !== undefined) await nameSteps(target, options.journeyId);
    await file?.remove();
  }
  return {
    accepted: tally.accepted,
    duplicates: tally.duplicates,
    rejected: tally.rejections.count,
    rejections: tally.rejections.list(),
    continuedAfter,
    definedJourney: journey.defined,
    stopped: stopped(),
    storedSeconds: (storedAt - started) / 1_000,
    countedSeconds: (performance.now() - storedAt) / 1_000,
  };
}

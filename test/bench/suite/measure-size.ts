// Everything that is measured at one number of users.
import { mkdirSync } from 'node:fs';
import { auditJourney } from '../../../bff/rollup/audit.ts';
import { fill, readFilled, writeFilled } from './backfill.ts';
import { measureExporting } from './exporting.ts';
import { journeyId } from './journey.ts';
import { measureLive, usersOfRun } from './live.ts';
import { describeDatabase, type Description } from './machine.ts';
import { alone, timed, type Figure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { openDuckPeer, openPlain } from './peers.ts';
import { measureReadings } from './readings.ts';
import { measureServing } from './serving.ts';
import { openSite, type Site } from './site.ts';

export interface Measured {
  readonly figures: readonly Figure[];
  readonly database: Description;
}

async function readings(site: Site, hasAllUsers: boolean, runs: number, say: (text: string) => void) {
  const peers = [await openPlain(site.client), await openDuckPeer(site.folder)];
  try {
    return await measureReadings({ site, peers, runs, hasAllUsers, say });
  } finally {
    await Promise.all(peers.map((peer) => peer.close()));
  }
}

/** Holds the numbers against the log. @throws when any differs: then no figure is worth anything */
async function audit(site: Site): Promise<Figure> {
  const [time, { differences }] = await timed(() => auditJourney(site.database, site.workspaceId, journeyId));
  if (differences.length > 0) {
    const some = differences.slice(0, 5).map((difference) => JSON.stringify(difference));
    throw new Error(
      `The audit of ${site.users} users names ${differences.length} differences. ${some.join('; ')}`,
    );
  }
  return alone(
    { theme: 'Audit', users: site.users, name: 'the whole log folded afresh, no difference' },
    [time / 1_000],
    's',
  );
}

/** Fills a folder unless it is filled, and measures what was asked for. */
export async function measureSize(
  folder: string,
  users: number,
  { parts, runs }: BenchOptions,
  say: (text: string) => void,
): Promise<Measured> {
  mkdirSync(folder, { recursive: true });
  const site = await openSite(folder, users);
  try {
    const database = await describeDatabase(site.client);
    const figures: Figure[] = [];
    let filled = readFilled(folder);
    if (!filled) {
      figures.push(...(await fill(site, say)));
      filled = readFilled(folder);
      if (!filled) throw new Error(`${folder} was not filled`);
    }
    const hasAllUsers = filled.liveUsers === 0;
    if (parts.has('reads')) figures.push(...(await readings(site, hasAllUsers, runs, say)));
    if (parts.has('export')) {
      say('exporting');
      figures.push(...(await measureExporting(site, hasAllUsers, runs)));
    }
    if (parts.has('http')) {
      say('serving');
      figures.push(...(await measureServing(site, runs)));
    }
    if (parts.has('live')) {
      say('live traffic');
      // Noted before, so that nobody is sent twice when this is broken off.
      writeFilled(folder, { ...filled, liveUsers: filled.liveUsers + usersOfRun });
      figures.push(...(await measureLive(site, filled.liveUsers, runs)));
    }
    say('auditing');
    figures.push(await audit(site));
    return { figures, database };
  } finally {
    await site.stop();
  }
}

// Exports by HTTP against what PostgreSQL's own COPY takes for the same rows.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type postgres from 'postgres';
import { eventTypes } from '../../../bff/contract/index.ts';
import { journeyId, steps, stepOfStage } from './journey.ts';
import { alone, ratioOf, timed, type Figure, type Promised } from './measure.ts';
import { memoryOf, startProduct, type Site } from './site.ts';

const theme = 'Exporting';
const schema = 'journey_analytics';

/** Downloads a file and throws it away. @returns its rows, as its header says */
async function download(url: string, key: string, body?: unknown): Promise<number> {
  const asking = request(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  asking.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asking, 'response')) as [IncomingMessage]; // as node:http has it
  if (response.statusCode !== 200) throw new Error(`${url}: ${String(response.statusCode)}`);
  response.resume();
  await once(response, 'end');
  return Number(response.headers['x-row-count']);
}

/** Lets PostgreSQL write rows by itself. @returns how many */
async function copy(client: postgres.Sql, query: string): Promise<number> {
  const stream = await client.unsafe(`COPY (${query}) TO STDOUT (FORMAT csv)`).readable();
  let rows = 0;
  for await (const part of stream as AsyncIterable<Buffer>)
    for (const byte of part) if (byte === 10) rows += 1;
  return rows;
}

/** @param hasAllUsers whether every user of the log has entered: not when live traffic broke off half-way */
export async function measureExporting(site: Site, hasAllUsers: boolean, runs: number): Promise<Figure[]> {
  const { users, client, key, workspaceId } = site;
  const stepId = steps[stepOfStage(3, 0)]?.stepId ?? '';
  const ids = `SELECT external_id FROM ${schema}.users WHERE workspace_id = ${workspaceId} ORDER BY external_id`;
  const groups = `SELECT external_id, count(*), min(at), max(at) FROM ${schema}.events
    JOIN ${schema}.users USING (workspace_id, user_id) JOIN ${schema}.journeys USING (workspace_id, journey_number)
    WHERE workspace_id = ${workspaceId} AND journey_id = '${journeyId}' AND step_id = '${stepId}'
      AND event_type = ${eventTypes.indexOf('message.sent')}
    GROUP BY external_id ORDER BY external_id`;
  const server = await startProduct(site);
  const base = `${server.url}/v1/journeys/${journeyId}`;
  const metric = `${base}/exports/sentCount?stepId=${stepId}`;
  const everybody = { where: { metric: 'entryUsers' } };
  const audience: number[] = [];
  const copiedIds: number[] = [];
  const csv: number[] = [];
  const copiedGroups: number[] = [];
  const xlsx: number[] = [];
  let rested = 0;
  const take = async (times: number[], isCounted: boolean, run: () => Promise<number>): Promise<number> => {
    const [time, rows] = await timed(run);
    if (isCounted) times.push(time);
    return rows;
  };
  const same = (what: string, ours: number, theirs: number) => {
    if (hasAllUsers && ours !== theirs)
      throw new Error(`${what}: ${ours} rows, and PostgreSQL has ${theirs}`);
  };
  try {
    /* oxlint-disable no-await-in-loop -- one after the other is what is measured */
    for (let run = -1; run < runs; run += 1) {
      const isCounted = run >= 0;
      if (run === 0) rested = memoryOf(server.pid, 'VmHWM');
      const listed = await take(audience, isCounted, () =>
        download(`${base}/audience/export?format=csv`, key, everybody),
      );
      same('audience', listed, await take(copiedIds, isCounted, () => copy(client, ids)));
      const rows = await take(csv, isCounted, () => download(`${metric}&format=csv`, key));
      same('metric', rows, await take(copiedGroups, isCounted, () => copy(client, groups)));
      await take(xlsx, isCounted, () => download(`${metric}&format=xlsx`, key));
    }
    /* oxlint-enable no-await-in-loop */
    const grown = memoryOf(server.pid, 'VmHWM') - rested;
    const speed = (name: string, peer: string, limit: number, ours: number[], theirs: number[]) => {
      const promised: Promised = { at: 'least', limit };
      // A ratio of speeds: the peer's time by ours.
      const figure = ratioOf({ theme, users, name, peer, measuredIn: 'ms', promised }, theirs, ours);
      return { ...figure, ours: figure.theirs, theirs: figure.ours } as Figure; // both are there, the other way round
    };
    return [
      speed('export of an audience, all users', 'COPY of the ids, in order', 0.5, audience, copiedIds),
      speed('export of a metric of a step, CSV', 'COPY of the GROUP BY, in order', 0.25, csv, copiedGroups),
      speed('the same, XLSX', 'our CSV', 0.5, xlsx, csv),
      alone({ theme, users, name: 'memory that the runs after the first add' }, [grown], 'MB'),
    ];
  } finally {
    await server.stop();
  }
}

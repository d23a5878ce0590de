// The disk of the database is full: events are refused until there is space again, what was acknowledged stays, and
// nobody has to start anything anew. Skipped only where no process can be given a small disk.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { overviewSchema } from '../../bff/contract/index.ts';
import { assertClean, Ledger } from '../support/ledger.ts';
import { assertProblem } from '../support/problem-document.ts';
import { databaseOf } from '../support/processes.ts';
import { definition, journeyId } from '../support/sample-journey.ts';
import { makeSite, ServiceProcess } from '../support/service-process.ts';
import { SmallDisk, whyNoSmallDisk, withSmallDisk } from '../support/small-disk.ts';

const key = `jk_${'disk-full-key-'.repeat(3)}`;
const path = `/v1/journeys/${journeyId}`;
/** A new cluster takes half of it. */
const megabytes = 120;

const skip = whyNoSmallDisk() ?? false;
const site = makeSite();
let service: ServiceProcess | undefined;
after(async () => {
  if (service?.child.exitCode === null && service.child.signalCode === null) await service.stop('SIGKILL');
  site.remove();
});

test('a full disk: 503 until there is space again, nothing lost, no restart', { skip }, async (t) => {
  mkdirSync(site.dataDirectory);
  service = new ServiceProcess(
    site,
    { BOOTSTRAP_API_KEY: key },
    withSmallDisk(site.dataDirectory, megabytes),
  );
  const api = await service.client(key);
  assert.equal((await api.put(path, definition)).status, 201);
  const disk = new SmallDisk(service.child.pid ?? 0, site.dataDirectory);
  const ledger = new Ledger(4);
  const stopping = new AbortController();
  const traffic = ledger.traffic(() => api, stopping.signal);
  traffic.catch(() => undefined); // looked at below

  for (const isKilled of [false, true]) {
    await ledger.growsBy(1_000);
    const known = ledger.refused;
    disk.fill();
    // What the database has room for in its files it still takes.
    const end = Date.now() + 20_000;
    while (ledger.refused < known + 8) {
      assert.ok(Date.now() < end, 'the disk is full and events are taken all the same');
      await delay(20);
      if (disk.freeBytes > 0) disk.fill();
    }
    // Without any space a server that ended cannot start either.
    if (isKilled) process.kill(databaseOf(service.child.pid ?? 0).server, 'SIGKILL');
    await delay(2_500);
    t.diagnostic(`${ledger.refused - known} requests refused`);
    // Reading goes on while the database does, and otherwise says that it cannot.
    const reading = await api.get(`${path}/overview`);
    if (reading.status !== 200) assertProblem(reading, 'unavailable');
    const ready = await api.get('/health/ready');
    t.diagnostic(`reading answers ${reading.status}, readiness ${ready.status}`);
    if (ready.status !== 200) assertProblem(ready, 'unavailable');
    else assert.equal(reading.status, 200);
    assert.equal((await api.get('/health/live')).status, 200);
    const { acknowledged } = ledger;
    disk.clear();
    const cleared = Date.now();
    await ledger.growsBy(500);
    t.diagnostic(`${acknowledged} were acknowledged; takes events again after ${Date.now() - cleared} ms`);
  }
  stopping.abort();
  await traffic;
  await ledger.resend(() => api);
  await ledger.assertCounted(api);
  await assertClean(api);
  assert.equal((await api.get('/health/ready')).status, 200);
  assert.ok((await api.get(`${path}/overview`)).as(overviewSchema).metrics.totalEntries > 0);
  assert.equal(service.errors, '');
  api.close();
  assert.equal(await service.stop(), 0);
});

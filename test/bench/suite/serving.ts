// Requests by HTTP: how many overviews a second the product's server answers, beside an empty route, and its memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatDate } from '../../../bff/contract/index.ts';
import { firstDay, seededDays } from './generate.ts';
import { journeyId } from './journey.ts';
import { alone, ratioOf, type Figure } from './measure.ts';
import { memoryOf, startProduct, startServer, type RunningServer, type Site } from './site.ts';

export const theme = 'Serving';
const connections = 64;
const seconds = 5;
export const mostMemory = 1_000;

/** What autocannon prints with --json, as far as it is used. */
interface Shot {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p99: number };
  readonly errors: number;
  readonly non2xx: number;
}

/** Asks as fast as the answers come, on 64 connections, from a process of its own. */
async function shoot(url: string, key: string): Promise<Shot> {
  const program = fileURLToPath(import.meta.resolve('autocannon'));
  const words = [
    '--json',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '-H',
    `Authorization=Bearer ${key}`,
    url,
  ];
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  await once(child, 'close');
  const shot = JSON.parse(output) as Shot; // see above
  if (shot.errors > 0 || shot.non2xx > 0) {
    throw new Error(`${url}: ${shot.errors} errors, ${shot.non2xx} answers of another status than 200`);
  }
  return shot;
}

export async function readJson(server: RunningServer, key: string, place: string): Promise<unknown> {
  const answer = await fetch(`${server.url}/v1/journeys/${journeyId}${place}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (!answer.ok) throw new Error(`${place}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Reads overviews and flows of many ranges, four at a time: what fills a server's memory. */
async function readMuch(server: RunningServer, key: string): Promise<void> {
  const last = firstDay + seededDays - 1;
  const places = Array.from({ length: 40 }, (_, index) => {
    const range = `from=${formatDate(last - 9 * (index + 1))}&to=${formatDate(last - index)}`;
    return [`/overview?${range}&trend=day`, `/flow?${range}&compare=previous`];
  }).flat();
  const reader = async () => {
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      await readJson(server, key, place); // oxlint-disable-line no-await-in-loop -- one of four
    }
  };
  await Promise.all([reader(), reader(), reader(), reader()]);
}

export async function measureServing(site: Site, runs: number): Promise<Figure[]> {
  const { users, key } = site;
  const product = await startProduct(site);
  const empty = await startServer(path.join(import.meta.dirname, 'empty-route.ts'), {}, '/');
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    const slowest: number[] = [];
    const overview = `${product.url}/v1/journeys/${journeyId}/overview`;
    /* oxlint-disable no-await-in-loop -- one after the other is what is measured */
    for (let run = 0; run < runs; run += 1) {
      const shot = await shoot(overview, key);
      ours.push(shot.requests.average);
      slowest.push(shot.latency.p99);
      theirs.push((await shoot(`${empty.url}/`, key)).requests.average);
    }
    /* oxlint-enable no-await-in-loop */
    const rested = memoryOf(product.pid, 'VmRSS');
    await readMuch(product, key);
    const most = memoryOf(product.pid, 'VmHWM');
    const name = `overview by HTTP, ${connections} connections`;
    const promised = { at: 'least', limit: 0.5 } as const;
    return [
      ratioOf(
        { theme, users, name, peer: 'empty Hono route', measuredIn: 'requests/s', promised },
        ours,
        theirs,
      ),
      alone({ theme, users, name: `${name}, 99th of 100` }, slowest, 'ms'),
      alone({ theme, users, name: 'memory of the server after that' }, [rested], 'MB'),
      alone(
        {
          theme,
          users,
          name: 'most memory of the server, 80 cold ranges',
          promised: { at: 'most', limit: mostMemory },
        },
        [most],
        'MB',
      ),
    ];
  } finally {
    await empty.stop();
    await product.stop();
  }
}

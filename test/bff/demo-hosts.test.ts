// What stands in a host's place when it cannot be shown: an installation without the tools, and a build that fails.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Hono } from 'hono';
import { demoHosts } from '../../bff/routes/demo-hosts.ts';

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'demo-hosts-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

const open = async (app: Hono) => {
  const answer = await app.request('/demo/hosts/react/');
  return { answer, text: await answer.text() };
};

function site(): Hono {
  const app = new Hono();
  demoHosts(join(root, 'dist'))(app);
  return app;
}

test('without the tools it says so, and shows a host that was built all the same', async () => {
  const app = site();
  const { answer, text } = await open(app);
  assert.equal(answer.status, 501);
  assert.match(text, /This installation has no tools to build hosts/);
  mkdirSync(join(root, 'dist/hosts/react'), { recursive: true });
  writeFileSync(join(root, 'dist/hosts/react/index.html'), '<p>built elsewhere</p>');
  assert.equal((await open(app)).text, '<p>built elsewhere</p>');
  rmSync(join(root, 'dist'), { recursive: true });
});

test('what a build that fails has said is shown as text, once; then it is built again, once at a time', async () => {
  mkdirSync(join(root, 'demo/hosts'), { recursive: true });
  mkdirSync(join(root, 'node_modules/vite'), { recursive: true });
  const log = join(root, 'builds.log');
  writeFileSync(
    join(root, 'demo/hosts/build.ts'),
    `import { appendFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(log)}, process.argv[2] + '\\n');
     console.error('<b>no such module</b>');
     process.exit(1);`,
  );
  const app = site();
  const first = await Promise.all([open(app), open(app), open(app)]);
  for (const { answer, text } of first) {
    assert.equal(answer.status, 202, text);
    assert.equal(answer.headers.get('refresh'), '1');
  }
  const failed = async () => {
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      // oxlint-disable-next-line no-await-in-loop -- asks again until it is built
      const { answer, text } = await open(app);
      if (answer.status !== 202) return { status: answer.status, text };
      // oxlint-disable-next-line no-await-in-loop
      await delay(50);
    }
    return assert.fail('the build does not end');
  };
  for (const times of [1, 2]) {
    // oxlint-disable-next-line no-await-in-loop -- the second after the first
    const { status, text } = await failed();
    assert.equal(status, 500);
    assert.ok(text.includes('<pre>&lt;b&gt;no such module&lt;/b&gt;</pre>'), text);
    assert.equal(readFileSync(log, 'utf8'), 'react\n'.repeat(times));
  }
});

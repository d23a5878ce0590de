// What a host has to load: the budgets of the overview alone and of everything, and who takes how much of it.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { bundle, describeBundle, type Bundle } from '../support/bundle.ts';

const root = resolve(import.meta.dirname, '../..');
const kilobyte = 1_024;
/** Elements that draw no diagram, so that a host with them alone never loads d3. */
const withoutDiagram = globSync('widgets/define/*.ts', { cwd: root }).filter(
  (entry) => !/\/(analytics|flow|languages)\.ts$/.test(entry),
);

const usesD3 = ({ modules }: Bundle) =>
  modules.filter(({ name }) => name.startsWith('d3-')).map(({ name }) => name);

function assertAtMost(what: Bundle, kilobytes: number): void {
  assert.ok(
    what.gzip <= kilobytes * kilobyte,
    `${(what.gzip / kilobyte).toFixed(1)} KB gzip are more than ${kilobytes} KB`,
  );
}

describe('the size of', () => {
  let overview: Bundle;
  let everything: Bundle;
  before(async () => {
    overview = await bundle('widgets/define/overview.ts');
    everything = await bundle('widgets/define.ts');
    console.log(describeBundle('the overview alone', overview));
    console.log(describeBundle('everything', everything));
  });

  test('the overview alone is at most 25 KB', () => {
    assertAtMost(overview, 25);
  });

  test('everything is at most 100 KB', () => {
    assertAtMost(everything, 100);
  });

  test('everything has no eval and no inline worker, which a strict policy blocks', () => {
    assert.doesNotMatch(everything.code, /\beval\s*\(|new Function\s*\(|createObjectURL\(new Blob/);
  });

  test('everything is the production build of Lit', () => {
    assert.doesNotMatch(everything.code, /Lit is in dev mode/);
  });
});

for (const entry of withoutDiagram) {
  test(`${entry} loads no d3`, async () => {
    assert.deepEqual(usesD3(await bundle(entry)), []);
  });
}

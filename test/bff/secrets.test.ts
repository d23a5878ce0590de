// Kept secrets: made once, the same for all who start at once, and readable by their owner alone.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { keptSecret } from '../../bff/secrets.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'journey analytics secrets '));
after(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test('a secret is made once, in a folder that is made for it', async () => {
  const folder = path.join(scratch, 'made', 'deep');
  let made = 0;
  const make = () => {
    made += 1;
    return `secret ${made}`;
  };
  assert.equal(await keptSecret(folder, 'one', make), 'secret 1');
  assert.equal(await keptSecret(folder, 'one', make), 'secret 1');
  assert.equal(await keptSecret(folder, 'other', make), 'secret 2');
  assert.equal(made, 2);
  assert.equal(readFileSync(path.join(folder, 'one'), 'utf8'), 'secret 1\n');
  assert.deepEqual(readdirSync(folder).toSorted(), ['one', 'other'], 'no draft is left');
});

test('only its owner can read it', { skip: process.platform === 'win32' }, async () => {
  const folder = path.join(scratch, 'private');
  await keptSecret(folder, 'one', () => 'x');
  assert.equal(statSync(path.join(folder, 'one')).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('those who start at once get the same one', async () => {
  const folder = path.join(scratch, 'race');
  const secrets = await Promise.all(
    Array.from({ length: 30 }, (_, index) => keptSecret(folder, 'one', () => `secret ${index}`)),
  );
  assert.equal(new Set(secrets).size, 1);
  assert.deepEqual(readdirSync(folder), ['one']);
});

test('one that is there already is used as it is', async () => {
  writeFileSync(path.join(scratch, 'given'), '  given by hand\r\n');
  assert.equal(await keptSecret(scratch, 'given', () => 'never'), 'given by hand');
});

test('a file in the place of the folder is an error', async () => {
  writeFileSync(path.join(scratch, 'file'), '');
  await assert.rejects(
    keptSecret(path.join(scratch, 'file'), 'one', () => 'x'),
    { code: 'EEXIST' },
  );
});

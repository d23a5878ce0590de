// Reading the environment: defaults, what is accepted, and one message for everything that is wrong.
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ConfigError, isLoopback, readConfig } from '../../bff/config.ts';

const databaseUrl = 'postgres://user:password@host:5432/name';
const secret = 'x'.repeat(32);

test('without any variable there are the defaults', () => {
  const expected = {
    databaseUrl: undefined,
    databaseReadUrl: undefined,
    postgresBinaries: undefined,
    dataDirectory: path.resolve('.data'),
    host: '127.0.0.1',
    port: 8787,
    bootstrapApiKey: undefined,
    tokenSecrets: undefined,
    allowedOrigins: [],
    logLevel: 'info',
    demo: true,
    metricsToken: undefined,
    rateLimits: { key: 600_000, token: 60_000 },
  };
  assert.deepEqual(readConfig({}), expected);
  // An empty variable is one that is not set.
  const names = [
    'DATABASE_URL',
    'DATABASE_READ_URL',
    'PG_BIN_DIR',
    'DATA_DIR',
    'HOST',
    'PORT',
    'BOOTSTRAP_API_KEY',
    'TOKEN_SECRET',
  ];
  const rates = ['KEY_REQUESTS_PER_MINUTE', 'TOKEN_REQUESTS_PER_MINUTE'];
  const others = ['ALLOWED_ORIGINS', 'LOG_LEVEL', 'DEMO', 'METRICS_TOKEN', ...rates];
  assert.deepEqual(readConfig(Object.fromEntries([...names, ...others].map((name) => [name, '']))), expected);
});

test('every variable is read', () => {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    DATABASE_READ_URL: databaseUrl,
    PG_BIN_DIR: '/opt/pg',
    DATA_DIR: 'some data',
    HOST: '::1',
    PORT: '0',
    BOOTSTRAP_API_KEY: `jk_${'k'.repeat(24)}`,
    TOKEN_SECRET: ` ${secret} , ${'é'.repeat(16)},`,
    ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000 ,',
    LOG_LEVEL: 'silent',
    DEMO: 'true',
    METRICS_TOKEN: 'metrics',
    KEY_REQUESTS_PER_MINUTE: '1000',
    TOKEN_REQUESTS_PER_MINUTE: '1',
  });
  assert.deepEqual(config, {
    databaseUrl,
    databaseReadUrl: databaseUrl,
    postgresBinaries: '/opt/pg',
    dataDirectory: path.resolve('some data'),
    host: '::1',
    port: 0,
    bootstrapApiKey: `jk_${'k'.repeat(24)}`,
    tokenSecrets: [secret, 'é'.repeat(16)],
    allowedOrigins: ['https://a.example', 'http://localhost:3000'],
    logLevel: 'silent',
    demo: true,
    metricsToken: 'metrics',
    rateLimits: { key: 1_000, token: 1 },
  });
});

describe('what is wrong', () => {
  const wrong: Readonly<Record<string, readonly string[]>> = {
    DATABASE_URL: [
      'mysql://u@h/d',
      'machine:5432',
      'postgresx://h',
      'http://h',
      'postgres://u:p@h:port/d',
      ' ',
    ],
    DATABASE_READ_URL: ['mysql://u@h/d', ' '],
    PORT: ['-1', '65536', '80.5', '0x50', 'http', '1e3', ' 80', '٨٠', '999999'],
    BOOTSTRAP_API_KEY: [
      'jk_short',
      `sk_${'k'.repeat(30)}`,
      `jk_${'k'.repeat(20)} kkkkk`,
      `jk_${'é'.repeat(30)}`,
      'k'.repeat(40),
    ],
    TOKEN_SECRET: ['short', 'x'.repeat(31), `${secret},short`, ',', `,${'é'.repeat(15)}`],
    ALLOWED_ORIGINS: [
      '*',
      'null',
      'a.example',
      'https://a.example/',
      'https://a.example/path',
      'https://a.example:443',
      'HTTPS://a.example',
      'ftp://a.example',
      'https://*.a.example/x',
      'https://a.example;https://b.example',
    ],
    LOG_LEVEL: ['verbose', 'INFO', 'constructor', '30'],
    HOST: ['a b', 'http://x', 'x:80', '[::1]', 'a/b', '💥'],
    DEMO: ['yes', '1', 'TRUE', 'on'],
    KEY_REQUESTS_PER_MINUTE: ['0', '-1', '1.5', '1e3', 'none', '9999999999'],
    TOKEN_REQUESTS_PER_MINUTE: ['0', '٨٠', ' 1'],
  };
  for (const [name, values] of Object.entries(wrong)) {
    test(`${name} is named, and never repeated`, () => {
      for (const value of values) {
        const others = name === 'DATABASE_URL' ? { TOKEN_SECRET: secret } : {};
        assert.throws(
          () => readConfig({ ...others, [name]: value }),
          (error) => {
            assert.ok(error instanceof ConfigError, value);
            const lines = error.message.split('\n');
            assert.equal(lines.length, 2, `${name}=${value}: ${error.message}`);
            assert.match(lines[1] ?? '', new RegExp(`^  ${name} must be `));
            if (value.trim().length > 4) assert.ok(!error.message.includes(value), error.message);
            return true;
          },
          `${name}=${value}`,
        );
      }
    });
  }

  test('is all in one message', () => {
    const environment = Object.fromEntries(
      Object.entries(wrong).map(([name, [value = '']]) => [name, value]),
    );
    assert.throws(
      () => readConfig(environment),
      (error) => {
        assert.ok(error instanceof ConfigError);
        const named = error.message
          .split('\n')
          .slice(1)
          .map((line) => line.trim().split(' ')[0]);
        assert.deepEqual(new Set(named), new Set(Object.keys(wrong)));
        return true;
      },
    );
  });
});

test('secrets to sign with are required beside a database, but not to open one', () => {
  assert.throws(() => readConfig({ DATABASE_URL: databaseUrl }), /TOKEN_SECRET is required/);
  assert.equal(readConfig({ DATABASE_URL: databaseUrl }, 'database').tokenSecrets, undefined);
  assert.throws(
    () => readConfig({ DATABASE_URL: databaseUrl, TOKEN_SECRET: 'x' }, 'database'),
    /TOKEN_SECRET must/,
  );
});

test('the demo is on by itself only where nobody else can see it', () => {
  const demoOf = (environment: Record<string, string>) =>
    readConfig({ TOKEN_SECRET: secret, ...environment }).demo;
  assert.equal(demoOf({}), true);
  assert.equal(demoOf({ HOST: 'localhost' }), true);
  assert.equal(demoOf({ HOST: '::1' }), true);
  assert.equal(demoOf({ HOST: '127.9.9.9' }), true);
  assert.equal(demoOf({ HOST: '0.0.0.0' }), false);
  assert.equal(demoOf({ HOST: '::' }), false);
  assert.equal(demoOf({ HOST: '127.0.0.1.evil.example' }), false);
  assert.equal(demoOf({ DATABASE_URL: databaseUrl }), false);
  assert.equal(demoOf({ DATABASE_URL: databaseUrl, DEMO: 'true' }), true);
  assert.equal(demoOf({ DEMO: 'false' }), false);
});

test('loopback is what it says', () => {
  for (const host of ['localhost', '127.0.0.1', '127.255.0.1', '::1']) assert.ok(isLoopback(host), host);
  for (const host of ['128.0.0.1', '0.0.0.0', '::', '127.1.example', '1270.0.0.1', ''])
    assert.ok(!isLoopback(host), host);
});

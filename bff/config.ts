// Reads the environment once. Whatever is wrong with it is said in one message.
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { defaultRateLimits, type RateLimitSizes } from './middleware/rate-limits.ts';

export interface Config {
  /** Undefined: an embedded PostgreSQL under `dataDirectory`. */
  readonly databaseUrl: string | undefined;
  /** A replica of it, for readings. */
  readonly databaseReadUrl: string | undefined;
  readonly postgresBinaries: string | undefined;
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  readonly bootstrapApiKey: string | undefined;
  /** The first signs, all verify. Undefined: made once and kept in `dataDirectory`. */
  readonly tokenSecrets: readonly string[] | undefined;
  readonly allowedOrigins: readonly string[];
  readonly logLevel: string;
  readonly demo: boolean;
  readonly metricsToken: string | undefined;
  /** Requests a minute for each credential. */
  readonly rateLimits: RateLimitSizes;
}

/** The environment is not usable; the message names every variable that is wrong and what it should be. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `These environment variables stop the start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.origin === text && (url.protocol === 'http:' || url.protocol === 'https:');
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);
}

/** Splits a list at its commas; blanks around its parts do not count. */
function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** An unset variable and an empty one are the same. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration.
 * @param needs a command that only opens the database needs no secret to sign tokens with
 * @throws ConfigError naming every variable that is wrong; values are never repeated
 */
export function readConfig(environment: Environment, needs: 'service' | 'database' = 'service'): Config {
  const problems: string[] = [];
  const read = (name: string): string | undefined => environment[name] || undefined;
  const must = (name: string, isRight: boolean, what: string) => {
    if (!isRight) problems.push(`${name} must be ${what}`);
  };

  const databaseUrl = read('DATABASE_URL');
  const databaseReadUrl = read('DATABASE_READ_URL');
  for (const [name, url] of [
    ['DATABASE_URL', databaseUrl],
    ['DATABASE_READ_URL', databaseReadUrl],
  ] as const) {
    const isRight = url === undefined || isPostgresUrl(url);
    must(name, isRight, 'a PostgreSQL URL, such as postgres://user:password@host:5432/name');
  }
  const portText = read('PORT') ?? '8787';
  must('PORT', /^\d{1,5}$/.test(portText) && Number(portText) <= 65_535, 'a port number from 0 to 65535');
  const bootstrapApiKey = read('BOOTSTRAP_API_KEY');
  if (bootstrapApiKey !== undefined) {
    const isRight = /^jk_[\x21-\x7e]{24,500}$/.test(bootstrapApiKey);
    must('BOOTSTRAP_API_KEY', isRight, 'jk_ and 24 or more printable characters without blanks');
  }
  const secretText = read('TOKEN_SECRET');
  const tokenSecrets = secretText === undefined ? undefined : listOf(secretText);
  if (tokenSecrets) {
    const areLong =
      tokenSecrets.length > 0 && tokenSecrets.every((secret) => Buffer.byteLength(secret) >= 32);
    must('TOKEN_SECRET', areLong, 'one or more secrets of 32 bytes or more each, separated by commas');
  } else if (databaseUrl !== undefined && needs === 'service') {
    problems.push(
      'TOKEN_SECRET is required with DATABASE_URL: one or more secrets of 32 bytes or more, such as the output of: openssl rand -base64 48',
    );
  }
  const allowedOrigins = listOf(read('ALLOWED_ORIGINS') ?? '');
  must(
    'ALLOWED_ORIGINS',
    allowedOrigins.every(isOrigin),
    'exact origins separated by commas, such as https://console.example',
  );
  const logLevel = read('LOG_LEVEL') ?? 'info';
  must('LOG_LEVEL', logLevels.includes(logLevel), `one of ${logLevels.join(', ')}`);
  const host = read('HOST') ?? '127.0.0.1';
  must('HOST', isIP(host) !== 0 || /^[A-Za-z0-9.-]+$/.test(host), 'an address or a name of this machine');
  const demoText = read('DEMO') ?? String(databaseUrl === undefined && isLoopback(host));
  must('DEMO', demoText === 'true' || demoText === 'false', 'true or false');

  const readRate = (name: string, usual: number): number => {
    const text = read(name) ?? String(usual);
    must(name, /^[1-9]\d{0,8}$/.test(text), 'a whole number of requests a minute, 1 or more');
    return Number(text);
  };
  const rateLimits = {
    key: readRate('KEY_REQUESTS_PER_MINUTE', defaultRateLimits.key),
    token: readRate('TOKEN_REQUESTS_PER_MINUTE', defaultRateLimits.token),
  };

  if (problems.length > 0) throw new ConfigError(problems);
  return {
    databaseUrl,
    databaseReadUrl,
    postgresBinaries: read('PG_BIN_DIR'),
    dataDirectory: resolve(read('DATA_DIR') ?? '.data'),
    host,
    port: Number(portText),
    bootstrapApiKey,
    tokenSecrets,
    allowedOrigins,
    logLevel,
    demo: demoText === 'true',
    metricsToken: read('METRICS_TOKEN'),
    rateLimits,
  };
}

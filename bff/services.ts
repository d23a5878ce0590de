// What the routes of one process share: made once, from a database, the tokens' secrets and the rollup.
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { Callers } from './auth/caller.ts';
import type { EmbedTokens } from './auth/embed-tokens.ts';
import { IdentityProviders } from './auth/identity-providers.ts';
import { KeyUses } from './auth/key-uses.ts';
import type { KeyFetching } from './auth/provider-keys.ts';
import { ChangeHub } from './changes/change-hub.ts';
import { describeError } from './describe-error.ts';
import { ExportSlots } from './exports/export-slots.ts';
import { EventStore } from './ingest/event-store.ts';
import { ReadingCache } from './metrics/reading-cache.ts';
import { Admission, admissionSizes } from './middleware/admission.ts';
import { RateLimits, type RateLimitSizes } from './middleware/rate-limits.ts';
import { Instruments } from './operation/instruments.ts';
import type { Services } from './routes/route.ts';

export interface ServicesOptions {
  readonly database: Database;
  readonly tokens: EmbedTokens;
  readonly rollup: Services['rollup'];
  readonly logger: Logger;
  /** A copy of the database, for readings. */
  readonly readDatabase?: Database | undefined;
  readonly rateLimits?: RateLimitSizes | undefined;
  /** How the keys of identity providers are fetched. */
  readonly keyFetching?: KeyFetching | undefined;
  /** Whether the process itself is measured too. */
  readonly measuresProcess: boolean;
}

export function makeServices(options: ServicesOptions): Services {
  const { database, tokens, rollup, logger, readDatabase } = options;
  const sources = {
    database,
    tokens,
    identityProviders: new IdentityProviders(
      database,
      (identityProviderId, failure) => {
        logger.warn({ identityProviderId, ...failure }, 'the keys of an identity provider cannot be had');
      },
      options.keyFetching,
    ),
    keyUses: new KeyUses(database, (failure) => {
      logger.warn(failure, 'the use of an API key could not be noted');
    }),
  };
  return {
    ...sources,
    callers: new Callers(sources),
    rollup,
    logger,
    events: new EventStore(database),
    numbers: new ReadingCache(),
    replica: readDatabase && {
      database: readDatabase,
      failed: (error) => {
        logger.warn(describeError(error), 'the read replica does not answer');
      },
    },
    changes: new ChangeHub(database, (failure) => {
      logger.warn(failure, 'a change could not be told');
    }),
    exportSlots: new ExportSlots(),
    rateLimits: new RateLimits(options.rateLimits),
    admission: {
      reading: new Admission(admissionSizes.reading),
      writing: new Admission(admissionSizes.writing),
    },
    instruments: new Instruments({ process: options.measuresProcess }),
  };
}

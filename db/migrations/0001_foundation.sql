-- Workspaces, the log and the rollups, with row-level security and the service's role from the start.
-- Every large table has user_id in its keys, so that it can be distributed by it; foreign keys lead to small tables only.

CREATE SCHEMA IF NOT EXISTS journey_analytics;

-- Roles belong to the whole cluster, so another database, or another migration at this moment, may have made this one.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'journey_analytics_service') THEN
    BEGIN
      CREATE ROLE journey_analytics_service NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      RAISE NOTICE 'another migration made the role journey_analytics_service';
    END;
  END IF;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT journey_analytics_service TO %I', current_user);
  END IF;
END
$$;

GRANT USAGE ON SCHEMA journey_analytics TO journey_analytics_service;

-- Small, shared tables.

CREATE TABLE journey_analytics.workspaces (
  workspace_id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT workspaces_pkey PRIMARY KEY,
  name text COLLATE "C" NOT NULL CONSTRAINT workspaces_name_key UNIQUE,
  created_at timestamptz NOT NULL
);

CREATE TABLE journey_analytics.api_keys (
  workspace_id integer NOT NULL CONSTRAINT api_keys_workspace_fkey REFERENCES journey_analytics.workspaces,
  api_key_id uuid NOT NULL,
  -- SHA-256 of the key; the key itself is shown once and kept nowhere.
  hash bytea NOT NULL CONSTRAINT api_keys_hash_key UNIQUE,
  prefix text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT api_keys_pkey PRIMARY KEY (workspace_id, api_key_id)
);
CREATE INDEX api_keys_api_key_id_index ON journey_analytics.api_keys (api_key_id);

-- A journey is numbered when its first event or its definition comes. Without a definition it is only a number in the log.
CREATE TABLE journey_analytics.journeys (
  workspace_id integer NOT NULL CONSTRAINT journeys_workspace_fkey REFERENCES journey_analytics.workspaces,
  journey_number integer GENERATED ALWAYS AS IDENTITY,
  journey_id text COLLATE "C" NOT NULL,
  definition json,
  has_events boolean NOT NULL DEFAULT false,
  CONSTRAINT journeys_pkey PRIMARY KEY (workspace_id, journey_number),
  CONSTRAINT journeys_journey_id_key UNIQUE (workspace_id, journey_id)
);

-- The numbers of a journey under one set of rules (conversion and time zone). New rules are a new generation, which is
-- filled beside the one that is served and then takes its place.
CREATE TABLE journey_analytics.generations (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  rules json NOT NULL,
  serving boolean NOT NULL,
  revision bigint NOT NULL,
  as_of timestamptz NOT NULL,
  CONSTRAINT generations_pkey PRIMARY KEY (workspace_id, journey_number, generation)
);

CREATE SEQUENCE journey_analytics.revisions AS bigint;
CREATE SEQUENCE journey_analytics.batch_ids AS bigint;
CREATE SEQUENCE journey_analytics.user_ids AS integer;

-- The log.

CREATE TABLE journey_analytics.user_numbers (
  workspace_id integer NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  user_id integer NOT NULL,
  CONSTRAINT user_numbers_pkey PRIMARY KEY (workspace_id, external_id)
);

CREATE TABLE journey_analytics.users (
  workspace_id integer NOT NULL,
  user_id integer NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (workspace_id, user_id)
);

-- Ids of events are kept only as hashes, so an erased person's ids are still known and say nothing.
CREATE TABLE journey_analytics.event_ids (
  workspace_id integer NOT NULL,
  event_id_hash uuid NOT NULL,
  CONSTRAINT event_ids_pkey PRIMARY KEY (workspace_id, event_id_hash)
);

-- journey_number 0 holds the product events (track), which belong to no journey before the fold.
CREATE TABLE journey_analytics.events (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  user_id integer NOT NULL,
  at timestamptz NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  event_type smallint NOT NULL,
  sequence bigint NOT NULL,
  entry_id text COLLATE "C",
  step_id text COLLATE "C",
  outcome text COLLATE "C",
  platform text COLLATE "C",
  reason text COLLATE "C",
  name text COLLATE "C",
  properties json,
  batch_id bigint NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (workspace_id, journey_number, user_id, at, event_id)
) PARTITION BY RANGE (at);

-- Who has any event of which journey.
CREATE TABLE journey_analytics.journey_users (
  workspace_id integer NOT NULL,
  user_id integer NOT NULL,
  journey_number integer NOT NULL,
  CONSTRAINT journey_users_pkey PRIMARY KEY (workspace_id, user_id, journey_number)
);
CREATE INDEX journey_users_journey_index
  ON journey_analytics.journey_users (workspace_id, journey_number, user_id);

-- What is still to do: a batch's share in one shard of users, until it is in the numbers. Both lists have the same
-- length: the journeys (0: product events) and the users that the batch touches.
CREATE TABLE journey_analytics.batches (
  workspace_id integer NOT NULL,
  shard smallint NOT NULL,
  batch_id bigint NOT NULL,
  event_count integer NOT NULL,
  accepted_at timestamptz NOT NULL,
  journey_numbers integer[] NOT NULL,
  user_ids integer[] NOT NULL,
  CONSTRAINT batches_pkey PRIMARY KEY (workspace_id, shard, batch_id)
);

-- What is still to do: a block of users whose whole history a new generation has not folded yet. A generation that does
-- not serve keeps its folded blocks here until it does, since until then their events are not in the numbers.
CREATE TABLE journey_analytics.refolds (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  shard smallint NOT NULL,
  user_block integer NOT NULL,
  event_count bigint NOT NULL,
  folded boolean NOT NULL DEFAULT false,
  CONSTRAINT refolds_pkey PRIMARY KEY (workspace_id, journey_number, generation, user_block)
);

-- The numbers.

-- level 0, 1 and 2 are blocks of 1, 8 and 64 days of entry; level 3 is all time and carries no members.
CREATE TABLE journey_analytics.rollups (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  level smallint NOT NULL,
  -- A hash of fact, step_id and detail, since together they can be longer than an index entry may be.
  fact_key uuid NOT NULL,
  block integer NOT NULL,
  shard smallint NOT NULL,
  fact text COLLATE "C" NOT NULL,
  step_id text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  users integer NOT NULL,
  members bytea,
  CONSTRAINT rollups_pkey PRIMARY KEY (workspace_id, journey_number, generation, level, fact_key, block, shard)
) WITH (fillfactor = 80);

-- Histograms of durations: buckets and their counts, in order of bucket.
CREATE TABLE journey_analytics.distributions (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  level smallint NOT NULL,
  fact text COLLATE "C" NOT NULL,
  step_id text COLLATE "C" NOT NULL,
  block integer NOT NULL,
  shard smallint NOT NULL,
  buckets integer[] NOT NULL,
  counts bigint[] NOT NULL,
  CONSTRAINT distributions_pkey
    PRIMARY KEY (workspace_id, journey_number, generation, level, fact, step_id, block, shard)
) WITH (fillfactor = 80);

-- Until when exited entries without a conversion may still convert.
CREATE TABLE journey_analytics.window_closings (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  closes_at timestamptz NOT NULL,
  day integer NOT NULL,
  shard smallint NOT NULL,
  count integer NOT NULL,
  CONSTRAINT window_closings_pkey
    PRIMARY KEY (workspace_id, journey_number, generation, closes_at, day, shard)
);

-- Row-level security: the service sees the rows of the workspace that its transaction names, and nothing without one.
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY[
    'journeys', 'generations', 'user_numbers', 'users', 'event_ids', 'events', 'journey_users',
    'batches', 'refolds', 'rollups', 'distributions', 'window_closings'
  ] LOOP
    EXECUTE format('ALTER TABLE journey_analytics.%I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY %I ON journey_analytics.%I TO journey_analytics_service '
      'USING (workspace_id = nullif(current_setting(''journey_analytics.workspace_id'', true), '''')::integer)',
      table_name || '_workspace', table_name);
    EXECUTE format(
      'GRANT SELECT, INSERT, UPDATE, DELETE ON journey_analytics.%I TO journey_analytics_service', table_name);
  END LOOP;
END
$$;

-- A credential is looked up before its workspace is known: by the hash of a key, or by the id of the key that minted a token.
ALTER TABLE journey_analytics.api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_keys_workspace ON journey_analytics.api_keys TO journey_analytics_service
  USING (
    workspace_id = nullif(current_setting('journey_analytics.workspace_id', true), '')::integer
    OR hash = decode(nullif(current_setting('journey_analytics.api_key_hash', true), ''), 'hex')
    OR api_key_id = nullif(current_setting('journey_analytics.api_key_id', true), '')::uuid
  );
GRANT SELECT ON journey_analytics.api_keys TO journey_analytics_service;

ALTER TABLE journey_analytics.workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspaces_workspace ON journey_analytics.workspaces TO journey_analytics_service
  USING (workspace_id = nullif(current_setting('journey_analytics.workspace_id', true), '')::integer);
GRANT SELECT ON journey_analytics.workspaces TO journey_analytics_service;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA journey_analytics TO journey_analytics_service;

-- The rollup asks which workspaces have work, by number only, before it enters one of them.
CREATE FUNCTION journey_analytics.workspaces_with_work() RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT workspace_id FROM journey_analytics.batches
  UNION
  SELECT workspace_id FROM journey_analytics.refolds
$$;
REVOKE ALL ON FUNCTION journey_analytics.workspaces_with_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journey_analytics.workspaces_with_work() TO journey_analytics_service;

-- Months from 2020 to 2039 have partitions of their own, made when the first event of the month comes. The years before
-- and after share one each, so that wild times in events cannot make a thousand partitions.
CREATE FUNCTION journey_analytics.create_events_partition(year integer, month integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  partition_name text := format('events_%s_%s', lpad(year::text, 4, '0'), lpad(month::text, 2, '0'));
  first_day date;
BEGIN
  IF year < 2020 OR year > 2039 OR month < 1 OR month > 12 THEN
    RAISE EXCEPTION 'months from 2020-01 to 2039-12 have partitions of their own';
  END IF;
  first_day := make_date(year, month, 1);
  PERFORM pg_advisory_xact_lock(1246840200, 0);
  IF to_regclass('journey_analytics.' || partition_name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE journey_analytics.%I (LIKE journey_analytics.events INCLUDING ALL)', partition_name);
  EXECUTE format('ALTER TABLE journey_analytics.%I ENABLE ROW LEVEL SECURITY', partition_name);
  EXECUTE format(
    'CREATE POLICY events_workspace ON journey_analytics.%I TO journey_analytics_service '
    'USING (workspace_id = nullif(current_setting(''journey_analytics.workspace_id'', true), '''')::integer)',
    partition_name);
  EXECUTE format(
    'ALTER TABLE journey_analytics.events ATTACH PARTITION journey_analytics.%I FOR VALUES FROM (%L) TO (%L)',
    partition_name, first_day::text || ' 00:00:00+00', (first_day + interval '1 month')::date::text || ' 00:00:00+00');
END
$$;
REVOKE ALL ON FUNCTION journey_analytics.create_events_partition(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journey_analytics.create_events_partition(integer, integer) TO journey_analytics_service;

CREATE TABLE journey_analytics.events_before_2020 PARTITION OF journey_analytics.events
  FOR VALUES FROM (MINVALUE) TO ('2020-01-01 00:00:00+00');
CREATE TABLE journey_analytics.events_from_2040 PARTITION OF journey_analytics.events
  FOR VALUES FROM ('2040-01-01 00:00:00+00') TO (MAXVALUE);
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['events_before_2020', 'events_from_2040'] LOOP
    EXECUTE format('ALTER TABLE journey_analytics.%I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY events_workspace ON journey_analytics.%I TO journey_analytics_service '
      'USING (workspace_id = nullif(current_setting(''journey_analytics.workspace_id'', true), '''')::integer)',
      table_name);
  END LOOP;
END
$$;

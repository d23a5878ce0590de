-- The numbers of a row stand in few bytes, its histogram of durations among them, where they were arrays and rows of another
-- table; blocks are of 1, 4, 16 and 64 days. Distinct users of a range are added up from them, where sets were united: each
-- row says of each fact how many of its users had it before, by how many days before the block that was. Sets are only for
-- what asks who the users are, so they stand beside, for days and blocks of 64 days, and by ranges of 65,536 users: whatever
-- a journey's size, an event changes a few of them, each of 8 KB at most.
-- It cannot be told from what is stored, so every number is folded again from the log; meanwhile it counts as pending.
TRUNCATE journey_analytics.window_closings;
DROP TABLE journey_analytics.rollups, journey_analytics.distributions;

-- One row holds the facts of a step in a block of days (of the journey as a whole: step_id is empty).
CREATE TABLE journey_analytics.rollups (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  -- 0 to 3 are blocks of 1, 4, 16 and 64 days of entry; 4 is all time.
  level smallint NOT NULL,
  block integer NOT NULL,
  step_id text COLLATE "C" NOT NULL,
  -- 0, and others for the facts of a step that has more than a row should hold.
  part smallint NOT NULL,
  shard smallint NOT NULL,
  -- A line of JSON for each, by which rows are added up without reading the rest of the list.
  facts text COLLATE "C" NOT NULL,
  -- db/packed-numbers.ts reads and writes them.
  numbers bytea NOT NULL,
  CONSTRAINT rollups_pkey
    PRIMARY KEY (workspace_id, journey_number, generation, level, block, step_id, part, shard)
) WITH (fillfactor = 80);
ALTER TABLE journey_analytics.rollups ALTER COLUMN numbers SET STORAGE EXTERNAL;

-- Who is behind the facts of a row, of one range of users.
CREATE TABLE journey_analytics.rollup_sets (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  step_id text COLLATE "C" NOT NULL,
  level smallint NOT NULL,
  block integer NOT NULL,
  part smallint NOT NULL,
  shard smallint NOT NULL,
  user_range smallint NOT NULL,
  facts text COLLATE "C" NOT NULL,
  -- Roaring bitmaps one after the other, and where each ends.
  ends integer[] NOT NULL,
  members bytea NOT NULL,
  CONSTRAINT rollup_sets_pkey
    PRIMARY KEY (workspace_id, journey_number, generation, step_id, level, block, part, shard, user_range)
) WITH (fillfactor = 80, toast_tuple_target = 8160);
-- Sets do not shrink when they are compressed, and one of a row is found without reading those before it. Most rows stay
-- in their page whole.
ALTER TABLE journey_analytics.rollup_sets ALTER COLUMN members SET STORAGE EXTERNAL;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['rollups', 'rollup_sets'] LOOP
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

INSERT INTO journey_analytics.refolds
  (workspace_id, journey_number, generation, shard, user_block, event_count)
SELECT block.workspace_id, block.journey_number, generation.generation,
  block.user_block % 4, block.user_block, block.events
FROM (
  SELECT event.workspace_id, event.journey_number, event.user_block, count(*) - count(waiting.batch_id) AS events
  FROM (
    SELECT workspace_id, journey_number, user_id / 4096 AS user_block, batch_id FROM journey_analytics.events
  ) AS event
  LEFT JOIN journey_analytics.batches AS waiting
    ON waiting.workspace_id = event.workspace_id AND waiting.batch_id = event.batch_id
    AND waiting.shard = event.user_block % 4
  GROUP BY event.workspace_id, event.journey_number, event.user_block
) AS block
JOIN journey_analytics.generations AS generation USING (workspace_id, journey_number)
ON CONFLICT (workspace_id, journey_number, generation, user_block) DO UPDATE SET folded = false;
UPDATE journey_analytics.generations SET revision = nextval('journey_analytics.revisions');

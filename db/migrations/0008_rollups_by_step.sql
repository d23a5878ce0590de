-- One row holds the facts of a step in a block of days (of the journey as a whole: step_id is empty), where each fact had a
-- row: a twentieth of the rows to find, to write and to read, and one index.
CREATE TABLE journey_analytics.rollups_by_step (
  workspace_id integer NOT NULL,
  journey_number integer NOT NULL,
  generation bigint NOT NULL,
  -- 0, 1 and 2 are blocks of 1, 8 and 64 days of entry; 3 is all time and carries no members.
  level smallint NOT NULL,
  block integer NOT NULL,
  step_id text COLLATE "C" NOT NULL,
  -- 0, and others for the facts of a step that has more than a row should hold.
  part smallint NOT NULL,
  shard smallint NOT NULL,
  -- Pairs of fact and detail. The lists beside it are in the same order: how often, and how many users.
  facts json NOT NULL,
  counts bigint[] NOT NULL,
  users integer[] NOT NULL,
  -- The sets of users one after the other, and where each ends.
  ends integer[] NOT NULL,
  members bytea NOT NULL,
  CONSTRAINT rollups_by_step_pkey
    PRIMARY KEY (workspace_id, journey_number, generation, level, block, step_id, part, shard)
) WITH (fillfactor = 80, toast_tuple_target = 8160);
-- Sets do not shrink when they are compressed, and one of a row is found without reading those before it. Most rows stay
-- in their page whole.
ALTER TABLE journey_analytics.rollups_by_step ALTER COLUMN members SET STORAGE EXTERNAL;

INSERT INTO journey_analytics.rollups_by_step
SELECT workspace_id, journey_number, generation, level, block, step_id, 0, shard,
  json_agg(json_build_array(fact, detail) ORDER BY fact, detail),
  array_agg(count ORDER BY fact, detail), array_agg(users ORDER BY fact, detail),
  array_agg(set_end ORDER BY fact, detail),
  coalesce(string_agg(members, '' ORDER BY fact, detail), '')
FROM (
  SELECT *, sum(coalesce(octet_length(members), 0)) OVER (
    PARTITION BY workspace_id, journey_number, generation, level, block, step_id, shard ORDER BY fact, detail
  )::integer AS set_end
  FROM journey_analytics.rollups
) AS by_fact
GROUP BY workspace_id, journey_number, generation, level, block, step_id, shard;

DROP TABLE journey_analytics.rollups;
ALTER TABLE journey_analytics.rollups_by_step RENAME TO rollups;
ALTER TABLE journey_analytics.rollups RENAME CONSTRAINT rollups_by_step_pkey TO rollups_pkey;

ALTER TABLE journey_analytics.rollups ENABLE ROW LEVEL SECURITY;
CREATE POLICY rollups_workspace ON journey_analytics.rollups TO journey_analytics_service
  USING (workspace_id = nullif(current_setting('journey_analytics.workspace_id', true), '')::integer);
GRANT SELECT, INSERT, UPDATE, DELETE ON journey_analytics.rollups TO journey_analytics_service;

-- The numbers of a row stand in few bytes, its histogram of durations among them, where they were arrays and rows of another
-- table; blocks are of 1, 4, 16 and 64 days. Distinct users of a range are added up from them, where sets were united: each
-- row says of each fact how many of its users had it before, by how many days before the block that was. So only days and
-- blocks of 16 days need sets, for what asks who the users are; larger ones, which every pass wrote again, are gone.
-- It cannot be told from what is stored, so every number is folded again from the log; meanwhile it counts as pending.
TRUNCATE journey_analytics.rollups, journey_analytics.window_closings;
DROP TABLE journey_analytics.distributions;
ALTER TABLE journey_analytics.rollups
  DROP COLUMN facts,
  DROP COLUMN counts,
  DROP COLUMN users,
  -- A line of JSON for each, by which rows are added up without reading the rest of the list.
  ADD COLUMN facts text COLLATE "C" NOT NULL,
  -- db/packed-numbers.ts reads and writes them.
  ADD COLUMN numbers bytea NOT NULL;
ALTER TABLE journey_analytics.rollups ALTER COLUMN numbers SET STORAGE EXTERNAL;

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

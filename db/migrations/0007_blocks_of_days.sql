-- The blocks of a level side by side, for ranges of few days: the primary key has the fact before the block, so that such a
-- range is another place for each fact, and before PostgreSQL 18 the whole level. All rows of a block share an entry, so this
-- index is a fifteenth as large. An update that finds room in its page does not touch it.
CREATE INDEX rollups_block_index
  ON journey_analytics.rollups (workspace_id, journey_number, generation, level, block);

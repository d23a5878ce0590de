-- What the database notes of a column's values for its planner are values themselves, and they stay when their rows are
-- deleted. Of what names or describes a person it notes none: every search by them goes by a unique key or by none.

ALTER TABLE journey_analytics.users ALTER COLUMN external_id SET STATISTICS 0;
ALTER TABLE journey_analytics.user_numbers ALTER COLUMN external_id SET STATISTICS 0;
-- Its partitions too.
ALTER TABLE journey_analytics.events
  ALTER COLUMN event_id SET STATISTICS 0,
  ALTER COLUMN entry_id SET STATISTICS 0,
  ALTER COLUMN reason SET STATISTICS 0,
  ALTER COLUMN properties SET STATISTICS 0;

-- As before, but that a new partition is told the same.
CREATE OR REPLACE FUNCTION journey_analytics.create_events_partition(year integer, month integer) RETURNS void
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
  EXECUTE format(
    'ALTER TABLE journey_analytics.%I ALTER COLUMN event_id SET STATISTICS 0, ALTER COLUMN entry_id SET STATISTICS 0, '
    'ALTER COLUMN reason SET STATISTICS 0, ALTER COLUMN properties SET STATISTICS 0',
    partition_name);
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

-- What waits for the rollup in all workspaces together, for the service's own measurements: numbers only, no workspace.
CREATE FUNCTION journey_analytics.rollup_backlog(OUT events bigint, OUT oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT
    (SELECT coalesce(sum(event_count), 0) FROM journey_analytics.batches)
      + (SELECT coalesce(sum(event_count), 0) FROM journey_analytics.refolds),
    (SELECT min(accepted_at) FROM journey_analytics.batches)
$$;
REVOKE ALL ON FUNCTION journey_analytics.rollup_backlog() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journey_analytics.rollup_backlog() TO journey_analytics_service;

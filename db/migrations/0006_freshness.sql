-- How fresh the served numbers of a defined journey are. Every reading asks this, so it is a function, of which each
-- connection keeps the plan: planning would take three times as long as answering. It runs as its caller, under row-level
-- security.
CREATE FUNCTION journey_analytics.freshness_of(
  asked_workspace integer, asked_journey text,
  OUT generation bigint, OUT revision bigint, OUT as_of timestamptz, OUT pending bigint, OUT now_at timestamptz,
  OUT next_closing timestamptz
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp ROWS 1
AS $$
DECLARE
  number integer;
BEGIN
  SELECT journey.journey_number, serving.generation, serving.revision, serving.as_of
  INTO number, generation, revision, as_of
  FROM journey_analytics.journeys AS journey
  JOIN journey_analytics.generations AS serving
    ON serving.workspace_id = asked_workspace AND serving.journey_number = journey.journey_number AND serving.serving
  WHERE journey.workspace_id = asked_workspace AND journey.journey_id = asked_journey
    AND journey.definition IS NOT NULL;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  pending :=
    (SELECT coalesce(sum(event_count), 0) FROM journey_analytics.batches WHERE workspace_id = asked_workspace)
    + (SELECT coalesce(sum(event_count), 0) FROM journey_analytics.refolds AS refold
       WHERE refold.workspace_id = asked_workspace AND refold.journey_number = number);
  now_at := date_trunc('milliseconds', clock_timestamp());
  SELECT min(closes_at) INTO next_closing FROM journey_analytics.window_closings AS closing
  WHERE closing.workspace_id = asked_workspace AND closing.journey_number = number
    AND closing.generation = freshness_of.generation AND closing.closes_at >= now_at;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION journey_analytics.freshness_of(integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journey_analytics.freshness_of(integer, text) TO journey_analytics_service;

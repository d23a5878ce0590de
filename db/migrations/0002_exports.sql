-- The audit trail of exports, and the one-time links to them.
CREATE TABLE journey_analytics.exports (
  workspace_id integer NOT NULL CONSTRAINT exports_workspace_fkey REFERENCES journey_analytics.workspaces,
  export_id uuid NOT NULL,
  -- Who: an API key, or a subject whose token it minted.
  api_key_id uuid NOT NULL,
  subject text,
  journey_id text COLLATE "C" NOT NULL,
  -- What: a metric with its qualifiers and range, or an audience.
  request json NOT NULL,
  format text NOT NULL,
  state text NOT NULL CONSTRAINT exports_state_check CHECK (state IN ('waiting', 'streaming', 'complete', 'broken')),
  rows bigint NOT NULL,
  rows_sent bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  -- When the state or the rows sent were last written.
  updated_at timestamptz NOT NULL,
  -- SHA-256 of a link's ticket, and until when it may be taken; null for an export without a link.
  ticket_hash bytea CONSTRAINT exports_ticket_hash_key UNIQUE,
  ticket_expires_at timestamptz,
  CONSTRAINT exports_pkey PRIMARY KEY (workspace_id, export_id)
);
CREATE INDEX exports_newest_index ON journey_analytics.exports (workspace_id, created_at DESC, export_id DESC);

ALTER TABLE journey_analytics.exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY exports_workspace ON journey_analytics.exports TO journey_analytics_service
  USING (
    workspace_id = nullif(current_setting('journey_analytics.workspace_id', true), '')::integer
    OR ticket_hash = decode(nullif(current_setting('journey_analytics.ticket_hash', true), ''), 'hex')
  );
GRANT SELECT, INSERT, UPDATE ON journey_analytics.exports TO journey_analytics_service;

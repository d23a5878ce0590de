-- When a key was last used, and the identity providers of hosts that sign tokens themselves.

ALTER TABLE journey_analytics.api_keys ADD COLUMN last_used_at timestamptz;
-- That a key was used is all that the service may write of it.
GRANT UPDATE (last_used_at) ON journey_analytics.api_keys TO journey_analytics_service;

CREATE TABLE journey_analytics.identity_providers (
  workspace_id integer NOT NULL
    CONSTRAINT identity_providers_workspace_fkey REFERENCES journey_analytics.workspaces,
  identity_provider_id uuid NOT NULL,
  issuer text COLLATE "C" NOT NULL,
  -- SHA-256 of the issuer, by which a provider is found.
  issuer_hash bytea NOT NULL,
  jwks_url text NOT NULL,
  created_at timestamptz NOT NULL,
  -- One that was removed stays for the audit trail, which names it.
  removed_at timestamptz,
  CONSTRAINT identity_providers_pkey PRIMARY KEY (workspace_id, identity_provider_id)
);
CREATE INDEX identity_providers_identity_provider_id_index
  ON journey_analytics.identity_providers (identity_provider_id);
-- The issuer of a token decides its workspace, so it can be that of one only.
CREATE UNIQUE INDEX identity_providers_issuer_hash_index
  ON journey_analytics.identity_providers (issuer_hash) WHERE removed_at IS NULL;

-- A provider is looked up before its workspace is known: by the issuer that a token claims, or by its own id.
ALTER TABLE journey_analytics.identity_providers ENABLE ROW LEVEL SECURITY;
CREATE POLICY identity_providers_workspace ON journey_analytics.identity_providers TO journey_analytics_service
  USING (
    workspace_id = nullif(current_setting('journey_analytics.workspace_id', true), '')::integer
    OR issuer_hash = decode(nullif(current_setting('journey_analytics.issuer_hash', true), ''), 'hex')
    OR identity_provider_id = nullif(current_setting('journey_analytics.identity_provider_id', true), '')::uuid
  );
GRANT SELECT ON journey_analytics.identity_providers TO journey_analytics_service;

COMMENT ON COLUMN journey_analytics.exports.api_key_id IS
  'The API key, the one that minted the token, or the identity provider that signed it.';

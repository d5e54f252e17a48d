-- Addresses and programs that read for a person: a secret of which only the digest is kept, for some purposes, until a day.
-- What it opens holds nothing about people, and is read and never written but for the configuration of plugins.

CREATE TABLE guyub.api_token (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    seq          bigint GENERATED ALWAYS AS IDENTITY,
    person_id    uuid NOT NULL REFERENCES guyub.person,
    name         text NOT NULL CONSTRAINT token_has_a_name CHECK (guyub.seen_length(name) >= 2 AND length(name) <= 60),
    scopes       text[] NOT NULL CONSTRAINT token_scopes CHECK (scopes <> '{}' AND scopes <@ ARRAY['calendar', 'api.read', 'configuration.write']),
    at_facility  uuid REFERENCES guyub.facility,     -- reaches one facility, or one region, or all that its person reaches
    at_region    uuid REFERENCES guyub.region,
    token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    CONSTRAINT token_of_one_place CHECK (at_facility IS NULL OR at_region IS NULL),
    CONSTRAINT token_is_limited CHECK (expires_at - created_at BETWEEN interval '1 hour' AND interval '400 days')
);
CREATE INDEX api_token_person ON guyub.api_token (person_id, seq DESC);
SELECT guyub.protect('api_token', 'own');
-- Everybody sees the tokens of their own, and nobody what opens them.
CREATE POLICY own ON guyub.api_token FOR SELECT TO {{app}} USING (person_id = (SELECT guyub.actor()));
GRANT SELECT (id, seq, person_id, name, scopes, at_facility, at_region, created_at, expires_at, last_used_at, revoked_at)
      ON guyub.api_token TO {{app}};

CREATE TABLE guyub.person (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    login         text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,59}$'),
    full_name     text NOT NULL CHECK (NOT guyub.is_blank(full_name)),
    nip           text NOT NULL DEFAULT '',
    password_hash text NOT NULL,
    failures      integer NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    signed_in_at  timestamptz,
    active        boolean NOT NULL DEFAULT true,
    ended_at      timestamptz,
    ended_by      text NOT NULL DEFAULT '',
    end_reason    text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ended_is_not_active CHECK (NOT active OR ended_at IS NULL),
    CONSTRAINT end_has_a_reason CHECK (CASE WHEN ended_at IS NULL THEN end_reason = '' AND ended_by = ''
                                            ELSE guyub.seen_length(end_reason) >= 10 AND length(end_reason) <= 500 AND ended_by <> '' END)
);
SELECT guyub.protect('person', 'own');
CREATE POLICY in_scope ON guyub.person FOR SELECT TO {{app}}
    USING (id = ANY ((SELECT guyub.people_in_scope())::uuid[]) OR (SELECT guyub.scope_is_system()));
GRANT SELECT (id, login, full_name, nip, active) ON guyub.person TO {{app}};

CREATE TABLE guyub.role (
    code        text PRIMARY KEY,
    scope       text NOT NULL CHECK (scope IN ('facility', 'region', 'national')),
    titles      jsonb NOT NULL,          -- facility type -> {id, en}
    permissions text[] NOT NULL
);
SELECT guyub.protect('role', 'open');
GRANT SELECT, INSERT, UPDATE ON guyub.role TO {{app}};

CREATE TABLE guyub.separation_of_duties (
    first_permission  text NOT NULL,
    second_permission text NOT NULL,
    PRIMARY KEY (first_permission, second_permission)
);
SELECT guyub.protect('separation_of_duties', 'open');
GRANT SELECT, INSERT ON guyub.separation_of_duties TO {{app}};

CREATE TABLE guyub.role_assignment (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    person_id   uuid NOT NULL REFERENCES guyub.person,
    role_code   text NOT NULL REFERENCES guyub.role,
    facility_id uuid REFERENCES guyub.facility,
    region_id   uuid REFERENCES guyub.region,
    acting      text NOT NULL DEFAULT '' CHECK (acting IN ('', 'Plt.', 'Plh.')),
    valid_from  date NOT NULL,
    valid_until date,
    granted_by  text NOT NULL,
    CHECK (facility_id IS NULL OR region_id IS NULL),
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from) AND guyub.is_valid_date(valid_until)),
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    UNIQUE NULLS NOT DISTINCT (person_id, role_code, facility_id, region_id, valid_from)
);
CREATE INDEX role_assignment_person ON guyub.role_assignment (person_id);
CREATE INDEX role_assignment_facility ON guyub.role_assignment (facility_id);
SELECT guyub.protect('role_assignment', 'own');
CREATE POLICY in_scope ON guyub.role_assignment FOR SELECT TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]) OR (SELECT guyub.scope_is_system()));
GRANT SELECT ON guyub.role_assignment TO {{app}};

CREATE TABLE guyub.session (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    person_id    uuid NOT NULL REFERENCES guyub.person,
    token_hash   bytea NOT NULL UNIQUE,
    opened_at    timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    closed_at    timestamptz,
    opened_from  text NOT NULL DEFAULT ''
);
CREATE INDEX session_person ON guyub.session (person_id, opened_at DESC);
SELECT guyub.protect('session', 'own');

CREATE TABLE guyub.configuration_epoch (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    epoch    bigint NOT NULL DEFAULT 1,
    -- How often a plugin was switched off or on for everybody, or its tables changed.
    plugin_generation bigint NOT NULL DEFAULT 0
);
SELECT guyub.protect('configuration_epoch', 'open', configuring => true);
GRANT SELECT ON guyub.configuration_epoch TO {{app}};
INSERT INTO guyub.configuration_epoch DEFAULT VALUES;

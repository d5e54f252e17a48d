-- Those who oversee facilities see figures, not people. For a stated purpose they may read the people of one facility for a
-- limited time: stated once, never changed, ended at will; the facility sees who looked, and why.

CREATE TABLE guyub.purpose_grant (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    person_id   uuid NOT NULL REFERENCES guyub.person,
    kind        text NOT NULL CONSTRAINT purpose_kind
                CHECK (kind IN ('complaint', 'inspection', 'correction', 'audit', 'assistance')),
    explanation text NOT NULL CONSTRAINT purpose_is_told CHECK (guyub.seen_length(explanation) >= 20 AND length(explanation) <= 500),
    opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL,
    CONSTRAINT purpose_is_limited CHECK (expires_at - opened_at BETWEEN interval '15 minutes' AND interval '8 hours'),
    UNIQUE (facility_id, id)
);
CREATE INDEX purpose_grant_person ON guyub.purpose_grant (person_id, facility_id, expires_at);
SELECT guyub.protect('purpose_grant', 'facility');
GRANT SELECT ON guyub.purpose_grant TO {{app}};

CREATE TABLE guyub.purpose_end (
    grant_id    uuid PRIMARY KEY,
    facility_id uuid NOT NULL,
    ended_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (facility_id, grant_id) REFERENCES guyub.purpose_grant (facility_id, id)
);
SELECT guyub.protect('purpose_end', 'facility');
GRANT SELECT ON guyub.purpose_end TO {{app}};

-- Every change of a row that people edit raises its version; whoever edits it names in the same statement the version that they
-- read (repeatable/89_versions.sql).
ALTER TABLE guyub.household ADD COLUMN revision integer NOT NULL DEFAULT 0, ADD COLUMN read_revision integer;
ALTER TABLE guyub.member ADD COLUMN revision integer NOT NULL DEFAULT 0, ADD COLUMN read_revision integer;
GRANT UPDATE (read_revision) ON guyub.household, guyub.member TO {{app}};

-- How often the list, the funds or the package of a month have changed: part of what its version counts.
ALTER TABLE guyub.cycle ADD COLUMN list_version integer NOT NULL DEFAULT 0;

-- Which form has done what it was sent for, and where its sender was led: the same form sent again does it no second time.
CREATE TABLE guyub.sent_form (
    key      bytea PRIMARY KEY CHECK (length(key) = 32),
    actor    uuid NOT NULL REFERENCES guyub.person,
    led_to   text NOT NULL CHECK (length(led_to) BETWEEN 1 AND 2000),
    sent_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sent_form_actor ON guyub.sent_form (actor, sent_at);
SELECT guyub.protect('sent_form', 'own');

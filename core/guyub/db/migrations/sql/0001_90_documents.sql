-- Every paper that was made for a cycle, as it was made: printing one again adds a row and changes none.

CREATE TABLE guyub.document (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    kind        text NOT NULL,
    title       text NOT NULL,
    number      text NOT NULL DEFAULT '',
    file_name   text NOT NULL CHECK (file_name ~ '^[a-z0-9][a-z0-9.-]{0,119}$'),
    media_type  text NOT NULL,
    sha256      text NOT NULL GENERATED ALWAYS AS (encode(sha256(content), 'hex')) STORED,
    content     bytea NOT NULL CHECK (content <> ''),
    personal    boolean NOT NULL,             -- names people who receive something: read within the personal scope only
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
);
CREATE INDEX document_cycle ON guyub.document (cycle_id, file_name, seq DESC);
SELECT guyub.protect('document', 'own');
-- Documents that name people, their lists to sign, are their own facility's: no purpose opens them.
CREATE POLICY in_scope ON guyub.document TO {{app}}
    USING (facility_id = ANY (CASE WHEN personal THEN (SELECT guyub.personal_writing_scope()) ELSE (SELECT guyub.scope()) END));
SELECT guyub.let_insert('document');
GRANT SELECT ON guyub.document TO {{app}};

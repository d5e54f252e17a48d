-- An approval that was withdrawn before the first hand-over: what it was stays here, the cycle is planned again. The row is the
-- act (repeatable/83_corrections.sql): whoever withdraws writes it, with the version that was read and the reason.
CREATE TABLE guyub.withdrawn_approval (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    seq           bigint GENERATED ALWAYS AS IDENTITY,
    facility_id   uuid NOT NULL,
    cycle_id      uuid NOT NULL,
    version       integer NOT NULL,             -- of the cycle, as it was read
    reason        text NOT NULL CONSTRAINT reason_length CHECK (length(reason) <= 500)
                  CONSTRAINT withdrawn_with_a_reason CHECK (NOT guyub.is_blank(reason) AND guyub.is_reason(reason)),
    proposed_by   uuid REFERENCES guyub.person,
    approved_by   uuid NOT NULL REFERENCES guyub.person,
    approved_at   timestamptz NOT NULL,
    approved_from timestamptz NOT NULL,
    withdrawn_by  uuid NOT NULL REFERENCES guyub.person,
    withdrawn_at  timestamptz NOT NULL,
    CONSTRAINT withdrawn_once UNIQUE (cycle_id, version),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
);
SELECT guyub.protect('withdrawn_approval', 'facility');
GRANT SELECT, INSERT (facility_id, cycle_id, version, reason) ON guyub.withdrawn_approval TO {{app}};

-- A promise of an approval that was withdrawn promises nothing more; the row stays.
ALTER TABLE guyub.reservation ADD COLUMN withdrawn_at timestamptz;

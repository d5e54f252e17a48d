-- The place of a listed household that cannot receive is filled by the next reserve: candidates who were not selected, in the
-- order of their scores, as the approval froze them. Staff propose it, another person who may approve confirms it
-- (repeatable/83_corrections.sql). Households are named, since a list that is planned again is judged anew.
CREATE TABLE guyub.replacement (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    facility_id     uuid NOT NULL,
    cycle_id        uuid NOT NULL,
    goes_id         uuid NOT NULL,             -- the household that gives up its place
    comes_id        uuid NOT NULL,             -- the one that takes it
    reason          text NOT NULL CONSTRAINT reason_length CHECK (length(reason) <= 500)
                    CONSTRAINT replaced_with_a_reason CHECK (NOT guyub.is_blank(reason) AND guyub.is_reason(reason)),
    proposed_by     uuid NOT NULL REFERENCES guyub.person,
    proposed_at     timestamptz NOT NULL,
    confirmed       boolean,                   -- NULL: waits for the approver
    decided_by      uuid REFERENCES guyub.person,
    decided_at      timestamptz,
    CONSTRAINT confirmed_by_another CHECK (confirmed IS NOT TRUE OR decided_by <> proposed_by),
    CONSTRAINT decided_whole CHECK ((confirmed IS NULL) = (decided_by IS NULL) AND (confirmed IS NULL) = (decided_at IS NULL)),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, goes_id) REFERENCES guyub.household (facility_id, id),
    FOREIGN KEY (facility_id, comes_id) REFERENCES guyub.household (facility_id, id)
);
CREATE UNIQUE INDEX replaced_once ON guyub.replacement (cycle_id, goes_id) WHERE confirmed IS NULL;
CREATE UNIQUE INDEX reserve_once ON guyub.replacement (cycle_id, comes_id) WHERE confirmed IS NULL;
SELECT guyub.protect('replacement', 'personal');
GRANT SELECT, INSERT (facility_id, cycle_id, goes_id, comes_id, reason), UPDATE (confirmed) ON guyub.replacement TO {{app}};

-- A closed cycle is corrected by entries that name it (repeatable/82_closed_cycles.sql): the row is the act, and comes first; what it
-- books stands in the same transaction. The cycle stays closed.
CREATE TABLE guyub.correction (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    seq            bigint GENERATED ALWAYS AS IDENTITY,
    facility_id    uuid NOT NULL,
    cycle_id       uuid NOT NULL,
    version        integer NOT NULL,            -- of the closed cycle, as it was read: its own and the corrections since
    kind           text NOT NULL CHECK (kind IN ('taken_back', 'handed_over_late', 'note_cancelled')),
    entitlement_id uuid,                        -- of the household that it concerns
    journal_id     uuid,                        -- the note that it cancels
    occurred_on    date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(occurred_on)),
    reason         text NOT NULL CONSTRAINT reason_length CHECK (length(reason) <= 500)
                   CONSTRAINT corrected_with_a_reason CHECK (NOT guyub.is_blank(reason) AND guyub.is_reason(reason)),
    corrected_by   uuid NOT NULL REFERENCES guyub.person,
    corrected_at   timestamptz NOT NULL,
    xid            xid8 NOT NULL DEFAULT pg_current_xact_id(),
    began_at       timestamptz NOT NULL DEFAULT transaction_timestamp(),
    CONSTRAINT corrected_once UNIQUE (cycle_id, version),
    CONSTRAINT names_what_it_corrects CHECK ((kind = 'note_cancelled') = (journal_id IS NOT NULL)
                                             AND (kind <> 'note_cancelled') = (entitlement_id IS NOT NULL)),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, entitlement_id) REFERENCES guyub.entitlement (facility_id, id),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id)
);
SELECT guyub.protect('correction', 'facility');
GRANT SELECT, INSERT (facility_id, cycle_id, version, kind, entitlement_id, journal_id, occurred_on, reason)
      ON guyub.correction TO {{app}};

-- A package of a closed cycle that came back: on the list, neither received nor absent.
ALTER TABLE guyub.entitlement DROP CONSTRAINT entitlement_state_check;
ALTER TABLE guyub.entitlement ADD
    CHECK (state IN ('candidate', 'selected', 'excluded', 'approved', 'received', 'absent', 'returned', 'cancelled'));

-- What a correction moves is promised and given back in one step, by who corrects; of a cycle that is not closed its own acts
-- say who may (guard_journal).
UPDATE guyub.journal_kind SET done_by = done_by || '{programs.close,funds.spend}'::text[] WHERE kind = 'reservation';
UPDATE guyub.journal_kind SET done_by = done_by || '{funds.spend}'::text[] WHERE kind = 'release';

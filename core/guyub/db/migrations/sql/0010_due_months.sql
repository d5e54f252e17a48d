-- Whether a month was due when it was opened, by the schedule of its programme; one that was not has its reason.
ALTER TABLE guyub.cycle
    ADD COLUMN due boolean NOT NULL DEFAULT true,
    ADD COLUMN opening_reason text NOT NULL DEFAULT ''
        CONSTRAINT reason_length CHECK (length(opening_reason) <= 500)
        CONSTRAINT opening_reason_says_something CHECK (guyub.is_reason(opening_reason)),
    ADD CONSTRAINT not_due_with_a_reason CHECK (due OR NOT guyub.is_blank(opening_reason));
GRANT INSERT (due, opening_reason) ON guyub.cycle TO {{app}};

-- A month that is over and not finished is late before its report is overdue.
ALTER TABLE guyub.reminder
    DROP CONSTRAINT reminder_matter_check,
    ADD CHECK (matter IN ('not_opened', 'not_given', 'not_closed', 'not_finished', 'not_reported'));

-- A cancelled month can be opened again; what it was stays.
ALTER TABLE guyub.cycle DROP CONSTRAINT one_cycle_a_month;
CREATE UNIQUE INDEX one_cycle_a_month ON guyub.cycle (program_id, period) WHERE state <> 'cancelled';

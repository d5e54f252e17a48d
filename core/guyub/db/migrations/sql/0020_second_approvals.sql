-- The first of two approvals, where the programme's settings ask for two (repeatable/81_second_approvals.sql): of a proposal in one
-- version, and of a request for more money. Who writes the row is the first approver; the second takes the step itself.
CREATE TABLE guyub.first_approval (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    version     integer NOT NULL,               -- of the proposal, as it was read
    approved_by uuid NOT NULL REFERENCES guyub.person,
    approved_at timestamptz NOT NULL,
    CONSTRAINT first_approved_once UNIQUE (cycle_id, version),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
);
SELECT guyub.protect('first_approval', 'facility');
GRANT SELECT, INSERT (facility_id, cycle_id, version) ON guyub.first_approval TO {{app}};

ALTER TABLE guyub.money_request ADD UNIQUE (facility_id, id);
CREATE TABLE guyub.first_money_approval (
    request_id  uuid PRIMARY KEY,
    facility_id uuid NOT NULL,
    approved_by uuid NOT NULL REFERENCES guyub.person,
    approved_at timestamptz NOT NULL,
    FOREIGN KEY (facility_id, request_id) REFERENCES guyub.money_request (facility_id, id)
);
SELECT guyub.protect('first_money_approval', 'facility');
GRANT SELECT, INSERT (facility_id, request_id) ON guyub.first_money_approval TO {{app}};

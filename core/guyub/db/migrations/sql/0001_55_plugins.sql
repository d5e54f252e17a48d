-- What plugins are told: events and their deliveries, written in the transaction of what happened.

CREATE TABLE guyub.event_listener (
    plugin text PRIMARY KEY CHECK (plugin ~ '^[a-z][a-z0-9_]{1,39}$')
);
SELECT guyub.protect('event_listener', 'open');
GRANT SELECT, INSERT, DELETE ON guyub.event_listener TO {{app}};

CREATE TABLE guyub.event (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    kind        text NOT NULL,
    subject     text NOT NULL,
    occurred_on     date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(occurred_on)),
    at          timestamptz NOT NULL DEFAULT now(),
    details     jsonb NOT NULL DEFAULT '{}',
    UNIQUE (id, facility_id)
);
CREATE INDEX event_facility ON guyub.event (facility_id);
SELECT guyub.protect('event', 'facility');
GRANT SELECT, INSERT (facility_id, kind, subject, occurred_on, details) ON guyub.event TO {{app}};

CREATE TABLE guyub.delivery (
    event_id    uuid NOT NULL,
    seq         bigint GENERATED ALWAYS AS IDENTITY,   -- told in this order
    facility_id uuid NOT NULL,
    plugin      text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'parked')),
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT now(),
    last_error  text NOT NULL DEFAULT '',
    PRIMARY KEY (event_id, plugin),
    FOREIGN KEY (event_id, facility_id) REFERENCES guyub.event (id, facility_id)
);
CREATE INDEX delivery_due ON guyub.delivery (seq) WHERE state = 'waiting';
CREATE INDEX delivery_parked ON guyub.delivery (facility_id) WHERE state = 'parked';
SELECT guyub.protect('delivery', 'facility');
GRANT SELECT, INSERT (event_id, facility_id, plugin), UPDATE (state, attempts, due_at, last_error) ON guyub.delivery TO {{app}};

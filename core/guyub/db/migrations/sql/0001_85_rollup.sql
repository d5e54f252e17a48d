-- What the homes of a region and of the nation read: each month of a programme, counted. Triggers keep it in the transaction
-- of what it counts, by sums over the rows of a statement; the application reads it and writes none of it. The views at the
-- end count the same anew from the books: they are what a rebuild writes, and what the kept figures are compared with.
-- One household has one package of a month, so the households that received are the packages handed over.

CREATE TABLE guyub.rollup_month (
    facility_id     uuid NOT NULL,
    cycle_id        uuid NOT NULL,
    plugin          text NOT NULL,
    code            text NOT NULL,
    period          date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    title           jsonb,
    state           text NOT NULL,
    distribution_on date,
    listed          integer NOT NULL DEFAULT 0,
    received        integer NOT NULL DEFAULT 0,
    value           bigint NOT NULL DEFAULT 0,     -- rupiah: the cost of what was handed over
    PRIMARY KEY (facility_id, cycle_id),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
) WITH (fillfactor = 70);
CREATE INDEX rollup_month_period ON guyub.rollup_month (period, facility_id);
CREATE INDEX rollup_month_open ON guyub.rollup_month (facility_id, period) WHERE state NOT IN ('closed', 'cancelled');
SELECT guyub.protect('rollup_month', 'facility');
GRANT SELECT ON guyub.rollup_month TO {{app}};

CREATE TABLE guyub.rollup_families (
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    period      date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    category    text NOT NULL,
    listed      integer NOT NULL,
    received    integer NOT NULL,
    PRIMARY KEY (facility_id, cycle_id, category),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
) WITH (fillfactor = 70);

CREATE INDEX rollup_families_period ON guyub.rollup_families (period, facility_id);
SELECT guyub.protect('rollup_families', 'facility');
GRANT SELECT ON guyub.rollup_families TO {{app}};

CREATE TABLE guyub.rollup_spending (
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    period      date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    plugin      text NOT NULL,                     -- the funding source's
    source      text NOT NULL,
    spent       bigint NOT NULL,
    PRIMARY KEY (facility_id, cycle_id, plugin, source),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
) WITH (fillfactor = 70);

CREATE INDEX rollup_spending_period ON guyub.rollup_spending (period, facility_id);
SELECT guyub.protect('rollup_spending', 'facility');
GRANT SELECT ON guyub.rollup_spending TO {{app}};

-- By the month of the journal: what was taken back in December is December's.
CREATE TABLE guyub.rollup_income (
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    period      date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    plugin      text NOT NULL,
    source      text NOT NULL,
    received    bigint NOT NULL,
    PRIMARY KEY (facility_id, period, plugin, source)
);
SELECT guyub.protect('rollup_income', 'facility');
GRANT SELECT ON guyub.rollup_income TO {{app}};

-- A fund since it was opened. What is left of it, in money and goods, is what came in and has not gone out.
CREATE TABLE guyub.rollup_fund (
    facility_id uuid NOT NULL,
    fund_id     uuid NOT NULL,
    plugin      text NOT NULL,
    source      text NOT NULL,
    sensitive   boolean NOT NULL,
    received    bigint NOT NULL DEFAULT 0,
    spent       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (facility_id, fund_id),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id)
) WITH (fillfactor = 70);
SELECT guyub.protect('rollup_fund', 'facility');
GRANT SELECT ON guyub.rollup_fund TO {{app}};

-- An institution receives packages by number. Everybody else receives one; a list takes the number over, may have another one for
-- its month, and counts packages against its quota.
ALTER TABLE guyub.household
    ADD COLUMN packages integer NOT NULL DEFAULT 1
        CONSTRAINT packages_most CHECK (packages BETWEEN 1 AND 10000),
    ADD CONSTRAINT only_institutions_have_packages CHECK (category = 'institution' OR packages = 1);

-- From which day on an institution receives so many packages, and why.
CREATE TABLE guyub.package_number (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    seq          bigint GENERATED ALWAYS AS IDENTITY,
    facility_id  uuid NOT NULL,
    household_id uuid NOT NULL,
    packages     integer NOT NULL CONSTRAINT packages_most CHECK (packages BETWEEN 1 AND 10000),
    before       integer NOT NULL DEFAULT 1,
    occurred_on  date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(occurred_on)),
    reason       text NOT NULL CONSTRAINT reason_length CHECK (length(reason) <= 500)
                 CONSTRAINT reason_says_something CHECK (NOT guyub.is_blank(reason)),
    recorded_by  uuid REFERENCES guyub.person,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id)
);
CREATE INDEX package_number_household ON guyub.package_number (household_id, occurred_on DESC);
SELECT guyub.protect('package_number', 'personal');
SELECT guyub.let_insert('package_number');
GRANT SELECT ON guyub.package_number TO {{app}};

ALTER TABLE guyub.entitlement
    ADD COLUMN packages integer NOT NULL DEFAULT 1
        CONSTRAINT packages_most CHECK (packages BETWEEN 1 AND 10000),
    ADD COLUMN packages_reason text NOT NULL DEFAULT ''
        CONSTRAINT packages_reason_length CHECK (length(packages_reason) <= 500)
        CONSTRAINT packages_reason_says_something CHECK (guyub.is_reason(packages_reason)),
    ADD CONSTRAINT only_institutions_have_packages CHECK (category = 'institution' OR packages = 1);
GRANT UPDATE (packages, packages_reason) ON guyub.entitlement TO {{app}};

ALTER TABLE guyub.rollup_families ADD COLUMN packages integer NOT NULL DEFAULT 0;
ALTER TABLE guyub.rollup_month ADD COLUMN packages integer NOT NULL DEFAULT 0;
UPDATE guyub.rollup_families SET packages = received;
UPDATE guyub.rollup_month SET packages = received;

-- Goods that come on top of the package for one month alone, each with the reason; a line of the programme's own package has none.
ALTER TABLE guyub.package_line
    ADD COLUMN reason text NOT NULL DEFAULT ''
        CONSTRAINT package_reason_length CHECK (length(reason) <= 500)
        CONSTRAINT package_reason_says_something CHECK (guyub.is_reason(reason)),
    ADD CONSTRAINT only_goods_are_added CHECK (reason = '' OR item_id IS NOT NULL);

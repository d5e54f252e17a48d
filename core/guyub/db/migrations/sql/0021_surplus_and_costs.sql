-- What a note brings beyond what is promised enters the free stock of the fund that pays for it; what is paid beside goods (bags,
-- transport) is an expense of a fund whose terms allow it (77_surplus_and_costs.sql keeps both within bounds).
INSERT INTO guyub.account_kind VALUES ('expenses', false, true);
INSERT INTO guyub.transfer_rule VALUES ('purchase', 'cash', 'stock'), ('purchase', 'cash', 'expenses');

-- The most that may be spent of a fund on what is not goods or money for households; 0 allows none.
ALTER TABLE guyub.fund ADD COLUMN incidental_costs bigint NOT NULL DEFAULT 0
    CONSTRAINT incidental_costs_amount CHECK (incidental_costs BETWEEN 0 AND 9000000000000000);
GRANT INSERT (incidental_costs) ON guyub.fund TO {{app}};

-- What an expense was for, as the note says.
ALTER TABLE guyub.transfer ADD COLUMN purpose text NOT NULL DEFAULT ''
    CONSTRAINT purpose_says_something CHECK (purpose = '' OR NOT guyub.is_blank(purpose) AND length(purpose) <= 80);
GRANT INSERT (purpose) ON guyub.transfer TO {{app}};

-- NaN is greater than every number to PostgreSQL, so it passes each "not below zero" and stays in every sum.
ALTER TABLE guyub.account ADD CHECK (quantity < 'NaN');
ALTER TABLE guyub.transfer ADD CHECK (quantity < 'NaN');
ALTER TABLE guyub.reservation ADD CHECK (quantity < 'NaN');
ALTER TABLE guyub.package_line ADD CHECK (quantity < 'NaN'), ADD CHECK (at_most < 'NaN');
ALTER TABLE guyub.entitlement_line ADD CHECK (quantity < 'NaN');
ALTER TABLE guyub.handover_line ADD CHECK (quantity < 'NaN');

-- The same most as in every form; a thousand of them still add up.
ALTER TABLE guyub.transfer ADD CHECK (rupiah <= 9000000000000000);

-- 24:00 is a time to PostgreSQL and to nobody who reads the row.
ALTER TABLE guyub.cycle ADD CHECK (starts_at < '24:00');
ALTER TABLE guyub.proposal ADD CHECK (starts_at < '24:00');

ALTER TABLE guyub.rollup_month
    ADD CHECK (state IN ('planned', 'proposed', 'approved', 'distributing', 'closed', 'cancelled'));

-- A proposal and an absence have their days, as every act has (repeatable/88_days.sql).
ALTER TABLE guyub.cycle ADD proposed_on date CONSTRAINT plausible_day CHECK (guyub.is_valid_date(proposed_on));
GRANT UPDATE (proposed_on) ON guyub.cycle TO {{app}};

ALTER TABLE guyub.entitlement ADD absent_on date CONSTRAINT plausible_day CHECK (guyub.is_valid_date(absent_on));
-- Until now whoever stayed away did so on the day of the distribution.
UPDATE guyub.entitlement e SET absent_on = COALESCE(c.distribution_on, c.period)
FROM guyub.cycle c WHERE c.id = e.cycle_id AND e.state = 'absent';
ALTER TABLE guyub.entitlement ADD CONSTRAINT absence_has_its_day CHECK (state <> 'absent' OR absent_on IS NOT NULL);
GRANT UPDATE (absent_on) ON guyub.entitlement TO {{app}};

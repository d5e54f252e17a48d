-- A decision binds what was seen. What is proposed has a version, the revision of its cycle: it rises with every proposal and
-- return, and with the quota, day, hour and place; list, package and funds change in planning only, so never without it.
-- Whoever approves or returns a proposal, or cancels a month, names the version that they read, and it must be the one that
-- stands. Approval raises it as well: who read a proposal does not cancel an approved list.

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.proposal
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

CREATE OR REPLACE FUNCTION guyub.keep_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO guyub.proposal (facility_id, cycle_id, version, proposed_by, quota, distribution_on, starts_at, place, value,
                                package, households, funds)
    SELECT NEW.facility_id, NEW.id, NEW.revision, NEW.proposed_by, NEW.quota, NEW.distribution_on, NEW.starts_at, NEW.place,
           (SELECT COALESCE(sum(round(l.quantity * l.price)), 0)::bigint
            FROM guyub.entitlement e JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
            WHERE e.cycle_id = NEW.id AND e.state = 'selected'),
           (SELECT COALESCE(jsonb_agg(to_jsonb(p) - '{facility_id,cycle_id}'::text[] ORDER BY p.line), '[]')
            FROM guyub.package_line p WHERE p.cycle_id = NEW.id),
           ARRAY(SELECT e.household_id FROM guyub.entitlement e WHERE e.cycle_id = NEW.id AND e.state = 'selected'
                 ORDER BY e.score DESC, e.household_id),
           ARRAY(SELECT f.fund_id FROM guyub.cycle_fund f WHERE f.cycle_id = NEW.id ORDER BY f.priority);
    RETURN NULL;
END $$;
-- After cycle_after_transition, which says whether the list is one to propose.
CREATE OR REPLACE TRIGGER "40_keep_proposal" AFTER UPDATE ON guyub.cycle
FOR EACH ROW WHEN (NEW.state = 'proposed' AND NEW.revision <> OLD.revision) EXECUTE FUNCTION guyub.keep_proposal();

CREATE OR REPLACE FUNCTION guyub.require_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state = 'proposed' AND NEW.state IN ('approved', 'planned') OR OLD.state <> 'cancelled' AND NEW.state = 'cancelled' THEN
        IF NEW.decided_version IS DISTINCT FROM OLD.revision THEN
            PERFORM guyub.refuse('GU022', 'it has changed since it was read');
        END IF;
    ELSE
        NEW.decided_version := OLD.decided_version;
    END IF;
    RETURN NEW;
END $$;
-- After cycle_transition, which says whether the step is taken at all and by whom.
CREATE OR REPLACE TRIGGER "50_step_of_what_was_read" BEFORE UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.require_version();

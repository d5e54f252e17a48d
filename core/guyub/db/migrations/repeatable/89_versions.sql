-- A decision binds what was seen. What is proposed has a version, the revision of its cycle: it rises with every proposal and
-- return, with the quota, day, hour and place, and in planning with the list, the package and the funds.
-- Whoever approves or returns a proposal, or starts, closes or cancels a month, names the version that they read, and it must be the one that
-- stands. Approval raises it as well: who read a proposal does not cancel an approved list.
--
-- The same holds of every row that people edit: its version rises with each change, and who writes what a form showed names
-- the version that the form was of.

CREATE OR REPLACE FUNCTION guyub.raise_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER raise_version BEFORE UPDATE ON guyub.household FOR EACH ROW EXECUTE FUNCTION guyub.raise_version();
CREATE OR REPLACE TRIGGER raise_version BEFORE UPDATE ON guyub.member FOR EACH ROW EXECUTE FUNCTION guyub.raise_version();

-- What was named for an earlier change is never the version that stands.
CREATE OR REPLACE FUNCTION guyub.demand_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- What is done by an act of its own, with a reason, is no edit of what a form showed.
    acts text[] := TG_ARGV || '{revision,read_revision}'::text[];
BEGIN
    IF NEW.read_revision IS DISTINCT FROM OLD.revision
       AND (NEW.read_revision IS DISTINCT FROM OLD.read_revision OR to_jsonb(NEW) - acts <> to_jsonb(OLD) - acts) THEN
        PERFORM guyub.refuse('GU022', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER demand_version AFTER UPDATE ON guyub.household
FOR EACH ROW WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.demand_version('active');
CREATE OR REPLACE TRIGGER demand_version AFTER UPDATE ON guyub.member
FOR EACH ROW WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.demand_version('active', 'is_recipient');

-- The list of a month, its funds and its package are part of what its version counts. Those who change them hold the month
-- already (guard_list and guard_states).
CREATE OR REPLACE FUNCTION guyub.list_has_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.cycle c SET list_version = c.list_version + 1
    WHERE c.state = 'planned' AND c.id IN (SELECT n.cycle_id FROM changed n);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER version_new AFTER INSERT ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();
CREATE OR REPLACE TRIGGER version_gone AFTER DELETE ON guyub.entitlement REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();
CREATE OR REPLACE TRIGGER version_changed AFTER UPDATE ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();
CREATE OR REPLACE TRIGGER version_new AFTER INSERT ON guyub.cycle_fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();
CREATE OR REPLACE TRIGGER version_gone AFTER DELETE ON guyub.cycle_fund REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();
CREATE OR REPLACE TRIGGER version_new AFTER INSERT ON guyub.package_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();
CREATE OR REPLACE TRIGGER version_gone AFTER DELETE ON guyub.package_line REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.list_has_changed();

-- A form that comes twice, or four times at once: the others wait here for the first, and are told where it led.
CREATE OR REPLACE FUNCTION guyub.where_form_led(form bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x.high, x.low)
    FROM (SELECT ('x' || encode(substr(form, 1, 4), 'hex'))::bit(32)::integer,
                 ('x' || encode(substr(form, 5, 4), 'hex'))::bit(32)::integer) AS x (high, low);
    RETURN (SELECT f.led_to FROM guyub.sent_form f WHERE f.key = form AND f.actor = guyub.actor());
END $$;
GRANT EXECUTE ON FUNCTION guyub.where_form_led TO {{app}};
-- Nobody sends a form of the day before yesterday by mistake.
CREATE OR REPLACE FUNCTION guyub.keep_form(form bytea, leads_to text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM guyub.sent_form f WHERE f.actor = guyub.actor() AND f.sent_at < clock_timestamp() - interval '2 days';
    INSERT INTO guyub.sent_form (key, actor, led_to) VALUES (form, guyub.actor(), leads_to);
END $$;
GRANT EXECUTE ON FUNCTION guyub.keep_form TO {{app}};

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
    IF OLD.state = 'proposed' AND NEW.state = 'approved'
       OR OLD.state <> NEW.state AND NEW.state IN ('planned', 'distributing', 'closed', 'cancelled')
       -- Who proposes, or sets day, hour and place, names it too; a campaign reads the month as it takes it over.
       OR NEW.decided_version IS DISTINCT FROM OLD.decided_version
       OR NEW.quota <> OLD.quota AND NEW.campaign_id IS NOT DISTINCT FROM OLD.campaign_id THEN
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

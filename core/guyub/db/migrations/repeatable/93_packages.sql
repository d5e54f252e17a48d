-- Packages by number. How many an institution receives changes by acts, each with its day and its reason (guyub.package_number);
-- the list of a month begins with that number and may have another one, with a reason, while it is planned.

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.package_number
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER stamp_family_event BEFORE INSERT ON guyub.package_number
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_family_event();

CREATE OR REPLACE FUNCTION guyub.take_package_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Of two who record at once the second sees the first's.
    NEW.before := COALESCE((SELECT h.packages FROM guyub.household h
                            WHERE h.facility_id = NEW.facility_id AND h.id = NEW.household_id FOR NO KEY UPDATE), 1);
    RETURN NEW;
END $$;
-- After the stamp, which says who may record an act.
CREATE OR REPLACE TRIGGER take_package_number BEFORE INSERT ON guyub.package_number
FOR EACH ROW EXECUTE FUNCTION guyub.take_package_number();

-- After the row is there: whatever is left out of an INSERT has done nothing.
CREATE OR REPLACE FUNCTION guyub.follow_package_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    h    guyub.household := (SELECT x FROM guyub.household x WHERE x.facility_id = NEW.facility_id AND x.id = NEW.household_id);
    last date := (SELECT max(p.occurred_on) FROM guyub.package_number p WHERE p.household_id = NEW.household_id AND p.id <> NEW.id);
BEGIN
    PERFORM guyub.refuse_day_to_come(NEW.facility_id, NEW.occurred_on);
    IF NOT h.active THEN PERFORM guyub.refuse('GU030', 'household_is_archived'); END IF;
    IF h.category <> 'institution' THEN PERFORM guyub.refuse('GU030', 'packages_of_institutions'); END IF;
    IF h.packages = NEW.packages THEN PERFORM guyub.refuse('GU030', 'packages_already'); END IF;
    IF NEW.occurred_on < last THEN PERFORM guyub.refuse('GU030', 'before_last_act', last::text); END IF;
    UPDATE guyub.household SET packages = NEW.packages WHERE id = NEW.household_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER follow_package_number AFTER INSERT ON guyub.package_number
FOR EACH ROW EXECUTE FUNCTION guyub.follow_package_number();

-- What is no institution any more receives one package again.
CREATE OR REPLACE FUNCTION guyub.one_package_for_families() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.packages := 1;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER one_package_for_families BEFORE UPDATE ON guyub.household
FOR EACH ROW WHEN (OLD.category = 'institution' AND NEW.category <> 'institution')
EXECUTE FUNCTION guyub.one_package_for_families();

-- A list begins with the number of packages that each household is registered with, and with its category, its village and its people.
CREATE OR REPLACE FUNCTION guyub.packages_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM changed n JOIN guyub.household h ON h.id = n.household_id
        WHERE n.packages <> CASE n.category WHEN 'institution' THEN h.packages ELSE 1 END OR n.packages_reason <> '') > 0 THEN
        PERFORM guyub.refuse('GU006', 'packages_as_registered');
    END IF;
    IF (SELECT count(*) FROM changed n JOIN guyub.household h ON h.id = n.household_id
        WHERE NOT h.active OR (n.category, n.area, n.members) IS DISTINCT FROM (h.category, h.village_code, CASE h.category
            WHEN 'institution' THEN h.people_served
            ELSE h.children_under_5 + h.children_of_school_age + h.adults + h.elderly END)) > 0 THEN
        PERFORM guyub.refuse('GU006', 'household_as_registered');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER packages_begin AFTER INSERT ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.packages_begin();

-- Another number for one month: while it is planned, with a reason, by a person who may open months.
CREATE OR REPLACE FUNCTION guyub.change_packages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM guyub.lock_cycles(ARRAY[NEW.cycle_id]) c WHERE c.state <> 'planned') THEN
        PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen');
    END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.open', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'packages of a month are changed by a person who may open it');
    END IF;
    IF guyub.is_blank(NEW.packages_reason) THEN PERFORM guyub.refuse('GU006', 'packages_need_a_reason'); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER change_packages BEFORE UPDATE ON guyub.entitlement
FOR EACH ROW WHEN ((NEW.packages, NEW.packages_reason) IS DISTINCT FROM (OLD.packages, OLD.packages_reason))
EXECUTE FUNCTION guyub.change_packages();

-- Who of the candidates of a cycle have a place, the highest scores first: each takes as many places as it receives packages, and who
-- needs more than are left is passed over for the next, as is a household for which nobody receives, or that was archived.
CREATE OR REPLACE FUNCTION guyub.places_by_score(cycle uuid, of_category text, places integer) RETURNS TABLE (entitlement_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    e record;
    free integer := places;
BEGIN
    FOR e IN SELECT x.id, x.packages FROM guyub.entitlement x
             JOIN guyub.household h ON h.facility_id = x.facility_id AND h.id = x.household_id AND h.active
             WHERE x.cycle_id = cycle AND x.state IN ('candidate', 'selected') AND (of_category = '' OR x.category = of_category)
               AND x.facility_id = ANY ((SELECT guyub.scope())::uuid[])
               AND EXISTS (SELECT FROM guyub.member m WHERE m.household_id = x.household_id AND m.is_recipient AND m.active)
             ORDER BY x.score DESC, x.household_id LOOP
        EXIT WHEN free <= 0;
        IF e.packages <= free THEN
            free := free - e.packages;
            entitlement_id := e.id;
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guyub.places_by_score TO {{app}};

-- Goods of one month alone: a package that a layer above the facility has locked takes none.
CREATE OR REPLACE FUNCTION guyub.package_is_locked(cycle uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(bool_or(l.locked), false)
    FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id
    CROSS JOIN LATERAL (SELECT greatest(c.period, guyub.today_at(f.zone)) AS day FROM guyub.facility f WHERE f.id = c.facility_id) here
    CROSS JOIN LATERAL guyub.layers_of_setting(c.facility_id, p.plugin, 'package', here.day) l
    WHERE c.id = cycle AND c.facility_id = ANY ((SELECT guyub.scope())::uuid[])
$$;
GRANT EXECUTE ON FUNCTION guyub.package_is_locked TO {{app}};

CREATE OR REPLACE FUNCTION guyub.add_to_package() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.open', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'goods of a month are added by a person who may open it');
    END IF;
    IF guyub.package_is_locked(NEW.cycle_id) THEN PERFORM guyub.refuse('GU006', 'package_locked'); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER add_to_package BEFORE INSERT ON guyub.package_line
FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION guyub.add_to_package();

-- The lines of the package itself follow a lock as well: while it holds they are those of the locked value, whoever writes or deletes
-- them. A month is opened with the package of its first day, and changed later to that of the present. What is locked in another
-- form than lines of goods is the programme's to read.
CREATE OR REPLACE FUNCTION guyub.is_package_of_lock(cycle uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS MATERIALIZED (
        SELECT l.value FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id JOIN guyub.facility f ON f.id = c.facility_id
        CROSS JOIN LATERAL guyub.layers_of_setting(c.facility_id, p.plugin, 'package', CASE
            WHEN c.opened_at >= transaction_timestamp() THEN c.period ELSE greatest(c.period, guyub.today_at(f.zone)) END) l
        WHERE c.id = cycle AND l.locked ORDER BY l.depth LIMIT 1),
    locked AS MATERIALIZED (
        SELECT x.line FROM kept k CROSS JOIN LATERAL jsonb_array_elements(
            CASE jsonb_typeof(k.value) WHEN 'array' THEN k.value ELSE '[]' END) AS x (line)),
    wanted AS (
        SELECT lower(btrim(x.line ->> 'code')) AS code, (x.line ->> 'quantity')::numeric AS quantity, (x.line ->> 'price')::bigint AS price,
               COALESCE((x.line ->> 'per_member')::boolean, false) AS per_member, (x.line ->> 'at_most')::numeric AS at_most FROM locked x),
    written AS (
        SELECT i.code, p.quantity, p.price, p.per_member, p.at_most
        FROM guyub.package_line p LEFT JOIN guyub.item i ON i.facility_id = p.facility_id AND i.id = p.item_id
        WHERE p.cycle_id = cycle AND p.reason = '')
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM locked) OR EXISTS (
            SELECT FROM locked x WHERE (x.line ->> 'code' <> '' AND x.line ->> 'quantity' ~ '^[0-9]+([.][0-9]+)?$'
                AND x.line ->> 'price' ~ '^[0-9]{1,15}$' AND COALESCE(x.line ->> 'per_member', 'false') IN ('true', 'false')
                AND COALESCE(x.line ->> 'at_most', '1') ~ '^[0-9]+([.][0-9]+)?$') IS NOT TRUE) THEN true
        ELSE NOT EXISTS ((SELECT * FROM wanted EXCEPT ALL SELECT * FROM written) UNION ALL (SELECT * FROM written EXCEPT ALL SELECT * FROM wanted))
        END
$$;
-- At the commit: a package is replaced by deleting its lines and writing others.
CREATE OR REPLACE FUNCTION guyub.keep_locked_package() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.is_package_of_lock(CASE TG_OP WHEN 'DELETE' THEN OLD.cycle_id ELSE NEW.cycle_id END) THEN
        PERFORM guyub.refuse('GU006', 'package_locked');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS locked_package_new ON guyub.package_line;
CREATE CONSTRAINT TRIGGER locked_package_new AFTER INSERT ON guyub.package_line DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.reason = '' AND current_user <> '{{owner}}') EXECUTE FUNCTION guyub.keep_locked_package();
DROP TRIGGER IF EXISTS locked_package_gone ON guyub.package_line;
CREATE CONSTRAINT TRIGGER locked_package_gone AFTER DELETE ON guyub.package_line DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.reason = '' AND current_user <> '{{owner}}') EXECUTE FUNCTION guyub.keep_locked_package();

-- The end of a facility: nothing is left open behind it, and nothing begins at it afterwards. Everything stays readable.

-- What stands against closing a facility: cycles that are under way, and money and goods that are left.
CREATE OR REPLACE FUNCTION guyub.open_business(target uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'cycles', (SELECT count(*) FROM guyub.cycle c
                   WHERE c.facility_id = target AND c.state NOT IN ('closed', 'cancelled')),
        'period', (SELECT min(c.period) FROM guyub.cycle c
                   WHERE c.facility_id = target AND c.state NOT IN ('closed', 'cancelled')),
        'funds', (SELECT count(DISTINCT a.fund_id) FROM guyub.account a JOIN guyub.account_kind k ON k.kind = a.kind
                  WHERE a.facility_id = target AND NOT k.outside AND (a.rupiah > 0 OR a.quantity > 0)),
        'rupiah', (SELECT COALESCE(sum(a.rupiah), 0) FROM guyub.account a JOIN guyub.account_kind k ON k.kind = a.kind
                   WHERE a.facility_id = target AND NOT k.outside))
$$;

-- The same of several facilities at once, within the scope.
CREATE OR REPLACE FUNCTION guyub.open_business_at(codes text[]) RETURNS TABLE (code text, found jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.code, guyub.open_business(f.id) FROM guyub.facility f
    WHERE f.code = ANY (codes) AND (guyub.scope_is_system() OR f.id = ANY (guyub.scope()))
$$;
GRANT EXECUTE ON FUNCTION guyub.open_business_at TO {{app}};

-- Everything that is written at a facility holds a key share of its row, so taking the whole row waits for whoever is still
-- writing, and whoever comes later finds it closed.
CREATE OR REPLACE FUNCTION guyub.close_facility() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found jsonb;
    named date;
BEGIN
    IF NEW.closed_on > guyub.today_at(NEW.zone) THEN
        PERFORM guyub.refuse('GU013', 'closing_ahead', NEW.closed_on::text);
    END IF;
    -- The first day of the name under which it closes: other changes may have been recorded since.
    SELECT max(n.valid_from) INTO named FROM (
        SELECT d.valid_from, (d.name, d.long_name) IS DISTINCT FROM
                             lag((d.name, d.long_name)) OVER (ORDER BY d.valid_from) AS is_new
        FROM (SELECT DISTINCT ON (x.valid_from) x.valid_from, x.name, x.long_name FROM guyub.facility_name x
              WHERE x.facility_id = NEW.id ORDER BY x.valid_from, x.seq DESC) d) n
    WHERE n.is_new;
    IF NEW.closed_on < named THEN PERFORM guyub.refuse('GU013', 'closing_before_name', named::text); END IF;
    PERFORM FROM guyub.facility f WHERE f.id = NEW.id FOR UPDATE;
    found := guyub.open_business(NEW.id);
    IF (found ->> 'cycles')::bigint + (found ->> 'funds')::bigint > 0 THEN
        PERFORM guyub.refuse('GU014', 'something is left open', (found || jsonb_build_object('facility', NEW.name))::text);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "10_close_facility" AFTER UPDATE ON guyub.facility FOR EACH ROW
WHEN (NEW.closed_on IS NOT NULL AND NEW.closed_on IS DISTINCT FROM OLD.closed_on) EXECUTE FUNCTION guyub.close_facility();

CREATE OR REPLACE FUNCTION guyub.refuse_closed(places uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    closed jsonb;
BEGIN
    PERFORM FROM guyub.facility f WHERE f.id = ANY (places) ORDER BY f.id FOR KEY SHARE;
    SELECT jsonb_build_object('facility', f.name, 'on', f.closed_on, 'successor', COALESCE(s.name, '')) INTO closed
    FROM guyub.facility f LEFT JOIN guyub.facility s ON s.id = f.merged_into
    WHERE f.id = ANY (places) AND f.closed_on IS NOT NULL
    LIMIT 1;
    IF closed IS NOT NULL THEN PERFORM guyub.refuse('GU015', 'this facility is closed', closed::text); END IF;
END $$;

-- Of a whole statement at once.
CREATE OR REPLACE FUNCTION guyub.refuse_at_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse_closed((SELECT array_agg(DISTINCT a.facility_id) FROM added a));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.household REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.member REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.inmate REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.household_event REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.inmate_event REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.survey REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.item REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.fund REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.journal REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.program REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.cycle REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_at_closed();

-- A plugin may still be switched off.
CREATE OR REPLACE FUNCTION guyub.refuse_activation_at_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse_closed(ARRAY[NEW.facility_id]);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_at_closed AFTER INSERT ON guyub.plugin_activation
FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION guyub.refuse_activation_at_closed();

-- Values and officials that begin after its last day; what holds on earlier days may still be put right. Whoever closes it holds
-- the facility's row, so that it is waited for before anybody asks whether it is closed.
CREATE OR REPLACE FUNCTION guyub.refuse_after_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM guyub.facility f WHERE f.id IN (SELECT a.facility_id FROM added a) ORDER BY f.id FOR KEY SHARE;
    PERFORM guyub.refuse_closed((SELECT array_agg(DISTINCT f.id) FROM guyub.facility f JOIN added a ON a.facility_id = f.id
                                 WHERE a.valid_from > f.closed_on));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "40_refuse_after_closing" AFTER INSERT ON guyub.config_value
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_after_closing();
CREATE OR REPLACE TRIGGER refuse_after_closing AFTER INSERT ON guyub.official
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.refuse_after_closing();

-- --- Through the web. A facility is otherwise the system's to write: each of these asks who it is, and for which place. ---

-- The facility, locked, for who configures it, where its file does not decide.
CREATE OR REPLACE FUNCTION guyub.facility_by_web(target uuid) RETURNS guyub.facility
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f guyub.facility;
BEGIN
    IF (target = ANY (guyub.scope()) AND guyub.may_configure(target, NULL)) IS NOT TRUE THEN
        PERFORM guyub.refuse('GU004', 'a facility is changed by those who configure it');
    END IF;
    SELECT * INTO f FROM guyub.facility x WHERE x.id = target FOR NO KEY UPDATE;
    IF f.managed_by <> 'web' THEN PERFORM guyub.refuse('GU017', 'by_files', f.name); END IF;
    RETURN f;
END $$;

-- What files say holds is written by no person, whatever they may configure: not the plugins and values of such a facility,
-- nor its officials, nor the values of such a region.
CREATE OR REPLACE FUNCTION guyub.enforce_managed_by() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place text;
BEGIN
    IF guyub.scope_is_system() THEN RETURN NULL; END IF;
    SELECT f.name INTO place FROM guyub.facility f
    WHERE f.managed_by = 'files' AND f.id IN (SELECT a.facility_id FROM added a) ORDER BY f.name LIMIT 1;
    IF FOUND THEN PERFORM guyub.refuse('GU017', 'by_files', place); END IF;
    IF TG_TABLE_NAME = 'config_value' THEN
        SELECT g.office_name INTO place FROM guyub.region g
        WHERE g.managed_by = 'files' AND g.id IN (SELECT a.region_id FROM added a) ORDER BY g.office_name LIMIT 1;
        IF FOUND THEN PERFORM guyub.refuse('GU017', 'values_by_files', place); END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "20_enforce_managed_by" AFTER INSERT ON guyub.plugin_activation
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.enforce_managed_by();
CREATE OR REPLACE TRIGGER "20_enforce_managed_by" AFTER INSERT ON guyub.config_value
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.enforce_managed_by();
CREATE OR REPLACE TRIGGER enforce_managed_by AFTER INSERT ON guyub.official
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.enforce_managed_by();
CREATE OR REPLACE TRIGGER enforce_managed_by_when_changed AFTER UPDATE ON guyub.official
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.enforce_managed_by();

-- What a facility is called and prints. "before" is what the reader saw: what somebody else changed meanwhile is not undone.
-- Its code, its region and its door are not among what is given.
CREATE OR REPLACE FUNCTION guyub.change_facility(target uuid, before jsonb, given jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f guyub.facility := guyub.facility_by_web(target);
BEGIN
    PERFORM guyub.refuse_closed(ARRAY[target]);
    IF (SELECT jsonb_object_agg(k, to_jsonb(f) -> k) FROM jsonb_object_keys(before) k) IS DISTINCT FROM before THEN
        PERFORM guyub.refuse('GU017', 'changed_meanwhile', f.name);
    END IF;
    UPDATE guyub.facility x
    SET name = r.name, long_name = r.long_name, facility_type = r.facility_type, facility_class = r.facility_class,
        variant = r.variant, city = r.city, city_code = r.city_code, province = r.province, letter_place = r.letter_place, zone = r.zone,
        paper = r.paper, letterhead = r.letterhead, letter_template = r.letter_template, opened_on = r.opened_on,
        name_from = r.name_from
    FROM jsonb_populate_record(NULL::guyub.facility, given) r
    WHERE x.id = target;
END $$;
GRANT EXECUTE ON FUNCTION guyub.change_facility TO {{app}};

-- What a facility may be merged into: those at work which the same person configures; of the same office first.
CREATE OR REPLACE FUNCTION guyub.successors(target uuid) RETURNS TABLE (id uuid, code text, name text, region text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.id, f.code, f.name, g.name
    FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id JOIN guyub.facility ending ON ending.id = target
    WHERE f.closed_on IS NULL AND f.id <> target
      AND (guyub.scope_is_system()
           OR f.id IN (SELECT r.facility_id FROM guyub.grants_of(guyub.actor()) r
                       WHERE 'facilities.configure' = ANY (r.permissions)))
    ORDER BY f.region_id <> ending.region_id, g.name, lower(f.name), f.code
$$;
GRANT EXECUTE ON FUNCTION guyub.successors TO {{app}};

-- The end of a facility, or (without a day) its reopening when it was closed by mistake: its records are as they were.
CREATE OR REPLACE FUNCTION guyub.end_facility(target uuid, last_day date, successor uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f guyub.facility := guyub.facility_by_web(target);
BEGIN
    IF last_day IS NULL AND f.closed_on IS NULL THEN PERFORM guyub.refuse('GU017', 'not_closed', f.name); END IF;
    IF last_day IS NOT NULL THEN PERFORM guyub.refuse_closed(ARRAY[target]); END IF;
    IF successor IS NOT NULL AND NOT EXISTS (SELECT FROM guyub.successors(target) s WHERE s.id = successor) THEN
        PERFORM guyub.refuse('GU017', 'no_successor', f.name);
    END IF;
    UPDATE guyub.facility x SET closed_on = last_day, merged_into = successor WHERE x.id = target;
END $$;
GRANT EXECUTE ON FUNCTION guyub.end_facility TO {{app}};

-- A new facility of a region that the web manages, by who configures the region. Without a letterhead or a template of its own
-- it gets those of its office, as one from a file does. Afterwards it is within the scope, so that its first audit entry is.
CREATE OR REPLACE FUNCTION guyub.open_facility(region uuid, given jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    office guyub.region;
    parts  text[] := guyub.verified_scope();
    opened uuid;
BEGIN
    IF region IS NULL OR guyub.may_configure(NULL, region) IS NOT TRUE THEN
        PERFORM guyub.refuse('GU004', 'a facility is opened by its regional office');
    END IF;
    SELECT * INTO office FROM guyub.region g WHERE g.id = region FOR KEY SHARE;
    IF office.managed_by <> 'web' THEN PERFORM guyub.refuse('GU017', 'region_by_files', office.office_name); END IF;
    INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, facility_class, variant, city, city_code, province,
                                letter_place, zone, paper, letterhead, letter_template, opened_on, managed_by)
    SELECT region, r.code, r.name, r.long_name, r.facility_type, r.facility_class, r.variant, r.city, r.city_code, r.province,
           r.letter_place, r.zone, r.paper,
           CASE WHEN cardinality(r.letterhead) > 0 THEN r.letterhead
                ELSE COALESCE(nation.letterhead, '{}') || COALESCE(own.letterhead, '{}') || upper(r.long_name) END,
           COALESCE(NULLIF(r.letter_template, ''), replace(own.letter_template, '{kanwil_code}', office.letter_code), ''),
           r.opened_on, 'web'
    FROM jsonb_populate_record(NULL::guyub.facility, given) r
    LEFT JOIN guyub.letter_default nation ON nation.region_id IS NULL
    LEFT JOIN guyub.letter_default own ON own.region_id = region
    RETURNING id INTO opened;
    IF parts[4] <> '*' THEN
        PERFORM guyub.open_scope(array_to_string(
            parts[1:3] || concat_ws(',', NULLIF(parts[4], ''), opened::text) || parts[5:6], '|'));
    END IF;
    RETURN opened;
END $$;
GRANT EXECUTE ON FUNCTION guyub.open_facility TO {{app}};

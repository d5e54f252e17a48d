-- Regions, facilities and their officials. What a facility was called, and under which office it stood, is kept by days.

-- When a row was recorded is the clock's to say, never its writer's.
CREATE OR REPLACE FUNCTION guyub.stamp_creation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.created_at := CASE TG_OP WHEN 'INSERT' THEN transaction_timestamp() ELSE OLD.created_at END;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_creation BEFORE INSERT OR UPDATE ON guyub.facility FOR EACH ROW EXECUTE FUNCTION guyub.stamp_creation();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.facility_name
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- Today at a facility, wherever the database server stands.
CREATE OR REPLACE FUNCTION guyub.today_at(zone text) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT (now() AT TIME ZONE zone)::date $$;
GRANT EXECUTE ON FUNCTION guyub.today_at TO {{app}};

-- A first row holds since ever. A change without a new day holds from today: a correction rewrites no past either.
CREATE OR REPLACE FUNCTION guyub.record_facility_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := guyub.today_at(NEW.zone);
    since date := COALESCE(NEW.name_from, NEW.opened_on, date '0001-01-01');
    latest date;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.region_id, NEW.name, NEW.long_name, NEW.facility_type, NEW.facility_class, NEW.variant, NEW.letterhead)
           IS NOT DISTINCT FROM
           (OLD.region_id, OLD.name, OLD.long_name, OLD.facility_type, OLD.facility_class, OLD.variant, OLD.letterhead)
           AND (NEW.name_from IS NULL OR NEW.name_from IS NOT DISTINCT FROM OLD.name_from) THEN
            RETURN NULL;
        END IF;
        since := CASE WHEN NEW.name_from IS DISTINCT FROM OLD.name_from THEN COALESCE(NEW.name_from, today) ELSE today END;
        SELECT max(n.valid_from) INTO latest FROM guyub.facility_name n WHERE n.facility_id = NEW.id;
        -- The day of a name may be told later, and moved back as far as the name before it.
        IF since < latest AND ((NEW.name, NEW.long_name, NEW.region_id) IS DISTINCT FROM (OLD.name, OLD.long_name, OLD.region_id)
                               OR EXISTS (SELECT FROM guyub.facility_name n WHERE n.facility_id = NEW.id
                                          AND n.valid_from >= since AND n.valid_from < latest)) THEN
            PERFORM guyub.refuse('GU013', 'before_known_name', latest::text);
        END IF;
    END IF;
    IF since > today THEN PERFORM guyub.refuse('GU013', 'name_ahead', since::text); END IF;
    INSERT INTO guyub.facility_name (facility_id, valid_from, region_id, name, long_name, facility_type, facility_class, variant,
                                     letterhead, actor)
    VALUES (NEW.id, since, NEW.region_id, NEW.name, NEW.long_name, NEW.facility_type, NEW.facility_class, NEW.variant,
            NEW.letterhead, COALESCE(guyub.actor_label(), ''));
    RETURN NULL;
END $$;
-- A facility that is to open has no past to record; its file is written when it does.
CREATE OR REPLACE FUNCTION guyub.refuse_opening_ahead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse('GU013', 'opening_ahead', NEW.opened_on::text);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER refuse_opening_ahead BEFORE INSERT OR UPDATE OF opened_on ON guyub.facility
FOR EACH ROW WHEN (NEW.opened_on > guyub.today_at(NEW.zone)) EXECUTE FUNCTION guyub.refuse_opening_ahead();

CREATE OR REPLACE TRIGGER "20_record_facility_name" AFTER INSERT OR UPDATE ON guyub.facility FOR EACH ROW EXECUTE FUNCTION guyub.record_facility_name();

-- What goes on for a closed facility is not, by whatever way, that facility itself. One such change at a time, so that two do not
-- close a circle together.
CREATE OR REPLACE FUNCTION guyub.check_merge_acyclic() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guyub.facility.merged_into', 0));
    IF EXISTS (WITH RECURSIVE way (id) AS (
                   SELECT NEW.merged_into
                   UNION SELECT f.merged_into FROM way JOIN guyub.facility f ON f.id = way.id WHERE f.merged_into IS NOT NULL)
               SELECT FROM way WHERE way.id = NEW.id) THEN
        PERFORM guyub.refuse('GU017', 'merged_in_a_circle', NEW.name);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "30_check_merge_acyclic" AFTER INSERT OR UPDATE OF merged_into ON guyub.facility
FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION guyub.check_merge_acyclic();

-- Under which office a facility stood, from a day until the one (not included) on which the next stay begins; the first since
-- ever. Told as far as it was recorded by a moment.
CREATE OR REPLACE FUNCTION guyub.region_memberships(facility uuid, known_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (region_id uuid, since date, until date)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT n.region_id, CASE WHEN lag(n.valid_from) OVER days IS NULL THEN date '0001-01-01' ELSE n.valid_from END,
           lead(n.valid_from) OVER days
    FROM (SELECT DISTINCT ON (x.valid_from) x.valid_from, x.region_id FROM guyub.facility_name x
          WHERE x.facility_id = region_memberships.facility AND x.recorded_at <= region_memberships.known_at
          ORDER BY x.valid_from, x.seq DESC) n
    WINDOW days AS (ORDER BY n.valid_from);
END;
GRANT EXECUTE ON FUNCTION guyub.region_memberships TO {{app}};

-- What type a facility was on a day; before its first name it was the same. With the rights of the caller.
CREATE OR REPLACE FUNCTION guyub.type_on(facility uuid, day date) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT n.facility_type FROM guyub.facility_name n WHERE n.facility_id = type_on.facility
    ORDER BY n.valid_from <= type_on.day DESC, CASE WHEN n.valid_from <= type_on.day THEN n.valid_from END DESC NULLS LAST,
             n.valid_from, n.seq DESC
    LIMIT 1;
END;
GRANT EXECUTE ON FUNCTION guyub.type_on TO {{app}};

-- Facilities that stood under an office and now stand under another, with the first day there: the former office does not
-- reach them any more, and names are public.
CREATE OR REPLACE FUNCTION guyub.former_facilities(region uuid) RETURNS TABLE (name text, region_now text, since date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.name, g.name, min(later.valid_from)
    FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
    JOIN guyub.facility_name later ON later.facility_id = f.id AND later.region_id = f.region_id
    WHERE f.region_id <> former_facilities.region
      AND EXISTS (SELECT FROM guyub.facility_name n WHERE n.facility_id = f.id AND n.region_id = former_facilities.region)
    GROUP BY f.id, f.name, g.name
    ORDER BY lower(f.name)
$$;
GRANT EXECUTE ON FUNCTION guyub.former_facilities TO {{app}};

-- Says whose post it is, before the constraint says that it is taken: triggers come in the order of their names, and the
-- constraint's begins with a letter. What another transaction has not committed yet, the constraint alone waits for.
CREATE OR REPLACE FUNCTION guyub.check_post_vacant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken text;
BEGIN
    SELECT NEW.title || ' (' || f.name || ')' INTO taken
    FROM guyub.official o JOIN guyub.facility f ON f.id = o.facility_id
    WHERE int8range(o.post_key, o.post_key, '[]') && int8range(NEW.post_key, NEW.post_key, '[]')
      AND daterange(o.valid_from, o.valid_until, '[]') && daterange(NEW.valid_from, NEW.valid_until, '[]') AND o.id <> NEW.id
    LIMIT 1;
    IF FOUND THEN PERFORM guyub.refuse('GU017', 'two_holders', taken); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "10_check_post_vacant" AFTER INSERT OR UPDATE ON guyub.official
FOR EACH ROW EXECUTE FUNCTION guyub.check_post_vacant();

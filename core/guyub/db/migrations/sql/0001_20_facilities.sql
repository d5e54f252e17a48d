-- Regions, facilities and their officials. What a facility was called, and under which office it stood, is kept by days.

-- Whether somebody can mean this day: one outside is a slip of the keyboard (guyub.db.limits says the same to people, and
-- how long names and reasons may be).
CREATE FUNCTION guyub.is_valid_date(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day IS NULL OR day BETWEEN date '1900-01-01' AND date '2100-12-31';

-- A month of the books is its first day. They begin in 2000 (guyub.db.limits says the same to people).
CREATE FUNCTION guyub.is_month(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day BETWEEN date '2000-01-01' AND date '2100-12-01' AND extract(day FROM day) = 1;

-- A sentence in both languages, as pages and papers read it.
CREATE FUNCTION guyub.is_text_pair(words jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(jsonb_typeof(words) = 'object' AND jsonb_typeof(words -> 'id') = 'string'
                AND jsonb_typeof(words -> 'en') = 'string', false);

-- What a page counts or adds up: a whole number, or nothing.
CREATE FUNCTION guyub.is_count(given jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given IS NULL OR COALESCE(CASE WHEN jsonb_typeof(given) = 'number'
    THEN given::numeric = trunc(given::numeric) AND abs(given::numeric) < 1e15 END, false);

CREATE TABLE guyub.region (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    code        text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),
    name        text NOT NULL,
    office_name text NOT NULL,
    letter_code text NOT NULL DEFAULT '',
    capital     text NOT NULL DEFAULT '',
    provinces   text[] NOT NULL DEFAULT '{}',      -- an office may serve several provinces
    managed_by  text NOT NULL DEFAULT 'files' CHECK (managed_by IN ('files', 'web')),
    CONSTRAINT name_length CHECK (length(name) <= 120 AND length(office_name) <= 120)
);

-- The classes of each type; none where the class is not known yet. The types without an entry have no classes.
CREATE FUNCTION guyub.is_class_of(facility_type text, facility_class text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN facility_class = '' OR facility_class = ANY (CASE facility_type
    WHEN 'rutan' THEN ARRAY['I', 'IIA', 'IIB']
    WHEN 'lapas' THEN ARRAY['I', 'IIA', 'IIB', 'III']
    WHEN 'lpp' THEN ARRAY['IIA', 'IIB', 'III']
    WHEN 'lpka' THEN ARRAY['I', 'II']
    WHEN 'bapas' THEN ARRAY['I', 'II']
    WHEN 'rupbasan' THEN ARRAY['I', 'II']
    ELSE ARRAY[]::text[] END);

-- name_from: since when the present name, class, region and letterhead hold, as far as somebody said so.
CREATE TABLE guyub.facility (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    region_id       uuid NOT NULL REFERENCES guyub.region,
    code            text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,59}$'),
    name            text NOT NULL,
    long_name       text NOT NULL,
    facility_type   text NOT NULL CHECK (facility_type IN ('rutan', 'cabang_rutan', 'lapas', 'lpp', 'lpka', 'lpas', 'bapas',
                                                           'rupbasan')),
    facility_class  text NOT NULL DEFAULT '',
    variant         text NOT NULL DEFAULT '',
    city            text NOT NULL,
    city_code       text NOT NULL DEFAULT '',
    province        text NOT NULL DEFAULT '',
    letter_place    text NOT NULL,
    zone            text NOT NULL CHECK (zone IN ('Asia/Jakarta', 'Asia/Pontianak', 'Asia/Makassar', 'Asia/Jayapura')),
    paper           text NOT NULL DEFAULT 'F4' CHECK (paper IN ('F4', 'A4')),
    letterhead      text[] NOT NULL DEFAULT '{}',
    letter_template text NOT NULL DEFAULT '',
    managed_by      text NOT NULL DEFAULT 'files' CHECK (managed_by IN ('files', 'web')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    name_from       date,
    opened_on       date,
    closed_on       date,                          -- its last day
    merged_into     uuid REFERENCES guyub.facility,
    CONSTRAINT name_length CHECK (length(name) <= 120 AND length(long_name) <= 200),
    CONSTRAINT place_length CHECK (length(city) <= 100 AND length(province) <= 100 AND length(letter_place) <= 100),
    CONSTRAINT letter_length CHECK (length(array_to_string(letterhead, '')) <= 1000 AND length(letter_template) <= 100),
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(name_from) AND guyub.is_valid_date(opened_on)
                                     AND guyub.is_valid_date(closed_on)),
    CONSTRAINT class_of_type CHECK (guyub.is_class_of(facility_type, facility_class)),
    CONSTRAINT variant_of_lapas CHECK (variant = ''
        OR (facility_type = 'lapas' AND variant IN ('narkotika', 'khusus', 'terbuka', 'pemuda'))),
    CONSTRAINT closes_after_opening CHECK (closed_on >= opened_on),
    CONSTRAINT successor_of_a_closed_one CHECK (merged_into IS NULL OR (closed_on IS NOT NULL AND merged_into <> id))
);
CREATE INDEX facility_region ON guyub.facility (region_id);

-- When a row was recorded is the clock's to say, never its writer's.
CREATE FUNCTION guyub.stamp_creation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.created_at := CASE TG_OP WHEN 'INSERT' THEN transaction_timestamp() ELSE OLD.created_at END;
    RETURN NEW;
END $$;
CREATE TRIGGER stamp_creation BEFORE INSERT OR UPDATE ON guyub.facility FOR EACH ROW EXECUTE FUNCTION guyub.stamp_creation();

-- What a facility was from a day on; of two rows from the same day the one recorded later counts. Written by a trigger of
-- facility alone, so that no change of a name goes without its history.
CREATE TABLE guyub.facility_name (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    seq            bigint GENERATED ALWAYS AS IDENTITY,
    facility_id    uuid NOT NULL REFERENCES guyub.facility,
    valid_from     date NOT NULL,
    region_id      uuid NOT NULL REFERENCES guyub.region,
    name           text NOT NULL,
    long_name      text NOT NULL,
    facility_type  text NOT NULL,
    facility_class text NOT NULL,
    variant        text NOT NULL,
    letterhead     text[] NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor          text NOT NULL
);
CREATE INDEX facility_name_of ON guyub.facility_name (facility_id, valid_from DESC, seq DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.facility_name
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- Today at a facility, wherever the database server stands.
CREATE FUNCTION guyub.today_at(zone text) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT (now() AT TIME ZONE zone)::date $$;

-- A first row holds since ever. A change without a new day holds from today: a correction rewrites no past either.
CREATE FUNCTION guyub.record_facility_name() RETURNS trigger
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
CREATE FUNCTION guyub.refuse_opening_ahead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse('GU013', 'opening_ahead', NEW.opened_on::text);
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_opening_ahead BEFORE INSERT OR UPDATE OF opened_on ON guyub.facility
FOR EACH ROW WHEN (NEW.opened_on > guyub.today_at(NEW.zone)) EXECUTE FUNCTION guyub.refuse_opening_ahead();

CREATE TRIGGER "20_record_facility_name" AFTER INSERT OR UPDATE ON guyub.facility FOR EACH ROW EXECUTE FUNCTION guyub.record_facility_name();

-- What goes on for a closed facility is not, by whatever way, that facility itself. One such change at a time, so that two do not
-- close a circle together.
CREATE FUNCTION guyub.check_merge_acyclic() RETURNS trigger
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
CREATE TRIGGER "30_check_merge_acyclic" AFTER INSERT OR UPDATE OF merged_into ON guyub.facility
FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION guyub.check_merge_acyclic();

-- Under which office a facility stood, from a day until the one (not included) on which the next stay begins; the first since
-- ever. Told as far as it was recorded by a moment.
CREATE FUNCTION guyub.region_memberships(facility uuid, known_at timestamptz DEFAULT 'infinity')
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

-- What type a facility was on a day; before its first name it was the same. With the rights of the caller.
CREATE FUNCTION guyub.type_on(facility uuid, day date) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT n.facility_type FROM guyub.facility_name n WHERE n.facility_id = type_on.facility
    ORDER BY n.valid_from <= type_on.day DESC, CASE WHEN n.valid_from <= type_on.day THEN n.valid_from END DESC NULLS LAST,
             n.valid_from, n.seq DESC
    LIMIT 1;
END;

-- Facilities that stood under an office and now stand under another, with the first day there: the former office does not
-- reach them any more, and names are public.
CREATE FUNCTION guyub.former_facilities(region uuid) RETURNS TABLE (name text, region_now text, since date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.name, g.name, min(later.valid_from)
    FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
    JOIN guyub.facility_name later ON later.facility_id = f.id AND later.region_id = f.region_id
    WHERE f.region_id <> former_facilities.region
      AND EXISTS (SELECT FROM guyub.facility_name n WHERE n.facility_id = f.id AND n.region_id = former_facilities.region)
    GROUP BY f.id, f.name, g.name
    ORDER BY lower(f.name)
$$;

-- Who held which post, and when; titles and names as they are printed. One holder at a time, substantive or, while the post
-- is vacant, acting (Plt.); beside the holder at most one who stands in while the holder is away (Plh.).
CREATE TABLE guyub.official (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    role_code   text NOT NULL,
    title       text NOT NULL,
    name        text NOT NULL DEFAULT '',
    nip         text NOT NULL DEFAULT '' CHECK (nip = '' OR nip ~ '^[0-9]{18}$'),
    acting      text NOT NULL DEFAULT '' CHECK (acting IN ('', 'Plt.', 'Plh.')),
    valid_from  date NOT NULL,
    valid_until date,
    -- The post as one number: ranges need no extension of the database to exclude one another.
    post_key    bigint NOT NULL GENERATED ALWAYS AS
                (hashtextextended(facility_id::text || role_code || (acting = 'Plh.')::text, 0)) STORED,
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    CONSTRAINT name_length CHECK (length(name) <= 120 AND length(title) <= 120),
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from) AND guyub.is_valid_date(valid_until)),
    UNIQUE (facility_id, role_code, valid_from),
    -- Checked at the end of a statement: one that ends a post and fills it does not depend on the order of its rows.
    CONSTRAINT one_holder_at_a_time EXCLUDE USING gist
        (int8range(post_key, post_key, '[]') WITH &&, daterange(valid_from, valid_until, '[]') WITH &&)
        DEFERRABLE INITIALLY IMMEDIATE
);

-- Says whose post it is, before the constraint says that it is taken: triggers come in the order of their names, and the
-- constraint's begins with a letter. What another transaction has not committed yet, the constraint alone waits for.
CREATE FUNCTION guyub.check_post_vacant() RETURNS trigger
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
CREATE TRIGGER "10_check_post_vacant" AFTER INSERT OR UPDATE ON guyub.official
FOR EACH ROW EXECUTE FUNCTION guyub.check_post_vacant();

-- Names of ministerial programmes change with the years: dated master data.
CREATE TABLE guyub.theme (
    code        text PRIMARY KEY,
    label       text NOT NULL,
    detail      text NOT NULL DEFAULT '',
    valid_from  date NOT NULL,
    valid_until date,
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from) AND guyub.is_valid_date(valid_until))
);

-- Regions, facilities and their officials. What a facility was called, and under which office it stood, is kept by days.

-- Whether somebody can mean this day: one outside is a slip of the keyboard (guyub.db.limits says the same to people, and
-- how long names and reasons may be).
CREATE FUNCTION guyub.is_valid_date(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day IS NULL OR day BETWEEN date '1900-01-01' AND date '2100-12-31';
GRANT EXECUTE ON FUNCTION guyub.is_valid_date TO {{app}};

-- A month of the books is its first day. They begin in 2000 (guyub.db.limits says the same to people).
CREATE FUNCTION guyub.is_month(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day >= date '2000-01-01' AND day <= date '2100-12-01' AND extract(day FROM day) = 1;
GRANT EXECUTE ON FUNCTION guyub.is_month TO {{app}};

-- A sentence in both languages, as pages and papers read it.
CREATE FUNCTION guyub.is_text_pair(words jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(jsonb_typeof(words) = 'object' AND jsonb_typeof(words -> 'id') = 'string'
                AND jsonb_typeof(words -> 'en') = 'string', false);
GRANT EXECUTE ON FUNCTION guyub.is_text_pair TO {{app}};

-- What a page counts or adds up: a whole number, or nothing.
CREATE FUNCTION guyub.is_count(given jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given IS NULL OR COALESCE(CASE WHEN jsonb_typeof(given) = 'number'
    THEN given::numeric = trunc(given::numeric) AND abs(given::numeric) < 1e15 END, false);
GRANT EXECUTE ON FUNCTION guyub.is_count TO {{app}};

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
SELECT guyub.protect('region', 'open');
GRANT SELECT, INSERT, UPDATE ON guyub.region TO {{app}};

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
GRANT EXECUTE ON FUNCTION guyub.is_class_of TO {{app}};

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
SELECT guyub.protect('facility', 'open');
GRANT SELECT, INSERT, UPDATE ON guyub.facility TO {{app}};

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
SELECT guyub.protect('facility_name', 'facility');
GRANT SELECT ON guyub.facility_name TO {{app}};

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
SELECT guyub.protect('official', 'own');
-- Who signs is printed on every paper: changed by those who configure, and by files.
CREATE POLICY in_scope ON guyub.official FOR SELECT TO {{app}} USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.official FOR ALL TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]))
    WITH CHECK (facility_id = ANY ((SELECT guyub.scope())::uuid[])
                AND ((SELECT guyub.scope_is_system()) OR guyub.permitted('facilities.configure', facility_id)));
GRANT SELECT,
      INSERT (facility_id, role_code, title, name, nip, acting, valid_from, valid_until),
      UPDATE (title, name, nip, acting, valid_until)
      ON guyub.official TO {{app}};

-- Names of ministerial programmes change with the years: dated master data.
CREATE TABLE guyub.theme (
    code        text PRIMARY KEY,
    label       text NOT NULL,
    detail      text NOT NULL DEFAULT '',
    valid_from  date NOT NULL,
    valid_until date,
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from) AND guyub.is_valid_date(valid_until))
);
SELECT guyub.protect('theme', 'open');
GRANT SELECT, INSERT, UPDATE ON guyub.theme TO {{app}};

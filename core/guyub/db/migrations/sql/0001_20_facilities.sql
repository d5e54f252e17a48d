CREATE TABLE guyub.region (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    code        text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),
    name        text NOT NULL,
    office_name text NOT NULL,
    letter_code text NOT NULL DEFAULT '',
    capital     text NOT NULL DEFAULT ''
);

CREATE TABLE guyub.facility (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    region_id       uuid NOT NULL REFERENCES guyub.region,
    code            text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,59}$'),
    name            text NOT NULL,
    long_name       text NOT NULL,
    facility_type   text NOT NULL,
    facility_class  text NOT NULL DEFAULT '',
    city            text NOT NULL,
    city_code       text NOT NULL DEFAULT '',
    place           text NOT NULL,
    zone            text NOT NULL CHECK (zone IN ('Asia/Jakarta', 'Asia/Pontianak', 'Asia/Makassar', 'Asia/Jayapura')),
    paper           text NOT NULL DEFAULT 'F4' CHECK (paper IN ('F4', 'A4')),
    letterhead      text[] NOT NULL DEFAULT '{}',
    letter_template text NOT NULL DEFAULT '',
    managed_by      text NOT NULL DEFAULT 'files' CHECK (managed_by IN ('files', 'web')),
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX facility_region ON guyub.facility (region_id);

-- Who held which post, and when; titles and names as they are printed.
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
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    UNIQUE (facility_id, role_code, valid_from)
);

-- Names of ministerial programmes change with the years: dated master data.
CREATE TABLE guyub.theme (
    code        text PRIMARY KEY,
    label       text NOT NULL,
    detail      text NOT NULL DEFAULT '',
    valid_from  date NOT NULL,
    valid_until date
);

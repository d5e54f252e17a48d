-- Households and their people, what links them to an inmate, what they need. Money is kept elsewhere and never joins these.

CREATE TABLE guyub.household (
    id                 uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id        uuid NOT NULL REFERENCES guyub.facility,
    category           text NOT NULL CHECK (category IN ('inmate_family', 'neighbour', 'institution', 'former_inmate')),
    active             boolean NOT NULL DEFAULT true,
    family_card_cipher bytea,
    family_card_index  bytea,
    family_card_masked text NOT NULL DEFAULT '',
    phone_cipher       bytea,
    phone_index        bytea,
    street_cipher      bytea,
    rt                 text NOT NULL DEFAULT '' CHECK (rt = '' OR rt ~ '^[0-9]{3}$'),
    rw                 text NOT NULL DEFAULT '' CHECK (rw = '' OR rw ~ '^[0-9]{3}$'),
    village            text NOT NULL DEFAULT '',
    village_code       text NOT NULL DEFAULT '',
    district           text NOT NULL DEFAULT '',
    city               text NOT NULL DEFAULT '',
    children_under_5   smallint NOT NULL DEFAULT 0 CHECK (children_under_5 BETWEEN 0 AND 30),
    children_of_school_age smallint NOT NULL DEFAULT 0 CHECK (children_of_school_age BETWEEN 0 AND 30),
    adults             smallint NOT NULL DEFAULT 1 CHECK (adults BETWEEN 0 AND 60),
    elderly            smallint NOT NULL DEFAULT 0 CHECK (elderly BETWEEN 0 AND 60),
    disabled           smallint NOT NULL DEFAULT 0 CHECK (disabled BETWEEN 0 AND 60),
    photo_consent      boolean NOT NULL DEFAULT false,
    created_at         timestamptz NOT NULL DEFAULT now(),
    CHECK ((family_card_cipher IS NULL) = (family_card_index IS NULL)),
    UNIQUE (facility_id, id)
);
CREATE UNIQUE INDEX household_family_card_once ON guyub.household (facility_id, family_card_index) WHERE active;
SELECT guyub.protect('household', 'personal');
SELECT guyub.let_update('household', 'id', 'facility_id', 'household_id', 'inmate_id', 'created_at');
GRANT SELECT, INSERT ON guyub.household TO {{app}};

CREATE TABLE guyub.member (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL,
    household_id uuid NOT NULL,
    full_name    text NOT NULL CHECK (NOT guyub.is_blank(full_name) AND char_length(btrim(full_name)) <= 80),
    nik_cipher   bytea,
    nik_index    bytea,
    nik_masked   text NOT NULL DEFAULT '',
    sex          text NOT NULL DEFAULT '' CHECK (sex IN ('', 'female', 'male')),
    relation     text NOT NULL DEFAULT ''
                 CHECK (relation IN ('', 'head', 'husband', 'wife', 'child', 'child_in_law', 'grandchild', 'parent',
                                     'parent_in_law', 'other_relative', 'other')),
    is_recipient boolean NOT NULL DEFAULT false,
    active       boolean NOT NULL DEFAULT true,
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id),
    CHECK ((nik_cipher IS NULL) = (nik_index IS NULL)),
    UNIQUE (facility_id, id)
);
CREATE UNIQUE INDEX member_nik_once ON guyub.member (facility_id, nik_index) WHERE active;
CREATE UNIQUE INDEX member_one_recipient ON guyub.member (household_id) WHERE is_recipient AND active;
CREATE INDEX member_household ON guyub.member (household_id);
SELECT guyub.protect('member', 'personal');
SELECT guyub.let_update('member', 'id', 'facility_id', 'household_id', 'inmate_id', 'created_at');
GRANT SELECT, INSERT ON guyub.member TO {{app}};

-- One row per word of a name: compared by range, which an index can serve under a policy.
CREATE TABLE guyub.name_word (
    facility_id uuid NOT NULL,
    member_id   uuid NOT NULL,
    word        text NOT NULL COLLATE "C",
    PRIMARY KEY (facility_id, word, member_id),
    FOREIGN KEY (facility_id, member_id) REFERENCES guyub.member (facility_id, id)
);
CREATE INDEX name_word_member ON guyub.name_word (member_id);
SELECT guyub.protect('name_word', 'personal');
GRANT SELECT ON guyub.name_word TO {{app}};

CREATE TABLE guyub.inmate (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    full_name   text NOT NULL,
    status      text NOT NULL CHECK (status IN ('detainee', 'convict', 'juvenile', 'released')),
    UNIQUE (facility_id, id)
);
SELECT guyub.protect('inmate', 'personal');
SELECT guyub.let_update('inmate', 'id', 'facility_id', 'household_id', 'inmate_id', 'created_at');
GRANT SELECT, INSERT ON guyub.inmate TO {{app}};

-- Registers change with the case (A.III, then B.I): a history, never a key.
CREATE TABLE guyub.inmate_register (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL,
    inmate_id   uuid NOT NULL,
    number      text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 30),
    since       date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(since)),
    FOREIGN KEY (facility_id, inmate_id) REFERENCES guyub.inmate (facility_id, id)
);
CREATE INDEX inmate_register_inmate ON guyub.inmate_register (inmate_id);
SELECT guyub.protect('inmate_register', 'personal');
SELECT guyub.let_insert('inmate_register');
GRANT SELECT ON guyub.inmate_register TO {{app}};

CREATE TABLE guyub.inmate_link (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL,
    household_id uuid NOT NULL,
    inmate_id    uuid NOT NULL,
    relationship text NOT NULL     -- what the recipient is to the inmate
                 CHECK (relationship IN ('self', 'husband', 'wife', 'father', 'mother', 'child', 'older_sibling',
                                         'younger_sibling', 'grandparent', 'parent_in_law', 'uncle_or_aunt',
                                         'nephew_or_niece', 'guardian', 'other')),
    UNIQUE (household_id, inmate_id),
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id),
    FOREIGN KEY (facility_id, inmate_id) REFERENCES guyub.inmate (facility_id, id)
);
SELECT guyub.protect('inmate_link', 'personal');
SELECT guyub.let_update('inmate_link', 'id', 'facility_id', 'household_id', 'inmate_id', 'created_at');
GRANT SELECT, INSERT ON guyub.inmate_link TO {{app}};

-- Questions and answers are data with a version; a survey keeps the version that was asked.
CREATE TABLE guyub.questionnaire (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    code       text NOT NULL,
    version    integer NOT NULL,
    title      jsonb NOT NULL CHECK (guyub.is_text_pair(title)),
    questions  jsonb NOT NULL,
    UNIQUE (code, version)
);
SELECT guyub.protect('questionnaire', 'open');
GRANT SELECT, INSERT ON guyub.questionnaire TO {{app}};

CREATE TABLE guyub.survey (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    seq              bigint GENERATED ALWAYS AS IDENTITY,
    facility_id      uuid NOT NULL,
    household_id     uuid NOT NULL,
    questionnaire_id uuid NOT NULL REFERENCES guyub.questionnaire,
    answers          jsonb NOT NULL CONSTRAINT survey_answers CHECK (jsonb_typeof(answers) = 'object'),
    surveyed_on      date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(surveyed_on)),
    surveyed_by      uuid REFERENCES guyub.person,
    superseded       boolean NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id)
);
CREATE INDEX survey_household ON guyub.survey (household_id);
CREATE UNIQUE INDEX survey_current ON guyub.survey (household_id) WHERE NOT superseded;
SELECT guyub.protect('survey', 'personal');
SELECT guyub.let_insert('survey');
GRANT SELECT ON guyub.survey TO {{app}};

-- Families live on: people join, leave, die and move, another one receives, an inmate is released or transferred. Each is an act
-- with a day and a reason, kept for good; what the tables say of a person or an inmate follows from it (repeatable/60_registry.sql).

ALTER TABLE guyub.member
    ADD COLUMN gone_as text NOT NULL DEFAULT '' CHECK (gone_as IN ('', 'left', 'died', 'mistaken')),
    ADD COLUMN gone_on date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(gone_on)),
    ADD CONSTRAINT gone_since_a_day CHECK ((gone_as = '') = (gone_on IS NULL)),
    ADD CONSTRAINT gone_is_not_active CHECK (gone_as = '' OR NOT active),
    ADD CONSTRAINT gone_does_not_receive CHECK (gone_as = '' OR NOT is_recipient);
-- Who receives and who belongs to a household is changed by acts, and follows the household when it is archived.
REVOKE UPDATE (is_recipient, active) ON guyub.member FROM {{app}};

ALTER TABLE guyub.inmate
    ADD COLUMN status_since date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(status_since)),
    DROP CONSTRAINT inmate_status_check,
    ADD CONSTRAINT inmate_status_check
        CHECK (status IN ('detainee', 'convict', 'juvenile', 'released', 'transferred', 'client'));
REVOKE UPDATE (status) ON guyub.inmate FROM {{app}};

CREATE TABLE guyub.household_event (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    facility_id     uuid NOT NULL,
    household_id    uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('joined', 'left', 'died', 'moved', 'recipient', 'reversed')),
    member_id       uuid NOT NULL,
    to_household_id uuid,                        -- of a move
    age_band        text NOT NULL DEFAULT ''     -- in which the person is counted; none: the number of people stays
                    CHECK (age_band IN ('', 'children_under_5', 'children_of_school_age', 'adults', 'elderly')),
    relationships   jsonb NOT NULL DEFAULT '{}'  -- of a new recipient: what they are to each inmate, by the inmate's id
                    CONSTRAINT event_relationships CHECK (jsonb_typeof(relationships) = 'object'),
    photo_consent   boolean,                     -- of a new recipient, who is asked anew
    reverses        uuid CONSTRAINT member_act_undone_once UNIQUE,
    occurred_on     date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(occurred_on)),
    reason          text NOT NULL CONSTRAINT reason_length CHECK (length(reason) <= 500)
                    CONSTRAINT reason_says_something CHECK (NOT guyub.is_blank(reason)),
    recorded_by     uuid REFERENCES guyub.person,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id),
    FOREIGN KEY (facility_id, member_id) REFERENCES guyub.member (facility_id, id),
    FOREIGN KEY (facility_id, to_household_id) REFERENCES guyub.household (facility_id, id),
    UNIQUE (facility_id, id),
    FOREIGN KEY (facility_id, reverses) REFERENCES guyub.household_event (facility_id, id),
    CONSTRAINT move_has_its_household CHECK ((kind = 'moved') = (to_household_id IS NOT NULL) AND to_household_id <> household_id),
    CONSTRAINT recipient_is_asked CHECK ((kind = 'recipient') = (photo_consent IS NOT NULL)),
    CONSTRAINT reversal_names_its_event CHECK ((kind = 'reversed') = (reverses IS NOT NULL))
);
CREATE INDEX household_event_household ON guyub.household_event (household_id, occurred_on DESC);
CREATE INDEX household_event_to_household ON guyub.household_event (to_household_id) WHERE to_household_id IS NOT NULL;
CREATE INDEX household_event_member ON guyub.household_event (member_id);
SELECT guyub.protect('household_event', 'personal');
SELECT guyub.let_insert('household_event');
GRANT SELECT ON guyub.household_event TO {{app}};

-- What an inmate is and since when; nothing of the case.
CREATE TABLE guyub.inmate_event (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    facility_id     uuid NOT NULL,
    inmate_id       uuid NOT NULL,
    status          text NOT NULL
                    CHECK (status IN ('detainee', 'convict', 'juvenile', 'released', 'transferred', 'client')),
    destination     text NOT NULL DEFAULT '' CHECK (char_length(destination) <= 120),  -- the facility or Bapas that it leads to
    status_before   text NOT NULL,
    since_before    date,
    reverses        uuid CONSTRAINT status_undone_once UNIQUE,
    occurred_on     date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(occurred_on) AND guyub.is_valid_date(since_before)),
    reason          text NOT NULL CONSTRAINT reason_length CHECK (length(reason) <= 500)
                    CONSTRAINT reason_says_something CHECK (NOT guyub.is_blank(reason)),
    recorded_by     uuid REFERENCES guyub.person,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (facility_id, inmate_id) REFERENCES guyub.inmate (facility_id, id),
    UNIQUE (facility_id, id),
    FOREIGN KEY (facility_id, reverses) REFERENCES guyub.inmate_event (facility_id, id)
);
CREATE INDEX inmate_event_inmate ON guyub.inmate_event (inmate_id);
CREATE INDEX inmate_link_inmate ON guyub.inmate_link (inmate_id);
SELECT guyub.protect('inmate_event', 'personal');
SELECT guyub.let_insert('inmate_event');
GRANT SELECT ON guyub.inmate_event TO {{app}};

-- One row per word of an inmate's name, as guyub.name_word of a member's.
CREATE TABLE guyub.inmate_name_word (
    facility_id uuid NOT NULL,
    inmate_id   uuid NOT NULL,
    word        text NOT NULL COLLATE "C",
    PRIMARY KEY (facility_id, word, inmate_id),
    FOREIGN KEY (facility_id, inmate_id) REFERENCES guyub.inmate (facility_id, id)
);
CREATE INDEX inmate_name_word_inmate ON guyub.inmate_name_word (inmate_id);
SELECT guyub.protect('inmate_name_word', 'personal');
GRANT SELECT ON guyub.inmate_name_word TO {{app}};
INSERT INTO guyub.inmate_name_word (facility_id, inmate_id, word)
SELECT DISTINCT i.facility_id, i.id, word
FROM guyub.inmate i, regexp_split_to_table(casefold(normalize(i.full_name, NFKC)), '[^[:alnum:]]+') word
WHERE word <> '';

-- A programme of a facility, its monthly cycles, who was chosen and why, and who received what.

CREATE TABLE guyub.program (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL REFERENCES guyub.facility,
    plugin       text NOT NULL,
    program_type text NOT NULL,
    UNIQUE (facility_id, plugin, program_type),
    UNIQUE (facility_id, id)
);
SELECT guyub.protect('program', 'facility');
GRANT SELECT, INSERT ON guyub.program TO {{app}};

-- What readers of a cycle need although its plugin may be gone: what it is called, gives, asks and counts.
CREATE FUNCTION guyub.are_settings(settings jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp RETURN COALESCE(
    CASE WHEN jsonb_typeof(settings) = 'object' AND jsonb_typeof(settings -> 'rules') = 'array'
              AND jsonb_typeof(settings -> 'criteria') = 'array'
    THEN guyub.is_text_pair(settings -> 'title') AND settings ->> 'benefit' IN ('goods', 'money')
         AND NOT EXISTS (SELECT FROM jsonb_array_elements(settings -> 'rules') AS r (rule)
                         WHERE (jsonb_typeof(rule -> 'key') = 'string' AND guyub.is_text_pair(rule -> 'otherwise')) IS NOT TRUE)
         AND NOT EXISTS (SELECT FROM jsonb_array_elements(settings -> 'criteria') AS c (criterion)
                         WHERE (jsonb_typeof(criterion -> 'key') = 'string' AND guyub.is_text_pair(criterion -> 'label')
                                AND criterion -> 'weight' IS NOT NULL AND guyub.is_count(criterion -> 'weight')) IS NOT TRUE)
    END, false);
GRANT EXECUTE ON FUNCTION guyub.are_settings TO {{app}};

CREATE TABLE guyub.cycle (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id     uuid NOT NULL,
    program_id      uuid NOT NULL,
    code            text NOT NULL,             -- by which addresses, commands and the trail name it: "2024-11"
    period          date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    state           text NOT NULL DEFAULT 'planned'
                    CHECK (state IN ('planned', 'proposed', 'approved', 'distributing', 'closed', 'cancelled')),
    quota           integer NOT NULL CHECK (quota > 0),
    exclusion_group text NOT NULL,
    settings        jsonb NOT NULL             -- the programme's configuration as it was when the cycle was opened
                    CONSTRAINT cycle_settings CHECK (guyub.are_settings(settings)),
    -- Nobody receives before the month begins, and what is given half a year late is another month's: guyub.programs.cycles
    -- says the same to people.
    distribution_on date CONSTRAINT day_near_its_month
                    CHECK (guyub.is_valid_date(distribution_on)
                           AND distribution_on >= period AND distribution_on < period + interval '6 months'),
    starts_at       time,
    place           text NOT NULL DEFAULT '',
    revision        integer NOT NULL DEFAULT 0,  -- how often what a calendar shows of it has changed, and when last
    revised_at      timestamptz,
    decided_version integer,                   -- the revision that the last approval, return or cancelling was decided upon (repeatable/89_versions.sql)
    previous_id     uuid,
    campaign_id     uuid,                      -- the order of the regional office that it fulfils (0001_86_campaigns.sql)
    opened_by       uuid REFERENCES guyub.person,
    opened_at       timestamptz,
    scored_at       timestamptz,
    proposed_by     uuid REFERENCES guyub.person,
    proposed_at     timestamptz,
    approved_by     uuid REFERENCES guyub.person,
    approved_at     timestamptz,
    approved_from   timestamptz,               -- the moment from which the approval holds (repeatable/88_days.sql)
    distributing_by uuid REFERENCES guyub.person,
    distributing_at timestamptz,
    closed_by       uuid REFERENCES guyub.person,
    closed_at       timestamptz,
    closing_note    text NOT NULL DEFAULT '' CONSTRAINT reason_says_something CHECK (guyub.is_reason(closing_note)),
    cancelled_by    uuid REFERENCES guyub.person,
    cancelled_at    timestamptz,
    FOREIGN KEY (facility_id, program_id) REFERENCES guyub.program (facility_id, id),
    FOREIGN KEY (facility_id, previous_id) REFERENCES guyub.cycle (facility_id, id),
    CONSTRAINT approver_is_another CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CONSTRAINT approved_by_a_person CHECK (state NOT IN ('approved', 'distributing', 'closed') OR approved_by IS NOT NULL),
    CONSTRAINT one_cycle_a_month UNIQUE (program_id, period),
    CONSTRAINT cycle_code_once UNIQUE (facility_id, code),
    -- A code begins with the month; what follows tells cycles of one month apart.
    CONSTRAINT cycle_code CHECK (NOT guyub.is_month(period) OR code ~ '^[0-9]{4}-[0-9]{2}(-[a-z0-9]+)*$' AND length(code) <= 60
        AND left(code, 7) = extract(year FROM period)::text || '-' || lpad(extract(month FROM period)::text, 2, '0')),
    UNIQUE (facility_id, id)
);
SELECT guyub.protect('cycle', 'facility');
GRANT SELECT,
      INSERT (facility_id, program_id, period, quota, exclusion_group, settings, distribution_on, starts_at, place,
              previous_id, campaign_id),
      UPDATE (state, distribution_on, starts_at, place, scored_at, closing_note, campaign_id, approved_from, decided_version)
      ON guyub.cycle TO {{app}};

-- The package of a cycle: goods by item, or money; per household, times its size where the programme says so.
CREATE TABLE guyub.package_line (
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    line        smallint NOT NULL,
    item_id     uuid,                         -- none: money
    unit        text,                         -- of the item; money has none
    quantity    numeric(14, 3) NOT NULL CHECK (quantity > 0),
    price       bigint NOT NULL CHECK (price >= 0),
    per_member  boolean NOT NULL DEFAULT false,
    at_most     numeric(14, 3),
    label       jsonb                         -- what money is called, in both languages; goods have the name of their item
                CONSTRAINT package_label CHECK (label IS NULL OR guyub.is_text_pair(label)),
    PRIMARY KEY (cycle_id, line),
    CONSTRAINT money_is_called CHECK (
        CASE WHEN item_id IS NULL THEN COALESCE(label ->> 'id', '') <> '' AND COALESCE(label ->> 'en', '') <> ''
             ELSE label IS NULL END),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    CONSTRAINT goods_have_a_unit CHECK ((item_id IS NULL) = (unit IS NULL)),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id),
    FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item (facility_id, id, unit)
);
SELECT guyub.protect('package_line', 'facility');
GRANT SELECT, INSERT, DELETE ON guyub.package_line TO {{app}};

CREATE TABLE guyub.cycle_fund (
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    fund_id     uuid NOT NULL,
    priority    smallint NOT NULL,
    PRIMARY KEY (cycle_id, fund_id),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id)
);
SELECT guyub.protect('cycle_fund', 'facility');
GRANT SELECT, INSERT, DELETE ON guyub.cycle_fund TO {{app}};

CREATE TABLE guyub.entitlement (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL,
    cycle_id     uuid NOT NULL,
    household_id uuid NOT NULL,
    category     text NOT NULL,
    area         text NOT NULL DEFAULT '',
    members      smallint NOT NULL,
    score        numeric(10, 3) NOT NULL,
    reasons      jsonb NOT NULL               -- each criterion with its points
                 CONSTRAINT score_reasons CHECK (jsonb_typeof(reasons) = 'object'
                                                 AND NOT jsonb_path_exists(reasons, '$.* ? (@.type() != "number")')),
    state        text NOT NULL DEFAULT 'candidate'
                 CHECK (state IN ('candidate', 'selected', 'excluded', 'approved', 'received', 'absent', 'cancelled')),
    state_reason text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(state_reason) <= 500)
                 CONSTRAINT reason_says_something CHECK (guyub.is_reason(state_reason)),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id),
    CONSTRAINT absence_has_a_reason CHECK (state <> 'absent' OR NOT guyub.is_blank(state_reason)),
    CONSTRAINT one_benefit_per_household UNIQUE (cycle_id, household_id),
    UNIQUE (facility_id, id)
);
CREATE INDEX entitlement_household ON guyub.entitlement (household_id, state);
CREATE INDEX entitlement_cycle ON guyub.entitlement (cycle_id, state, score DESC);
SELECT guyub.protect('entitlement', 'personal');
GRANT SELECT, INSERT, DELETE, UPDATE (state, state_reason) ON guyub.entitlement TO {{app}};

CREATE TABLE guyub.entitlement_line (
    facility_id    uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    line           smallint NOT NULL,
    item_id        uuid,
    quantity       numeric(14, 3) NOT NULL CHECK (quantity > 0),
    price          bigint NOT NULL CHECK (price >= 0),
    PRIMARY KEY (entitlement_id, line),
    FOREIGN KEY (facility_id, entitlement_id) REFERENCES guyub.entitlement (facility_id, id),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id)
);
SELECT guyub.protect('entitlement_line', 'personal');
GRANT SELECT, INSERT, DELETE ON guyub.entitlement_line TO {{app}};

-- The list as it was proposed: later edits to the registry rewrite no history. Kept apart, so that it can be anonymised.
CREATE TABLE guyub.recipient_snapshot (
    entitlement_id uuid PRIMARY KEY,
    facility_id    uuid NOT NULL,
    number         integer NOT NULL,          -- the place on the list, by score
    full_name      text NOT NULL,
    nik_masked     text NOT NULL,
    address        text NOT NULL,
    relationship   text NOT NULL,
    inmate_name    text NOT NULL,
    FOREIGN KEY (facility_id, entitlement_id) REFERENCES guyub.entitlement (facility_id, id)
);
SELECT guyub.protect('recipient_snapshot', 'personal');
GRANT SELECT, INSERT, DELETE ON guyub.recipient_snapshot TO {{app}};

CREATE TABLE guyub.handover (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    seq            bigint GENERATED ALWAYS AS IDENTITY,
    facility_id    uuid NOT NULL,
    entitlement_id uuid NOT NULL,
    journal_id     uuid,
    number         integer NOT NULL,
    handed_at      timestamptz NOT NULL,
    given_by       uuid NOT NULL REFERENCES guyub.person,
    witness        text NOT NULL,
    witness_id     uuid REFERENCES guyub.person,
    collected_by   text NOT NULL DEFAULT 'recipient' CHECK (collected_by IN ('recipient', 'proxy')),
    proxy_name     text NOT NULL DEFAULT '',
    proxy_letter   text NOT NULL DEFAULT '',
    proof          text NOT NULL CHECK (proof IN ('signature', 'thumbprint')),
    reversed_at    timestamptz,
    reversed_by    uuid REFERENCES guyub.person,
    reversal_reason text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(reversal_reason) <= 500)
                    CONSTRAINT reason_says_something CHECK (guyub.is_reason(reversal_reason)),
    reversal_journal_id uuid,
    FOREIGN KEY (facility_id, entitlement_id) REFERENCES guyub.entitlement (facility_id, id),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id),
    FOREIGN KEY (facility_id, reversal_journal_id) REFERENCES guyub.journal (facility_id, id),
    CONSTRAINT witness_is_another CHECK (witness_id IS NULL OR witness_id <> given_by),
    CONSTRAINT witness_named CHECK (NOT guyub.is_blank(witness)),
    CONSTRAINT proxy_has_letter CHECK (collected_by = 'recipient' OR NOT (guyub.is_blank(proxy_name) OR guyub.is_blank(proxy_letter))),
    UNIQUE (facility_id, id)
);
CREATE UNIQUE INDEX handed_over_once ON guyub.handover (entitlement_id) WHERE reversed_at IS NULL;
CREATE INDEX handover_undone ON guyub.handover (entitlement_id) WHERE reversed_at IS NOT NULL;
SELECT guyub.protect('handover', 'personal');
GRANT SELECT,
      INSERT (id, facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness, witness_id, collected_by,
              proxy_name, proxy_letter, proof),
      UPDATE (reversed_at, reversed_by, reversal_reason, reversal_journal_id)
      ON guyub.handover TO {{app}};

CREATE TABLE guyub.handover_line (
    facility_id    uuid NOT NULL,
    handover_id    uuid NOT NULL,
    transfer_id    uuid NOT NULL,
    item_id        uuid,
    quantity       numeric(14, 3) NOT NULL CHECK (quantity >= 0),
    rupiah         bigint NOT NULL CHECK (rupiah >= 0),
    PRIMARY KEY (handover_id, transfer_id),
    FOREIGN KEY (facility_id, handover_id) REFERENCES guyub.handover (facility_id, id),
    FOREIGN KEY (facility_id, transfer_id) REFERENCES guyub.transfer (facility_id, id)
);
CREATE INDEX handover_line_transfer ON guyub.handover_line (transfer_id);
SELECT guyub.protect('handover_line', 'personal');
GRANT SELECT, INSERT ON guyub.handover_line TO {{app}};

-- One benefit per identity, exclusion group and month, across facilities; nobody reads it directly.
CREATE TABLE guyub.claim (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    identity        bytea NOT NULL,
    exclusion_group text NOT NULL,
    period          date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    facility_id     uuid NOT NULL,
    entitlement_id  uuid NOT NULL,
    released_at     timestamptz,
    FOREIGN KEY (facility_id, entitlement_id) REFERENCES guyub.entitlement (facility_id, id)
);
CREATE UNIQUE INDEX one_benefit_a_month ON guyub.claim (identity, exclusion_group, period) WHERE released_at IS NULL;
CREATE INDEX claim_entitlement ON guyub.claim (entitlement_id);
SELECT guyub.protect('claim', 'own');

-- A programme of a facility, its monthly cycles, who was chosen and why, and who received what.

CREATE TABLE guyub.program (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL REFERENCES guyub.facility,
    plugin       text NOT NULL,
    program_type text NOT NULL,
    UNIQUE (facility_id, plugin, program_type),
    UNIQUE (facility_id, id)
);

CREATE TABLE guyub.cycle (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id     uuid NOT NULL,
    program_id      uuid NOT NULL,
    period          date NOT NULL CHECK (extract(day FROM period) = 1),
    state           text NOT NULL DEFAULT 'planned'
                    CHECK (state IN ('planned', 'proposed', 'approved', 'distributing', 'closed', 'cancelled')),
    quota           integer NOT NULL CHECK (quota > 0),
    exclusion_group text NOT NULL,
    settings        jsonb NOT NULL,            -- the programme's configuration as it was when the cycle was opened
    distribution_on date,
    starts_at       time,
    place           text NOT NULL DEFAULT '',
    previous_id     uuid REFERENCES guyub.cycle,
    opened_by       uuid REFERENCES guyub.person,
    opened_at       timestamptz,
    scored_at       timestamptz,
    proposed_by     uuid REFERENCES guyub.person,
    proposed_at     timestamptz,
    approved_by     uuid REFERENCES guyub.person,
    approved_at     timestamptz,
    distributing_by uuid REFERENCES guyub.person,
    distributing_at timestamptz,
    closed_by       uuid REFERENCES guyub.person,
    closed_at       timestamptz,
    closing_note    text NOT NULL DEFAULT '',
    cancelled_by    uuid REFERENCES guyub.person,
    cancelled_at    timestamptz,
    FOREIGN KEY (facility_id, program_id) REFERENCES guyub.program (facility_id, id),
    CONSTRAINT approver_is_another CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CONSTRAINT approved_by_a_person CHECK (state NOT IN ('approved', 'distributing', 'closed') OR approved_by IS NOT NULL),
    CONSTRAINT one_cycle_a_month UNIQUE (program_id, period),
    UNIQUE (facility_id, id)
);

-- The package of a cycle: goods by item, or money; per household, times its size where the programme says so.
CREATE TABLE guyub.package_line (
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    line        smallint NOT NULL,
    item_id     uuid,                         -- none: money
    quantity    numeric(14, 3) NOT NULL CHECK (quantity > 0),
    price       bigint NOT NULL CHECK (price >= 0),
    per_member  boolean NOT NULL DEFAULT false,
    at_most     numeric(14, 3),
    PRIMARY KEY (cycle_id, line),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id)
);

CREATE TABLE guyub.cycle_fund (
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    fund_id     uuid NOT NULL,
    priority    smallint NOT NULL,
    PRIMARY KEY (cycle_id, fund_id),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id)
);

CREATE TABLE guyub.entitlement (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL,
    cycle_id     uuid NOT NULL,
    household_id uuid NOT NULL,
    category     text NOT NULL,
    area         text NOT NULL DEFAULT '',
    members      smallint NOT NULL,
    score        numeric(10, 3) NOT NULL,
    reasons      jsonb NOT NULL,              -- each criterion with its points
    state        text NOT NULL DEFAULT 'candidate'
                 CHECK (state IN ('candidate', 'selected', 'excluded', 'approved', 'received', 'absent', 'cancelled')),
    state_reason text NOT NULL DEFAULT '',
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id),
    FOREIGN KEY (facility_id, household_id) REFERENCES guyub.household (facility_id, id),
    CONSTRAINT one_benefit_per_household UNIQUE (cycle_id, household_id),
    UNIQUE (facility_id, id)
);
CREATE INDEX entitlement_household ON guyub.entitlement (household_id, state);
CREATE INDEX entitlement_cycle ON guyub.entitlement (cycle_id, state, score DESC);

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

CREATE TABLE guyub.handover (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
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
    reversal_reason text NOT NULL DEFAULT '',
    reversal_journal_id uuid,
    FOREIGN KEY (facility_id, entitlement_id) REFERENCES guyub.entitlement (facility_id, id),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id),
    CONSTRAINT witness_is_another CHECK (witness_id IS NULL OR witness_id <> given_by),
    CONSTRAINT witness_named CHECK (btrim(witness) <> ''),
    CONSTRAINT proxy_has_letter CHECK (collected_by = 'recipient' OR (btrim(proxy_name) <> '' AND btrim(proxy_letter) <> '')),
    UNIQUE (facility_id, id)
);
CREATE UNIQUE INDEX handed_over_once ON guyub.handover (entitlement_id) WHERE reversed_at IS NULL;

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

-- One benefit per identity, exclusion group and month, across facilities; nobody reads it directly.
CREATE TABLE guyub.claim (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    identity        bytea NOT NULL,
    exclusion_group text NOT NULL,
    period          date NOT NULL,
    facility_id     uuid NOT NULL REFERENCES guyub.facility,
    entitlement_id  uuid NOT NULL REFERENCES guyub.entitlement,
    released_at     timestamptz
);
CREATE UNIQUE INDEX one_benefit_a_month ON guyub.claim (identity, exclusion_group, period) WHERE released_at IS NULL;
CREATE INDEX claim_entitlement ON guyub.claim (entitlement_id);

CREATE FUNCTION guyub.identities_of(cycle uuid) RETURNS TABLE (entitlement_id uuid, identity bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT e.id, m.nik_index FROM guyub.entitlement e JOIN guyub.member m ON m.household_id = e.household_id
    WHERE e.cycle_id = cycle AND m.active AND m.nik_index IS NOT NULL
    UNION
    SELECT e.id, h.family_card_index FROM guyub.entitlement e JOIN guyub.household h ON h.id = e.household_id
    WHERE e.cycle_id = cycle AND h.family_card_index IS NOT NULL
$$;
REVOKE ALL ON FUNCTION guyub.identities_of FROM PUBLIC;

-- Who of a cycle is already served this month elsewhere: the name of the facility and nothing else.
CREATE FUNCTION guyub.served_elsewhere(cycle uuid) RETURNS TABLE (entitlement_id uuid, facility text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT ON (i.entitlement_id) i.entitlement_id, f.name
    FROM guyub.cycle c
    CROSS JOIN guyub.identities_of(c.id) i
    JOIN guyub.claim cl ON cl.identity = i.identity AND cl.exclusion_group = c.exclusion_group
                       AND cl.period = c.period AND cl.released_at IS NULL AND cl.entitlement_id <> i.entitlement_id
    JOIN guyub.facility f ON f.id = cl.facility_id
    WHERE c.id = cycle AND c.facility_id = ANY (guyub.scope())
    ORDER BY i.entitlement_id, f.name
$$;

CREATE FUNCTION guyub.next_state_allowed(old_state text, new_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (old_state, new_state) IN (
        ('planned', 'proposed'), ('proposed', 'planned'), ('proposed', 'approved'), ('approved', 'distributing'),
        ('distributing', 'closed'), ('planned', 'cancelled'), ('proposed', 'cancelled'), ('approved', 'cancelled'))
$$;

CREATE FUNCTION guyub.step_cycle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who uuid := guyub.actor();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'planned' THEN PERFORM guyub.refuse('GU003', 'a cycle begins planned'); END IF;
        NEW.opened_by := who; NEW.opened_at := clock_timestamp();
        NEW.proposed_by := NULL; NEW.approved_by := NULL; NEW.distributing_by := NULL; NEW.closed_by := NULL; NEW.cancelled_by := NULL;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.facility_id, NEW.program_id, NEW.period) IS DISTINCT FROM (OLD.id, OLD.facility_id, OLD.program_id, OLD.period)
       OR (OLD.state <> 'planned' AND (NEW.quota, NEW.settings, NEW.exclusion_group)
                                      IS DISTINCT FROM (OLD.quota, OLD.settings, OLD.exclusion_group))
       OR OLD.state IN ('closed', 'cancelled') THEN
        PERFORM guyub.refuse('GU006', 'this part of the cycle is frozen');
    END IF;
    -- The steps stamp themselves: what the caller says about actors and times is not heard.
    NEW.opened_by := OLD.opened_by;             NEW.opened_at := OLD.opened_at;
    NEW.proposed_by := OLD.proposed_by;         NEW.proposed_at := OLD.proposed_at;
    NEW.approved_by := OLD.approved_by;         NEW.approved_at := OLD.approved_at;
    NEW.distributing_by := OLD.distributing_by; NEW.distributing_at := OLD.distributing_at;
    NEW.closed_by := OLD.closed_by;             NEW.closed_at := OLD.closed_at;
    NEW.cancelled_by := OLD.cancelled_by;       NEW.cancelled_at := OLD.cancelled_at;
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    IF NOT guyub.next_state_allowed(OLD.state, NEW.state) THEN
        PERFORM guyub.refuse('GU003', format('a cycle does not go from %s to %s', OLD.state, NEW.state));
    END IF;
    CASE NEW.state
    WHEN 'planned' THEN NEW.proposed_by := NULL; NEW.proposed_at := NULL;
    WHEN 'proposed' THEN
        IF NOT guyub.permitted('programs.propose', NEW.facility_id) THEN
            PERFORM guyub.refuse('GU004', 'proposing needs a person who may propose');
        END IF;
        NEW.proposed_by := who; NEW.proposed_at := clock_timestamp();
    WHEN 'approved' THEN
        IF NOT guyub.permitted('programs.approve', NEW.facility_id) THEN
            PERFORM guyub.refuse('GU004', 'approving needs a person who may approve');
        END IF;
        IF who = OLD.proposed_by THEN PERFORM guyub.refuse('GU004', 'the proposer never approves'); END IF;
        NEW.approved_by := who; NEW.approved_at := clock_timestamp();
    WHEN 'distributing' THEN NEW.distributing_by := who; NEW.distributing_at := clock_timestamp();
    WHEN 'closed' THEN NEW.closed_by := who; NEW.closed_at := clock_timestamp();
    WHEN 'cancelled' THEN NEW.cancelled_by := who; NEW.cancelled_at := clock_timestamp();
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER step_cycle BEFORE INSERT OR UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.step_cycle();

-- What a step brings with it, in the same statement: claims and frozen states on approval, empty reservations on closing.
CREATE FUNCTION guyub.follow_cycle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    taken jsonb;
BEGIN
    IF NEW.state = OLD.state THEN RETURN NULL; END IF;
    IF NEW.state = 'approved' THEN
        IF NOT EXISTS (SELECT FROM guyub.entitlement e WHERE e.cycle_id = NEW.id AND e.state = 'selected') THEN
            PERFORM guyub.refuse('GU003', 'nobody is selected');
        END IF;
        IF EXISTS (
            SELECT FROM (SELECT e.category, l.item_id, sum(l.quantity) AS quantity
                         FROM guyub.entitlement e JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
                         WHERE e.cycle_id = NEW.id AND e.state = 'selected' GROUP BY 1, 2) need
            FULL JOIN (SELECT r.category, r.item_id, sum(r.quantity) AS quantity FROM guyub.reservation r
                       WHERE r.holder_id = NEW.id GROUP BY 1, 2) held
              ON held.category = need.category AND held.item_id IS NOT DISTINCT FROM need.item_id
            WHERE need.quantity IS DISTINCT FROM held.quantity) THEN
            PERFORM guyub.refuse('GU003', 'what is approved is reserved, item by item');
        END IF;
        INSERT INTO guyub.claim (identity, exclusion_group, period, facility_id, entitlement_id)
        SELECT DISTINCT ON (i.identity) i.identity, NEW.exclusion_group, NEW.period, NEW.facility_id, i.entitlement_id
        FROM guyub.identities_of(NEW.id) i JOIN guyub.entitlement e ON e.id = i.entitlement_id AND e.state = 'selected'
        ORDER BY i.identity
        ON CONFLICT (identity, exclusion_group, period) WHERE released_at IS NULL DO NOTHING;
        SELECT jsonb_agg(jsonb_build_object('entitlement', s.entitlement_id, 'facility', s.facility)) INTO taken
        FROM guyub.served_elsewhere(NEW.id) s JOIN guyub.entitlement e ON e.id = s.entitlement_id AND e.state = 'selected';
        IF taken IS NOT NULL THEN PERFORM guyub.refuse('GU008', 'already served this month', taken::text); END IF;
        UPDATE guyub.entitlement SET state = 'approved' WHERE cycle_id = NEW.id AND state = 'selected';
    ELSIF NEW.state IN ('closed', 'cancelled') THEN
        IF EXISTS (SELECT FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id
                   WHERE r.holder_id = NEW.id AND (a.rupiah <> 0 OR a.quantity <> 0)) THEN
            PERFORM guyub.refuse('GU003', 'something is still reserved for this cycle');
        END IF;
        IF NEW.state = 'closed' AND EXISTS (SELECT FROM guyub.entitlement e WHERE e.cycle_id = NEW.id AND e.state = 'approved') THEN
            PERFORM guyub.refuse('GU003', 'some households are neither served nor marked absent');
        END IF;
        IF NEW.state = 'closed' AND (
            SELECT count(*) FROM (
                SELECT FROM (
                    SELECT h.id, l.item_id, CASE WHEN l.item_id IS NULL THEN l.quantity * l.price ELSE l.quantity END AS units
                    FROM guyub.entitlement e JOIN guyub.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL
                    JOIN guyub.entitlement_line l ON l.entitlement_id = e.id WHERE e.cycle_id = NEW.id
                    UNION ALL
                    SELECT h.id, l.item_id, CASE WHEN l.item_id IS NULL THEN -l.rupiah ELSE -l.quantity END
                    FROM guyub.entitlement e JOIN guyub.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL
                    JOIN guyub.handover_line l ON l.handover_id = h.id WHERE e.cycle_id = NEW.id) owed_and_given
                GROUP BY id, item_id HAVING sum(units) <> 0) wrong) > 0 THEN
            PERFORM guyub.refuse('GU003', 'a hand-over does not add up to its package');
        END IF;
        UPDATE guyub.claim cl SET released_at = clock_timestamp()
        FROM guyub.entitlement e
        WHERE cl.entitlement_id = e.id AND e.cycle_id = NEW.id AND e.state <> 'received' AND cl.released_at IS NULL;
        UPDATE guyub.entitlement SET state = 'cancelled' WHERE cycle_id = NEW.id AND NEW.state = 'cancelled'
           AND state IN ('selected', 'approved');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_cycle AFTER UPDATE OF state ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.follow_cycle();

-- Lists change while a cycle is planned, and never after; on the day itself only attendance does.
CREATE FUNCTION guyub.guard_list() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_user = '{{owner}}' THEN RETURN NULL; END IF;
    IF EXISTS (SELECT FROM changed n JOIN guyub.cycle c ON c.id = n.cycle_id WHERE c.state <> 'planned') THEN
        PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen');
    END IF;
    IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'entitlement'
       AND EXISTS (SELECT FROM changed n WHERE to_jsonb(n) ->> 'state' NOT IN ('candidate', 'selected', 'excluded')) THEN
        PERFORM guyub.refuse('GU006', 'an entitlement begins as a candidate');
    END IF;
    RETURN NULL;
END $$;
-- Of an entitlement the application may change the state and its reason only (grants). Counted and planned anew each time:
-- EXISTS, or a plan kept from a change of one row, compares fifty thousand rows with fifty thousand one by one.
CREATE FUNCTION guyub.guard_states() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    wrong bigint;
BEGIN
    IF current_user = '{{owner}}' THEN RETURN NULL; END IF;
    EXECUTE $q$
        SELECT count(*) FROM changed n JOIN previous o ON o.id = n.id JOIN guyub.cycle c ON c.id = o.cycle_id
        WHERE NOT CASE c.state
            WHEN 'planned' THEN n.state IN ('candidate', 'selected', 'excluded')
            WHEN 'distributing' THEN o.state IN ('approved', 'absent') AND n.state IN ('approved', 'absent')
            ELSE false END $q$ INTO wrong;
    IF wrong > 0 THEN PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen'); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION guyub.guard_list_parts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_user <> '{{owner}}' AND EXISTS (
        SELECT FROM changed n JOIN guyub.entitlement e ON e.id = n.entitlement_id JOIN guyub.cycle c ON c.id = e.cycle_id
        WHERE c.state <> 'planned') THEN
        PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen');
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['entitlement', 'package_line', 'cycle_fund'] LOOP
        EXECUTE format('CREATE TRIGGER guard_new AFTER INSERT ON guyub.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION guyub.guard_list()', t);
        EXECUTE format('CREATE TRIGGER guard_gone AFTER DELETE ON guyub.%I REFERENCING OLD TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION guyub.guard_list()', t);
    END LOOP;
    CREATE TRIGGER guard_changed AFTER UPDATE ON guyub.entitlement REFERENCING NEW TABLE AS changed OLD TABLE AS previous
        FOR EACH STATEMENT EXECUTE FUNCTION guyub.guard_states();
    FOREACH t IN ARRAY ARRAY['entitlement_line', 'recipient_snapshot'] LOOP
        EXECUTE format('CREATE TRIGGER guard_new AFTER INSERT ON guyub.%I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION guyub.guard_list_parts()', t);
        EXECUTE format('CREATE TRIGGER guard_gone AFTER DELETE ON guyub.%I REFERENCING OLD TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION guyub.guard_list_parts()', t);
    END LOOP;
END $$;

-- A hand-over is made on an approved entitlement of a cycle in distribution, by the person who says so, once.
CREATE FUNCTION guyub.follow_handovers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who uuid := guyub.actor();
    allowed uuid[] := guyub.scope();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM changed n WHERE n.given_by IS DISTINCT FROM who OR NOT n.facility_id = ANY (allowed)) THEN
            PERFORM guyub.refuse('GU004', 'the one who hands over is the one who is signed in');
        END IF;
        IF EXISTS (SELECT FROM (SELECT DISTINCT n.facility_id FROM changed n) x
                   WHERE NOT guyub.permitted('programs.handover', x.facility_id)) THEN
            PERFORM guyub.refuse('GU004', 'handing over needs a person who may hand over');
        END IF;
        IF EXISTS (SELECT FROM changed n JOIN guyub.entitlement e ON e.id = n.entitlement_id JOIN guyub.cycle c ON c.id = e.cycle_id
                   WHERE c.state <> 'distributing' OR e.state NOT IN ('approved', 'absent')) THEN
            PERFORM guyub.refuse('GU003', 'only an approved household of a cycle in distribution receives');
        END IF;
        UPDATE guyub.entitlement e SET state = 'received', state_reason = '' FROM changed n WHERE e.id = n.entitlement_id;
    ELSE
        IF EXISTS (SELECT FROM changed n JOIN previous o ON o.id = n.id
                   WHERE o.reversed_at IS NOT NULL OR n.reversed_at IS NULL OR btrim(n.reversal_reason) = ''
                      OR n.reversed_by IS DISTINCT FROM who
                      OR (to_jsonb(n) - '{reversed_at,reversed_by,reversal_reason,reversal_journal_id}'::text[])
                         <> (to_jsonb(o) - '{reversed_at,reversed_by,reversal_reason,reversal_journal_id}'::text[])) THEN
            PERFORM guyub.refuse('GU002', 'a hand-over is undone once, with a reason, and never edited');
        END IF;
        IF EXISTS (SELECT FROM changed n JOIN guyub.entitlement e ON e.id = n.entitlement_id
                   JOIN guyub.cycle c ON c.id = e.cycle_id WHERE c.state <> 'distributing') THEN
            PERFORM guyub.refuse('GU006', 'the cycle is no longer in distribution');
        END IF;
        IF EXISTS (SELECT FROM changed n JOIN guyub.handover_line l ON l.handover_id = n.id
                   LEFT JOIN guyub.transfer t ON t.reverses = l.transfer_id AND t.journal_id = n.reversal_journal_id
                   WHERE t.id IS NULL OR t.quantity <> l.quantity OR t.rupiah <> l.rupiah) THEN
            PERFORM guyub.refuse('GU005', 'an undone hand-over gives back exactly what it took');
        END IF;
        UPDATE guyub.entitlement e SET state = 'approved', state_reason = n.reversal_reason FROM changed n WHERE e.id = n.entitlement_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_handovers_new AFTER INSERT ON guyub.handover REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.follow_handovers();
CREATE TRIGGER follow_handovers_changed AFTER UPDATE ON guyub.handover REFERENCING NEW TABLE AS changed OLD TABLE AS previous
FOR EACH STATEMENT EXECUTE FUNCTION guyub.follow_handovers();

-- What households got and what left the ledger are the same quantities and the same rupiah.
CREATE FUNCTION guyub.check_handover_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT transfer_id FROM changed) x
        JOIN guyub.transfer t ON t.id = x.transfer_id JOIN guyub.journal j ON j.id = t.journal_id
        CROSS JOIN LATERAL (SELECT sum(l.quantity) AS quantity, sum(l.rupiah) AS rupiah
                            FROM guyub.handover_line l WHERE l.transfer_id = t.id) got
        WHERE j.kind <> 'hand_over' OR got.quantity <> t.quantity OR got.rupiah <> t.rupiah)
    OR EXISTS (
        SELECT FROM changed n JOIN guyub.handover h ON h.id = n.handover_id JOIN guyub.transfer t ON t.id = n.transfer_id
        WHERE h.journal_id IS DISTINCT FROM t.journal_id) THEN
        PERFORM guyub.refuse('GU005', 'what households got is what left the ledger');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_handover_lines AFTER INSERT ON guyub.handover_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.check_handover_lines();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.handover_line
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.handover
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What a plugin may read about a household: facts for rules, no names, no numbers of persons.
CREATE VIEW guyub.household_facts WITH (security_invoker = true) AS
SELECT h.id AS household_id, h.facility_id, h.category, h.village_code,
       (h.children_under_5 + h.children_of_school_age + h.adults + h.elderly)::integer AS members,
       h.children_under_5::integer, h.children_of_school_age::integer, h.adults::integer, h.elderly::integer, h.disabled::integer,
       s.id IS NOT NULL AS surveyed, s.surveyed_on,
       (s.answers ->> 'monthly_income')::bigint AS monthly_income,
       (s.answers ->> 'breadwinner_detained')::boolean AS breadwinner_detained,
       (s.answers ->> 'earth_floor')::boolean AS earth_floor,
       (s.answers ->> 'bamboo_walls')::boolean AS bamboo_walls,
       (s.answers ->> 'no_own_toilet')::boolean AS no_own_toilet,
       (s.answers ->> 'other_aid')::boolean AS other_aid,
       (s.answers ->> 'welfare_decile')::integer AS welfare_decile,
       COALESCE(s.answers, '{}') AS answers,
       (SELECT max(c.period) FROM guyub.entitlement e JOIN guyub.cycle c ON c.id = e.cycle_id
        WHERE e.household_id = h.id AND e.state = 'received') AS last_served
FROM guyub.household h LEFT JOIN guyub.survey s ON s.household_id = h.id AND NOT s.superseded
WHERE h.active;

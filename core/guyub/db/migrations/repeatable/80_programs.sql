-- A programme of a facility, its monthly cycles, who was chosen and why, and who received what.

-- The code of a cycle is its month where that is free at the facility, else the month and its programme, else numbered.
CREATE OR REPLACE FUNCTION guyub.cycle_takes_code() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    month  text := extract(year FROM NEW.period)::text || '-' || lpad(extract(month FROM NEW.period)::text, 2, '0');
    named  text := month || '-' || COALESCE((SELECT btrim(regexp_replace(p.plugin, '_+', '-', 'g'), '-')
                                            FROM guyub.program p WHERE p.id = NEW.program_id), '');
    number integer := 2;
BEGIN
    -- A period that is no month has no code, and is refused for what it is.
    NEW.code := CASE WHEN guyub.is_month(NEW.period) THEN month ELSE '' END;
    WHILE guyub.is_month(NEW.period) AND EXISTS (SELECT FROM guyub.cycle c WHERE c.facility_id = NEW.facility_id AND c.code = NEW.code) LOOP
        NEW.code := CASE WHEN NEW.code = month THEN named ELSE named || '-' || number END;
        number := number + (NEW.code <> named)::integer;
    END LOOP;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "20_cycle_takes_code" BEFORE INSERT ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.cycle_takes_code();
CREATE OR REPLACE TRIGGER in_its_unit BEFORE INSERT ON guyub.package_line FOR EACH ROW EXECUTE FUNCTION guyub.take_unit_of_item();

-- The share of one household in a line: times its packages; where the programme says so times its size instead, never above the
-- cap of its packages. Each person counts once, however many packages come for them.
DROP FUNCTION IF EXISTS guyub.entitlement_quantity(numeric, integer, boolean, numeric);
CREATE OR REPLACE FUNCTION guyub.entitlement_quantity(quantity numeric, members integer, per_member boolean, at_most numeric,
                                                      packages integer) RETURNS numeric
LANGUAGE sql IMMUTABLE RETURN CASE WHEN per_member THEN least(quantity * members, at_most * packages) ELSE quantity * packages END;
GRANT EXECUTE ON FUNCTION guyub.entitlement_quantity TO {{app}};

CREATE OR REPLACE FUNCTION guyub.identities_of(cycle uuid) RETURNS TABLE (entitlement_id uuid, identity bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id, m.nik_index FROM guyub.entitlement e JOIN guyub.member m ON m.household_id = e.household_id
    WHERE e.cycle_id = cycle AND m.active AND m.nik_index IS NOT NULL
    UNION
    SELECT e.id, h.family_card_index FROM guyub.entitlement e JOIN guyub.household h ON h.id = e.household_id
    WHERE e.cycle_id = cycle AND h.family_card_index IS NOT NULL
$$;

-- Who of a cycle is already served this month elsewhere: the name of the facility and nothing else. The second of the two
-- is for readers; the step of approval asks the first, since a scope can be left before the step's trigger runs.
CREATE OR REPLACE FUNCTION guyub.served_already(cycle uuid) RETURNS TABLE (entitlement_id uuid, facility text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- Materialized: in a join the planner may ask for all identities once for each claim of the month.
    WITH known AS MATERIALIZED (SELECT i.entitlement_id, i.identity FROM guyub.identities_of(cycle) i)
    SELECT DISTINCT ON (i.entitlement_id) i.entitlement_id, f.name
    FROM guyub.cycle c
    CROSS JOIN known i
    JOIN guyub.claim cl ON cl.identity = i.identity AND cl.exclusion_group = c.exclusion_group
                       AND cl.period = c.period AND cl.released_at IS NULL AND cl.entitlement_id <> i.entitlement_id
    JOIN guyub.facility f ON f.id = cl.facility_id
    WHERE c.id = cycle
    ORDER BY i.entitlement_id, f.name
$$;
CREATE OR REPLACE FUNCTION guyub.served_elsewhere(cycle uuid) RETURNS TABLE (entitlement_id uuid, facility text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.entitlement_id, s.facility FROM guyub.cycle c CROSS JOIN guyub.served_already(c.id) s
    WHERE c.id = cycle AND c.facility_id = ANY ((SELECT guyub.personal_scope())::uuid[])
$$;
GRANT EXECUTE ON FUNCTION guyub.served_elsewhere TO {{app}};

CREATE OR REPLACE FUNCTION guyub.next_state_allowed(old_state text, new_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (old_state, new_state) IN (
        ('planned', 'proposed'), ('proposed', 'planned'), ('proposed', 'approved'), ('approved', 'distributing'),
        ('distributing', 'closed'), ('planned', 'cancelled'), ('proposed', 'cancelled'), ('approved', 'cancelled'),
        ('approved', 'planned'), ('distributing', 'planned'))   -- the approval is withdrawn
$$;

-- Whoever changes a list, hands over from it or moves its cycle holds the cycle until the commit: between the look at a
-- state and the commit nothing comes in between. Asked by triggers, so it knows no scope: a scope can be left half-way
-- through a statement.
CREATE OR REPLACE FUNCTION guyub.lock_cycles(cycles uuid[]) RETURNS TABLE (cycle_id uuid, facility_id uuid, state text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.facility_id, c.state FROM guyub.cycle c WHERE c.id = ANY (cycles) ORDER BY c.id FOR NO KEY UPDATE
$$;

-- Whether someone did already what declared separations keep apart from this permission: an earlier step of the cycle, or
-- the visit to the home of a household on its list.
CREATE OR REPLACE FUNCTION guyub.duties_collide(c guyub.cycle, permission text, who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH apart AS MATERIALIZED (
        SELECT s.second_permission AS duty FROM guyub.separation_of_duties s WHERE s.first_permission = permission
        UNION SELECT s.first_permission FROM guyub.separation_of_duties s WHERE s.second_permission = permission)
    SELECT EXISTS (
        SELECT FROM apart JOIN (VALUES ('programs.open', c.opened_by), ('programs.propose', c.proposed_by),
                                       ('programs.approve', c.approved_by), ('programs.handover', c.distributing_by))
                               AS done (duty, person) USING (duty) WHERE done.person = who)
    OR EXISTS (
        SELECT FROM apart JOIN guyub.entitlement e ON e.cycle_id = c.id AND e.state IN ('selected', 'approved')
        JOIN guyub.survey v ON v.household_id = e.household_id AND NOT v.superseded AND v.surveyed_by = who
        WHERE apart.duty = 'registry.survey')
$$;

CREATE OR REPLACE FUNCTION guyub.cycle_transition() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who    uuid := guyub.actor();
    needed text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'planned' THEN PERFORM guyub.refuse('GU003', 'a cycle begins planned'); END IF;
        IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.open', NEW.facility_id)
           AND NOT (NEW.campaign_id IS NOT NULL AND guyub.permitted('programs.campaign', NEW.facility_id)) THEN
            PERFORM guyub.refuse('GU004', 'opening needs a person who may open');
        END IF;
        NEW.opened_by := who; NEW.opened_at := clock_timestamp();
        NEW.proposed_by := NULL; NEW.approved_by := NULL; NEW.distributing_by := NULL; NEW.closed_by := NULL; NEW.cancelled_by := NULL;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.facility_id, NEW.program_id, NEW.code, NEW.period)
       IS DISTINCT FROM (OLD.id, OLD.facility_id, OLD.program_id, OLD.code, OLD.period)
       OR (OLD.state <> 'planned' AND (NEW.quota, NEW.settings, NEW.exclusion_group, NEW.campaign_id)
                                      IS DISTINCT FROM (OLD.quota, OLD.settings, OLD.exclusion_group, OLD.campaign_id))
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
    IF NEW.scored_at IS DISTINCT FROM OLD.scored_at THEN NEW.scored_at := clock_timestamp(); END IF;
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    IF NOT guyub.next_state_allowed(OLD.state, NEW.state) THEN
        PERFORM guyub.refuse('GU003', format('a cycle does not go from %s to %s', OLD.state, NEW.state));
    END IF;
    needed := CASE NEW.state
        WHEN 'planned' THEN CASE OLD.state WHEN 'proposed' THEN '{programs.approve,programs.propose}' ELSE '{programs.approve}' END::text[]
        WHEN 'proposed' THEN '{programs.propose}'
        WHEN 'approved' THEN '{programs.approve}' WHEN 'distributing' THEN '{programs.handover}'
        WHEN 'closed' THEN '{programs.close}' WHEN 'cancelled' THEN '{programs.approve}' END;
    IF NOT EXISTS (SELECT FROM unnest(needed) permission WHERE guyub.permitted(permission, NEW.facility_id)) THEN
        PERFORM guyub.refuse('GU004', format('a cycle becomes %s by a person who may do it', NEW.state));
    END IF;
    CASE NEW.state
    WHEN 'planned' THEN
        NEW.proposed_by := NULL; NEW.proposed_at := NULL; NEW.approved_by := NULL; NEW.approved_at := NULL;
        NEW.distributing_by := NULL; NEW.distributing_at := NULL;
    WHEN 'proposed' THEN NEW.proposed_by := who; NEW.proposed_at := clock_timestamp();
    WHEN 'approved' THEN
        IF who = OLD.proposed_by THEN PERFORM guyub.refuse('GU004', 'the proposer never approves'); END IF;
        NEW.approved_by := who; NEW.approved_at := clock_timestamp();
    WHEN 'distributing' THEN NEW.distributing_by := who; NEW.distributing_at := clock_timestamp();
    WHEN 'closed' THEN NEW.closed_by := who; NEW.closed_at := clock_timestamp();
    WHEN 'cancelled' THEN NEW.cancelled_by := who; NEW.cancelled_at := clock_timestamp();
    END CASE;
    IF NEW.state NOT IN ('planned', 'cancelled') AND guyub.duties_collide(OLD, needed[1], who) THEN
        PERFORM guyub.refuse('GU004', format('separation of duties: %s is another person''s here', needed[1]));
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "30_cycle_transition" BEFORE INSERT OR UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.cycle_transition();

-- Calendars take a changed day for the same one unless its number rises; the caller does not count.
CREATE OR REPLACE FUNCTION guyub.revise_cycle() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.revision := OLD.revision; NEW.revised_at := OLD.revised_at;
    IF (NEW.state, NEW.quota, NEW.distribution_on, NEW.starts_at, NEW.place, NEW.list_version)
       IS DISTINCT FROM (OLD.state, OLD.quota, OLD.distribution_on, OLD.starts_at, OLD.place, OLD.list_version) THEN
        NEW.revision := OLD.revision + 1; NEW.revised_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "20_revise_cycle" BEFORE UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.revise_cycle();

-- What a step brings with it, in the same statement: claims and frozen states on approval, empty reservations on closing.
CREATE OR REPLACE FUNCTION guyub.cycle_after_transition() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken   jsonb;
    listed  integer;
    by_area boolean;
BEGIN
    IF NEW.state = OLD.state THEN RETURN NULL; END IF;
    IF NEW.state = 'proposed' THEN
        -- A quota counts packages: an institution takes as many places as it receives packages.
        SELECT COALESCE(sum(e.packages), 0) INTO listed FROM guyub.entitlement e WHERE e.cycle_id = NEW.id AND e.state = 'selected';
        IF listed NOT BETWEEN 1 AND NEW.quota THEN
            PERFORM guyub.refuse('GU003', format('%s packages are selected, the quota is %s', listed, NEW.quota));
        END IF;
        -- Counted, not asked whether there is one: the planner takes EXISTS for a search that soon finds, while what is right
        -- is compared to its end.
        IF (SELECT count(*) FROM (
                SELECT e.id, p.line, p.item_id, p.price, guyub.entitlement_quantity(p.quantity, e.members, p.per_member, p.at_most, e.packages) AS quantity
                FROM guyub.entitlement e JOIN guyub.package_line p ON p.cycle_id = e.cycle_id
                WHERE e.cycle_id = NEW.id AND e.state = 'selected') plan
            FULL JOIN (SELECT l.* FROM guyub.entitlement e JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
                       WHERE e.cycle_id = NEW.id) written ON written.entitlement_id = plan.id AND written.line = plan.line
            WHERE (written.item_id, written.quantity, written.price) IS DISTINCT FROM (plan.item_id, plan.quantity, plan.price)) > 0
        OR (SELECT count(*) FROM guyub.entitlement e LEFT JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
            WHERE e.cycle_id = NEW.id AND (e.state = 'selected') <> (s.entitlement_id IS NOT NULL)) > 0 THEN
            PERFORM guyub.refuse('GU003', 'a proposed list names each selected household and gives it the package of the cycle');
        END IF;
    ELSIF NEW.state = 'planned' AND OLD.state <> 'proposed' THEN
        PERFORM guyub.end_approval(NEW.id, OLD.revision);
    ELSIF NEW.state = 'approved' THEN
        IF NOT EXISTS (SELECT FROM guyub.entitlement e WHERE e.cycle_id = NEW.id AND e.state = 'selected') THEN
            PERFORM guyub.refuse('GU003', 'nobody is selected');
        END IF;
        by_area := EXISTS (SELECT FROM guyub.reservation r WHERE r.facility_id = NEW.facility_id AND r.holder_id = NEW.id
                                                             AND r.withdrawn_at IS NULL AND r.area <> '');
        -- Every share is promised by a reservation, and behind each one lie the goods or the money: a share's money is
        -- rounded to the rupiah, so it may fall short of quantity times price by less than one for each household.
        IF (SELECT count(*) FROM (SELECT e.category, CASE WHEN by_area THEN e.area ELSE '' END AS area, l.item_id,
                                sum(l.quantity) AS quantity, count(*) AS shares
                         FROM guyub.entitlement e JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
                         WHERE e.cycle_id = NEW.id AND e.state = 'selected' GROUP BY 1, 2, 3) need
            FULL JOIN (SELECT r.category, r.area, r.item_id, sum(r.quantity) AS quantity,
                              sum(r.quantity) FILTER (WHERE r.from_stock) AS goods_promised,
                              sum(b.quantity) FILTER (WHERE r.from_stock) AS goods,
                              sum(r.quantity * r.price) FILTER (WHERE NOT r.from_stock) AS money_promised,
                              sum(b.rupiah) FILTER (WHERE NOT r.from_stock) AS money
                       FROM guyub.reservation r
                       CROSS JOIN LATERAL (SELECT COALESCE(sum(a.quantity), 0) AS quantity, COALESCE(sum(a.rupiah), 0) AS rupiah
                                           FROM guyub.account a WHERE a.reservation_id = r.id) b
                       WHERE r.facility_id = NEW.facility_id AND r.holder_id = NEW.id AND r.withdrawn_at IS NULL
                       GROUP BY 1, 2, 3) held
              ON held.category = need.category AND held.area = need.area AND held.item_id IS NOT DISTINCT FROM need.item_id
            WHERE need.quantity IS DISTINCT FROM held.quantity OR held.goods IS DISTINCT FROM held.goods_promised
               OR held.money <= held.money_promised - CASE WHEN held.item_id IS NULL THEN 1 ELSE need.shares END) > 0 THEN
            PERFORM guyub.refuse('GU003', 'what is approved is reserved, item by item');
        END IF;
        INSERT INTO guyub.claim (identity, exclusion_group, period, facility_id, entitlement_id)
        SELECT DISTINCT ON (i.identity) i.identity, NEW.exclusion_group, NEW.period, NEW.facility_id, i.entitlement_id
        FROM guyub.identities_of(NEW.id) i JOIN guyub.entitlement e ON e.id = i.entitlement_id AND e.state = 'selected'
        ORDER BY i.identity
        ON CONFLICT (identity, exclusion_group, period) WHERE released_at IS NULL DO NOTHING;
        SELECT jsonb_agg(jsonb_build_object('entitlement', s.entitlement_id, 'facility', s.facility)) INTO taken
        FROM guyub.served_already(NEW.id) s JOIN guyub.entitlement e ON e.id = s.entitlement_id AND e.state = 'selected';
        IF taken IS NOT NULL THEN PERFORM guyub.refuse('GU008', 'already served this month', taken::text); END IF;
        UPDATE guyub.entitlement SET state = 'approved' WHERE cycle_id = NEW.id AND state = 'selected';
    ELSIF NEW.state IN ('closed', 'cancelled') THEN
        IF EXISTS (SELECT FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id
                   WHERE r.facility_id = NEW.facility_id AND r.holder_id = NEW.id AND (a.rupiah <> 0 OR a.quantity <> 0)) THEN
            PERFORM guyub.refuse('GU003', 'something is still reserved for this cycle');
        END IF;
        IF NEW.state = 'closed' AND EXISTS (SELECT FROM guyub.entitlement e WHERE e.cycle_id = NEW.id AND e.state = 'approved') THEN
            PERFORM guyub.refuse('GU003', 'some households are neither served nor marked absent');
        END IF;
        UPDATE guyub.claim cl SET released_at = clock_timestamp()
        FROM guyub.entitlement e
        WHERE cl.entitlement_id = e.id AND e.cycle_id = NEW.id AND e.state <> 'received' AND cl.released_at IS NULL;
        UPDATE guyub.entitlement SET state = 'cancelled' WHERE cycle_id = NEW.id AND NEW.state = 'cancelled'
           AND state IN ('selected', 'approved');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "30_cycle_after_transition" AFTER UPDATE OF state ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.cycle_after_transition();

-- Lists change while a cycle is planned, and never after; on the day itself only attendance does. The application cannot
-- write other columns of an entitlement than its state. What the steps of the cycle change themselves, they do as owner.
CREATE OR REPLACE FUNCTION guyub.guard_list() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM guyub.lock_cycles(ARRAY(SELECT DISTINCT n.cycle_id FROM changed n)) c WHERE c.state <> 'planned') THEN
        PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen');
    END IF;
    IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'entitlement' THEN
        IF EXISTS (SELECT FROM changed n WHERE n.state NOT IN ('candidate', 'selected', 'excluded')) THEN
            PERFORM guyub.refuse('GU006', 'an entitlement begins as a candidate');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION guyub.guard_states() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong bigint;
BEGIN
    -- Counted, and planned anew each time: EXISTS, or a plan that was kept from a change of one row, compares fifty thousand
    -- rows with fifty thousand one by one.
    EXECUTE $q$
        SELECT count(*) FROM guyub.lock_cycles(ARRAY(SELECT DISTINCT n.cycle_id FROM changed n)) c
        JOIN changed n ON n.cycle_id = c.cycle_id LEFT JOIN previous o ON o.id = n.id AND o.cycle_id = n.cycle_id
        WHERE CASE c.state WHEN 'planned' THEN n.state IN ('candidate', 'selected', 'excluded')
                           WHEN 'distributing' THEN o.state IN ('approved', 'absent') AND n.state IN ('approved', 'absent')
                           ELSE false END IS NOT TRUE $q$ INTO wrong;
    IF wrong > 0 THEN PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen'); END IF;
    IF NOT guyub.scope_is_system() AND EXISTS (
        SELECT FROM (SELECT DISTINCT n.cycle_id FROM changed n) x JOIN guyub.cycle c ON c.id = x.cycle_id
        WHERE NOT guyub.permitted(CASE c.state WHEN 'planned' THEN 'programs.open' ELSE 'programs.handover' END, c.facility_id)) THEN
        PERFORM guyub.refuse('GU004', 'a list is selected by a person who may open it, attendance is taken by one who may hand over');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION guyub.guard_list_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM guyub.lock_cycles(ARRAY(SELECT DISTINCT e.cycle_id FROM changed n
                                            JOIN guyub.entitlement e ON e.id = n.entitlement_id)) c
        WHERE c.state <> 'planned') THEN
        PERFORM guyub.refuse('GU006', 'the list of this cycle is frozen');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER guard_new AFTER INSERT ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list();
CREATE OR REPLACE TRIGGER guard_gone AFTER DELETE ON guyub.entitlement REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list();
CREATE OR REPLACE TRIGGER guard_new AFTER INSERT ON guyub.package_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list();
CREATE OR REPLACE TRIGGER guard_gone AFTER DELETE ON guyub.package_line REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list();
CREATE OR REPLACE TRIGGER guard_new AFTER INSERT ON guyub.cycle_fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list();
CREATE OR REPLACE TRIGGER guard_gone AFTER DELETE ON guyub.cycle_fund REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list();
CREATE OR REPLACE TRIGGER guard_new AFTER INSERT ON guyub.entitlement_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list_parts();
CREATE OR REPLACE TRIGGER guard_gone AFTER DELETE ON guyub.entitlement_line REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list_parts();
CREATE OR REPLACE TRIGGER guard_new AFTER INSERT ON guyub.recipient_snapshot REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list_parts();
CREATE OR REPLACE TRIGGER guard_gone AFTER DELETE ON guyub.recipient_snapshot REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_list_parts();
CREATE OR REPLACE TRIGGER guard_changed AFTER UPDATE ON guyub.entitlement REFERENCING NEW TABLE AS changed OLD TABLE AS previous
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.guard_states();

-- What is reserved for a cycle is reserved while it is being approved, for its programme and month, from its funds and at
-- its prices, and carries its code; and the books of a cycle move only as far as its state goes.
CREATE OR REPLACE FUNCTION guyub.guard_reservation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM guyub.lock_cycles(ARRAY[NEW.holder_id]) held JOIN guyub.cycle c ON c.id = held.cycle_id
        JOIN guyub.program p ON p.id = c.program_id
        JOIN guyub.cycle_fund f ON f.cycle_id = c.id AND f.fund_id = NEW.fund_id
        JOIN guyub.package_line l ON l.cycle_id = c.id AND l.item_id IS NOT DISTINCT FROM NEW.item_id AND l.price = NEW.price
        WHERE c.facility_id = NEW.facility_id AND c.state = 'proposed' AND c.period = NEW.period AND p.plugin = NEW.program) THEN
        PERFORM guyub.refuse('GU003', 'what is reserved belongs to a proposed cycle of this facility, its package and its funds');
    END IF;
    IF NOT guyub.permitted('programs.approve', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'reserving needs a person who may approve');
    END IF;
    NEW.holder_code := (SELECT c.code FROM guyub.cycle c WHERE c.id = NEW.holder_id);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard_reservation BEFORE INSERT ON guyub.reservation
FOR EACH ROW EXECUTE FUNCTION guyub.guard_reservation();

CREATE OR REPLACE FUNCTION guyub.guard_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM guyub.lock_cycles(ARRAY[NEW.holder_id]) c
        WHERE c.facility_id = NEW.facility_id AND (NEW.kind, c.state) IN (
            ('reservation', 'proposed'), ('reservation', 'approved'), ('reservation', 'distributing'), ('purchase', 'approved'),
            ('purchase', 'distributing'), ('hand_over', 'distributing'), ('reversal', 'approved'), ('reversal', 'distributing'), ('release', 'approved'),
            ('release', 'distributing'))
            OR c.facility_id = NEW.facility_id AND c.state = 'closed' AND guyub.corrects_with(c.cycle_id, NEW.kind)) THEN
        PERFORM guyub.refuse('GU003', format('the books of this cycle take no %s now', NEW.kind));
    END IF;
    -- A promise is made by who approves; what is added to it later, by who may add.
    -- What a correction promises again goes on at once: whoever corrects may do it.
    IF NEW.kind = 'reservation' AND NOT guyub.scope_is_system() AND NOT guyub.permitted(
        (SELECT CASE c.state WHEN 'proposed' THEN 'programs.approve' WHEN 'closed' THEN (
                    SELECT CASE (guyub.correction_of_now(c.id)).kind WHEN 'note_cancelled' THEN 'funds.spend' ELSE 'programs.close' END)
                             ELSE 'funds.topup' END FROM guyub.cycle c
         WHERE c.id = NEW.holder_id), NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'reserving needs a person who may reserve now');
    END IF;
    IF NEW.kind IN ('purchase', 'hand_over') AND EXISTS (
        SELECT FROM guyub.cycle c, guyub.journal_kind k
        WHERE c.id = NEW.holder_id AND k.kind = NEW.kind AND guyub.duties_collide(c, k.done_by[1], guyub.actor())) THEN
        PERFORM guyub.refuse('GU004', format('separation of duties: a %s is another person''s here', NEW.kind));
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard_journal BEFORE INSERT ON guyub.journal
FOR EACH ROW WHEN (NEW.holder_id IS NOT NULL) EXECUTE FUNCTION guyub.guard_journal();

-- At the commit, since what follows comes after: a promise is made with an approval and given back with an end, by no other
-- way; and what left for households, or came back from them, stands on hand-overs.
CREATE OR REPLACE FUNCTION guyub.journal_has_its_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM guyub.cycle c
        WHERE c.id = NEW.holder_id AND c.facility_id = NEW.facility_id
          AND (c.state = ANY (CASE NEW.kind WHEN 'release' THEN '{closed,cancelled,planned}' ELSE '{approved,distributing}' END::text[])
               OR c.state = 'closed' AND EXISTS (SELECT FROM guyub.correction x WHERE x.cycle_id = c.id AND x.xid = NEW.xid))) THEN
        PERFORM guyub.refuse('GU003', format('a %s belongs to a step of its cycle', NEW.kind));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS journal_has_its_step ON guyub.journal;
CREATE CONSTRAINT TRIGGER journal_has_its_step AFTER INSERT ON guyub.journal DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.kind IN ('reservation', 'release')) EXECUTE FUNCTION guyub.journal_has_its_step();

CREATE OR REPLACE FUNCTION guyub.transfer_has_its_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind text := (SELECT j.kind FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
                  WHERE t.id = COALESCE(NEW.reverses, NEW.id));
BEGIN
    IF kind <> 'hand_over' THEN RETURN NULL; END IF;
    IF (CASE WHEN NEW.reverses IS NULL THEN NOT EXISTS (SELECT FROM guyub.handover_line l WHERE l.transfer_id = NEW.id)
            ELSE (SELECT (sum(l.quantity), sum(l.rupiah)) FROM guyub.handover_line l JOIN guyub.handover h ON h.id = l.handover_id
                  WHERE l.transfer_id = NEW.reverses AND h.reversal_journal_id = NEW.journal_id)
                 IS DISTINCT FROM
                 (SELECT (sum(t.quantity), sum(t.rupiah)) FROM guyub.transfer t
                  WHERE t.reverses = NEW.reverses AND t.journal_id = NEW.journal_id) END) THEN
        PERFORM guyub.refuse('GU005', 'what leaves for households, or comes back from them, stands on hand-overs');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS transfer_has_its_handover ON guyub.transfer;
CREATE CONSTRAINT TRIGGER transfer_has_its_handover AFTER INSERT ON guyub.transfer DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION guyub.transfer_has_its_handover();

-- A hand-over is made on an approved entitlement of a cycle in distribution, by the person who says so, once.
CREATE OR REPLACE FUNCTION guyub.follow_handovers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who uuid := guyub.actor();
    allowed uuid[] := guyub.scope();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM changed n WHERE n.given_by IS DISTINCT FROM who OR NOT n.facility_id = ANY (allowed)) THEN
            PERFORM guyub.refuse('GU004', 'the one who hands over is the one who is signed in');
        END IF;
        IF EXISTS (SELECT FROM unnest(ARRAY(SELECT DISTINCT n.facility_id FROM changed n)) AS x (facility_id)
                   WHERE NOT guyub.permitted('programs.handover', x.facility_id)) THEN
            PERFORM guyub.refuse('GU004', 'handing over needs a person who may hand over');
        END IF;
        IF EXISTS (SELECT FROM guyub.lock_cycles(ARRAY(SELECT DISTINCT e.cycle_id FROM changed n
                                                       JOIN guyub.entitlement e ON e.id = n.entitlement_id)) c
                   JOIN guyub.entitlement e ON e.cycle_id = c.cycle_id JOIN changed n ON n.entitlement_id = e.id
                   WHERE NOT CASE c.state WHEN 'distributing' THEN e.state IN ('approved', 'absent')
                                          WHEN 'closed' THEN e.state IN ('absent', 'returned')
                                               AND guyub.is_corrected(c.cycle_id, e.id, 'handed_over_late')
                                          ELSE false END) THEN
            PERFORM guyub.refuse('GU003', 'only an approved household of a cycle in distribution receives');
        END IF;
        IF EXISTS (SELECT FROM (SELECT DISTINCT n.journal_id, e.cycle_id FROM changed n
                                JOIN guyub.entitlement e ON e.id = n.entitlement_id WHERE n.journal_id IS NOT NULL) x
                   LEFT JOIN guyub.journal j ON j.id = x.journal_id
                   WHERE (j.kind = 'hand_over' AND j.holder_id = x.cycle_id AND guyub.is_written_now(j)) IS NOT TRUE) THEN
            PERFORM guyub.refuse('GU005', 'a hand-over belongs to a journal of the same step, by the same hand');
        END IF;
        IF EXISTS (SELECT FROM changed n WHERE n.reversed_at IS NOT NULL OR n.reversed_by IS NOT NULL
                                            OR n.reversal_journal_id IS NOT NULL OR n.reversal_reason <> '') THEN
            PERFORM guyub.refuse('GU002', 'a hand-over does not begin undone');
        END IF;
        -- Hand-over and lines are one statement; what the lines say is checked where they come in.
        IF EXISTS (SELECT FROM changed n WHERE EXISTS (SELECT FROM guyub.entitlement_line l WHERE l.entitlement_id = n.entitlement_id)
                                           AND NOT EXISTS (SELECT FROM guyub.handover_line l WHERE l.handover_id = n.id)) THEN
            PERFORM guyub.refuse('GU005', 'a hand-over gives the whole package');
        END IF;
        UPDATE guyub.entitlement e SET state = 'received', state_reason = '' FROM changed n WHERE e.id = n.entitlement_id;
        PERFORM guyub.claim_after_correction(c.id, e.id, true) FROM changed n
        JOIN guyub.entitlement e ON e.id = n.entitlement_id JOIN guyub.cycle c ON c.id = e.cycle_id AND c.state = 'closed';
    ELSE
        IF EXISTS (SELECT FROM unnest(ARRAY(SELECT DISTINCT n.facility_id FROM changed n)) AS x (facility_id)
                   WHERE NOT guyub.permitted('programs.handover', x.facility_id)) THEN
            PERFORM guyub.refuse('GU004', 'undoing needs a person who may hand over');
        END IF;
        IF EXISTS (SELECT FROM changed n JOIN previous o ON o.id = n.id
                   WHERE o.reversed_at IS NOT NULL OR n.reversed_at IS NULL OR guyub.is_blank(n.reversal_reason)
                      OR n.reversed_by IS DISTINCT FROM who
                      OR (to_jsonb(n) - '{reversed_at,reversed_by,reversal_reason,reversal_journal_id}'::text[])
                         <> (to_jsonb(o) - '{reversed_at,reversed_by,reversal_reason,reversal_journal_id}'::text[])) THEN
            PERFORM guyub.refuse('GU002', 'a hand-over is undone once, with a reason, and never edited');
        END IF;
        IF EXISTS (SELECT FROM guyub.lock_cycles(ARRAY(SELECT DISTINCT e.cycle_id FROM changed n
                                                       JOIN guyub.entitlement e ON e.id = n.entitlement_id)) c
                   JOIN guyub.entitlement e ON e.cycle_id = c.cycle_id JOIN changed n ON n.entitlement_id = e.id
                   WHERE c.state <> 'distributing'
                     AND NOT (c.state = 'closed' AND guyub.is_corrected(c.cycle_id, e.id, 'taken_back'))) THEN
            PERFORM guyub.refuse('GU006', 'the cycle is no longer in distribution');
        END IF;
        IF EXISTS (SELECT FROM (SELECT DISTINCT n.reversal_journal_id, e.cycle_id FROM changed n
                                JOIN guyub.entitlement e ON e.id = n.entitlement_id WHERE n.reversal_journal_id IS NOT NULL) x
                   LEFT JOIN guyub.journal j ON j.id = x.reversal_journal_id
                   WHERE (j.kind = 'reversal' AND j.holder_id = x.cycle_id AND guyub.is_written_now(j)) IS NOT TRUE) THEN
            PERFORM guyub.refuse('GU005', 'a hand-over is undone in a journal of the same step, by the same hand');
        END IF;
        IF EXISTS (SELECT FROM changed n JOIN guyub.handover_line l ON l.handover_id = n.id
                   LEFT JOIN guyub.transfer t ON t.reverses = l.transfer_id AND t.journal_id = n.reversal_journal_id
                   WHERE t.id IS NULL OR t.quantity <> l.quantity OR t.rupiah <> l.rupiah) THEN
            PERFORM guyub.refuse('GU005', 'an undone hand-over gives back exactly what it took');
        END IF;
        UPDATE guyub.entitlement e SET state = CASE c.state WHEN 'closed' THEN 'returned' ELSE 'approved' END, state_reason = n.reversal_reason
        FROM changed n, guyub.cycle c WHERE e.id = n.entitlement_id AND c.id = e.cycle_id;
        PERFORM guyub.claim_after_correction(c.id, e.id, false) FROM changed n
        JOIN guyub.entitlement e ON e.id = n.entitlement_id JOIN guyub.cycle c ON c.id = e.cycle_id AND c.state = 'closed';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER follow_handovers_new AFTER INSERT ON guyub.handover REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.follow_handovers();
CREATE OR REPLACE TRIGGER follow_handovers_changed AFTER UPDATE ON guyub.handover REFERENCING NEW TABLE AS changed OLD TABLE AS previous
FOR EACH STATEMENT EXECUTE FUNCTION guyub.follow_handovers();

-- What households got and what left the ledger are the same goods, the same quantities and the same rupiah; and what one
-- household got is its package, no less and no more.
CREATE OR REPLACE FUNCTION guyub.check_handover_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT DISTINCT transfer_id FROM changed) x
        JOIN guyub.transfer t ON t.id = x.transfer_id JOIN guyub.journal j ON j.id = t.journal_id
        CROSS JOIN LATERAL (SELECT sum(l.quantity) AS quantity, sum(l.rupiah) AS rupiah
                            FROM guyub.handover_line l WHERE l.transfer_id = t.id) got
        WHERE j.kind <> 'hand_over' OR NOT guyub.is_written_now(j) OR got.quantity <> t.quantity OR got.rupiah <> t.rupiah) > 0
    OR (SELECT count(*) FROM changed n JOIN guyub.handover h ON h.id = n.handover_id JOIN guyub.transfer t ON t.id = n.transfer_id
        LEFT JOIN guyub.lot g ON g.id = t.lot_id
        WHERE h.journal_id IS DISTINCT FROM t.journal_id OR h.reversed_at IS NOT NULL OR n.item_id IS DISTINCT FROM g.item_id) > 0 THEN
        PERFORM guyub.refuse('GU005', 'what households got is what left the ledger');
    END IF;
    IF (WITH given AS MATERIALIZED (
            SELECT h.id, h.entitlement_id FROM (SELECT DISTINCT n.handover_id FROM changed n) x
            JOIN guyub.handover h ON h.id = x.handover_id)
        SELECT count(*) FROM (SELECT g.id, l.item_id, sum(l.quantity) AS quantity, sum(round(l.quantity * l.price)) AS rupiah
                     FROM given g JOIN guyub.entitlement_line l ON l.entitlement_id = g.entitlement_id GROUP BY 1, 2) plan
        FULL JOIN (SELECT g.id, l.item_id, sum(l.quantity) AS quantity, sum(l.rupiah) AS rupiah
                   FROM given g JOIN guyub.handover_line l ON l.handover_id = g.id GROUP BY 1, 2) got
          ON got.id = plan.id AND got.item_id IS NOT DISTINCT FROM plan.item_id
        WHERE CASE WHEN COALESCE(plan.item_id, got.item_id) IS NULL THEN plan.rupiah IS DISTINCT FROM got.rupiah
                   ELSE plan.quantity IS DISTINCT FROM got.quantity END) > 0 THEN
        PERFORM guyub.refuse('GU005', 'a hand-over gives the whole package');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER check_handover_lines AFTER INSERT ON guyub.handover_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.check_handover_lines();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.handover_line
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
-- Who hands over and writes the own name as the witness's has no witness; an account is compared by a constraint.
CREATE OR REPLACE FUNCTION guyub.another_witness() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT c.given_by, c.witness FROM changed c) n JOIN guyub.person p ON p.id = n.given_by
               WHERE guyub.person_key(p.full_name) = guyub.person_key(n.witness)) THEN
        RAISE EXCEPTION 'the witness is the one who hands over'
            USING ERRCODE = 'check_violation', TABLE = 'handover', SCHEMA = 'guyub', CONSTRAINT = 'witness_is_another';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER another_witness AFTER INSERT ON guyub.handover REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.another_witness();
-- When somebody undid it is the clock's to say; whether they may, follow_handovers.
CREATE OR REPLACE FUNCTION guyub.stamp_undoing() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.reversed_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_undoing BEFORE UPDATE ON guyub.handover
FOR EACH ROW WHEN (OLD.reversed_at IS NULL AND NEW.reversed_at IS NOT NULL) EXECUTE FUNCTION guyub.stamp_undoing();
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.handover
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- How many households of a cycle are in which state: all that those see of its list who may not see its people.
DROP FUNCTION IF EXISTS guyub.attendance(uuid[]);
CREATE OR REPLACE FUNCTION guyub.attendance(cycles uuid[])
RETURNS TABLE (cycle_id uuid, category text, state text, households bigint, packages bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.cycle_id, e.category, e.state, count(*), sum(e.packages) FROM guyub.entitlement e
    WHERE e.cycle_id = ANY (cycles) AND e.facility_id = ANY ((SELECT guyub.scope())::uuid[]) GROUP BY 1, 2, 3
$$;
GRANT EXECUTE ON FUNCTION guyub.attendance TO {{app}};

-- What the chosen households of a cycle need together: a row for each kind of share, by category and (asked so) by area.
CREATE OR REPLACE FUNCTION guyub.package_needs(cycle uuid, by_area boolean)
RETURNS TABLE (line smallint, category text, area text, item_id uuid, quantity numeric, price bigint, households bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.line, e.category, CASE WHEN by_area THEN e.area ELSE '' END, p.item_id,
           guyub.entitlement_quantity(p.quantity, e.members, p.per_member, p.at_most, e.packages), p.price, count(*)
    FROM guyub.entitlement e JOIN guyub.package_line p ON p.cycle_id = e.cycle_id
    WHERE e.cycle_id = cycle AND e.state = 'selected' AND e.facility_id = ANY ((SELECT guyub.scope())::uuid[])
    GROUP BY 1, 2, 3, 4, 5, 6
$$;
GRANT EXECUTE ON FUNCTION guyub.package_needs TO {{app}};

-- What a plugin may read about a household: facts for rules, no names, no numbers of persons. When it was last served is a fact
-- of the programme that asks: of its exclusion group, which scoring names (guyub.asks_for); without one, of any programme.
CREATE OR REPLACE VIEW guyub.household_facts WITH (security_invoker = true) AS
SELECT h.id AS household_id, h.facility_id, h.category, h.village_code,
       CASE WHEN h.category = 'institution' THEN h.people_served
            ELSE h.children_under_5 + h.children_of_school_age + h.adults + h.elderly END::integer AS members,
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
        WHERE e.household_id = h.id AND e.state = 'received'
          AND COALESCE(NULLIF(current_setting('guyub.asks_for', true), ''), c.exclusion_group) = c.exclusion_group) AS last_served,
       k.status AS inmate_status, k.status_since AS inmate_status_since, k.inside AS inmate_inside, h.packages
FROM guyub.household h LEFT JOIN guyub.survey s ON s.household_id = h.id AND NOT s.superseded
-- Of several inmates the one who is inside, else the one whose status is the newest.
LEFT JOIN LATERAL (SELECT i.status, i.status_since, i.status IN ('detainee', 'convict', 'juvenile') AS inside
                   FROM guyub.inmate_link l JOIN guyub.inmate i ON i.id = l.inmate_id
                   WHERE l.household_id = h.id AND l.ended_on IS NULL
                   ORDER BY 3 DESC, i.status_since DESC NULLS LAST, i.id LIMIT 1) k ON true
WHERE h.active;
GRANT SELECT ON guyub.household_facts TO {{app}};

-- Who may write what: guyub.demand_right, after all else that refuses. Of a list guard_states says it, since attendance is another right than selection.
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.program REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.cycle_fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_gone AFTER DELETE ON guyub.cycle_fund REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.package_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_gone AFTER DELETE ON guyub.package_line REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_gone AFTER DELETE ON guyub.entitlement REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.entitlement_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.propose');
CREATE OR REPLACE TRIGGER written_by_right_gone AFTER DELETE ON guyub.entitlement_line REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.propose', 'programs.approve');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.recipient_snapshot REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.propose');
CREATE OR REPLACE TRIGGER written_by_right_gone AFTER DELETE ON guyub.recipient_snapshot REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('programs.propose', 'programs.approve');
CREATE OR REPLACE TRIGGER planned_by_right AFTER UPDATE ON guyub.cycle FOR EACH ROW
WHEN (current_user = '{{app}}' AND (NEW.distribution_on, NEW.starts_at, NEW.place, NEW.scored_at, NEW.settings, NEW.exclusion_group)
      IS DISTINCT FROM (OLD.distribution_on, OLD.starts_at, OLD.place, OLD.scored_at, OLD.settings, OLD.exclusion_group))
EXECUTE FUNCTION guyub.demand_right('programs.open', 'programs.campaign');
CREATE OR REPLACE TRIGGER closed_by_right AFTER UPDATE ON guyub.cycle FOR EACH ROW
WHEN (current_user = '{{app}}' AND NEW.closing_note IS DISTINCT FROM OLD.closing_note)
EXECUTE FUNCTION guyub.demand_right('programs.close');

-- Amounts above a configured threshold, and sensitive money, need two approvers: neither proposed it, and they are two people. The
-- settings are those of the programme on the day of the act (guyub.sdk.approvals names the fields); 0 and false ask for one.

-- What the settings ask for on a day: two approvers above how many rupiah (0: any sum needs one), and for sensitive money. An act may
-- have an earlier day than that on which it is recorded: it passes by nothing that was set since, so the stricter of the two days counts.
CREATE OR REPLACE FUNCTION guyub.second_approval_rule(facility uuid, program text, day date)
RETURNS TABLE (above bigint, for_sensitive boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(min(x.above::bigint) FILTER (WHERE jsonb_typeof(x.above) = 'number' AND x.above::bigint > 0), 0),
           COALESCE(bool_or(x.sensitive IS NOT DISTINCT FROM 'true'::jsonb), false)
    FROM (SELECT guyub.setting_on(second_approval_rule.facility, program, 'second_approval_above', d.day) AS above,
                 guyub.setting_on(second_approval_rule.facility, program, 'second_approval_for_sensitive', d.day) AS sensitive
          FROM (SELECT second_approval_rule.day
                UNION SELECT greatest(second_approval_rule.day, (now() AT TIME ZONE f.zone)::date)
                FROM guyub.facility f WHERE f.id = second_approval_rule.facility) d) x
$$;

-- Why this much from these funds needs two approvers: 'amount', 'sensitive', or '' where one is enough.
CREATE OR REPLACE FUNCTION guyub.needs_second_approval(facility uuid, program text, day date, rupiah numeric, funds uuid[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((SELECT CASE
        WHEN r.above > 0 AND needs_second_approval.rupiah > r.above THEN 'amount'
        WHEN r.for_sensitive AND EXISTS (SELECT FROM guyub.fund f WHERE f.facility_id = needs_second_approval.facility
                                         AND f.id = ANY (funds) AND f.sensitive) THEN 'sensitive' END
        FROM guyub.second_approval_rule(facility, program, day) r), '')
$$;

-- The same for readers: triggers ask the two above, since a scope can be left before they run.
CREATE OR REPLACE FUNCTION guyub.second_approval_here(facility uuid, program text, day date, rupiah numeric, funds uuid[])
RETURNS TABLE (above bigint, for_sensitive boolean, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.above, r.for_sensitive,
           guyub.needs_second_approval(second_approval_here.facility, program, day, second_approval_here.rupiah, funds)
    FROM guyub.second_approval_rule(second_approval_here.facility, program, day) r
    WHERE second_approval_here.facility = ANY ((SELECT guyub.scope())::uuid[])
$$;
GRANT EXECUTE ON FUNCTION guyub.second_approval_here TO {{app}};

-- --- a proposal -----------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION guyub.stamp_first_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c   guyub.cycle;
    who uuid := guyub.actor();
BEGIN
    PERFORM guyub.lock_cycles(ARRAY[NEW.cycle_id]);
    SELECT * INTO c FROM guyub.cycle x WHERE x.id = NEW.cycle_id AND x.facility_id = NEW.facility_id;
    IF c.state IS DISTINCT FROM 'proposed' THEN PERFORM guyub.refuse('GU003', 'no proposal waits for an approval'); END IF;
    IF who IS NULL OR NOT guyub.permitted('programs.approve', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'approving needs a person who may approve');
    END IF;
    IF who = c.proposed_by THEN PERFORM guyub.refuse('GU004', 'the proposer never approves'); END IF;
    IF guyub.duties_collide(c, 'programs.approve', who) THEN
        PERFORM guyub.refuse('GU004', 'separation of duties: programs.approve is another person''s here');
    END IF;
    IF NEW.version IS DISTINCT FROM c.revision THEN PERFORM guyub.refuse('GU022', 'it has changed since it was read'); END IF;
    NEW.approved_by := who; NEW.approved_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_first_approval BEFORE INSERT ON guyub.first_approval
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_first_approval();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.first_approval
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What a cycle has reserved is what its approval decides on: goods at the cost of their lots, and money.
CREATE OR REPLACE FUNCTION guyub.demand_second_approver() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reserved record;
    program  text := (SELECT p.plugin FROM guyub.program p WHERE p.id = NEW.program_id);
    zone     text := (SELECT f.zone FROM guyub.facility f WHERE f.id = NEW.facility_id);
    why      text;
BEGIN
    SELECT COALESCE(sum(a.rupiah), 0) AS rupiah, array_agg(DISTINCT r.fund_id) AS funds INTO reserved
    FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id
    WHERE r.facility_id = NEW.facility_id AND r.holder_id = NEW.id AND r.withdrawn_at IS NULL AND (a.rupiah > 0 OR a.quantity > 0);
    why := guyub.needs_second_approval(NEW.facility_id, program, (NEW.approved_from AT TIME ZONE zone)::date,
                                       reserved.rupiah, reserved.funds);
    IF why <> '' AND NOT EXISTS (
        SELECT FROM guyub.first_approval f
        WHERE f.cycle_id = NEW.id AND f.version = OLD.revision AND f.approved_by <> NEW.approved_by) THEN
        PERFORM guyub.refuse('GU003', 'needs_second_approver');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "40_second_approver" AFTER UPDATE OF state ON guyub.cycle
FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION guyub.demand_second_approver();

-- --- money that is added later ----------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION guyub.stamp_first_money_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked guyub.money_request;
    who   uuid := guyub.actor();
BEGIN
    SELECT * INTO asked FROM guyub.money_request m WHERE m.id = NEW.request_id AND m.facility_id = NEW.facility_id FOR NO KEY UPDATE;
    IF asked.id IS NULL OR asked.decision IS NOT NULL THEN PERFORM guyub.refuse('GU002', 'a request is decided once'); END IF;
    IF who IS NULL OR who = asked.asked_by OR NOT guyub.permitted('funds.topup', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'deciding on money needs another person who may add it');
    END IF;
    NEW.approved_by := who; NEW.approved_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_first_money_approval BEFORE INSERT ON guyub.first_money_approval
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_first_money_approval();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.first_money_approval
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What notes of a month took of free money beyond what they saved, by the tolerance of its programme: by note and fund, in rupiah.
CREATE OR REPLACE FUNCTION guyub.tolerated_of(facility uuid, holder uuid) RETURNS TABLE (journal_id uuid, fund_id uuid, rupiah numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.journal_id, t.fund_id,
           COALESCE(sum(t.rupiah) FILTER (WHERE giver.kind = 'cash' AND taker.kind = 'cash_reserved'), 0)
           - COALESCE(sum(t.rupiah) FILTER (WHERE giver.kind = 'cash_reserved' AND taker.kind = 'cash'), 0)
    FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
    JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
    WHERE j.facility_id = tolerated_of.facility AND j.holder_id = holder AND j.kind = 'purchase'
      AND NOT EXISTS (SELECT FROM guyub.transfer b WHERE b.reverses = t.id)
    GROUP BY t.journal_id, t.fund_id
    HAVING COALESCE(sum(t.rupiah) FILTER (WHERE giver.kind = 'cash' AND taker.kind = 'cash_reserved'), 0)
         > COALESCE(sum(t.rupiah) FILTER (WHERE giver.kind = 'cash_reserved' AND taker.kind = 'cash'), 0)
$$;

-- What one person alone let a month spend: what was promised, unless two have approved it, and what was added since.
CREATE OR REPLACE FUNCTION guyub.let_by_one(c guyub.cycle) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(sum(t.rupiah) FILTER (WHERE j.id <> r.journal_id OR NOT EXISTS (
               SELECT FROM guyub.first_approval f WHERE f.cycle_id = c.id AND f.approved_by <> c.approved_by
                 AND f.version = (SELECT max(p.version) FROM guyub.proposal p WHERE p.cycle_id = c.id))), 0)
           + (SELECT COALESCE(sum(x.rupiah), 0) FROM guyub.tolerated_of(c.facility_id, c.id) x)
    FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id JOIN guyub.account a ON a.id = t.debit_account
    JOIN guyub.reservation r ON r.id = a.reservation_id AND r.withdrawn_at IS NULL
    WHERE j.facility_id = c.facility_id AND j.holder_id = c.id AND j.kind = 'reservation'
$$;

-- What a note takes by the tolerance is added by nobody's decision: it may not lift a month above what one person approves, nor take
-- sensitive money that two approve. Then it is asked for.
CREATE OR REPLACE FUNCTION guyub.demand_tolerance_of_one(note uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    j     guyub.journal;
    c     guyub.cycle;
    funds uuid[];
BEGIN
    SELECT * INTO j FROM guyub.journal x WHERE x.id = note;
    SELECT * INTO c FROM guyub.cycle x WHERE x.id = j.holder_id AND x.facility_id = j.facility_id;
    IF c.id IS NULL THEN RETURN; END IF;
    SELECT array_agg(x.fund_id) INTO funds FROM guyub.tolerated_of(c.facility_id, c.id) x WHERE x.journal_id = note;
    IF funds IS NOT NULL AND guyub.needs_second_approval(
        c.facility_id, (SELECT p.plugin FROM guyub.program p WHERE p.id = c.program_id), j.occurred_on, guyub.let_by_one(c), funds) <> '' THEN
        PERFORM guyub.refuse('GU003', 'tolerance_needs_approver');
    END IF;
END $$;

-- Why what a journal adds to an approved month needs two approvers, who are not there; '' otherwise. What one person approved may
-- not grow above the threshold by another single decision, nor what was added to what two approved. The two are who first
-- approved the request and who decides on it; before that decision the request that waits counts.
CREATE OR REPLACE FUNCTION guyub.addition_lacks_approver(addition guyub.journal, before_decision boolean) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c        guyub.cycle;
    program  text;
    let      numeric;
    line     record;
    why      text;
BEGIN
    SELECT * INTO c FROM guyub.cycle x WHERE x.id = addition.holder_id AND x.facility_id = addition.facility_id;
    program := (SELECT p.plugin FROM guyub.program p WHERE p.id = c.program_id);
    let := guyub.let_by_one(c);
    FOR line IN
        SELECT r.item_id, sum(t.rupiah) AS rupiah, array_agg(DISTINCT r.fund_id) AS funds
        FROM guyub.transfer t JOIN guyub.account a ON a.id = t.debit_account
        JOIN guyub.reservation r ON r.id = a.reservation_id AND r.journal_id <> addition.id
        WHERE t.journal_id = addition.id GROUP BY r.item_id
    LOOP
        why := guyub.needs_second_approval(c.facility_id, program, addition.occurred_on, let, line.funds);
        IF why <> '' AND COALESCE((
            SELECT sum(m.amount) FROM guyub.money_request m JOIN guyub.first_money_approval f ON f.request_id = m.id
            WHERE m.facility_id = c.facility_id AND m.holder_id = c.id AND m.item_id = line.item_id
              AND f.approved_by <> addition.recorded_by
              AND (before_decision AND m.decision IS NULL
                   OR m.decision = 'approved' AND m.decided_by = addition.recorded_by AND m.decided_at >= addition.began_at)), 0)
           < line.rupiah THEN
            RETURN why;
        END IF;
    END LOOP;
    RETURN '';
END $$;
-- The same of what this actor adds in this step, before the request is decided.
CREATE OR REPLACE FUNCTION guyub.added_without_approver(holder uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(max(guyub.addition_lacks_approver(j, true)), '') FROM guyub.journal j
    WHERE j.holder_id = holder AND j.kind = 'reservation' AND j.facility_id = ANY ((SELECT guyub.scope())::uuid[])
      AND guyub.is_written_now(j)
$$;
GRANT EXECUTE ON FUNCTION guyub.added_without_approver TO {{app}};

-- At the commit, when the request is decided as well.
CREATE OR REPLACE FUNCTION guyub.demand_approvers_of_addition() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What a correction of a closed month promises again was approved before, and goes on at once: the correction came before
    -- this entry. A month that was closed since says nothing of it.
    IF NOT EXISTS (SELECT FROM guyub.correction x WHERE x.cycle_id = NEW.holder_id AND x.xid = NEW.xid AND x.began_at = NEW.began_at
                   AND x.corrected_at <= NEW.recorded_at)
       AND guyub.addition_lacks_approver(NEW, false) <> '' THEN
        PERFORM guyub.refuse('GU003', 'addition_needs_approver');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS second_approver_of_addition ON guyub.journal;
CREATE CONSTRAINT TRIGGER second_approver_of_addition AFTER INSERT ON guyub.journal DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.kind = 'reservation') EXECUTE FUNCTION guyub.demand_approvers_of_addition();

-- A month can be corrected: an approval is withdrawn while nothing has come of it.

-- What stands against withdrawing the approval of a cycle: packages were handed over (also one that was undone since: households
-- came and signed), or goods were bought with what it promised and the purchase stands. A purchase of an approval that is no
-- more would lie before the next one.
CREATE OR REPLACE FUNCTION guyub.came_of_approval(cycle uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM guyub.cycle c WHERE c.id = cycle AND c.facility_id = ANY ((SELECT guyub.scope())::uuid[])) THEN ''
        WHEN EXISTS (SELECT FROM guyub.entitlement e JOIN guyub.handover h ON h.entitlement_id = e.id WHERE e.cycle_id = cycle)
        THEN 'after_hand_over'
        WHEN EXISTS (SELECT FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
                     WHERE j.holder_id = cycle AND j.kind = 'purchase'
                       AND NOT EXISTS (SELECT FROM guyub.transfer back WHERE back.reverses = t.id))
        THEN 'after_purchase' ELSE '' END
$$;
GRANT EXECUTE ON FUNCTION guyub.came_of_approval TO {{app}};

-- Who withdraws names the version that they read; the row stamps itself with the approval that it ends.
CREATE OR REPLACE FUNCTION guyub.stamp_withdrawal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c     guyub.cycle;
    comes text;
BEGIN
    PERFORM guyub.lock_cycles(ARRAY[NEW.cycle_id]);
    SELECT * INTO c FROM guyub.cycle x WHERE x.id = NEW.cycle_id AND x.facility_id = NEW.facility_id;
    IF c.state IS NULL OR c.state NOT IN ('approved', 'distributing') THEN
        PERFORM guyub.refuse('GU003', 'no approval stands that could be withdrawn');
    END IF;
    IF NOT guyub.permitted('programs.approve', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'an approval is withdrawn by a person who may approve');
    END IF;
    IF NEW.version IS DISTINCT FROM c.revision THEN PERFORM guyub.refuse('GU022', 'it has changed since it was read'); END IF;
    comes := guyub.came_of_approval(c.id);
    IF comes <> '' THEN PERFORM guyub.refuse('GU003', comes); END IF;
    NEW.proposed_by := c.proposed_by; NEW.approved_by := c.approved_by;
    NEW.approved_at := c.approved_at; NEW.approved_from := COALESCE(c.approved_from, c.approved_at);
    NEW.withdrawn_by := guyub.actor(); NEW.withdrawn_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_withdrawal BEFORE INSERT ON guyub.withdrawn_approval
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_withdrawal();

-- The step follows from the row, in the same statement: by no other way does an approved cycle go back to planning
-- (cycle_after_transition).
CREATE OR REPLACE FUNCTION guyub.withdraw_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.cycle SET state = 'planned', decided_version = NEW.version WHERE id = NEW.cycle_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER withdraw_approval AFTER INSERT ON guyub.withdrawn_approval
FOR EACH ROW EXECUTE FUNCTION guyub.withdraw_approval();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.withdrawn_approval
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What the withdrawal brings with it: promises are empty and end, claims with them, and the list is open again.
CREATE OR REPLACE FUNCTION guyub.end_approval(cycle uuid, version integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM guyub.withdrawn_approval w WHERE w.cycle_id = cycle AND w.version = end_approval.version) THEN
        PERFORM guyub.refuse('GU003', 'an approval ends by an act of its own, with its reason');
    END IF;
    IF EXISTS (SELECT FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id
               WHERE r.holder_id = cycle AND (a.rupiah <> 0 OR a.quantity <> 0)) THEN
        PERFORM guyub.refuse('GU003', 'something is still reserved for this cycle');
    END IF;
    UPDATE guyub.reservation SET withdrawn_at = clock_timestamp() WHERE holder_id = cycle AND withdrawn_at IS NULL;
    UPDATE guyub.replacement SET confirmed = false WHERE cycle_id = cycle AND confirmed IS NULL;
    -- Who was claimed keeps nothing of it: the household may be judged anew, or served elsewhere.
    DELETE FROM guyub.claim cl USING guyub.entitlement e WHERE cl.entitlement_id = e.id AND e.cycle_id = cycle;
    UPDATE guyub.entitlement SET state = 'selected', state_reason = CASE state WHEN 'absent' THEN '' ELSE state_reason END
    WHERE cycle_id = cycle AND state IN ('approved', 'absent');
END $$;

-- The quota of a planned cycle changes by one who may open cycles, never against a value that a layer above has locked: on the
-- first day of the month, or today where that is later. What an order of the region brings with it is checked there.
CREATE OR REPLACE FUNCTION guyub.keep_quota() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    here  record;
    kept  record;
BEGIN
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.open', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'the quota is set by a person who may open cycles');
    END IF;
    SELECT f.id, p.plugin, greatest(NEW.period, (guyub.latest_moment() AT TIME ZONE f.zone)::date) AS day INTO here
    FROM guyub.facility f, guyub.program p WHERE f.id = NEW.facility_id AND p.id = NEW.program_id;
    SELECT l.value INTO kept FROM guyub.layers_of_setting(here.id, here.plugin, 'quota', here.day) l
    WHERE l.locked ORDER BY l.depth LIMIT 1;
    IF FOUND AND kept.value IS DISTINCT FROM to_jsonb(NEW.quota) THEN
        PERFORM guyub.refuse('GU006', 'quota_locked');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "35_keep_quota" BEFORE UPDATE OF quota ON guyub.cycle
FOR EACH ROW WHEN (NEW.quota <> OLD.quota AND NEW.campaign_id IS NOT DISTINCT FROM OLD.campaign_id)
EXECUTE FUNCTION guyub.keep_quota();

-- --- reserves -----------------------------------------------------------------------------------------------------

-- The reserves of a cycle who could take the place of a household on its list, the next one first: same category (and area,
-- where a fund asks for it), same share of each line, so that what is reserved serves them; registered with a recipient, not
-- served elsewhere this month, not proposed for another place, and never taken off the list by hand.
CREATE OR REPLACE FUNCTION guyub.reserves_for(entitlement uuid) RETURNS TABLE (entitlement_id uuid, household_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH place AS MATERIALIZED (
        SELECT e.*, EXISTS (SELECT FROM guyub.reservation r WHERE r.facility_id = e.facility_id AND r.holder_id = e.cycle_id
                            AND r.withdrawn_at IS NULL AND r.area <> '') AS by_area
        FROM guyub.entitlement e WHERE e.id = entitlement AND e.facility_id = ANY ((SELECT guyub.scope())::uuid[])),
    served AS MATERIALIZED (SELECT s.entitlement_id FROM place p CROSS JOIN guyub.served_already(p.cycle_id) s)
    SELECT e.id, e.household_id
    FROM place p JOIN guyub.entitlement e ON e.cycle_id = p.cycle_id AND e.state = 'candidate' AND e.state_reason = ''
                                         AND e.category = p.category AND e.packages = p.packages AND (NOT p.by_area OR e.area = p.area)
    JOIN guyub.household h ON h.id = e.household_id AND h.active AND h.category = e.category
    WHERE EXISTS (SELECT FROM guyub.member m WHERE m.household_id = h.id AND m.is_recipient AND m.active)
      AND NOT EXISTS (SELECT FROM guyub.package_line l WHERE l.cycle_id = p.cycle_id
                      AND guyub.entitlement_quantity(l.quantity, e.members, l.per_member, l.at_most, e.packages)
                          <> guyub.entitlement_quantity(l.quantity, p.members, l.per_member, l.at_most, p.packages))
      AND NOT EXISTS (SELECT FROM served s WHERE s.entitlement_id = e.id)
      AND NOT EXISTS (SELECT FROM guyub.replacement r WHERE r.cycle_id = p.cycle_id AND r.comes_id = e.household_id AND r.confirmed IS NULL)
    ORDER BY e.score DESC, e.household_id
$$;
GRANT EXECUTE ON FUNCTION guyub.reserves_for TO {{app}};

CREATE OR REPLACE FUNCTION guyub.propose_replacement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place guyub.entitlement;
    next  uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM guyub.lock_cycles(ARRAY[NEW.cycle_id]) c
                   WHERE c.facility_id = NEW.facility_id AND c.state IN ('approved', 'distributing')) THEN
        PERFORM guyub.refuse('GU003', 'a place is filled anew while the list is approved');
    END IF;
    IF NOT guyub.permitted('programs.propose', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'a replacement is proposed by a person who may propose');
    END IF;
    SELECT * INTO place FROM guyub.entitlement e
    WHERE e.cycle_id = NEW.cycle_id AND e.household_id = NEW.goes_id AND e.state IN ('approved', 'absent');
    IF NOT FOUND THEN PERFORM guyub.refuse('GU003', 'not_waiting'); END IF;
    SELECT r.household_id INTO next FROM guyub.reserves_for(place.id) r LIMIT 1;
    IF next IS NULL THEN PERFORM guyub.refuse('GU003', 'no_reserve'); END IF;
    IF NEW.comes_id IS DISTINCT FROM next THEN PERFORM guyub.refuse('GU003', 'not_the_next_reserve'); END IF;
    NEW.proposed_by := guyub.actor(); NEW.proposed_at := clock_timestamp();
    NEW.confirmed := NULL; NEW.decided_by := NULL; NEW.decided_at := NULL;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER propose_replacement BEFORE INSERT ON guyub.replacement
FOR EACH ROW EXECUTE FUNCTION guyub.propose_replacement();

-- Confirmed by another person who may approve; declined by such a one, or taken back by who proposed it. The one who gives up the
-- place keeps no claim, the other takes the place with its number, the same share of what is reserved and claims of its own.
CREATE OR REPLACE FUNCTION guyub.decide_replacement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who   uuid := guyub.actor();
    goes  guyub.entitlement;
    comes guyub.entitlement;
    taken jsonb;
BEGIN
    IF OLD.confirmed IS NOT NULL OR NEW.confirmed IS NULL OR (NEW.id, NEW.facility_id, NEW.cycle_id, NEW.goes_id, NEW.comes_id, NEW.reason)
       IS DISTINCT FROM (OLD.id, OLD.facility_id, OLD.cycle_id, OLD.goes_id, OLD.comes_id, OLD.reason) THEN
        PERFORM guyub.refuse('GU002', 'a replacement is decided once, as it was proposed');
    END IF;
    NEW.proposed_by := OLD.proposed_by; NEW.proposed_at := OLD.proposed_at;
    NEW.decided_by := who; NEW.decided_at := clock_timestamp();
    IF NOT guyub.permitted('programs.approve', NEW.facility_id)
       AND (NEW.confirmed OR who IS DISTINCT FROM OLD.proposed_by) THEN
        PERFORM guyub.refuse('GU004', 'a replacement is confirmed by a person who may approve');
    END IF;
    IF NOT NEW.confirmed THEN RETURN NEW; END IF;
    IF who = OLD.proposed_by THEN PERFORM guyub.refuse('GU004', 'the proposer never approves'); END IF;
    IF NOT EXISTS (SELECT FROM guyub.lock_cycles(ARRAY[NEW.cycle_id]) c WHERE c.state IN ('approved', 'distributing')) THEN
        PERFORM guyub.refuse('GU003', 'a place is filled anew while the list is approved');
    END IF;
    SELECT * INTO goes FROM guyub.entitlement e
    WHERE e.cycle_id = NEW.cycle_id AND e.household_id = NEW.goes_id AND e.state IN ('approved', 'absent');
    IF NOT FOUND THEN PERFORM guyub.refuse('GU003', 'not_waiting'); END IF;
    SELECT e.* INTO comes FROM guyub.entitlement e JOIN guyub.household h ON h.id = e.household_id AND h.active AND h.category = e.category
    WHERE e.cycle_id = NEW.cycle_id AND e.household_id = NEW.comes_id AND e.state = 'candidate' AND e.state_reason = ''
      AND EXISTS (SELECT FROM guyub.member m WHERE m.household_id = h.id AND m.is_recipient AND m.active);
    IF NOT FOUND THEN PERFORM guyub.refuse('GU003', 'reserve_gone'); END IF;

    UPDATE guyub.claim SET released_at = clock_timestamp() WHERE entitlement_id = goes.id AND released_at IS NULL;
    UPDATE guyub.entitlement SET state = 'excluded', state_reason = NEW.reason WHERE id = goes.id;
    UPDATE guyub.entitlement SET state = 'approved' WHERE id = comes.id;
    INSERT INTO guyub.entitlement_line (facility_id, entitlement_id, line, item_id, quantity, price)
    SELECT comes.facility_id, comes.id, l.line, l.item_id,
           guyub.entitlement_quantity(l.quantity, comes.members, l.per_member, l.at_most, comes.packages), l.price
    FROM guyub.package_line l WHERE l.cycle_id = NEW.cycle_id;
    INSERT INTO guyub.recipient_snapshot (entitlement_id, facility_id, number, full_name, nik_masked, address, relationship, inmate_name)
    SELECT comes.id, comes.facility_id, (SELECT s.number FROM guyub.recipient_snapshot s WHERE s.entitlement_id = goes.id),
           concat_ws(' · ', NULLIF(h.institution_name, ''), m.full_name), m.nik_masked,
           concat_ws(', ', NULLIF(concat_ws('/', 'RT ' || NULLIF(h.rt, ''), 'RW ' || NULLIF(h.rw, '')), ''),
                     NULLIF(h.village, ''), NULLIF(h.district, '')),
           COALESCE(k.relationship, ''), COALESCE(i.full_name, '')
    FROM guyub.household h JOIN guyub.member m ON m.household_id = h.id AND m.is_recipient AND m.active
    LEFT JOIN LATERAL (SELECT l.relationship, l.inmate_id FROM guyub.inmate_link l
                       WHERE l.household_id = h.id AND l.ended_on IS NULL ORDER BY l.id LIMIT 1) k ON true
    LEFT JOIN guyub.inmate i ON i.id = k.inmate_id
    WHERE h.id = NEW.comes_id;
    INSERT INTO guyub.claim (identity, exclusion_group, period, facility_id, entitlement_id)
    SELECT DISTINCT ON (i.identity) i.identity, c.exclusion_group, c.period, c.facility_id, comes.id
    FROM guyub.cycle c CROSS JOIN guyub.identities_of(c.id) i WHERE c.id = NEW.cycle_id AND i.entitlement_id = comes.id
    ORDER BY i.identity
    ON CONFLICT (identity, exclusion_group, period) WHERE released_at IS NULL DO NOTHING;
    SELECT jsonb_agg(jsonb_build_object('entitlement', s.entitlement_id, 'facility', s.facility)) INTO taken
    FROM guyub.served_already(NEW.cycle_id) s WHERE s.entitlement_id = comes.id;
    IF taken IS NOT NULL THEN PERFORM guyub.refuse('GU008', 'already served this month', taken::text); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER decide_replacement BEFORE UPDATE ON guyub.replacement
FOR EACH ROW EXECUTE FUNCTION guyub.decide_replacement();
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.replacement
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

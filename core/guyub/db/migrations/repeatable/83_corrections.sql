-- A month can be corrected: an approval is withdrawn while nothing has come of it.

-- What stands against withdrawing the approval of a cycle: packages were handed over (also one that was undone since: households
-- came and signed), or goods were bought with what it promised and the purchase stands. A purchase of an approval that is no
-- more would lie before the next one.
CREATE OR REPLACE FUNCTION guyub.came_of_approval(cycle uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
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
    SELECT l.value INTO kept FROM (
        SELECT DISTINCT ON (v.layer) v.layer, v.value, v.locked FROM guyub.config_value v
        LEFT JOIN LATERAL guyub.region_memberships(here.id) s ON s.since <= here.day AND (s.until IS NULL OR here.day < s.until)
        WHERE v.plugin = here.plugin AND v.field = 'quota' AND v.valid_from <= here.day
          AND CASE v.layer WHEN 'national' THEN true WHEN 'region' THEN v.region_id = s.region_id ELSE v.facility_id = here.id END
        ORDER BY v.layer, v.valid_from DESC, v.seq DESC) l
    WHERE l.locked ORDER BY CASE l.layer WHEN 'national' THEN 1 WHEN 'region' THEN 2 ELSE 3 END LIMIT 1;
    IF FOUND AND kept.value IS DISTINCT FROM to_jsonb(NEW.quota) THEN
        PERFORM guyub.refuse('GU006', 'quota_locked');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "35_keep_quota" BEFORE UPDATE OF quota ON guyub.cycle
FOR EACH ROW WHEN (NEW.quota <> OLD.quota AND NEW.campaign_id IS NOT DISTINCT FROM OLD.campaign_id)
EXECUTE FUNCTION guyub.keep_quota();

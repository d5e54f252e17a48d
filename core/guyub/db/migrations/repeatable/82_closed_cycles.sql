-- A closed cycle is corrected by entries that name it, and never opened again. A correction is one of three acts: a hand-over that
-- did not happen, or whose package came back, is taken back; a household that was absent, or gave its package back, receives late;
-- a note of which nothing was given away is cancelled. What it books is booked in its own transaction and leaves nothing
-- reserved.

-- The version of a closed cycle: the cycle itself changes no more, so each correction counts.
CREATE OR REPLACE FUNCTION guyub.version_of_closed(cycle uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.revision + (SELECT count(*) FROM guyub.correction x WHERE x.cycle_id = c.id)::integer FROM guyub.cycle c
    WHERE c.id = cycle AND c.facility_id = ANY ((SELECT guyub.scope())::uuid[])
$$;
GRANT EXECUTE ON FUNCTION guyub.version_of_closed TO {{app}};

-- The correction of a cycle that this transaction writes. A transaction writes one.
CREATE OR REPLACE FUNCTION guyub.correction_of_now(cycle uuid) RETURNS guyub.correction
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT x FROM guyub.correction x
    WHERE x.cycle_id = cycle AND x.xid = pg_current_xact_id_if_assigned() AND x.began_at = transaction_timestamp()
$$;

CREATE OR REPLACE FUNCTION guyub.stamp_correction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c      guyub.cycle;
    who    uuid := guyub.actor();
    needed text[] := CASE NEW.kind WHEN 'note_cancelled' THEN '{funds.spend}' ELSE '{programs.close,programs.handover}' END::text[];
    zone   text := (SELECT f.zone FROM guyub.facility f WHERE f.id = NEW.facility_id);
    state  text;
    own    date;
BEGIN
    PERFORM guyub.lock_cycles(ARRAY[NEW.cycle_id]);
    SELECT * INTO c FROM guyub.cycle x WHERE x.id = NEW.cycle_id AND x.facility_id = NEW.facility_id;
    IF c.state IS DISTINCT FROM 'closed' THEN PERFORM guyub.refuse('GU003', 'not_closed'); END IF;
    IF who IS NULL OR EXISTS (SELECT FROM unnest(needed) permission WHERE NOT guyub.permitted(permission, NEW.facility_id)) THEN
        PERFORM guyub.refuse('GU004', 'correcting a closed month needs a person who may do it');
    END IF;
    -- Who approved the list and its money does not say afterwards what became of them.
    IF who = c.approved_by OR EXISTS (SELECT FROM unnest(needed) permission WHERE guyub.duties_collide(c, permission, who)) THEN
        PERFORM guyub.refuse('GU004', 'separation of duties: who approved does not correct');
    END IF;
    IF NEW.version IS DISTINCT FROM guyub.version_of_closed(c.id) THEN
        PERFORM guyub.refuse('GU022', 'it has changed since it was read');
    END IF;
    IF (guyub.correction_of_now(c.id)).id IS NOT NULL THEN PERFORM guyub.refuse('GU003', 'one correction at a time'); END IF;
    IF NEW.occurred_on > (guyub.latest_moment() AT TIME ZONE zone)::date OR NEW.occurred_on < (c.approved_from AT TIME ZONE zone)::date THEN
        PERFORM guyub.refuse_day(CASE WHEN NEW.occurred_on < (c.approved_from AT TIME ZONE zone)::date THEN 'before_approval'
                                      ELSE 'day_to_come' END, 'hand_over', NEW.facility_id, c.approved_from);
    END IF;
    IF NEW.kind = 'note_cancelled' THEN
        IF NOT EXISTS (SELECT FROM guyub.journal j WHERE j.id = NEW.journal_id AND j.holder_id = c.id AND j.kind = 'purchase') THEN
            PERFORM guyub.refuse('GU003', 'not_of_this_month');
        END IF;
    ELSE
        SELECT e.state INTO state FROM guyub.entitlement e WHERE e.id = NEW.entitlement_id AND e.cycle_id = c.id;
        IF NOT FOUND THEN PERFORM guyub.refuse('GU003', 'not_of_this_month'); END IF;
        IF NEW.kind = 'taken_back' AND state <> 'received' THEN PERFORM guyub.refuse('GU003', 'not_received'); END IF;
        IF NEW.kind = 'handed_over_late' AND state NOT IN ('absent', 'returned') THEN PERFORM guyub.refuse('GU003', 'not_missing'); END IF;
    END IF;
    -- Not before what it corrects.
    SELECT max(x.day) INTO own FROM (
        SELECT (h.handed_at AT TIME ZONE zone)::date AS day FROM guyub.handover h
        WHERE NEW.kind = 'taken_back' AND h.entitlement_id = NEW.entitlement_id AND h.reversed_at IS NULL
        UNION ALL SELECT j.occurred_on FROM guyub.journal j WHERE j.id = NEW.journal_id) x;
    IF NEW.occurred_on < own THEN
        PERFORM guyub.refuse_day('before_what_it_undoes', 'reversal', NEW.facility_id, guyub.start_of(own, zone));
    END IF;
    NEW.corrected_by := who; NEW.corrected_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_correction BEFORE INSERT ON guyub.correction FOR EACH ROW EXECUTE FUNCTION guyub.stamp_correction();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.correction
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- Which books a correction may move: none but those of its own kind.
CREATE OR REPLACE FUNCTION guyub.corrects_with(cycle uuid, journal_kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(((guyub.correction_of_now(cycle)).kind, journal_kind) IN (
        ('taken_back', 'reversal'), ('taken_back', 'release'), ('handed_over_late', 'reservation'), ('handed_over_late', 'hand_over'),
        ('note_cancelled', 'reservation'), ('note_cancelled', 'reversal'), ('note_cancelled', 'release')), false)
$$;

-- A household of a closed month that a correction in this transaction names: it may receive late, or give back.
CREATE OR REPLACE FUNCTION guyub.is_corrected(cycle uuid, entitlement uuid, kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((x.c).kind = is_corrected.kind AND (x.c).entitlement_id = entitlement, false)
    FROM (SELECT guyub.correction_of_now(cycle) AS c) x
$$;

-- Who received late is claimed as the others were; who gave back may be served elsewhere.
CREATE OR REPLACE FUNCTION guyub.claim_after_correction(cycle uuid, entitlement uuid, receives boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken jsonb;
BEGIN
    IF NOT receives THEN
        UPDATE guyub.claim cl SET released_at = clock_timestamp() WHERE cl.entitlement_id = entitlement AND cl.released_at IS NULL;
        RETURN;
    END IF;
    INSERT INTO guyub.claim (identity, exclusion_group, period, facility_id, entitlement_id)
    SELECT DISTINCT ON (i.identity) i.identity, c.exclusion_group, c.period, c.facility_id, entitlement
    FROM guyub.cycle c CROSS JOIN guyub.identities_of(c.id) i WHERE c.id = cycle AND i.entitlement_id = entitlement ORDER BY i.identity
    ON CONFLICT (identity, exclusion_group, period) WHERE released_at IS NULL DO NOTHING;
    SELECT jsonb_agg(jsonb_build_object('entitlement', s.entitlement_id, 'facility', s.facility)) INTO taken
    FROM guyub.served_already(cycle) s WHERE s.entitlement_id = entitlement;
    IF taken IS NOT NULL THEN PERFORM guyub.refuse('GU008', 'already served this month', taken::text); END IF;
END $$;

-- At the commit the correction did what it says, and nothing stays reserved for a closed month.
CREATE OR REPLACE FUNCTION guyub.correction_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id
               WHERE r.facility_id = NEW.facility_id AND r.holder_id = NEW.cycle_id AND (a.rupiah <> 0 OR a.quantity <> 0)) THEN
        PERFORM guyub.refuse('GU003', 'something is still reserved for this cycle');
    END IF;
    IF NOT (CASE NEW.kind
        WHEN 'taken_back' THEN EXISTS (
            SELECT FROM guyub.entitlement e JOIN guyub.handover h ON h.entitlement_id = e.id
            JOIN guyub.journal j ON j.id = h.reversal_journal_id
            WHERE e.id = NEW.entitlement_id AND e.state = 'returned' AND h.reversed_at >= NEW.began_at AND j.xid = NEW.xid
              AND j.occurred_on = NEW.occurred_on)
        WHEN 'handed_over_late' THEN EXISTS (
            SELECT FROM guyub.entitlement e JOIN guyub.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL
            JOIN guyub.journal j ON j.id = h.journal_id
            WHERE e.id = NEW.entitlement_id AND e.state = 'received' AND j.xid = NEW.xid AND j.occurred_on = NEW.occurred_on)
        ELSE NOT EXISTS (
            SELECT FROM guyub.transfer t WHERE t.journal_id = NEW.journal_id AND t.reverses IS NULL AND NOT EXISTS (
                SELECT FROM guyub.transfer b JOIN guyub.journal j ON j.id = b.journal_id AND j.xid = NEW.xid
                                                     AND j.occurred_on = NEW.occurred_on WHERE b.reverses = t.id)) END) THEN
        PERFORM guyub.refuse('GU003', 'a correction books what it says');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS correction_is_whole ON guyub.correction;
CREATE CONSTRAINT TRIGGER correction_is_whole AFTER INSERT ON guyub.correction DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION guyub.correction_is_whole();

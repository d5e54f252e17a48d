-- Who may spend asks for more money for goods that are still to be bought; another person, who may add it, decides once: so much
-- as was asked for, or less, or more. What is approved is reserved in the same step.
CREATE OR REPLACE FUNCTION guyub.ask_for_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.facility_id = ANY (guyub.scope())) IS NOT TRUE THEN PERFORM guyub.refuse('GU001', 'a request outside the scope'); END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('funds.spend', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'asking for money needs a person who may spend');
    END IF;
    SELECT r.holder_code INTO NEW.holder_code FROM guyub.reservation r
    WHERE r.facility_id = NEW.facility_id AND r.holder_id = NEW.holder_id AND r.item_id = NEW.item_id AND NOT r.from_stock LIMIT 1;
    IF NOT FOUND THEN PERFORM guyub.refuse('GU005', 'no money is reserved for these goods'); END IF;
    NEW.asked_at := clock_timestamp();
    NEW.asked_by := guyub.actor();
    NEW.asked_label := guyub.actor_label();
    NEW.decision := NULL;
    NEW.reason := '';
    NEW.granted := NULL;
    NEW.decided_at := NULL;
    NEW.decided_by := NULL;
    NEW.decided_label := '';
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ask BEFORE INSERT ON guyub.money_request FOR EACH ROW EXECUTE FUNCTION guyub.ask_for_money();

-- What this step reserves for the goods of a request.
CREATE OR REPLACE FUNCTION guyub.reserved_for(asked guyub.money_request) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(sum(t.rupiah), 0)::bigint FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
    JOIN guyub.account a ON a.id = t.debit_account JOIN guyub.reservation r ON r.id = a.reservation_id AND r.journal_id <> j.id
    WHERE j.facility_id = asked.facility_id AND j.holder_id = asked.holder_id AND j.kind = 'reservation' AND r.item_id = asked.item_id
      AND j.xid = pg_current_xact_id_if_assigned() AND j.began_at = transaction_timestamp()
$$;

CREATE OR REPLACE FUNCTION guyub.decide_on_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.decision IS NOT NULL OR NEW.decision IS NULL THEN
        PERFORM guyub.refuse('GU002', 'a request is decided once');
    END IF;
    IF NOT guyub.scope_is_system() AND (NOT guyub.permitted('funds.topup', NEW.facility_id) OR OLD.asked_by = guyub.actor()) THEN
        PERFORM guyub.refuse('GU004', 'deciding on money needs another person who may add it');
    END IF;
    NEW.granted := CASE NEW.decision WHEN 'approved' THEN guyub.reserved_for(NEW) END;
    IF NEW.granted <= 0 THEN PERFORM guyub.refuse('GU005', 'what is approved is reserved in the same step'); END IF;
    NEW.decided_at := clock_timestamp();
    NEW.decided_by := guyub.actor();
    NEW.decided_label := guyub.actor_label();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER decide BEFORE UPDATE ON guyub.money_request FOR EACH ROW EXECUTE FUNCTION guyub.decide_on_money();
-- At the commit, when nothing more comes: what was granted is what is reserved.
CREATE OR REPLACE FUNCTION guyub.grant_is_reserved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.granted <> guyub.reserved_for(NEW) THEN
        PERFORM guyub.refuse('GU005', 'what is approved is reserved in the same step');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS grant_is_reserved ON guyub.money_request;
CREATE CONSTRAINT TRIGGER grant_is_reserved AFTER UPDATE ON guyub.money_request DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.granted IS NOT NULL) EXECUTE FUNCTION guyub.grant_is_reserved();
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.money_request
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- A document is recorded once. The same note, or the statement of the same month, is recorded again on purpose only: then it names
-- the entry that it repeats. What was taken back does not count.

CREATE OR REPLACE FUNCTION guyub.is_undone(journal uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM guyub.transfer t JOIN guyub.transfer back ON back.reverses = t.id WHERE t.journal_id = journal)
$$;
GRANT EXECUTE ON FUNCTION guyub.is_undone TO {{app}};

CREATE OR REPLACE FUNCTION guyub.refuse_repeat(first guyub.journal) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse('GU040', 'recorded before', jsonb_build_object(
        'kind', first.kind, 'evidence', first.evidence, 'memo', first.memo, 'on', first.occurred_on, 'rupiah', (
            SELECT COALESCE(sum(t.rupiah) FILTER (WHERE first.kind = 'receipt' OR t.quantity > 0), 0)
            FROM guyub.transfer t WHERE t.journal_id = first.id))::text);
END $$;

CREATE OR REPLACE FUNCTION guyub.demand_new_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key   text := guyub.document_key(NEW.evidence);
    first guyub.journal;
BEGIN
    IF NEW.repeats IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM guyub.journal j WHERE j.facility_id = NEW.facility_id AND j.id = NEW.repeats AND j.kind = NEW.kind) THEN
            PERFORM guyub.refuse('GU005', 'what is repeated is an earlier entry of the same kind');
        END IF;
        RETURN NEW;
    END IF;
    IF key = '' THEN RETURN NEW; END IF;
    -- Of two who record one document at once the second waits and sees the first.
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(':', 'guyub.document', NEW.facility_id, NEW.kind, key), 0));
    SELECT j.* INTO first FROM guyub.journal j
    WHERE j.facility_id = NEW.facility_id AND j.kind = NEW.kind AND guyub.document_key(j.evidence) = key AND NOT guyub.is_undone(j.id)
    ORDER BY j.recorded_at LIMIT 1;
    IF FOUND THEN PERFORM guyub.refuse_repeat(first); END IF;
    RETURN NEW;
END $$;
-- After stamp_journal, which says whether it may be written at all.
CREATE OR REPLACE TRIGGER with_a_new_document BEFORE INSERT ON guyub.journal
FOR EACH ROW WHEN (NEW.kind IN ('receipt', 'purchase')) EXECUTE FUNCTION guyub.demand_new_document();

CREATE OR REPLACE FUNCTION guyub.demand_new_occasion() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first guyub.journal;
BEGIN
    IF EXISTS (SELECT FROM guyub.journal j WHERE j.id = NEW.journal_id AND j.repeats IS NOT NULL) THEN RETURN NEW; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(':', 'guyub.occasion', NEW.facility_id, NEW.plugin, NEW.kind, NEW.occasion), 0));
    SELECT j.* INTO first FROM guyub.fund_receipt r JOIN guyub.journal j ON j.id = r.journal_id
    WHERE r.facility_id = NEW.facility_id AND r.plugin = NEW.plugin AND r.kind = NEW.kind AND r.occasion = NEW.occasion
      AND r.journal_id <> NEW.journal_id AND NOT guyub.is_undone(j.id)
    ORDER BY j.recorded_at LIMIT 1;
    IF FOUND THEN PERFORM guyub.refuse_repeat(first); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER with_a_new_occasion BEFORE INSERT ON guyub.fund_receipt
FOR EACH ROW WHEN (NEW.occasion <> '') EXECUTE FUNCTION guyub.demand_new_occasion();

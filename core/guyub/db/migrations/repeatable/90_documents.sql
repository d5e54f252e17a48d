-- Every paper that was made for a cycle, as it was made: printing one again adds a row and changes none.

-- Who made it and when come from the verified scope and the clock.
CREATE OR REPLACE FUNCTION guyub.stamp_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.made_by := COALESCE((SELECT p.full_name FROM guyub.person p WHERE p.id = guyub.actor()), guyub.actor_label());
    NEW.made_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_document BEFORE INSERT ON guyub.document FOR EACH ROW EXECUTE FUNCTION guyub.stamp_document();

CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.document REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('documents.make');
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.document
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- A letter number that the office gave stands on one letter of its kind and year; that letter is printed with it again and again.
-- A number whose running part is still blank is none.
CREATE OR REPLACE FUNCTION guyub.keep_numbers_apart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.kind NOT IN ('decree', 'handover_record', 'activity_report') OR NEW.number = '' OR NEW.number LIKE '%……%' THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('guyub.letter_numbers:' || NEW.facility_id::text, 0));
    IF EXISTS (
        SELECT FROM guyub.document d
        WHERE d.facility_id = NEW.facility_id AND d.kind = NEW.kind AND d.cycle_id <> NEW.cycle_id
          AND upper(d.number) = upper(NEW.number)
          AND extract(year FROM d.stated_on) IS NOT DISTINCT FROM extract(year FROM NEW.stated_on)
          AND NOT EXISTS (SELECT FROM guyub.document n
                          WHERE n.facility_id = d.facility_id AND n.cycle_id = d.cycle_id AND n.kind = d.kind AND n.seq > d.seq
                            AND upper(n.number) <> upper(d.number))) THEN
        PERFORM guyub.refuse('GU060', 'a letter number of another letter');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_numbers_apart BEFORE INSERT ON guyub.document
FOR EACH ROW EXECUTE FUNCTION guyub.keep_numbers_apart();

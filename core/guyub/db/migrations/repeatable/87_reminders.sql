-- What a regional office tells its facilities, and what it sent to its own superiors: kept as it was said, by whom and when.

CREATE OR REPLACE FUNCTION guyub.stamp_reminder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.campaign', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'a reminder comes from the regional office');
    END IF;
    NEW.sent_by := guyub.actor(); NEW.sent_label := COALESCE(guyub.actor_label(), ''); NEW.sent_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.reminder FOR EACH ROW EXECUTE FUNCTION guyub.stamp_reminder();

-- Seen is said by the people of the facility; those who reach it from above have not read it for them.
CREATE OR REPLACE FUNCTION guyub.stamp_reminder_seen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM guyub.grants_of(guyub.actor()) g WHERE g.facility_id = NEW.facility_id AND g.direct) THEN
        PERFORM guyub.refuse('GU004', 'a reminder is acknowledged by the people of the facility');
    END IF;
    NEW.seen_by := guyub.actor(); NEW.seen_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.reminder_seen FOR EACH ROW EXECUTE FUNCTION guyub.stamp_reminder_seen();

CREATE OR REPLACE FUNCTION guyub.stamp_recap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_run_campaigns(NEW.region_id) THEN PERFORM guyub.refuse('GU004', 'a recap is the regional office''s'); END IF;
    NEW.sent_by := guyub.actor(); NEW.sent_label := COALESCE(guyub.actor_label(), ''); NEW.sent_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.recap_sent FOR EACH ROW EXECUTE FUNCTION guyub.stamp_recap();

CREATE OR REPLACE FUNCTION guyub.stamp_reporting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_run_campaigns(NEW.region_id) THEN PERFORM guyub.refuse('GU004', 'the day is set by the regional office'); END IF;
    NEW.set_by := COALESCE(guyub.actor_label(), ''); NEW.set_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT OR UPDATE ON guyub.region_reporting FOR EACH ROW EXECUTE FUNCTION guyub.stamp_reporting();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.reminder
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.reminder_seen
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.recap_sent
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

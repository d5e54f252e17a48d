-- Households and their people, what links them to an inmate, what they need. Money is kept elsewhere and never joins these.

-- Words of names, of members and inmates alike: the table of the words, and its column of whose name it is.
CREATE OR REPLACE FUNCTION guyub.index_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        EXECUTE format('DELETE FROM guyub.%I w USING changed c WHERE w.%I = c.id', TG_ARGV[0], TG_ARGV[1]);
    END IF;
    EXECUTE format('INSERT INTO guyub.%I (facility_id, %I, word)
                    SELECT c.facility_id, c.id, b.word FROM changed c, guyub.name_beginnings(c.full_name) b', TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER index_names_new AFTER INSERT ON guyub.member REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.index_names('name_word', 'member_id');
CREATE OR REPLACE TRIGGER index_names_changed AFTER UPDATE ON guyub.member REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.index_names('name_word', 'member_id');

CREATE OR REPLACE TRIGGER stamp_creation BEFORE INSERT ON guyub.household FOR EACH ROW EXECUTE FUNCTION guyub.stamp_creation();
CREATE OR REPLACE FUNCTION guyub.stamp_registration() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.registered_on := COALESCE(NEW.registered_on, (
        SELECT (guyub.latest_moment() AT TIME ZONE f.zone)::date FROM guyub.facility f WHERE f.id = NEW.facility_id));
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_registration BEFORE INSERT ON guyub.household
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_registration();

-- The trigger runs before row-level security and keys are asked: it touches no row of another facility by itself.
CREATE OR REPLACE FUNCTION guyub.stamp_survey() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.facility_id = ANY (guyub.personal_writing_scope())) IS NOT TRUE THEN PERFORM guyub.refuse('GU001', 'survey outside the scope'); END IF;
    NEW.surveyed_by := guyub.actor();
    NEW.recorded_at := clock_timestamp();
    -- The newest visit stands, and of two on one day the one recorded later; one that is recorded late is history at once.
    NEW.superseded := EXISTS (
        SELECT FROM guyub.survey s WHERE s.facility_id = NEW.facility_id AND s.household_id = NEW.household_id
                                     AND NOT s.superseded AND s.surveyed_on > NEW.surveyed_on);
    UPDATE guyub.survey SET superseded = true
    WHERE facility_id = NEW.facility_id AND household_id = NEW.household_id AND NOT superseded AND NOT NEW.superseded;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_survey BEFORE INSERT ON guyub.survey FOR EACH ROW EXECUTE FUNCTION guyub.stamp_survey();

-- Who may write what: guyub.demand_right, after all else that refuses.
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.household REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_changed AFTER UPDATE ON guyub.household REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.member REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_changed AFTER UPDATE ON guyub.member REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.inmate REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_changed AFTER UPDATE ON guyub.inmate REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.inmate_link REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_changed AFTER UPDATE ON guyub.inmate_link REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.inmate_register REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.write');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.survey REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('registry.survey');

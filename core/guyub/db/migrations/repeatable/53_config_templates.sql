-- Sets of plugin values with a name ("small rutan", "large lapas"), of a region or of the nation: applying one copies its
-- values, so that a later version changes nothing that was applied. Append-only: the newest row of a name counts.

-- A name is one whatever its capitals: "Rutan Kecil" beside "rutan kecil" would be two templates that people take for one.
-- Versions of a name are many, so that an index cannot say it.
CREATE OR REPLACE FUNCTION guyub.one_template_of_a_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other text;
BEGIN
    SELECT t.name INTO other FROM guyub.config_template t
    WHERE t.region_id IS NOT DISTINCT FROM NEW.region_id AND lower(t.name) = lower(NEW.name) AND t.name <> NEW.name
      AND NOT NEW.retired
      AND NOT (SELECT newest.retired FROM guyub.config_template newest
               WHERE newest.region_id IS NOT DISTINCT FROM t.region_id AND newest.name = t.name ORDER BY newest.seq DESC LIMIT 1)
    LIMIT 1;
    IF FOUND THEN PERFORM guyub.refuse('GU017', 'template_of_that_name', other); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER one_template_of_a_name AFTER INSERT ON guyub.config_template
FOR EACH ROW EXECUTE FUNCTION guyub.one_template_of_a_name();

CREATE OR REPLACE FUNCTION guyub.stamp_template() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_configure(NULL, NEW.region_id) THEN
        PERFORM guyub.refuse('GU004', 'a template is kept by those who configure its region');
    END IF;
    NEW.actor := guyub.actor_label();
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
-- Before the rows get their numbers: the order of the numbers is the order of recording.
CREATE OR REPLACE FUNCTION guyub.one_template_at_a_time() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guyub.config_template', 0));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER in_turn BEFORE INSERT ON guyub.config_template
FOR EACH STATEMENT EXECUTE FUNCTION guyub.one_template_at_a_time();
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.config_template FOR EACH ROW EXECUTE FUNCTION guyub.stamp_template();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.config_template
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

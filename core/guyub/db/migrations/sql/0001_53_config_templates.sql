-- Sets of plugin values with a name ("small rutan", "large lapas"), of a region or of the nation: applying one copies its
-- values, so that a later version changes nothing that was applied. Append-only: the newest row of a name counts.

CREATE TABLE guyub.config_template (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    region_id   uuid REFERENCES guyub.region,     -- NULL: for all regions
    name        text NOT NULL CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 60),
    note        text NOT NULL DEFAULT '' CHECK (length(note) <= 300),
    plugin_values jsonb NOT NULL CHECK (jsonb_typeof(plugin_values) = 'object'),   -- plugin -> field -> value
    retired     boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL DEFAULT ''
);
CREATE INDEX config_template_name ON guyub.config_template (region_id, name, seq DESC);

-- A name is one whatever its capitals: "Rutan Kecil" beside "rutan kecil" would be two templates that people take for one.
-- Versions of a name are many, so that an index cannot say it.
CREATE FUNCTION guyub.one_template_of_a_name() RETURNS trigger
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
CREATE TRIGGER one_template_of_a_name AFTER INSERT ON guyub.config_template
FOR EACH ROW EXECUTE FUNCTION guyub.one_template_of_a_name();

CREATE FUNCTION guyub.stamp_template() RETURNS trigger
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
CREATE FUNCTION guyub.one_template_at_a_time() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('guyub.config_template', 0));
    RETURN NULL;
END $$;
CREATE TRIGGER in_turn BEFORE INSERT ON guyub.config_template
FOR EACH STATEMENT EXECUTE FUNCTION guyub.one_template_at_a_time();
CREATE TRIGGER stamp BEFORE INSERT ON guyub.config_template FOR EACH ROW EXECUTE FUNCTION guyub.stamp_template();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.config_template
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

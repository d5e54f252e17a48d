-- Which plugins are switched off for the whole installation, and which regions' rows of plugins a transaction may touch.

CREATE OR REPLACE FUNCTION guyub.stamp_switch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_configure(NULL, NULL) THEN
        PERFORM guyub.refuse('GU004', 'switching a plugin off everywhere needs a national administrator');
    END IF;
    NEW.actor := guyub.actor_label();
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.plugin_switch FOR EACH ROW EXECUTE FUNCTION guyub.stamp_switch();
-- Every process sees at its next transaction that it has to look at the switches again.
CREATE OR REPLACE FUNCTION guyub.next_switch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.configuration_epoch SET epoch = epoch + 1, plugin_generation = plugin_generation + 1;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER next_switch BEFORE INSERT ON guyub.plugin_switch FOR EACH STATEMENT EXECUTE FUNCTION guyub.next_switch();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.plugin_switch
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- For tables of plugins with a region_id and no facility_id: the regions that this actor administers. A facility of the
-- region is no reason to see them; the command line sees the regions of its facilities.
CREATE OR REPLACE FUNCTION guyub.region_scope() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(array_agg(g.id), '{}') FROM guyub.region g
    WHERE CASE WHEN guyub.scope_is_system() THEN EXISTS (
                   SELECT FROM guyub.facility f WHERE f.region_id = g.id AND f.id = ANY ((SELECT guyub.scope())::uuid[]))
               ELSE EXISTS (
                   SELECT FROM guyub.role_assignment a JOIN guyub.role r ON r.code = a.role_code
                   CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS today) here
                   WHERE a.person_id = (SELECT guyub.actor())
                     AND a.valid_from <= here.today AND (a.valid_until IS NULL OR a.valid_until >= here.today)
                     AND (r.scope = 'national' OR (r.scope = 'region' AND a.region_id = g.id)))
          END
$$;
GRANT EXECUTE ON FUNCTION guyub.region_scope TO {{app}};

-- Which plugin runs where, and with which values: append-only, dated, by layer. Which of two rows was recorded later is told by
-- a sequence, here as everywhere: ids follow the clock, and a clock may jump.

-- Whether this actor may set a value here: at a facility, for a region (NULL facility), for the nation (both NULL).
CREATE OR REPLACE FUNCTION guyub.may_configure(facility uuid, region uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN guyub.scope_is_system() THEN true
        WHEN facility IS NOT NULL THEN guyub.permitted('facilities.configure', facility)
        -- A token configures for a region that it was made to reach beyond one facility, and never for the nation.
        WHEN guyub.only_configures() AND ((guyub.verified_scope())[1] <> 'office-configurer' OR NOT EXISTS (
            SELECT FROM guyub.facility f WHERE f.region_id = region AND f.id = ANY (guyub.scope()))) THEN false
        ELSE EXISTS (
            SELECT FROM guyub.role_assignment a JOIN guyub.role r ON r.code = a.role_code
            CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS today) here
            WHERE a.person_id = guyub.actor() AND 'facilities.configure' = ANY (r.permissions)
              AND a.valid_from <= here.today AND (a.valid_until IS NULL OR a.valid_until >= here.today)
              AND (r.scope = 'national' OR (r.scope = 'region' AND a.region_id = region)))
    END
$$;
GRANT EXECUTE ON FUNCTION guyub.may_configure TO {{app}};

-- By which door a facility is changed, its files or the web: its regional office decides, and a facility is otherwise the
-- system's to write.
CREATE OR REPLACE FUNCTION guyub.set_managed_by(target uuid, door text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF target <> ALL (guyub.scope())
       OR NOT guyub.may_configure(NULL, (SELECT f.region_id FROM guyub.facility f WHERE f.id = target)) THEN
        PERFORM guyub.refuse('GU004', 'who manages a facility is decided by its regional office');
    END IF;
    UPDATE guyub.facility f SET managed_by = door WHERE f.id = target;
END $$;
GRANT EXECUTE ON FUNCTION guyub.set_managed_by TO {{app}};
CREATE OR REPLACE FUNCTION guyub.set_region_managed_by(target uuid, door text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_configure(NULL, target) THEN
        PERFORM guyub.refuse('GU004', 'who manages a region is decided by its own office');
    END IF;
    UPDATE guyub.region g SET managed_by = door WHERE g.id = target;
END $$;
GRANT EXECUTE ON FUNCTION guyub.set_region_managed_by TO {{app}};

-- Who and when come from the scope and the clock; permit_configuration verifies that scope, once for all rows of a statement.
CREATE OR REPLACE FUNCTION guyub.stamp_configuration() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.actor := COALESCE(split_part(current_setting('guyub.scope', true), '|', 3), '');
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.plugin_activation FOR EACH ROW EXECUTE FUNCTION guyub.stamp_configuration();
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.config_value FOR EACH ROW EXECUTE FUNCTION guyub.stamp_configuration();

-- Every row carries the actor of the verified scope; a person needs the permission for that place, and to lock a value at a
-- facility that for its region. The rows of a statement are asked for by their places, of which there are fewer.
CREATE OR REPLACE FUNCTION guyub.permit_configuration() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    label   text := guyub.actor_label();
    forged  bigint;
    refused bigint := 0;
BEGIN
    SELECT count(*) INTO forged FROM added a WHERE label IS NULL OR a.actor IS DISTINCT FROM label;
    IF forged = 0 AND NOT guyub.scope_is_system() THEN
        SELECT count(*) INTO refused
        FROM (SELECT DISTINCT a.facility_id, NULLIF(to_jsonb(a) ->> 'region_id', '')::uuid AS region_id FROM added a) p
        WHERE NOT guyub.may_configure(p.facility_id, p.region_id);
    END IF;
    IF forged + refused > 0 THEN
        PERFORM guyub.refuse('GU004', 'configuring needs a person who may configure');
    END IF;
    IF NOT guyub.scope_is_system() THEN
        SELECT count(*) INTO refused
        FROM (SELECT DISTINCT f.region_id FROM added a JOIN guyub.facility f ON f.id = a.facility_id
              WHERE (to_jsonb(a) ->> 'locked')::boolean) p
        WHERE NOT guyub.may_configure(NULL, p.region_id);
        IF refused > 0 THEN
            PERFORM guyub.refuse('GU004', 'a value at a facility is locked by its regional office');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "10_authorise" AFTER INSERT ON guyub.plugin_activation
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.permit_configuration();
CREATE OR REPLACE TRIGGER "10_authorise" AFTER INSERT ON guyub.config_value
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.permit_configuration();

-- Before the rows get their numbers, so that writers wait for one another: of two rows for a day the one with the higher number
-- counts, whatever the clock said, and a lock cannot slip in between a value and its check.
CREATE OR REPLACE FUNCTION guyub.next_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.configuration_epoch SET epoch = epoch + 1;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER next_epoch BEFORE INSERT ON guyub.plugin_activation FOR EACH STATEMENT EXECUTE FUNCTION guyub.next_epoch();
CREATE OR REPLACE TRIGGER next_epoch BEFORE INSERT ON guyub.config_value FOR EACH STATEMENT EXECUTE FUNCTION guyub.next_epoch();
-- A facility that changes its region inherits from another one, and so it did on days past where their order is told anew.
CREATE OR REPLACE FUNCTION guyub.next_epoch_of_a_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM guyub.facility_name n WHERE n.facility_id = NEW.facility_id AND n.region_id <> NEW.region_id) THEN
        UPDATE guyub.configuration_epoch SET epoch = epoch + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER next_epoch AFTER INSERT ON guyub.facility_name
FOR EACH ROW EXECUTE FUNCTION guyub.next_epoch_of_a_move();

-- No value below a lock that holds on its first day, of the region under which the facility stood that day; taking one's own
-- value back is always allowed, but for one that the regional office locked at the facility: that is neither replaced nor
-- released by who configures that facility alone. Asked of the whole statement, so that one which sets a lock and what lies
-- below it does not depend on the order of its rows; a lock at the facility itself counts as it stood before.
CREATE OR REPLACE FUNCTION guyub.enforce_locks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refused jsonb;
    first_added bigint := (SELECT min(a.seq) FROM added a);
BEGIN
    SELECT jsonb_build_object('plugin', a.plugin, 'field', a.field, 'layer', a.layer, 'place', COALESCE(f.name, g.office_name),
                              'locked_at', l.layer, 'locked_place', l.office_name, 'locked_by', l.actor, 'since', l.valid_from)
    INTO refused
    FROM added a
    LEFT JOIN guyub.facility f ON f.id = a.facility_id
    LEFT JOIN guyub.region g ON g.id = a.region_id
    LEFT JOIN LATERAL guyub.region_memberships(a.facility_id) s ON s.since <= a.valid_from AND (s.until IS NULL OR a.valid_from < s.until)
    CROSS JOIN LATERAL (  -- each a look into the index config_value_scope, which has the order as well
        (SELECT v.layer, v.locked, v.valid_from, v.actor, NULL AS office_name FROM guyub.config_value v
         WHERE v.plugin = a.plugin AND v.layer = 'national' AND v.region_id IS NULL AND v.facility_id IS NULL
           AND v.field = a.field AND v.valid_from <= a.valid_from
         ORDER BY v.valid_from DESC, v.seq DESC LIMIT 1)
        UNION ALL
        (SELECT v.layer, v.locked, v.valid_from, v.actor, above.office_name
         FROM guyub.config_value v JOIN guyub.region above ON above.id = v.region_id
         WHERE v.plugin = a.plugin AND v.layer = 'region' AND v.region_id = s.region_id AND v.facility_id IS NULL
           AND v.field = a.field AND v.valid_from <= a.valid_from
         ORDER BY v.valid_from DESC, v.seq DESC LIMIT 1)) l
    WHERE a.layer <> 'national' AND a.value IS NOT NULL AND l.locked
    ORDER BY a.seq, l.layer
    LIMIT 1;
    IF refused IS NULL AND NOT guyub.scope_is_system() THEN
        SELECT jsonb_build_object('plugin', a.plugin, 'field', a.field, 'layer', a.layer, 'place', f.name, 'locked_at', 'facility',
                                  'locked_place', g.office_name, 'locked_by', l.actor, 'since', l.valid_from)
        INTO refused
        FROM added a
        JOIN guyub.facility f ON f.id = a.facility_id
        JOIN guyub.region g ON g.id = f.region_id
        CROSS JOIN LATERAL (
            SELECT v.locked, v.valid_from, v.actor FROM guyub.config_value v
            WHERE v.plugin = a.plugin AND v.layer = 'facility' AND v.region_id IS NULL AND v.facility_id = a.facility_id
              AND v.field = a.field AND v.valid_from <= a.valid_from AND v.seq < first_added
            ORDER BY v.valid_from DESC, v.seq DESC LIMIT 1) l
        WHERE l.locked AND NOT guyub.may_configure(NULL, f.region_id)
        ORDER BY a.seq
        LIMIT 1;
    END IF;
    IF refused IS NOT NULL THEN
        PERFORM guyub.refuse('GU012', 'this field is locked by a layer above', refused::text);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "30_enforce_locks" AFTER INSERT ON guyub.config_value
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.enforce_locks();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.plugin_activation
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.config_value
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- The plugins that are active at a facility on a day, for rooms below those that activate them. The planner sees through it.
CREATE OR REPLACE FUNCTION guyub.active_plugins(facility uuid, day date) RETURNS TABLE (plugin text)
LANGUAGE sql STABLE AS $$
    SELECT latest.plugin FROM (
        SELECT DISTINCT ON (a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
        WHERE a.facility_id = facility AND a.valid_from <= day
        ORDER BY a.plugin, a.valid_from DESC, a.seq DESC) latest
    WHERE latest.active $$;
GRANT EXECUTE ON FUNCTION guyub.active_plugins TO {{app}};

-- What each layer says of a field at a facility on a day: depth 1 is the nation, 2 the region that it belongs to on that day, 3 the
-- facility. A layer that says nothing has no row. Not for readers: values of other facilities are none of theirs.
CREATE OR REPLACE FUNCTION guyub.layers_of_setting(facility uuid, of_plugin text, of_field text, day date)
RETURNS TABLE (depth integer, value jsonb, locked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT ON (v.layer) CASE v.layer WHEN 'national' THEN 1 WHEN 'region' THEN 2 ELSE 3 END, v.value, v.locked
    FROM guyub.config_value v
    LEFT JOIN LATERAL guyub.region_memberships(layers_of_setting.facility) s ON s.since <= day AND (s.until IS NULL OR day < s.until)
    WHERE v.plugin = of_plugin AND v.field = of_field AND v.valid_from <= day
      AND CASE v.layer WHEN 'national' THEN true WHEN 'region' THEN v.region_id = s.region_id
                       ELSE v.facility_id = layers_of_setting.facility END
    ORDER BY v.layer, v.valid_from DESC, v.seq DESC
$$;

-- The value of a setting that applies at a facility on a day: the highest lock, else what stands nearest. NULL where no layer
-- says anything, and the plugin's own default counts.
CREATE OR REPLACE FUNCTION guyub.setting_on(facility uuid, of_plugin text, of_field text, day date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.value FROM guyub.layers_of_setting(facility, of_plugin, of_field, day) l WHERE l.value IS NOT NULL
    ORDER BY l.locked DESC, CASE WHEN l.locked THEN l.depth ELSE -l.depth END LIMIT 1
$$;

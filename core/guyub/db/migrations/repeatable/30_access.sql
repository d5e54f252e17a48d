-- A role's own title at a type of facility, as papers print it.
CREATE OR REPLACE FUNCTION guyub.role_title(role text, facility_type text) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT COALESCE(r.titles -> role_title.facility_type ->> 'id', r.titles -> 'default' ->> 'id')
    FROM guyub.role r WHERE r.code = role_title.role;
END;
GRANT EXECUTE ON FUNCTION guyub.role_title TO {{app}};

CREATE OR REPLACE FUNCTION guyub.require_service_key(key text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM guyub.installation WHERE service_key = sha256(convert_to(key, 'UTF8'))) THEN
        PERFORM guyub.refuse('GU001', 'this door opens only to a process that holds the service key');
    END IF;
END $$;

-- The grants of a person today: one row for each facility reached, directly or through a region. A day is the facility's
-- own: the client's time zone, which the application may set, neither begins nor ends a role.
CREATE OR REPLACE FUNCTION guyub.grants_of(who uuid) RETURNS TABLE (facility_id uuid, direct boolean, permissions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.id, r.scope = 'facility', r.permissions
    FROM guyub.role_assignment a
    JOIN guyub.role r ON r.code = a.role_code
    JOIN guyub.facility f ON CASE r.scope WHEN 'facility' THEN f.id = a.facility_id
                                          WHEN 'region' THEN f.region_id = a.region_id
                                          ELSE true END
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE f.zone)::date AS today) here
    WHERE a.person_id = who AND a.valid_from <= here.today AND (a.valid_until IS NULL OR a.valid_until >= here.today)
$$;

CREATE OR REPLACE FUNCTION guyub.has_national_role(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM guyub.role_assignment a JOIN guyub.role r ON r.code = a.role_code
                   CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS today) here
                   WHERE a.person_id = who AND r.scope = 'national' AND a.valid_from <= here.today
                     AND (a.valid_until IS NULL OR a.valid_until >= here.today))
$$;

CREATE OR REPLACE FUNCTION guyub.permitted(permission text, facility uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM guyub.grants_of(guyub.actor()) g
                   WHERE g.facility_id = facility AND permission = ANY (g.permissions))
       AND (permission = 'facilities.configure' OR NOT guyub.only_configures())
$$;
GRANT EXECUTE ON FUNCTION guyub.permitted TO {{app}};

-- Whoever writes a table holds one of the rights that its trigger names, at the facility of each row: a scope says where somebody
-- works, not what they may do there. The application is asked; what triggers write as owner follows
-- from what was permitted.
CREATE OR REPLACE FUNCTION guyub.demand_right() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    places uuid[];
BEGIN
    IF guyub.scope_is_system() THEN RETURN NEW; END IF;    -- of a statement it is nothing
    IF TG_LEVEL = 'ROW' THEN places := ARRAY[NEW.facility_id];
    ELSE places := ARRAY(SELECT DISTINCT c.facility_id FROM changed c); END IF;
    IF EXISTS (SELECT FROM unnest(places) AS p (place)
               WHERE NOT EXISTS (SELECT FROM unnest(TG_ARGV) AS r (named) WHERE guyub.permitted(r.named, p.place))) THEN
        PERFORM guyub.refuse('GU004', format('a %s is written by a person who may do it: %s', TG_TABLE_NAME, array_to_string(TG_ARGV, ', ')));
    END IF;
    RETURN NEW;
END $$;

-- The door for people: a session token. Answers all that a page needs to know of its reader, in one statement.
CREATE OR REPLACE FUNCTION guyub.enter(token text, facility_code text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s record;
    reached uuid[];
    personal uuid[];
    granted text[];
    own uuid[];
    f guyub.facility;
    region_code text;
    held record;
BEGIN
    SELECT ss.id AS session_id, p.id, p.login, p.full_name INTO s
    FROM guyub.session ss JOIN guyub.person p ON p.id = ss.person_id
    WHERE ss.token_hash = sha256(convert_to(token, 'UTF8'))
      AND ss.closed_at IS NULL AND ss.expires_at > now() AND ss.last_seen_at > now() - ss.idle_limit AND p.active;
    IF s IS NULL THEN
        PERFORM guyub.refuse('GU010', 'no such session');
    END IF;
    UPDATE guyub.session SET last_seen_at = now() WHERE id = s.session_id AND last_seen_at < now() - interval '1 minute';

    IF facility_code IS NOT NULL THEN
        SELECT * INTO f FROM guyub.facility fa WHERE fa.code = facility_code;
        SELECT re.code INTO region_code FROM guyub.region re WHERE re.id = f.region_id;
        IF f.id IS NULL THEN PERFORM guyub.refuse('GU011', 'no such facility', facility_code); END IF;
    END IF;

    WITH grants AS MATERIALIZED (SELECT g.facility_id, g.direct, g.permissions FROM guyub.grants_of(s.id) g),
    asked AS (SELECT g.* FROM grants g WHERE facility_code IS NULL OR g.facility_id = f.id)
    SELECT (SELECT array_agg(DISTINCT g.facility_id) FROM asked g),
           (SELECT array_agg(DISTINCT g.facility_id) FROM asked g WHERE g.direct AND 'registry.read' = ANY (g.permissions)),
           (SELECT array_agg(DISTINCT permission ORDER BY permission) FROM asked g, unnest(g.permissions) permission),
           (SELECT array_agg(DISTINCT g.facility_id) FROM grants g WHERE g.direct)
    INTO reached, personal, granted, own;
    IF facility_code IS NOT NULL AND reached IS NULL THEN
        PERFORM guyub.refuse('GU011', 'no such facility', facility_code);
    END IF;

    -- Only at that facility, and only for those who have no business of their own with its people.
    SELECT h.id, h.kind, h.explanation, h.expires_at INTO held
    FROM guyub.active_purpose(s.id, CASE WHEN personal IS NULL THEN f.id END) h;

    PERFORM guyub.open_scope(concat_ws('|', 'person', s.id::text, s.login, array_to_string(COALESCE(reached, '{}'), ','),
                                       array_to_string(COALESCE(personal, '{}'), ','),
                                       CASE WHEN held.id IS NULL THEN '' ELSE f.id::text END));
    RETURN jsonb_build_object(
        'person', jsonb_build_object('id', s.id, 'login', s.login, 'name', s.full_name),
        'facility', CASE WHEN facility_code IS NULL THEN NULL ELSE jsonb_build_object(
            'id', f.id, 'code', f.code, 'name', f.name, 'zone', f.zone, 'region', region_code) END,
        'permissions', COALESCE(to_jsonb(granted), '[]'),
        'purpose', CASE WHEN held.id IS NULL THEN NULL ELSE jsonb_build_object(
            'id', held.id, 'kind', held.kind, 'explanation', held.explanation, 'until', held.expires_at,
            'minutes_left', ceil(extract(epoch FROM held.expires_at - clock_timestamp()) / 60)) END,
        'facilities', COALESCE((SELECT jsonb_agg(jsonb_build_object('code', x.code, 'name', x.name) ORDER BY lower(x.name), x.code)
                                FROM guyub.facility x WHERE x.id = ANY (own)), '[]'),
        'regions', COALESCE((SELECT jsonb_agg(jsonb_build_object('code', r.code, 'name', r.name) ORDER BY r.name)
                             FROM guyub.region r
                             WHERE EXISTS (SELECT FROM guyub.role_assignment a JOIN guyub.role ro ON ro.code = a.role_code
                                           CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS today) here
                                           WHERE a.person_id = s.id AND (a.region_id = r.id OR ro.scope = 'national')
                                             AND a.valid_from <= here.today
                                             AND (a.valid_until IS NULL OR a.valid_until >= here.today))), '[]'),
        'national', guyub.has_national_role(s.id),
        'epoch', (SELECT epoch FROM guyub.configuration_epoch),
        'plugin_generation', (SELECT plugin_generation FROM guyub.configuration_epoch));
END $$;
GRANT EXECUTE ON FUNCTION guyub.enter TO {{app}};

-- The door for the command line and for jobs: the service key, and a label that says who.
CREATE OR REPLACE FUNCTION guyub.enter_service(key text, label text, facility_codes text[] DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ids text := '*';
BEGIN
    PERFORM guyub.require_service_key(key);
    IF position('|' IN label) > 0 THEN PERFORM guyub.refuse('GU001', 'a label holds no bar'); END IF;
    IF facility_codes IS NOT NULL THEN
        SELECT COALESCE(string_agg(id::text, ','), '') INTO ids FROM guyub.facility WHERE code = ANY (facility_codes);
    END IF;
    PERFORM guyub.open_scope(concat_ws('|', 'system', '', label, ids, ids, ''));
    RETURN (SELECT jsonb_build_object('epoch', e.epoch, 'plugin_generation', e.plugin_generation) FROM guyub.configuration_epoch e);
END $$;
GRANT EXECUTE ON FUNCTION guyub.enter_service TO {{app}};

CREATE OR REPLACE FUNCTION guyub.scope_part(part integer) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    listed text := (guyub.verified_scope())[part];
BEGIN
    IF listed IS NULL OR listed = '' THEN RETURN '{}'; END IF;
    IF listed = '*' THEN RETURN (SELECT COALESCE(array_agg(id), '{}') FROM guyub.facility); END IF;
    RETURN string_to_array(listed, ',')::uuid[];
END $$;
-- The facilities whose records this transaction may touch; those about people have a scope of their own (0001_35).
CREATE OR REPLACE FUNCTION guyub.scope() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT guyub.scope_part(4)';
GRANT EXECUTE ON FUNCTION guyub.scope TO {{app}};

-- Whose names may be read within this scope: the reader's own, and of all who hold or held a role over its facilities.
CREATE OR REPLACE FUNCTION guyub.people_in_scope() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH here AS MATERIALIZED (SELECT f.id, f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[]))
    SELECT array_agg(a.person_id) || guyub.actor() FROM guyub.role_assignment a
    WHERE a.facility_id IN (SELECT id FROM here) OR a.region_id IN (SELECT region_id FROM here)
       OR (a.facility_id IS NULL AND a.region_id IS NULL AND EXISTS (SELECT FROM here))
$$;
GRANT EXECUTE ON FUNCTION guyub.people_in_scope TO {{app}};

-- An ended account too: whoever still knows its password is told that it has ended, and nobody else is.
CREATE OR REPLACE FUNCTION guyub.credential_of(key text, who text, OUT person_id uuid, OUT password_hash text, OUT locked boolean,
                                    OUT ended boolean, OUT ended_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.require_service_key(key);
    SELECT p.id, p.password_hash, COALESCE(p.locked_until > now(), false), NOT p.active, p.ended_at
    INTO person_id, password_hash, locked, ended, ended_at
    FROM guyub.person p WHERE p.login = who;
END $$;
GRANT EXECUTE ON FUNCTION guyub.credential_of TO {{app}};

-- Five failures in a row close the account for a quarter of an hour.
CREATE OR REPLACE FUNCTION guyub.record_sign_in(key text, who text, succeeded boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.require_service_key(key);
    UPDATE guyub.person p SET
        failures = CASE WHEN succeeded THEN 0 ELSE p.failures + 1 END,
        signed_in_at = CASE WHEN succeeded THEN now() ELSE p.signed_in_at END,
        locked_until = CASE WHEN succeeded THEN NULL
                            WHEN (p.failures + 1) % 5 = 0 THEN now() + interval '15 minutes'
                            ELSE p.locked_until END
    WHERE p.login = who;
END $$;
GRANT EXECUTE ON FUNCTION guyub.record_sign_in TO {{app}};

CREATE OR REPLACE FUNCTION guyub.open_session(key text, who uuid, token_hash bytea, lifetime interval, opened_from text,
                                              idle interval DEFAULT '1 hour') RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made uuid;
BEGIN
    PERFORM guyub.require_service_key(key);
    -- The row stays locked until the commit: an end that comes at the same moment waits, and then closes this session too.
    PERFORM FROM guyub.person p WHERE p.id = who AND p.active FOR SHARE;
    IF NOT FOUND THEN PERFORM guyub.refuse('GU018', 'account_ended'); END IF;
    INSERT INTO guyub.session (person_id, token_hash, expires_at, opened_from, idle_limit)
    VALUES (who, open_session.token_hash, now() + lifetime, open_session.opened_from, idle) RETURNING id INTO made;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION guyub.open_session TO {{app}};

CREATE OR REPLACE FUNCTION guyub.close_session(token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE guyub.session SET closed_at = now() WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND closed_at IS NULL
$$;
GRANT EXECUTE ON FUNCTION guyub.close_session TO {{app}};

CREATE OR REPLACE FUNCTION guyub.create_person(key text, login text, full_name text, nip text, password_hash text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made uuid;
BEGIN
    PERFORM guyub.require_service_key(key);
    INSERT INTO guyub.person (login, full_name, nip, password_hash)
    VALUES (create_person.login, create_person.full_name, create_person.nip, create_person.password_hash)
    RETURNING id INTO made;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION guyub.create_person TO {{app}};

CREATE OR REPLACE FUNCTION guyub.assign_role(key text, who uuid, role text, facility uuid, region uuid, from_day date, until_day date,
                                  acting text, granted_by text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made uuid;
BEGIN
    PERFORM guyub.require_service_key(key);
    IF NOT EXISTS (SELECT FROM guyub.role r WHERE r.code = role AND r.scope = CASE WHEN facility IS NOT NULL THEN 'facility'
                                                                                   WHEN region IS NOT NULL THEN 'region'
                                                                                   ELSE 'national' END) THEN
        PERFORM guyub.refuse('GU004', 'this role does not belong to such a place');
    END IF;
    INSERT INTO guyub.role_assignment (person_id, role_code, facility_id, region_id, valid_from, valid_until, acting, granted_by)
    VALUES (who, role, facility, region, from_day, until_day, assign_role.acting, assign_role.granted_by)
    RETURNING id INTO made;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION guyub.assign_role TO {{app}};

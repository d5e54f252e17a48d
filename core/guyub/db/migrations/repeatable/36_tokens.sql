-- Addresses and programs that read for a person: a secret of which only the digest is kept, for some purposes, until a day.
-- What it opens holds nothing about people, and is read and never written but for the configuration of plugins.

-- The ways in and out: a person makes and revokes their own, each with an entry in the trail of the places that it reaches.
CREATE OR REPLACE FUNCTION guyub.token_places(who uuid, facility uuid, region uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(array_agg(DISTINCT g.facility_id ORDER BY g.facility_id), '{}')
    FROM guyub.grants_of(who) g JOIN guyub.facility f ON f.id = g.facility_id
    WHERE (facility IS NULL OR f.id = facility) AND (region IS NULL OR f.region_id = region)
$$;

CREATE OR REPLACE FUNCTION guyub.make_token(name text, scopes text[], facility uuid, region uuid, token_hash bytea, days integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who    uuid := guyub.actor();
    places uuid[] := guyub.token_places(who, facility, region);
    made   uuid;
    moment timestamptz := clock_timestamp();
BEGIN
    IF who IS NULL OR places = '{}' OR NOT places <@ guyub.scope()
       OR (region IS NOT NULL AND NOT EXISTS (SELECT FROM guyub.grants_of(who) g JOIN guyub.facility f ON f.id = g.facility_id
                                              WHERE f.region_id = region AND NOT g.direct)) THEN
        PERFORM guyub.refuse('GU001', 'this person reaches no such place');
    END IF;
    INSERT INTO guyub.api_token (person_id, name, scopes, at_facility, at_region, token_hash, created_at, expires_at)
    VALUES (who, btrim(make_token.name), make_token.scopes, facility, region, make_token.token_hash, moment,
            moment + make_interval(days => days))
    RETURNING id INTO made;
    PERFORM guyub.audit_places(places, 'access.token', btrim(make_token.name),
                               jsonb_build_object('token', made, 'scopes', make_token.scopes, 'days', days));
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION guyub.make_token TO {{app}};

CREATE OR REPLACE FUNCTION guyub.revoke_token(token uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t guyub.api_token;
BEGIN
    UPDATE guyub.api_token a SET revoked_at = clock_timestamp()
    WHERE a.id = token AND a.person_id = guyub.actor() AND a.revoked_at IS NULL RETURNING * INTO t;
    IF t.id IS NULL THEN RETURN false; END IF;
    PERFORM guyub.audit_places(
        ARRAY(SELECT p FROM unnest(guyub.token_places(t.person_id, t.at_facility, t.at_region)) p
              WHERE p = ANY (guyub.scope()) ORDER BY p),
        'access.token_revoked', t.name, jsonb_build_object('token', t.id));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION guyub.revoke_token TO {{app}};

CREATE OR REPLACE FUNCTION guyub.audit_places(places uuid[], action text, subject text, details jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place uuid;
BEGIN
    FOREACH place IN ARRAY places LOOP
        PERFORM guyub.audit(place, action, subject, '', details);
    END LOOP;
END $$;

-- The door: what the person reaches on this day, within the token's place; for reading, and the transaction knows nothing else,
-- or for configuring, and it writes nothing else. Who may configure by a token may also read what there is to configure.
-- One answer for a secret that is unknown, expired, revoked, of another purpose or of a person who has left.
CREATE OR REPLACE FUNCTION guyub.enter_token(token text, purpose text, facility_code text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    readable text[] := ARRAY['reports.read', 'programs.read', 'funds.read'];
    kind text := 'reader';
    t record;
    f record;
    reached uuid[];
BEGIN
    SELECT a.*, p.login, p.full_name INTO t FROM guyub.api_token a JOIN guyub.person p ON p.id = a.person_id AND p.active
    WHERE a.token_hash = sha256(convert_to(token, 'UTF8')) AND a.revoked_at IS NULL AND a.expires_at > clock_timestamp()
      AND (purpose = ANY (a.scopes) OR (purpose = 'api.read' AND 'configuration.write' = ANY (a.scopes)));
    IF t.id IS NULL THEN PERFORM guyub.refuse('GU010', 'no such token'); END IF;
    UPDATE guyub.api_token a SET last_used_at = clock_timestamp()
    WHERE a.id = t.id AND (a.last_used_at IS NULL OR a.last_used_at < clock_timestamp() - interval '1 minute');
    reached := guyub.token_places(t.person_id, t.at_facility, t.at_region);
    IF facility_code IS NOT NULL THEN
        SELECT fa.id, fa.code, fa.name, fa.zone, re.code AS region INTO f
        FROM guyub.facility fa JOIN guyub.region re ON re.id = fa.region_id
        WHERE fa.code = facility_code AND fa.id = ANY (reached);
        IF f.id IS NULL THEN PERFORM guyub.refuse('GU011', 'no such facility', facility_code); END IF;
        reached := ARRAY[f.id];
    END IF;
    IF purpose <> ALL (t.scopes) OR purpose = 'configuration.write' THEN readable := '{}'; END IF;
    IF 'configuration.write' = ANY (t.scopes) AND purpose <> 'calendar' THEN
        readable := readable || 'facilities.configure'::text;
    END IF;
    IF purpose = 'configuration.write' THEN
        kind := CASE WHEN t.at_facility IS NULL THEN 'office-configurer' ELSE 'configurer' END;
    END IF;
    PERFORM guyub.open_scope(concat_ws('|', kind, t.person_id::text, t.login, array_to_string(reached, ','), '', ''));
    IF kind = 'reader' THEN PERFORM set_config('transaction_read_only', 'on', true); END IF;
    RETURN jsonb_build_object(
        'token', jsonb_build_object('facility', t.at_facility, 'region', t.at_region, 'name', t.name),
        'person', jsonb_build_object('id', t.person_id, 'login', t.login, 'name', t.full_name),
        'facility', CASE WHEN facility_code IS NULL THEN NULL ELSE to_jsonb(f) END,
        'permissions', COALESCE((SELECT jsonb_agg(DISTINCT permission ORDER BY permission)
                                 FROM guyub.grants_of(t.person_id) g, unnest(g.permissions) permission
                                 WHERE g.facility_id = ANY (reached) AND permission = ANY (readable)), '[]'),
        'facilities', COALESCE((SELECT jsonb_agg(jsonb_build_object('code', x.code, 'name', x.name) ORDER BY lower(x.name), x.code)
                                FROM guyub.facility x JOIN guyub.grants_of(t.person_id) g ON g.facility_id = x.id AND g.direct
                                WHERE x.id = ANY (reached)), '[]'),
        'regions', COALESCE((SELECT jsonb_agg(jsonb_build_object('code', r.code, 'name', r.name) ORDER BY r.name)
                             FROM guyub.region r
                             WHERE r.id IN (SELECT x.region_id FROM guyub.facility x
                                            JOIN guyub.grants_of(t.person_id) g ON g.facility_id = x.id AND NOT g.direct
                                            WHERE x.id = ANY (reached) AND t.at_facility IS NULL)), '[]'),
        'purpose', NULL,
        'national', t.at_facility IS NULL AND t.at_region IS NULL AND facility_code IS NULL AND guyub.has_national_role(t.person_id),
        'epoch', (SELECT epoch FROM guyub.configuration_epoch),
        'plugin_generation', (SELECT plugin_generation FROM guyub.configuration_epoch));
END $$;
GRANT EXECUTE ON FUNCTION guyub.enter_token TO {{app}};

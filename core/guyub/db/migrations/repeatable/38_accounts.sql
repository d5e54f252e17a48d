-- The life of an account after its beginning: a new password, an end, a way back. Each closes what the account has open, and
-- writes the trail itself. Only a process with the service key comes here; nothing is deleted.

CREATE OR REPLACE FUNCTION guyub.accounts(key text) RETURNS TABLE (login text, full_name text, nip text, active boolean,
    locked_until timestamptz, ended_at timestamptz, ended_by text, end_reason text, signed_in_at timestamptz, roles jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.require_service_key(key);
    RETURN QUERY
        SELECT p.login, p.full_name, p.nip, p.active, CASE WHEN p.locked_until > now() THEN p.locked_until END,
               p.ended_at, p.ended_by, p.end_reason, p.signed_in_at, COALESCE(held.roles, '[]')
        FROM guyub.person p
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_object(
                       'role', a.role_code, 'facility', f.code, 'region', COALESCE(r.code, rf.code), 'acting', a.acting,
                       'from', a.valid_from, 'until', a.valid_until) ORDER BY a.valid_from, a.role_code, f.code, r.code) AS roles
            FROM guyub.role_assignment a
            LEFT JOIN guyub.facility f ON f.id = a.facility_id
            LEFT JOIN guyub.region r ON r.id = a.region_id
            LEFT JOIN guyub.region rf ON rf.id = f.region_id
            WHERE a.person_id = p.id) held ON true
        ORDER BY p.login;
END $$;
GRANT EXECUTE ON FUNCTION guyub.accounts TO {{app}};

-- Sessions and tokens of an account, from this moment on: both counts.
CREATE OR REPLACE FUNCTION guyub.close_account(who uuid, OUT sessions bigint, OUT tokens bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH closed AS (UPDATE guyub.session s SET closed_at = now()
                    WHERE s.person_id = who AND s.closed_at IS NULL AND s.expires_at > now() RETURNING 1)
    SELECT count(*) INTO sessions FROM closed;
    WITH revoked AS (UPDATE guyub.api_token t SET revoked_at = clock_timestamp()
                     WHERE t.person_id = who AND t.revoked_at IS NULL RETURNING t.expires_at)
    SELECT count(*) FILTER (WHERE expires_at > now()) INTO tokens FROM revoked;
END $$;

-- In the trail of the installation, and of each facility where the person has a role on this day.
CREATE OR REPLACE FUNCTION guyub.audit_account(who uuid, action text, reason text, details jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place uuid;
    label text := (SELECT p.login FROM guyub.person p WHERE p.id = who);
BEGIN
    PERFORM guyub.audit('00000000-0000-0000-0000-000000000000', action, label, reason, details);
    FOR place IN SELECT DISTINCT g.facility_id FROM guyub.grants_of(who) g WHERE g.direct ORDER BY 1 LOOP
        PERFORM guyub.audit(place, action, label, reason, details);
    END LOOP;
END $$;

-- The facilities that somebody administers on this day and nobody else would: an office without its only administrator could
-- neither switch on a programme nor name an official.
CREATE OR REPLACE FUNCTION guyub.administered_only_by(who uuid,
    rights text[] DEFAULT ARRAY['access.manage', 'facilities.configure']) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH administers AS (
        SELECT p.id, g.facility_id FROM guyub.person p CROSS JOIN LATERAL guyub.grants_of(p.id) g
        WHERE p.active AND g.permissions && rights
          AND p.id IN (SELECT a.person_id FROM guyub.role_assignment a JOIN guyub.role r ON r.code = a.role_code
                       WHERE r.permissions && rights))
    SELECT COALESCE(array_agg(DISTINCT mine.facility_id), '{}') FROM administers mine
    WHERE mine.id = who
      AND NOT EXISTS (SELECT FROM administers other WHERE other.facility_id = mine.facility_id AND other.id <> who)
$$;

-- A new password opens a closed account again; an ended one only with the reason for restoring it.
CREATE OR REPLACE FUNCTION guyub.reset_person(key text, who text, password_hash text, restore_reason text DEFAULT NULL,
                                   OUT sessions bigint, OUT tokens bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p guyub.person;
BEGIN
    PERFORM guyub.require_service_key(key);
    IF NOT guyub.scope_is_system() THEN PERFORM guyub.refuse('GU001', 'accounts are changed by the system'); END IF;
    SELECT * INTO p FROM guyub.person pe WHERE pe.login = who FOR UPDATE;
    IF p.id IS NULL THEN PERFORM guyub.refuse('GU018', 'no_account', who); END IF;
    IF NOT p.active AND restore_reason IS NULL THEN PERFORM guyub.refuse('GU018', 'account_ended', who); END IF;
    IF p.active AND restore_reason IS NOT NULL THEN PERFORM guyub.refuse('GU018', 'account_not_ended', who); END IF;
    IF NOT (guyub.seen_length(restore_reason) >= 10 AND length(restore_reason) <= 500) THEN PERFORM guyub.refuse('GU018', 'account_reason', who); END IF;
    UPDATE guyub.person pe SET password_hash = reset_person.password_hash, failures = 0, locked_until = NULL, active = true,
                               ended_at = NULL, ended_by = '', end_reason = ''
    WHERE pe.id = p.id;
    SELECT c.sessions, c.tokens INTO sessions, tokens FROM guyub.close_account(p.id) c;
    PERFORM guyub.audit_account(
        p.id, CASE WHEN p.active THEN 'access.reset_password' ELSE 'access.restore_person' END, btrim(restore_reason),
        jsonb_build_object('sessions', sessions, 'tokens', tokens));
END $$;
GRANT EXECUTE ON FUNCTION guyub.reset_person TO {{app}};

CREATE OR REPLACE FUNCTION guyub.end_person(key text, who text, reason text, OUT sessions bigint, OUT tokens bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p    guyub.person;
    lost uuid[];
BEGIN
    PERFORM guyub.require_service_key(key);
    IF NOT guyub.scope_is_system() THEN PERFORM guyub.refuse('GU001', 'accounts are changed by the system'); END IF;
    -- Two administrators who are ended at the same moment come one after the other.
    LOCK TABLE guyub.person IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO p FROM guyub.person pe WHERE pe.login = who;
    IF p.id IS NULL THEN PERFORM guyub.refuse('GU018', 'no_account', who); END IF;
    IF NOT p.active THEN PERFORM guyub.refuse('GU018', 'account_already_ended', who); END IF;
    IF (guyub.seen_length(reason) >= 10 AND length(btrim(reason)) <= 500) IS NOT TRUE THEN PERFORM guyub.refuse('GU018', 'account_reason', who); END IF;
    lost := guyub.administered_only_by(p.id);
    IF lost <> '{}' THEN
        PERFORM guyub.refuse('GU018', 'last_administrator', jsonb_build_object('login', who, 'places', (
            SELECT jsonb_agg(DISTINCT r.name) FROM guyub.facility f JOIN guyub.region r ON r.id = f.region_id
            WHERE f.id = ANY (lost)))::text);
    END IF;
    UPDATE guyub.person pe SET active = false, ended_at = now(), ended_by = guyub.actor_label(), end_reason = btrim(reason),
                               failures = 0, locked_until = NULL
    WHERE pe.id = p.id;
    SELECT c.sessions, c.tokens INTO sessions, tokens FROM guyub.close_account(p.id) c;
    PERFORM guyub.audit_account(p.id, 'access.end_person', btrim(reason),
                                jsonb_build_object('sessions', sessions, 'tokens', tokens));
END $$;
GRANT EXECUTE ON FUNCTION guyub.end_person TO {{app}};

-- The last day of a role. What would begin only after it never begins and is taken out: the trail keeps that it was given.
CREATE OR REPLACE FUNCTION guyub.end_role(key text, who text, role text, facility uuid, region uuid, last_day date, reason text,
                               OUT ended bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p    guyub.person;
    lost uuid[];
    more bigint;
BEGIN
    PERFORM guyub.require_service_key(key);
    IF NOT guyub.scope_is_system() THEN PERFORM guyub.refuse('GU001', 'accounts are changed by the system'); END IF;
    LOCK TABLE guyub.person IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO p FROM guyub.person pe WHERE pe.login = who;
    IF p.id IS NULL THEN PERFORM guyub.refuse('GU018', 'no_account', who); END IF;
    IF (guyub.seen_length(reason) >= 10 AND length(btrim(reason)) <= 500) IS NOT TRUE THEN
        PERFORM guyub.refuse('GU018', 'account_reason', who);
    END IF;
    lost := guyub.administered_only_by(p.id);
    DELETE FROM guyub.role_assignment a
    WHERE a.person_id = p.id AND a.role_code = role AND a.facility_id IS NOT DISTINCT FROM facility
      AND a.region_id IS NOT DISTINCT FROM region AND a.valid_from > last_day;
    GET DIAGNOSTICS more = ROW_COUNT;
    UPDATE guyub.role_assignment a SET valid_until = last_day
    WHERE a.person_id = p.id AND a.role_code = role AND a.facility_id IS NOT DISTINCT FROM facility
      AND a.region_id IS NOT DISTINCT FROM region AND (a.valid_until IS NULL OR a.valid_until > last_day);
    GET DIAGNOSTICS ended = ROW_COUNT;
    ended := ended + more;
    IF ended = 0 THEN PERFORM guyub.refuse('GU018', 'role_not_held', who); END IF;
    -- Who still administers on this day is not lost yet.
    lost := ARRAY(SELECT unnest(lost) EXCEPT SELECT g.facility_id FROM guyub.grants_of(p.id) g
                  WHERE g.permissions && ARRAY['access.manage', 'facilities.configure']);
    IF lost <> '{}' THEN
        PERFORM guyub.refuse('GU018', 'last_administrator', jsonb_build_object('login', who, 'places', (
            SELECT jsonb_agg(DISTINCT r.name) FROM guyub.facility f JOIN guyub.region r ON r.id = f.region_id
            WHERE f.id = ANY (lost)))::text);
    END IF;
    PERFORM guyub.audit(COALESCE(facility, '00000000-0000-0000-0000-000000000000'), 'access.end_role', who, btrim(reason),
                        jsonb_build_object('role', role, 'valid_until', last_day));
END $$;
GRANT EXECUTE ON FUNCTION guyub.end_role TO {{app}};

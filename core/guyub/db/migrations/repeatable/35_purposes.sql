-- Those who oversee facilities see figures, not people. For a stated purpose they may read the people of one facility for a
-- limited time: stated once, never changed, ended at will; the facility sees who looked, and why.

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.purpose_grant
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.purpose_end
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What holds at this very moment, within an open transaction too: neither a session nor a transaction outlives its purpose.
CREATE OR REPLACE FUNCTION guyub.active_purpose(who uuid, facility uuid) RETURNS SETOF guyub.purpose_grant
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT g.* FROM guyub.purpose_grant g
    WHERE g.person_id = who AND g.facility_id = facility
      AND g.opened_at <= clock_timestamp() AND g.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM guyub.purpose_end e WHERE e.grant_id = g.id)
      AND EXISTS (SELECT FROM guyub.grants_of(who) r
                  WHERE r.facility_id = facility AND 'access.purpose' = ANY (r.permissions))
    ORDER BY g.seq DESC LIMIT 1
$$;

-- Whose records about people may be read: of the reader's own facilities, and of the one that is open for a purpose.
CREATE OR REPLACE FUNCTION guyub.personal_scope() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own  uuid[] := guyub.scope_part(5);
    lent uuid[] := guyub.scope_part(6);
BEGIN
    IF lent = '{}' THEN RETURN own; END IF;
    RETURN own || ARRAY(SELECT g.facility_id FROM unnest(lent) l CROSS JOIN guyub.active_purpose(guyub.actor(), l) g);
END $$;
GRANT EXECUTE ON FUNCTION guyub.personal_scope TO {{app}};
-- Whose records about people may be written: never those that are only open for a purpose.
CREATE OR REPLACE FUNCTION guyub.personal_writing_scope() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT guyub.scope_part(5)';
GRANT EXECUTE ON FUNCTION guyub.personal_writing_scope TO {{app}};

-- The only ways in. Who, when and until when are the database's own, and no purpose is without its entry in the trail.
CREATE OR REPLACE FUNCTION guyub.state_purpose(facility uuid, kind text, explanation text, minutes integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who  uuid := guyub.actor();
    made guyub.purpose_grant;
BEGIN
    IF who IS NULL OR (facility = ANY (guyub.scope())) IS NOT TRUE OR NOT guyub.permitted('access.purpose', facility) THEN
        PERFORM guyub.refuse('GU001', 'no purpose of this person opens this facility');
    END IF;
    -- Two at once would be one that was extended.
    PERFORM FROM guyub.person p WHERE p.id = who FOR UPDATE;
    IF EXISTS (SELECT FROM guyub.active_purpose(who, facility)) THEN
        PERFORM guyub.refuse('GU003', 'a purpose holds already');
    END IF;
    made.opened_at := clock_timestamp();
    INSERT INTO guyub.purpose_grant (facility_id, person_id, kind, explanation, opened_at, expires_at)
    VALUES (facility, who, state_purpose.kind, btrim(state_purpose.explanation), made.opened_at,
            made.opened_at + make_interval(mins => minutes))
    RETURNING * INTO made;
    PERFORM guyub.audit(facility, 'access.purpose', made.kind, made.explanation,
                        jsonb_build_object('purpose', made.id, 'minutes', minutes, 'until', made.expires_at));
    RETURN made.id;
END $$;
GRANT EXECUTE ON FUNCTION guyub.state_purpose TO {{app}};

CREATE OR REPLACE FUNCTION guyub.end_purpose(facility uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held guyub.purpose_grant;
BEGIN
    SELECT * INTO held FROM guyub.active_purpose(guyub.actor(), facility);
    IF held.id IS NULL OR (facility = ANY (guyub.scope())) IS NOT TRUE THEN RETURN false; END IF;
    INSERT INTO guyub.purpose_end (grant_id, facility_id) VALUES (held.id, facility) ON CONFLICT DO NOTHING;
    PERFORM guyub.audit(facility, 'access.purpose_end', held.kind, '', jsonb_build_object('purpose', held.id));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION guyub.end_purpose TO {{app}};

-- Who is asking, and for which facilities: signed once per transaction, verified once per query.
-- The application role may read these settings and even write them; without the secret it cannot sign them.
-- Every function names its search path with pg_temp last: left out, temporary types would be found before all others,
-- and a domain called "uuid" would run its owner's code with the rights of the function.

CREATE OR REPLACE FUNCTION guyub.refuse(code text, message text, detail text DEFAULT '') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail;
END $$;
GRANT EXECUTE ON FUNCTION guyub.refuse TO {{app}};

CREATE OR REPLACE FUNCTION guyub.sign_scope(payload text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(i.scope_secret || sha256(i.scope_secret || convert_to(payload, 'UTF8'))), 'hex')
    FROM guyub.installation i
$$;

-- payload: kind|actor|label|facilities|personal|open for a purpose, joined to the number of the entry, the backend and the
-- transaction it was signed in. The kind is person, reader (a person through a token, who writes nothing), configurer (the
-- same, who writes configuration and nothing else; office-configurer where the token reaches beyond one facility) or system.
CREATE OR REPLACE FUNCTION guyub.open_scope(payload text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before text[] := guyub.verified_scope();
    bound  text;
BEGIN
    IF before[1:3] <> (string_to_array(payload, '|'))[1:3] THEN
        PERFORM guyub.refuse('GU001', 'one transaction has one actor');
    END IF;
    -- A standby counts nothing, and is written by nobody.
    bound := concat_ws('|', payload, CASE WHEN pg_is_in_recovery() THEN 0 ELSE nextval('guyub.entry_number') END,
                       pg_backend_pid(), extract(epoch FROM transaction_timestamp()));
    PERFORM set_config('guyub.scope', bound || '|' || guyub.sign_scope(bound), true);
END $$;

CREATE OR REPLACE FUNCTION guyub.verified_scope() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw   text := NULLIF(current_setting('guyub.scope', true), '');
    parts text[];
    bound text;
BEGIN
    IF raw IS NULL THEN RETURN NULL; END IF;
    parts := string_to_array(raw, '|');
    IF cardinality(parts) <> 10 THEN RETURN NULL; END IF;
    bound := array_to_string(parts[1:9], '|');
    IF guyub.sign_scope(bound) <> parts[10]
       OR parts[8] <> pg_backend_pid()::text
       OR parts[9] <> extract(epoch FROM transaction_timestamp())::text
    THEN RETURN NULL; END IF;
    IF NOT pg_is_in_recovery() AND parts[7] <> currval('guyub.entry_number')::text THEN RETURN NULL; END IF;
    -- A reader who left the transaction that only reads left their scope with it.
    IF parts[1] = 'reader' AND current_setting('transaction_read_only') <> 'on' THEN RETURN NULL; END IF;
    RETURN parts;
END $$;
GRANT EXECUTE ON FUNCTION guyub.verified_scope TO {{app}};

CREATE OR REPLACE FUNCTION guyub.actor() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NULLIF((guyub.verified_scope())[2], '')::uuid
$$;
GRANT EXECUTE ON FUNCTION guyub.actor TO {{app}};
CREATE OR REPLACE FUNCTION guyub.actor_label() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (guyub.verified_scope())[3]
$$;
GRANT EXECUTE ON FUNCTION guyub.actor_label TO {{app}};
CREATE OR REPLACE FUNCTION guyub.scope_is_system() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((guyub.verified_scope())[1] = 'system', false)
$$;
GRANT EXECUTE ON FUNCTION guyub.scope_is_system TO {{app}};
-- Whoever came by a token, or by no door: a policy of every table keeps them from writing, whatever else would let them;
-- who came to configure writes the tables of the configuration.
CREATE OR REPLACE FUNCTION guyub.only_reads() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((guyub.verified_scope())[1] IN ('reader', 'configurer', 'office-configurer'), true)
$$;
GRANT EXECUTE ON FUNCTION guyub.only_reads TO {{app}};
CREATE OR REPLACE FUNCTION guyub.only_configures() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((guyub.verified_scope())[1] IN ('configurer', 'office-configurer'), false)
$$;
GRANT EXECUTE ON FUNCTION guyub.only_configures TO {{app}};

-- Every table that keeps history calls this before UPDATE, DELETE and TRUNCATE.
CREATE OR REPLACE FUNCTION guyub.append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse('GU002', format('%s is append-only: correct it by a new entry', TG_TABLE_NAME));
    RETURN NULL;
END $$;

-- After a large insert the planner must know before the next statement, not when autovacuum comes by.
CREATE OR REPLACE FUNCTION guyub.refresh_statistics(inserted integer, VARIADIC tables text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text;
BEGIN
    IF guyub.verified_scope() IS NULL THEN PERFORM guyub.refuse('GU001', 'statistics need a scope'); END IF;
    IF inserted < 1000 THEN RETURN; END IF;
    FOREACH t IN ARRAY tables LOOP
        EXECUTE format('ANALYZE guyub.%I', t);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guyub.refresh_statistics TO {{app}};

-- Who is asking, and for which facilities: signed once per transaction, verified once per query.
-- The application role may read these settings and even write them; without the secret it cannot sign them.
-- Every function names its search path with pg_temp last: left out, temporary types would be found before all others,
-- and a domain called "uuid" would run its owner's code with the rights of the function.

CREATE TABLE guyub.installation (
    only_one     boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    scope_secret bytea NOT NULL,
    service_key  bytea,              -- sha256 of the key that our own server processes hold
    key_check    text,               -- a known text under the field keys: a wrong key is told in words
    created_at   timestamptz NOT NULL DEFAULT now()
);
INSERT INTO guyub.installation (scope_secret)
SELECT sha256(string_agg(uuid_send(gen_random_uuid()), ''::bytea)) FROM generate_series(1, 8);

CREATE FUNCTION guyub.refuse(code text, message text, detail text DEFAULT '') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail;
END $$;

-- Signs that nobody sees (controls, format signs, fillers), and text of which nobody sees anything. guyub.sdk.unseen has the
-- same list; the collation keeps the meaning of both apart from the server's language.
CREATE FUNCTION guyub.without_unseen(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(given COLLATE "C",
    '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160'
    '\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ufe00-\ufe0f'
    '\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3'
    '\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef]', '', 'g');
CREATE FUNCTION guyub.single_spaced(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(given COLLATE "C",
    '[\u0020\u00a0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000]+', ' ', 'g');
-- How many letters of it a reader sees, without the spaces around them.
CREATE FUNCTION guyub.seen_length(given text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN length(btrim(guyub.single_spaced(guyub.without_unseen(given))));
CREATE FUNCTION guyub.is_blank(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(guyub.seen_length(given), 0) = 0;
-- A reason that may be left out, but says something where it is written.
CREATE FUNCTION guyub.is_reason(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given = '' OR NOT guyub.is_blank(given);

CREATE FUNCTION guyub.sign_scope(payload text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(i.scope_secret || sha256(i.scope_secret || convert_to(payload, 'UTF8'))), 'hex')
    FROM guyub.installation i
$$;

-- Each entry through a door has a number, which no savepoint takes back: what an earlier one signed is worth nothing after it.
CREATE SEQUENCE guyub.entry_number CACHE 100;

-- payload: kind|actor|label|facilities|personal|open for a purpose, joined to the number of the entry, the backend and the
-- transaction it was signed in. The kind is person, reader (a person through a token, who writes nothing), configurer (the
-- same, who writes configuration and nothing else; office-configurer where the token reaches beyond one facility) or system.
CREATE FUNCTION guyub.open_scope(payload text) RETURNS void
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

CREATE FUNCTION guyub.verified_scope() RETURNS text[]
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

CREATE FUNCTION guyub.actor() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NULLIF((guyub.verified_scope())[2], '')::uuid
$$;
CREATE FUNCTION guyub.actor_label() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (guyub.verified_scope())[3]
$$;
CREATE FUNCTION guyub.scope_is_system() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((guyub.verified_scope())[1] = 'system', false)
$$;
-- Whoever came by a token, or by no door: a policy of every table keeps them from writing, whatever else would let them;
-- who came to configure writes the tables of the configuration.
CREATE FUNCTION guyub.only_reads() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((guyub.verified_scope())[1] IN ('reader', 'configurer', 'office-configurer'), true)
$$;
CREATE FUNCTION guyub.only_configures() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((guyub.verified_scope())[1] IN ('configurer', 'office-configurer'), false)
$$;

-- Every table that keeps history calls this before UPDATE, DELETE and TRUNCATE.
CREATE FUNCTION guyub.append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse('GU002', format('%s is append-only: correct it by a new entry', TG_TABLE_NAME));
    RETURN NULL;
END $$;

-- After a large insert the planner must know before the next statement, not when autovacuum comes by.
CREATE FUNCTION guyub.refresh_statistics(inserted integer, VARIADIC tables text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text;
BEGIN
    IF guyub.verified_scope() IS NULL THEN PERFORM guyub.refuse('GU001', 'statistics need a scope'); END IF;
    IF inserted < 1000 THEN RETURN; END IF;
    FOREACH t IN ARRAY tables LOOP
        EXECUTE format('ANALYZE guyub.%I', t);
    END LOOP;
END $$;

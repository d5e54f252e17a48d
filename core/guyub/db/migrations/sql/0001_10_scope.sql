-- Who is asking, and for which facilities: signed once per transaction, verified once per query.
-- The application role may read these settings and even write them; without the secret it cannot sign them.
-- Every function names its search path with pg_temp last: left out, temporary types would be found before all others,
-- and a domain called "uuid" would run its owner's code with the rights of the function.

CREATE TABLE guyub.installation (
    only_one     boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    scope_secret bytea NOT NULL,
    service_key  bytea,              -- sha256 of the key that our own server processes hold
    key_check    text,               -- a known text under the field keys: a wrong key is told in words
    upgraded_by  text,               -- the version of Guyub that upgraded last
    created_at   timestamptz NOT NULL DEFAULT now()
);
SELECT guyub.protect('installation', 'own');
INSERT INTO guyub.installation (scope_secret)
SELECT sha256(string_agg(uuid_send(gen_random_uuid()), ''::bytea)) FROM generate_series(1, 8);

-- Signs that nobody sees (controls, format signs, fillers), and text of which nobody sees anything. guyub.sdk.unseen has the
-- same list; the collation keeps the meaning of both apart from the server's language.
CREATE FUNCTION guyub.without_unseen(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(given COLLATE "C",
    '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160'
    '\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ufe00-\ufe0f'
    '\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3'
    '\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef]', '', 'g');
GRANT EXECUTE ON FUNCTION guyub.without_unseen TO {{app}};
CREATE FUNCTION guyub.single_spaced(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(given COLLATE "C",
    '[\u0020\u00a0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000]+', ' ', 'g');
GRANT EXECUTE ON FUNCTION guyub.single_spaced TO {{app}};
-- How many letters of it a reader sees, without the spaces around them.
CREATE FUNCTION guyub.seen_length(given text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN length(btrim(guyub.single_spaced(guyub.without_unseen(given))));
GRANT EXECUTE ON FUNCTION guyub.seen_length TO {{app}};
CREATE FUNCTION guyub.is_blank(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(guyub.seen_length(given), 0) = 0;
GRANT EXECUTE ON FUNCTION guyub.is_blank TO {{app}};
-- A reason that may be left out, but says something where it is written.
CREATE FUNCTION guyub.is_reason(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given = '' OR NOT guyub.is_blank(given);
GRANT EXECUTE ON FUNCTION guyub.is_reason TO {{app}};

-- Each entry through a door has a number, which no savepoint takes back: what an earlier one signed is worth nothing after it.
CREATE SEQUENCE guyub.entry_number CACHE 100;

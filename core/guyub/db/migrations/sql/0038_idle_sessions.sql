-- A session that nobody uses ends: on a PC that several people share, who walked away is not the next one's signature.
ALTER TABLE guyub.session
    ADD COLUMN idle_limit interval NOT NULL DEFAULT '1 hour' CHECK (idle_limit BETWEEN interval '5 minutes' AND interval '12 hours');
DROP FUNCTION IF EXISTS guyub.open_session(text, uuid, bytea, interval, text);

-- How tables are protected: called beside each CREATE TABLE, here and in every later migration.

-- What a function may not do for everybody it does for nobody unless a GRANT beside it says so.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA guyub TO {{app}};

-- What policies ask, declared before the first table. Their bodies are repeatable files; until those have run nobody is let in.
CREATE FUNCTION guyub.verified_scope() RETURNS text[] LANGUAGE sql STABLE AS 'SELECT NULL::text[]';
CREATE FUNCTION guyub.actor() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION guyub.scope_is_system() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';
CREATE FUNCTION guyub.only_reads() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
CREATE FUNCTION guyub.only_configures() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';
CREATE FUNCTION guyub.scope() RETURNS uuid[] LANGUAGE sql STABLE AS 'SELECT NULL::uuid[]';
CREATE FUNCTION guyub.personal_scope() RETURNS uuid[] LANGUAGE sql STABLE AS 'SELECT NULL::uuid[]';
CREATE FUNCTION guyub.personal_writing_scope() RETURNS uuid[] LANGUAGE sql STABLE AS 'SELECT NULL::uuid[]';
CREATE FUNCTION guyub.people_in_scope() RETURNS uuid[] LANGUAGE sql STABLE AS 'SELECT NULL::uuid[]';
CREATE FUNCTION guyub.permitted(permission text, facility uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';
CREATE FUNCTION guyub.may_configure(facility uuid, region uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';
CREATE FUNCTION guyub.may_run_campaigns(region uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';

-- Row-level security on a table, forced on the owner too, with the policies of its kind:
--   facility  rows of a facility (facility_id): read and written within the scope
--   personal  the same about people: read within the personal scope, written where no purpose lends it
--   open      read by everybody, written by files and the command line
--   own       none: the policies of its own follow beside it, or only functions of this schema reach it
-- Whoever came by a token writes nothing; one that was made for configuring writes tables that are "configuring" alone.
CREATE FUNCTION guyub.protect(name text, kind text, configuring boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner  text := quote_ident(current_user);
    app    text := quote_ident(regexp_replace(current_user, '_owner$', '_app'));
    deed   text;
    within text;
BEGIN
    IF kind NOT IN ('facility', 'personal', 'open', 'own') THEN RAISE 'a table is facility, personal, open or own, not %', kind; END IF;
    EXECUTE format('ALTER TABLE guyub.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE guyub.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner_all ON guyub.%I TO %s USING (true) WITH CHECK (true)', name, owner);
    FOREACH deed IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        within := CASE deed WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END;
        IF configuring THEN
            EXECUTE format('CREATE POLICY readers_%s_nothing ON guyub.%I AS RESTRICTIVE FOR %s TO %s %s '
                           '((SELECT guyub.only_configures()) OR NOT (SELECT guyub.only_reads()))',
                           lower(deed), name, deed, app, within);
            CONTINUE;
        END IF;
        EXECUTE format('CREATE POLICY readers_%s_nothing ON guyub.%I AS RESTRICTIVE FOR %s TO %s %s '
                       '(NOT (SELECT guyub.only_reads()))', lower(deed), name, deed, app, within);
        EXECUTE format('CREATE POLICY configurers_%s_nothing ON guyub.%I AS RESTRICTIVE FOR %s TO %s %s '
                       '(NOT (SELECT guyub.only_configures()))', lower(deed), name, deed, owner, within);
    END LOOP;
    IF kind = 'open' THEN
        EXECUTE format('CREATE POLICY read_all ON guyub.%I FOR SELECT TO %s USING (true)', name, app);
        EXECUTE format('CREATE POLICY write_by_system ON guyub.%I FOR ALL TO %s '
                       'USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()))', name, app);
    ELSIF kind = 'facility' THEN
        EXECUTE format('CREATE POLICY in_scope ON guyub.%I FOR ALL TO %s '
                       'USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]))', name, app);
    ELSIF kind = 'personal' THEN
        EXECUTE format('CREATE POLICY in_scope ON guyub.%I FOR SELECT TO %s '
                       'USING (facility_id = ANY ((SELECT guyub.personal_scope())::uuid[]))', name, app);
        -- What is open for a purpose is read and never written.
        FOREACH deed IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            EXECUTE format('CREATE POLICY %s_in_scope ON guyub.%I FOR %s TO %s %s '
                           '(facility_id = ANY ((SELECT guyub.personal_writing_scope())::uuid[]))',
                           lower(deed), name, deed, app, CASE deed WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END);
        END LOOP;
    END IF;
END $$;

-- Lets the application insert all columns but those that the database fills itself: OVERRIDING SYSTEM VALUE asks for the
-- privilege of the column, so that the number by which the newest row is told stays the database's own.
CREATE FUNCTION guyub.let_insert(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE (SELECT format('GRANT INSERT (%s) ON guyub.%I TO %I', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), name,
                           regexp_replace(current_user, '_owner$', '_app'))
             FROM pg_attribute a
             WHERE a.attrelid = format('guyub.%I', name)::regclass AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attidentity = '' AND a.attgenerated = '');
END $$;

-- Lets the application change all columns but those: what triggers and keys rely on is not the application's to choose.
CREATE FUNCTION guyub.let_update(name text, VARIADIC except_for name[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE (SELECT format('GRANT UPDATE (%s) ON guyub.%I TO %I', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), name,
                           regexp_replace(current_user, '_owner$', '_app'))
             FROM pg_attribute a
             WHERE a.attrelid = format('guyub.%I', name)::regclass AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attname <> ALL (except_for));
END $$;

-- Functions, triggers and views are files that run again when they change: with which contents each ran last.
CREATE TABLE guyub.repeatable_file (
    name       text PRIMARY KEY,
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT guyub.protect('repeatable_file', 'own');

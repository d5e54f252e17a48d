-- Plans that were applied, by files or through the web: what each changed, so that it can be told and taken back.

-- Who and when come from the verified scope and the clock.
CREATE OR REPLACE FUNCTION guyub.stamp_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF guyub.verified_scope() IS NULL OR NOT (guyub.scope_is_system() OR EXISTS (
           SELECT FROM guyub.grants_of(guyub.actor()) g WHERE 'facilities.configure' = ANY (g.permissions))) THEN
        PERFORM guyub.refuse('GU004', 'applying a plan needs a person who may configure');
    END IF;
    IF NEW.managed_by = 'files' AND NOT guyub.scope_is_system() THEN
        PERFORM guyub.refuse('GU004', 'files are applied by the command line');
    END IF;
    NEW.applied_at := clock_timestamp();
    NEW.applied_by := guyub.actor();
    NEW.actor := guyub.actor_label();
    NEW.made_in := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON guyub.applied_plan FOR EACH ROW EXECUTE FUNCTION guyub.stamp_plan();

-- What a plan changed is complete when it is committed, and no more than it said.
CREATE OR REPLACE FUNCTION guyub.keep_plans_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM (SELECT DISTINCT plan_id FROM added) a JOIN guyub.applied_plan p ON p.id = a.plan_id
             WHERE p.made_in <> pg_current_xact_id()
                OR p.changes <> (SELECT count(*) FROM guyub.applied_change c WHERE c.plan_id = p.id)' INTO wrong;
    IF wrong > 0 THEN
        PERFORM guyub.refuse('GU002', 'the changes of a plan are recorded with it, all at once');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER whole AFTER INSERT ON guyub.applied_change
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_plans_whole();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.applied_plan
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.applied_change
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

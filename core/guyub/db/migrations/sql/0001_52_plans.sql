-- Plans that were applied, by files or through the web: what each changed, so that it can be told and taken back.

CREATE TABLE guyub.applied_plan (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    digest      text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    managed_by  text NOT NULL CHECK (managed_by IN ('files', 'web')),
    reason      text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(reason) <= 500)
                CONSTRAINT reason_says_something CHECK (guyub.is_reason(reason)),
    changes     integer NOT NULL CHECK (changes > 0),
    reverts     uuid REFERENCES guyub.applied_plan,
    applied_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by  uuid REFERENCES guyub.person,
    actor       text NOT NULL DEFAULT '',
    -- The transaction that applied it: nothing is added to a plan later.
    made_in     xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT reverted_once UNIQUE (reverts)
);

-- One thing that a plan changed. Of a plugin's field or of a plugin itself ("plugin" and "field", in force from a day on),
-- or of a record ("what" alone); "old" is what held on that day before, NULL where nothing did.
CREATE TABLE guyub.applied_change (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    plan_id     uuid NOT NULL REFERENCES guyub.applied_plan,
    layer       text NOT NULL CHECK (layer IN ('national', 'region', 'facility')),
    region_id   uuid REFERENCES guyub.region,
    facility_id uuid REFERENCES guyub.facility,
    what        text NOT NULL,
    plugin      text NOT NULL DEFAULT '',
    field       text NOT NULL DEFAULT '',
    old         jsonb,
    new         jsonb,
    was_locked  boolean NOT NULL DEFAULT false,
    locked      boolean NOT NULL DEFAULT false,
    valid_from  date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from)),
    CHECK ((layer = 'region') = (region_id IS NOT NULL) AND (layer = 'facility') = (facility_id IS NOT NULL))
);
CREATE INDEX applied_change_plan ON guyub.applied_change (plan_id);
CREATE INDEX applied_change_region ON guyub.applied_change (region_id) WHERE region_id IS NOT NULL;
CREATE INDEX applied_change_facility ON guyub.applied_change (facility_id) WHERE facility_id IS NOT NULL;

-- Who and when come from the verified scope and the clock.
CREATE FUNCTION guyub.stamp_plan() RETURNS trigger
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
CREATE TRIGGER stamp BEFORE INSERT ON guyub.applied_plan FOR EACH ROW EXECUTE FUNCTION guyub.stamp_plan();

-- What a plan changed is complete when it is committed, and no more than it said.
CREATE FUNCTION guyub.keep_plans_whole() RETURNS trigger
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
CREATE TRIGGER whole AFTER INSERT ON guyub.applied_change
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_plans_whole();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.applied_plan
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.applied_change
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What the files of the nation and of a region give to the letters of facilities without lines of their own. A letter is
-- written with what stands at its facility; this is kept so that the files can be written again.
CREATE TABLE guyub.letter_default (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    region_id       uuid REFERENCES guyub.region,
    letterhead      text[] NOT NULL,
    letter_template text NOT NULL DEFAULT '',
    CONSTRAINT letter_default_once UNIQUE NULLS NOT DISTINCT (region_id)
);

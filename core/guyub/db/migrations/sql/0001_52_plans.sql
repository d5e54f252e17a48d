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
SELECT guyub.protect('applied_plan', 'own', configuring => true);
CREATE POLICY write_stamped ON guyub.applied_plan FOR INSERT TO {{app}} WITH CHECK (guyub.verified_scope() IS NOT NULL);
GRANT SELECT, INSERT (digest, managed_by, reason, changes, reverts) ON guyub.applied_plan TO {{app}};

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
SELECT guyub.protect('applied_change', 'own', configuring => true);
-- Read and written where the values are.
CREATE POLICY read_inherited ON guyub.applied_change FOR SELECT TO {{app}}
    USING ((facility_id IS NULL AND (SELECT guyub.verified_scope()) IS NOT NULL)
           OR facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.applied_change FOR INSERT TO {{app}}
    WITH CHECK (CASE WHEN facility_id IS NULL THEN guyub.may_configure(NULL, region_id)
                     ELSE facility_id = ANY ((SELECT guyub.scope())::uuid[])
                          AND ((SELECT guyub.scope_is_system()) OR guyub.may_configure(facility_id, NULL)) END);
CREATE POLICY read_where_it_changed ON guyub.applied_plan FOR SELECT TO {{app}}
    USING ((SELECT guyub.scope_is_system()) OR applied_by = (SELECT guyub.actor())
           OR EXISTS (SELECT FROM guyub.applied_change c WHERE c.plan_id = applied_plan.id));
GRANT SELECT,
      INSERT (plan_id, layer, region_id, facility_id, what, plugin, field, old, new, was_locked, locked, valid_from)
      ON guyub.applied_change TO {{app}};

-- What the files of the nation and of a region give to the letters of facilities without lines of their own. A letter is
-- written with what stands at its facility; this is kept so that the files can be written again.
CREATE TABLE guyub.letter_default (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    region_id       uuid REFERENCES guyub.region,
    letterhead      text[] NOT NULL,
    letter_template text NOT NULL DEFAULT '',
    CONSTRAINT letter_default_once UNIQUE NULLS NOT DISTINCT (region_id)
);
SELECT guyub.protect('letter_default', 'own');
-- What stands above papers is public; files write it.
CREATE POLICY read_by_everybody ON guyub.letter_default FOR SELECT TO {{app}}
    USING ((SELECT guyub.verified_scope()) IS NOT NULL);
CREATE POLICY by_files ON guyub.letter_default TO {{app}}
    USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()));
GRANT SELECT,
      INSERT (region_id, letterhead, letter_template),
      UPDATE (letterhead, letter_template)
      ON guyub.letter_default TO {{app}};

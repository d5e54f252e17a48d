-- An inmate who becomes a probation client makes the household that of a client.
ALTER TABLE guyub.household
    DROP CONSTRAINT household_category_check,
    ADD CONSTRAINT household_category_check
        CHECK (category IN ('inmate_family', 'neighbour', 'institution', 'former_inmate', 'probation_client'));

-- The day on which a household was registered, in the facility's calendar, whatever the clock of the database says.
ALTER TABLE guyub.household ADD COLUMN registered_on date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(registered_on));
ALTER TABLE guyub.household DISABLE TRIGGER USER;
UPDATE guyub.household h SET registered_on = (h.created_at AT TIME ZONE f.zone)::date
FROM guyub.facility f WHERE f.id = h.facility_id;
ALTER TABLE guyub.household ENABLE TRIGGER USER;
ALTER TABLE guyub.household ALTER COLUMN registered_on SET NOT NULL;

-- Who left or died is found by the NIK as well; the unique index holds those who are there.
CREATE INDEX member_nik ON guyub.member (facility_id, nik_index) WHERE nik_index IS NOT NULL;

-- A link to the wrong inmate ends by an act with its day and reason, and stays on record; the same two can be linked again.
ALTER TABLE guyub.inmate_link
    ADD COLUMN ended_on date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(ended_on)),
    ADD COLUMN end_reason text NOT NULL DEFAULT ''
        CONSTRAINT reason_length CHECK (length(end_reason) <= 500),
    ADD COLUMN ended_by uuid REFERENCES guyub.person,
    ADD CONSTRAINT link_ends_with_a_reason CHECK ((ended_on IS NULL) = guyub.is_blank(end_reason)),
    DROP CONSTRAINT inmate_link_household_id_inmate_id_key;
CREATE INDEX inmate_link_household ON guyub.inmate_link (household_id);
CREATE UNIQUE INDEX inmate_link_once ON guyub.inmate_link (household_id, inmate_id) WHERE ended_on IS NULL;
GRANT UPDATE (ended_on, end_reason) ON guyub.inmate_link TO {{app}};

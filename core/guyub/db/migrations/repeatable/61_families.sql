-- Families as they live. What happens to a person or an inmate is an act: a row of guyub.household_event or guyub.inmate_event with
-- its day and its reason, written by whoever may change the registry. The tables follow from it, by these triggers alone; an act
-- that was a mistake is undone by another act that names it.
--
-- Which refusal is meant stands in the message, what it names in the detail: a day, or the band of ages.

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.household_event
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.inmate_event
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

CREATE OR REPLACE FUNCTION guyub.stamp_family_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.facility_id = ANY (guyub.personal_writing_scope())) IS NOT TRUE THEN
        PERFORM guyub.refuse('GU001', 'act of a family outside the scope');
    END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('registry.write', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'an act of a family needs a person who may change households');
    END IF;
    NEW.recorded_by := guyub.actor();
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_family_event BEFORE INSERT ON guyub.household_event
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_family_event();
CREATE OR REPLACE TRIGGER stamp_family_event BEFORE INSERT ON guyub.inmate_event
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_family_event();

-- Nothing happens on a day that has not come where the facility is.
CREATE OR REPLACE FUNCTION guyub.refuse_day_to_come(facility uuid, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (SELECT (guyub.latest_moment() AT TIME ZONE f.zone)::date FROM guyub.facility f WHERE f.id = facility);
BEGIN
    IF day > today THEN PERFORM guyub.refuse('GU030', 'day_to_come', today::text); END IF;
END $$;

-- --- members ------------------------------------------------------------------------------------------------------

-- One more or one fewer of an age. Where nobody is left, the household leaves the list. An institution counts whom it serves.
CREATE OR REPLACE FUNCTION guyub.count_person(household uuid, band text, change integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF band = '' OR (SELECT h.category = 'institution' FROM guyub.household h WHERE h.id = household) THEN RETURN; END IF;
    IF (SELECT CASE band WHEN 'children_under_5' THEN h.children_under_5 WHEN 'children_of_school_age' THEN h.children_of_school_age
                         WHEN 'adults' THEN h.adults ELSE h.elderly END + change < 0
        FROM guyub.household h WHERE h.id = household) THEN
        PERFORM guyub.refuse('GU030', 'nobody_of_that_age', band);
    END IF;
    UPDATE guyub.household h
    SET children_under_5 = h.children_under_5 + CASE band WHEN 'children_under_5' THEN change ELSE 0 END,
        children_of_school_age = h.children_of_school_age + CASE band WHEN 'children_of_school_age' THEN change ELSE 0 END,
        adults = h.adults + CASE band WHEN 'adults' THEN change ELSE 0 END,
        elderly = h.elderly + CASE band WHEN 'elderly' THEN change ELSE 0 END,
        active = h.active AND h.children_under_5 + h.children_of_school_age + h.adults + h.elderly + change > 0
    WHERE h.id = household;
END $$;

-- Who was there when the household was archived comes back with it; who had left or died does not.
CREATE OR REPLACE FUNCTION guyub.household_carries_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.member m SET active = NEW.active WHERE m.household_id = NEW.id AND m.gone_as = '';
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER household_carries_members AFTER UPDATE ON guyub.household
FOR EACH ROW WHEN (OLD.active <> NEW.active) EXECUTE FUNCTION guyub.household_carries_members();

-- A household is registered with its recipient; whoever receives later is made the recipient by an act, which asks anew what
-- they are to the inmate and whether they agree to photos.
CREATE OR REPLACE FUNCTION guyub.members_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN guyub.member m ON m.household_id = a.household_id
               WHERE a.is_recipient AND m.id NOT IN (SELECT b.id FROM added b)) THEN
        PERFORM guyub.refuse('GU030', 'recipient_by_an_act');
    END IF;
    IF EXISTS (SELECT FROM added a JOIN guyub.household h ON h.id = a.household_id
               WHERE a.gone_as <> '' OR a.active <> h.active) THEN
        PERFORM guyub.refuse('GU030', 'member_begins_present');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER members_begin AFTER INSERT ON guyub.member REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guyub.members_begin();

CREATE OR REPLACE FUNCTION guyub.last_act_of_member(member uuid, but_for uuid) RETURNS guyub.household_event
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e FROM guyub.household_event e
    WHERE e.member_id = member AND e.id <> but_for AND e.kind <> 'reversed'
      AND NOT EXISTS (SELECT FROM guyub.household_event x WHERE x.reverses = e.id AND x.id <> but_for)
    ORDER BY e.occurred_on DESC, e.seq DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION guyub.undo_household_event(event guyub.household_event, m guyub.member) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    undone guyub.household_event := (SELECT e FROM guyub.household_event e WHERE e.id = event.reverses);
    last   guyub.household_event := guyub.last_act_of_member(event.member_id, event.id);
    before guyub.household_event;
BEGIN
    IF (undone.member_id, undone.household_id, undone.facility_id) IS DISTINCT FROM (event.member_id, event.household_id, event.facility_id)
       OR undone.kind IN ('reversed', 'recipient') THEN
        PERFORM guyub.refuse('GU030', 'not_to_be_undone');
    END IF;
    IF last.id IS DISTINCT FROM undone.id THEN PERFORM guyub.refuse('GU030', 'not_the_last_act', last.occurred_on::text); END IF;
    IF undone.kind = 'joined' THEN
        IF m.is_recipient THEN PERFORM guyub.refuse('GU030', 'recipient_stays'); END IF;
        SELECT * INTO before FROM guyub.household_event e
        WHERE e.member_id = m.id AND e.id <> undone.id AND e.kind <> 'reversed'
          AND NOT EXISTS (SELECT FROM guyub.household_event x WHERE x.reverses = e.id)
        ORDER BY e.occurred_on DESC, e.seq DESC LIMIT 1;
        UPDATE guyub.member SET active = false, gone_as = CASE before.kind WHEN 'left' THEN 'left' ELSE 'mistaken' END,
                                gone_on = COALESCE(before.occurred_on, event.occurred_on)
        WHERE id = m.id;
        PERFORM guyub.count_person(undone.household_id, undone.age_band, -1);
    ELSIF undone.kind = 'moved' THEN
        UPDATE guyub.member SET household_id = undone.household_id, is_recipient = false,
               active = (SELECT h.active FROM guyub.household h WHERE h.id = undone.household_id)
        WHERE id = m.id;
        PERFORM guyub.count_person(undone.household_id, undone.age_band, 1);
        PERFORM guyub.count_person(undone.to_household_id, undone.age_band, -1);
    ELSE
        UPDATE guyub.member SET gone_as = '', gone_on = NULL,
               active = (SELECT h.active FROM guyub.household h WHERE h.id = undone.household_id)
        WHERE id = m.id;
        PERFORM guyub.count_person(undone.household_id, undone.age_band, 1);
    END IF;
END $$;

-- After the row is there: whatever is left out of an INSERT has done nothing.
CREATE OR REPLACE FUNCTION guyub.follow_household_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m    guyub.member;
    last guyub.household_event;
BEGIN
    PERFORM guyub.refuse_day_to_come(NEW.facility_id, NEW.occurred_on);
    -- In one order, so that two moves between the same households wait for each other and no more.
    PERFORM FROM guyub.household h
    WHERE h.facility_id = NEW.facility_id
      AND h.id IN (SELECT NEW.household_id UNION SELECT NEW.to_household_id
                   UNION SELECT e.to_household_id FROM guyub.household_event e WHERE e.id = NEW.reverses)
    ORDER BY h.id FOR NO KEY UPDATE;
    SELECT * INTO m FROM guyub.member x WHERE x.facility_id = NEW.facility_id AND x.id = NEW.member_id FOR NO KEY UPDATE;
    IF NEW.kind = 'reversed' THEN
        PERFORM guyub.undo_household_event(NEW, m);
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM guyub.household h WHERE h.id IN (NEW.household_id, NEW.to_household_id) AND NOT h.active) THEN
        PERFORM guyub.refuse('GU030', 'household_is_archived');
    END IF;
    IF m.household_id <> NEW.household_id THEN PERFORM guyub.refuse('GU030', 'of_another_household'); END IF;
    last := guyub.last_act_of_member(NEW.member_id, NEW.id);
    IF NEW.occurred_on < last.occurred_on THEN PERFORM guyub.refuse('GU030', 'before_last_act', last.occurred_on::text); END IF;
    IF m.gone_as NOT IN ('', CASE NEW.kind WHEN 'joined' THEN 'left' ELSE '' END) THEN
        PERFORM guyub.refuse('GU030', 'gone_already', m.gone_on::text);
    END IF;
    IF NEW.kind = 'joined' THEN
        IF m.gone_as = '' AND last.id IS NOT NULL THEN PERFORM guyub.refuse('GU030', 'there_already'); END IF;
        UPDATE guyub.member SET gone_as = '', gone_on = NULL, active = true WHERE id = m.id;
        PERFORM guyub.count_person(NEW.household_id, NEW.age_band, 1);
    ELSIF NEW.kind = 'moved' THEN
        UPDATE guyub.member SET household_id = NEW.to_household_id, is_recipient = false WHERE id = m.id;
        PERFORM guyub.count_person(NEW.to_household_id, NEW.age_band, 1);
        PERFORM guyub.count_person(NEW.household_id, NEW.age_band, -1);
    ELSIF NEW.kind = 'recipient' THEN
        PERFORM guyub.change_recipient(NEW, m);
    ELSE
        UPDATE guyub.member SET gone_as = NEW.kind, gone_on = NEW.occurred_on, active = false, is_recipient = false WHERE id = m.id;
        PERFORM guyub.count_person(NEW.household_id, NEW.age_band, -1);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER follow_household_event AFTER INSERT ON guyub.household_event
FOR EACH ROW EXECUTE FUNCTION guyub.follow_household_event();

CREATE OR REPLACE FUNCTION guyub.change_recipient(event guyub.household_event, m guyub.member) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    since date := (SELECT max(e.occurred_on) FROM guyub.household_event e
                   WHERE e.household_id = event.household_id AND e.kind = 'recipient' AND e.id <> event.id);
BEGIN
    IF m.is_recipient THEN PERFORM guyub.refuse('GU030', 'recipient_already'); END IF;
    IF event.occurred_on < since THEN PERFORM guyub.refuse('GU030', 'before_last_act', since::text); END IF;
    IF event.age_band <> '' THEN PERFORM guyub.refuse('GU030', 'recipient_counts_already'); END IF;
    IF EXISTS (SELECT FROM guyub.inmate_link l
               WHERE l.household_id = event.household_id AND l.ended_on IS NULL
                 AND NOT event.relationships ? l.inmate_id::text) THEN
        PERFORM guyub.refuse('GU030', 'relationship_missing');
    END IF;
    UPDATE guyub.member SET is_recipient = false WHERE household_id = event.household_id AND is_recipient;
    UPDATE guyub.member SET is_recipient = true WHERE id = m.id;
    UPDATE guyub.household SET photo_consent = event.photo_consent WHERE id = event.household_id;
    UPDATE guyub.inmate_link l SET relationship = event.relationships ->> l.inmate_id::text
    WHERE l.household_id = event.household_id AND l.ended_on IS NULL;
END $$;

-- --- inmates ------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION guyub.stamp_inmate_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT i.status, i.status_since INTO NEW.status_before, NEW.since_before FROM guyub.inmate i
    WHERE i.facility_id = NEW.facility_id AND i.id = NEW.inmate_id FOR NO KEY UPDATE;
    IF NEW.reverses IS NOT NULL THEN
        NEW.status := (SELECT e.status_before FROM guyub.inmate_event e
                       WHERE e.id = NEW.reverses AND e.facility_id = NEW.facility_id);
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_inmate_event BEFORE INSERT ON guyub.inmate_event
FOR EACH ROW EXECUTE FUNCTION guyub.stamp_inmate_event();

CREATE OR REPLACE FUNCTION guyub.follow_inmate_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_is text := (SELECT i.status FROM guyub.inmate i WHERE i.facility_id = NEW.facility_id AND i.id = NEW.inmate_id);
    last   guyub.inmate_event;
BEGIN
    PERFORM guyub.refuse_day_to_come(NEW.facility_id, NEW.occurred_on);
    IF now_is IS DISTINCT FROM NEW.status_before THEN PERFORM guyub.refuse('GU030', 'one_status_at_a_time'); END IF;
    SELECT * INTO last FROM guyub.inmate_event e
    WHERE e.inmate_id = NEW.inmate_id AND e.id <> NEW.id AND e.reverses IS NULL
      AND NOT EXISTS (SELECT FROM guyub.inmate_event x WHERE x.reverses = e.id AND x.id <> NEW.id)
    ORDER BY e.occurred_on DESC, e.seq DESC LIMIT 1;
    IF NEW.reverses IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM guyub.inmate_event e
                       WHERE e.id = NEW.reverses AND e.inmate_id = NEW.inmate_id AND e.reverses IS NULL) THEN
            PERFORM guyub.refuse('GU030', 'not_to_be_undone');
        END IF;
        IF last.id IS DISTINCT FROM NEW.reverses THEN PERFORM guyub.refuse('GU030', 'not_the_last_act', last.occurred_on::text); END IF;
        UPDATE guyub.inmate SET status = last.status_before, status_since = last.since_before WHERE id = NEW.inmate_id;
        RETURN NULL;
    END IF;
    IF NEW.status = now_is THEN PERFORM guyub.refuse('GU030', 'status_already'); END IF;
    IF NEW.occurred_on < NEW.since_before THEN PERFORM guyub.refuse('GU030', 'before_last_act', NEW.since_before::text); END IF;
    UPDATE guyub.inmate SET status = NEW.status, status_since = NEW.occurred_on WHERE id = NEW.inmate_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER follow_inmate_event AFTER INSERT ON guyub.inmate_event
FOR EACH ROW EXECUTE FUNCTION guyub.follow_inmate_event();

CREATE OR REPLACE TRIGGER index_names_new AFTER INSERT ON guyub.inmate REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.index_names('inmate_name_word', 'inmate_id');
CREATE OR REPLACE TRIGGER index_names_changed AFTER UPDATE ON guyub.inmate REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.index_names('inmate_name_word', 'inmate_id');
DROP FUNCTION IF EXISTS guyub.index_inmate_names();

-- A link to an inmate begins open and ends once; a family of an inmate or a client keeps one of its links.
CREATE OR REPLACE FUNCTION guyub.end_inmate_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.ended_on := NULL;
        NEW.end_reason := '';
        NEW.ended_by := NULL;
        RETURN NEW;
    END IF;
    IF OLD.ended_on IS NOT NULL THEN PERFORM guyub.refuse('GU030', 'link_has_ended', OLD.ended_on::text); END IF;
    IF NEW.ended_on IS NULL THEN RETURN NEW; END IF;
    PERFORM guyub.refuse_day_to_come(NEW.facility_id, NEW.ended_on);
    -- Of two that end at once the second sees the first.
    PERFORM FROM guyub.household h WHERE h.id = NEW.household_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM guyub.household h WHERE h.id = NEW.household_id AND h.category IN ('inmate_family', 'probation_client'))
       AND NOT EXISTS (SELECT FROM guyub.inmate_link l
                       WHERE l.household_id = NEW.household_id AND l.id <> NEW.id AND l.ended_on IS NULL) THEN
        PERFORM guyub.refuse('GU030', 'last_link');
    END IF;
    NEW.ended_by := guyub.actor();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER end_inmate_link BEFORE INSERT OR UPDATE ON guyub.inmate_link
FOR EACH ROW EXECUTE FUNCTION guyub.end_inmate_link();

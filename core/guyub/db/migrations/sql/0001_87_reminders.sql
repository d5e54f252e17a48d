-- What a regional office tells its facilities, and what it sent to its own superiors: kept as it was said, by whom and when.

-- One matter is reminded of once a day. The words stand in the application: what is kept is what they were about.
CREATE TABLE guyub.reminder (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    matter      text NOT NULL CHECK (matter IN ('not_opened', 'not_given', 'not_closed', 'not_reported')),
    plugin      text NOT NULL,
    period      date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    day         date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(day)),                              -- the day that has passed, where the matter has one
    on_day      date NOT NULL CONSTRAINT plausible_day CHECK (guyub.is_valid_date(on_day)),
    sent_by     uuid REFERENCES guyub.person,
    sent_label  text NOT NULL DEFAULT '',
    sent_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT reminded_once_a_day UNIQUE (facility_id, matter, plugin, period, on_day),
    UNIQUE (facility_id, id)
);

CREATE TABLE guyub.reminder_seen (
    reminder_id uuid PRIMARY KEY,
    facility_id uuid NOT NULL,
    seen_by     uuid REFERENCES guyub.person,
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (facility_id, reminder_id) REFERENCES guyub.reminder (facility_id, id)
);

-- By which day of a month it has to be opened, and by which day of the following one the facilities have to be done with it.
CREATE TABLE guyub.region_reporting (
    region_id  uuid PRIMARY KEY REFERENCES guyub.region,
    report_day smallint NOT NULL CONSTRAINT report_day_of_any_month CHECK (report_day BETWEEN 1 AND 28),
    open_day   smallint NOT NULL CONSTRAINT open_day_of_any_month CHECK (open_day BETWEEN 1 AND 28),
    set_by     text NOT NULL DEFAULT '',
    set_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- That a recap was sent, in which form, and the digest of its figures: whether they have changed since can be told.
CREATE TABLE guyub.recap_sent (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    seq        bigint GENERATED ALWAYS AS IDENTITY,
    region_id  uuid NOT NULL REFERENCES guyub.region,
    period     date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    form       text NOT NULL CHECK (form IN ('xlsx', 'pdf', 'text')),
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    missing    integer NOT NULL CHECK (missing >= 0),    -- facilities that were not in yet
    note       text NOT NULL DEFAULT '' CHECK (length(note) <= 300),
    sent_by    uuid REFERENCES guyub.person,
    sent_label text NOT NULL DEFAULT '',
    sent_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX recap_sent_of ON guyub.recap_sent (region_id, period, seq DESC);

CREATE FUNCTION guyub.stamp_reminder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.campaign', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'a reminder comes from the regional office');
    END IF;
    NEW.sent_by := guyub.actor(); NEW.sent_label := COALESCE(guyub.actor_label(), ''); NEW.sent_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON guyub.reminder FOR EACH ROW EXECUTE FUNCTION guyub.stamp_reminder();

-- Seen is said by the people of the facility; those who reach it from above have not read it for them.
CREATE FUNCTION guyub.stamp_reminder_seen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM guyub.grants_of(guyub.actor()) g WHERE g.facility_id = NEW.facility_id AND g.direct) THEN
        PERFORM guyub.refuse('GU004', 'a reminder is acknowledged by the people of the facility');
    END IF;
    NEW.seen_by := guyub.actor(); NEW.seen_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON guyub.reminder_seen FOR EACH ROW EXECUTE FUNCTION guyub.stamp_reminder_seen();

CREATE FUNCTION guyub.stamp_recap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_run_campaigns(NEW.region_id) THEN PERFORM guyub.refuse('GU004', 'a recap is the regional office''s'); END IF;
    NEW.sent_by := guyub.actor(); NEW.sent_label := COALESCE(guyub.actor_label(), ''); NEW.sent_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON guyub.recap_sent FOR EACH ROW EXECUTE FUNCTION guyub.stamp_recap();

CREATE FUNCTION guyub.stamp_reporting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_run_campaigns(NEW.region_id) THEN PERFORM guyub.refuse('GU004', 'the day is set by the regional office'); END IF;
    NEW.set_by := COALESCE(guyub.actor_label(), ''); NEW.set_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON guyub.region_reporting FOR EACH ROW EXECUTE FUNCTION guyub.stamp_reporting();

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reminder', 'reminder_seen', 'recap_sent'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only()', t);
    END LOOP;
END $$;

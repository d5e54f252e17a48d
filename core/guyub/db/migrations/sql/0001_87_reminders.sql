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
SELECT guyub.protect('reminder', 'facility');
GRANT SELECT, INSERT (facility_id, matter, plugin, period, day, on_day) ON guyub.reminder TO {{app}};

CREATE TABLE guyub.reminder_seen (
    reminder_id uuid PRIMARY KEY,
    facility_id uuid NOT NULL,
    seen_by     uuid REFERENCES guyub.person,
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (facility_id, reminder_id) REFERENCES guyub.reminder (facility_id, id)
);
SELECT guyub.protect('reminder_seen', 'facility');
GRANT SELECT, INSERT (reminder_id, facility_id) ON guyub.reminder_seen TO {{app}};

-- By which day of a month it has to be opened, and by which day of the following one the facilities have to be done with it.
CREATE TABLE guyub.region_reporting (
    region_id  uuid PRIMARY KEY REFERENCES guyub.region,
    report_day smallint NOT NULL CONSTRAINT report_day_of_any_month CHECK (report_day BETWEEN 1 AND 28),
    open_day   smallint NOT NULL CONSTRAINT open_day_of_any_month CHECK (open_day BETWEEN 1 AND 28),
    set_by     text NOT NULL DEFAULT '',
    set_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT guyub.protect('region_reporting', 'own');
CREATE POLICY read_below ON guyub.region_reporting FOR SELECT TO {{app}}
    USING ((SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_office ON guyub.region_reporting FOR INSERT TO {{app}} WITH CHECK (guyub.may_run_campaigns(region_id));
CREATE POLICY change_by_office ON guyub.region_reporting FOR UPDATE TO {{app}} USING (guyub.may_run_campaigns(region_id));
GRANT SELECT, INSERT (region_id, report_day, open_day), UPDATE (report_day, open_day) ON guyub.region_reporting TO {{app}};

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
SELECT guyub.protect('recap_sent', 'own');
CREATE POLICY read_below ON guyub.recap_sent FOR SELECT TO {{app}}
    USING ((SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_office ON guyub.recap_sent FOR INSERT TO {{app}} WITH CHECK (guyub.may_run_campaigns(region_id));
GRANT SELECT, INSERT (region_id, period, form, sha256, missing, note) ON guyub.recap_sent TO {{app}};

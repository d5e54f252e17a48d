-- An order of a regional office becomes a month of a programme at many facilities, whose staff go on as with any other. Its
-- quota and its ceiling bind them; the day is a wish, since a hall may be taken.

CREATE TABLE guyub.campaign (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    region_id       uuid NOT NULL REFERENCES guyub.region,
    theme_code      text REFERENCES guyub.theme,
    title           text NOT NULL CONSTRAINT campaign_has_a_title CHECK (guyub.seen_length(title) >= 3 AND length(title) <= 160),
    plugin          text NOT NULL,
    program_type    text NOT NULL,
    period          date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    distribution_on date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(distribution_on)),
    ceiling         bigint CONSTRAINT ceiling_is_money CHECK (ceiling BETWEEN 1 AND 1000000000),     -- rupiah for one household
    ordered_by      uuid REFERENCES guyub.person,
    ordered_label   text NOT NULL DEFAULT '',
    ordered_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    cancelled_by    uuid REFERENCES guyub.person,
    cancelled_at    timestamptz,
    cancel_reason   text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(cancel_reason) <= 500),
    CONSTRAINT campaign_day_in_its_month CHECK (period = distribution_on - extract(day FROM distribution_on)::integer + 1),
    CONSTRAINT campaign_cancelled_with_reason CHECK (
        CASE WHEN cancelled_at IS NULL THEN cancel_reason = '' ELSE NOT guyub.is_blank(cancel_reason) END)
);
-- The same order twice is one order; a cancelled one makes room for a better one.
CREATE UNIQUE INDEX one_order ON guyub.campaign (region_id, plugin, program_type, period, title) WHERE cancelled_at IS NULL;
SELECT guyub.protect('campaign', 'own');
CREATE POLICY read_below ON guyub.campaign FOR SELECT TO {{app}}
    USING ((SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_office ON guyub.campaign FOR INSERT TO {{app}} WITH CHECK (guyub.may_run_campaigns(region_id));
CREATE POLICY change_by_office ON guyub.campaign FOR UPDATE TO {{app}} USING (guyub.may_run_campaigns(region_id));
GRANT SELECT,
      INSERT (region_id, theme_code, title, plugin, program_type, period, distribution_on, ceiling),
      UPDATE (cancelled_at, cancel_reason)
      ON guyub.campaign TO {{app}};

-- own_quota: what the facility's configuration says, which holds again when the order is cancelled.
CREATE TABLE guyub.campaign_facility (
    campaign_id uuid NOT NULL REFERENCES guyub.campaign,
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    quota       integer NOT NULL CONSTRAINT campaign_quota CHECK (quota > 0),
    own_quota   integer NOT NULL CHECK (own_quota > 0),
    adopted     boolean NOT NULL,                  -- the month stood already, planned
    PRIMARY KEY (campaign_id, facility_id)
);
CREATE INDEX campaign_facility_of ON guyub.campaign_facility (facility_id, campaign_id);
SELECT guyub.protect('campaign_facility', 'facility');
GRANT SELECT, INSERT (campaign_id, facility_id, quota, own_quota, adopted) ON guyub.campaign_facility TO {{app}};
ALTER TABLE guyub.cycle ADD CONSTRAINT cycle_of_order
    FOREIGN KEY (campaign_id, facility_id) REFERENCES guyub.campaign_facility (campaign_id, facility_id);
CREATE UNIQUE INDEX one_month_of_an_order ON guyub.cycle (campaign_id, facility_id) WHERE campaign_id IS NOT NULL;

-- Which plugin runs where, and with which values: append-only, dated, by layer. Which of two rows was recorded later is told by
-- a sequence, here as everywhere: ids follow the clock, and a clock may jump.

CREATE TABLE guyub.plugin_activation (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    plugin      text NOT NULL CHECK (plugin ~ '^[a-z][a-z0-9_]{1,39}$'),
    active      boolean NOT NULL,
    valid_from  date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    CONSTRAINT reason_length CHECK (length(reason) <= 500),
    CONSTRAINT reason_says_something CHECK (guyub.is_reason(reason)),
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from))
);
CREATE INDEX plugin_activation_facility ON guyub.plugin_activation (facility_id, plugin, valid_from DESC, seq DESC);
SELECT guyub.protect('plugin_activation', 'own', configuring => true);
CREATE POLICY in_scope ON guyub.plugin_activation TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[])) WITH CHECK (facility_id = ANY ((SELECT guyub.scope())::uuid[]));
SELECT guyub.let_insert('plugin_activation');
GRANT SELECT ON guyub.plugin_activation TO {{app}};

CREATE TABLE guyub.config_value (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    layer       text NOT NULL CHECK (layer IN ('national', 'region', 'facility')),
    region_id   uuid REFERENCES guyub.region,
    facility_id uuid REFERENCES guyub.facility,
    plugin      text NOT NULL,
    field       text NOT NULL,
    value       jsonb,                       -- NULL: reset to what is inherited
    -- The version of the plugin's configuration that the value was written for.
    config_version integer NOT NULL DEFAULT 1 CHECK (config_version >= 1),
    locked      boolean NOT NULL DEFAULT false,
    valid_from  date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    CHECK ((layer = 'region') = (region_id IS NOT NULL) AND (layer = 'facility') = (facility_id IS NOT NULL)),
    CONSTRAINT reason_length CHECK (length(reason) <= 500),
    CONSTRAINT reason_says_something CHECK (guyub.is_reason(reason)),
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(valid_from)),
    CONSTRAINT lock_holds_a_value CHECK (NOT locked OR value IS NOT NULL)
);
CREATE INDEX config_value_scope ON guyub.config_value (plugin, layer, region_id, facility_id, field, valid_from DESC, seq DESC);
-- All that a facility inherits and holds, of every plugin at once.
CREATE INDEX config_value_national ON guyub.config_value (plugin) WHERE layer = 'national';
CREATE INDEX config_value_region ON guyub.config_value (region_id) WHERE region_id IS NOT NULL;
CREATE INDEX config_value_facility ON guyub.config_value (facility_id) WHERE facility_id IS NOT NULL;
SELECT guyub.protect('config_value', 'own', configuring => true);
-- National and regional values are no secret of one facility; those write them who configure that region, or the nation.
CREATE POLICY read_inherited ON guyub.config_value FOR SELECT TO {{app}}
    USING (facility_id IS NULL OR facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.config_value FOR INSERT TO {{app}}
    WITH CHECK (CASE WHEN facility_id IS NULL THEN guyub.may_configure(NULL, region_id)
                     ELSE facility_id = ANY ((SELECT guyub.scope())::uuid[]) END);
GRANT SELECT,
      INSERT (layer, region_id, facility_id, plugin, field, value, config_version, locked, valid_from, actor, reason)
      ON guyub.config_value TO {{app}};

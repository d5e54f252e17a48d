-- Which plugin runs where, and with which values: append-only, dated, by layer.

CREATE TABLE guyub.plugin_activation (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    plugin      text NOT NULL CHECK (plugin ~ '^[a-z][a-z0-9_]{1,39}$'),
    active      boolean NOT NULL,
    valid_from  date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    reason      text NOT NULL DEFAULT ''
);
CREATE INDEX plugin_activation_facility ON guyub.plugin_activation (facility_id, plugin, valid_from DESC, id DESC);

CREATE TABLE guyub.config_value (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    layer       text NOT NULL CHECK (layer IN ('national', 'region', 'facility')),
    region_id   uuid REFERENCES guyub.region,
    facility_id uuid REFERENCES guyub.facility,
    plugin      text NOT NULL,
    field       text NOT NULL,
    value       jsonb,                       -- NULL: reset to what is inherited
    locked      boolean NOT NULL DEFAULT false,
    valid_from  date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    CHECK ((layer = 'region') = (region_id IS NOT NULL) AND (layer = 'facility') = (facility_id IS NOT NULL)),
    CHECK (NOT locked OR layer <> 'facility')
);
CREATE INDEX config_value_scope ON guyub.config_value (plugin, layer, region_id, facility_id, field, valid_from DESC, id DESC);

CREATE FUNCTION guyub.next_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE guyub.configuration_epoch SET epoch = epoch + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER next_epoch AFTER INSERT ON guyub.plugin_activation FOR EACH STATEMENT EXECUTE FUNCTION guyub.next_epoch();
CREATE TRIGGER next_epoch AFTER INSERT ON guyub.config_value FOR EACH STATEMENT EXECUTE FUNCTION guyub.next_epoch();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.plugin_activation
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.config_value
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

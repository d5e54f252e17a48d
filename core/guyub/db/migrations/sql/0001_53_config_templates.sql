-- Sets of plugin values with a name ("small rutan", "large lapas"), of a region or of the nation: applying one copies its
-- values, so that a later version changes nothing that was applied. Append-only: the newest row of a name counts.

CREATE TABLE guyub.config_template (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    region_id   uuid REFERENCES guyub.region,     -- NULL: for all regions
    name        text NOT NULL CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 60),
    note        text NOT NULL DEFAULT '' CHECK (length(note) <= 300),
    plugin_values jsonb NOT NULL CHECK (jsonb_typeof(plugin_values) = 'object'),   -- plugin -> field -> value
    retired     boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL DEFAULT ''
);
CREATE INDEX config_template_name ON guyub.config_template (region_id, name, seq DESC);
SELECT guyub.protect('config_template', 'own');
-- A reader sees those of the nation and of regions with a facility in scope.
CREATE POLICY read_inherited ON guyub.config_template FOR SELECT TO {{app}}
    USING (region_id IS NULL OR (SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_keeper ON guyub.config_template FOR INSERT TO {{app}}
    WITH CHECK (guyub.may_configure(NULL, region_id));
GRANT SELECT, INSERT (region_id, name, note, plugin_values, retired) ON guyub.config_template TO {{app}};

-- Which plugins are switched off for the whole installation, and which regions' rows of plugins a transaction may touch.

CREATE TABLE guyub.plugin_switch (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    plugin      text NOT NULL CHECK (plugin ~ '^[a-z][a-z0-9_]{1,39}$'),
    disabled    boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL,
    reason      text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(reason) <= 500)
                CONSTRAINT reason_says_something CHECK (guyub.is_reason(reason)),
    -- Where its tables were written before they were dropped; what was purged is switched off until somebody decides.
    exported_to text NOT NULL DEFAULT '' CHECK (length(exported_to) <= 4096),
    CONSTRAINT purged_is_off CHECK (exported_to = '' OR disabled)
);
CREATE INDEX plugin_switch_latest ON guyub.plugin_switch (plugin, seq DESC);
SELECT guyub.protect('plugin_switch', 'own');
CREATE POLICY read_all ON guyub.plugin_switch FOR SELECT TO {{app}} USING (true);
CREATE POLICY write_by_nation ON guyub.plugin_switch FOR INSERT TO {{app}} WITH CHECK (guyub.may_configure(NULL, NULL));
SELECT guyub.let_insert('plugin_switch');
GRANT SELECT ON guyub.plugin_switch TO {{app}};

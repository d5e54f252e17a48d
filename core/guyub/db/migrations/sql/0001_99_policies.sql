-- Row-level security for every table that knows a facility, forced on the owner too; then what the application may do at all.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guyub FROM PUBLIC;
GRANT USAGE ON SCHEMA guyub TO {{app}};

DO $$
DECLARE
    t record;
    personal text[] := ARRAY['household', 'member', 'name_word', 'inmate', 'inmate_register', 'inmate_link', 'survey',
                             'recipient_snapshot'];
    door text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'facility_id'
             WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' LOOP
        door := CASE WHEN t.relname = ANY (personal) THEN 'guyub.personal_scope()' ELSE 'guyub.scope()' END;
        EXECUTE format('ALTER TABLE guyub.%I ENABLE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('ALTER TABLE guyub.%I FORCE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('CREATE POLICY owner_all ON guyub.%I TO {{owner}} USING (true) WITH CHECK (true)', t.relname);
        IF t.relname NOT IN ('audit_entry', 'config_value', 'role_assignment', 'claim', 'document') THEN
            EXECUTE format('CREATE POLICY in_scope ON guyub.%I TO {{app}} USING (facility_id = ANY ((SELECT %s)::uuid[])) '
                           'WITH CHECK (facility_id = ANY ((SELECT %s)::uuid[]))', t.relname, door, door);
        END IF;
    END LOOP;
END $$;

CREATE POLICY in_scope ON guyub.audit_entry FOR SELECT TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]) OR (facility_id IS NULL AND (SELECT guyub.scope_is_system())));
CREATE POLICY in_scope ON guyub.role_assignment FOR SELECT TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]) OR (SELECT guyub.scope_is_system()));
-- National and regional values are no secret of one facility; only the system's own door writes them.
CREATE POLICY read_inherited ON guyub.config_value FOR SELECT TO {{app}}
    USING (facility_id IS NULL OR facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.config_value FOR INSERT TO {{app}}
    WITH CHECK (CASE WHEN facility_id IS NULL THEN (SELECT guyub.scope_is_system())
                     ELSE facility_id = ANY ((SELECT guyub.scope())::uuid[]) END);
-- Documents that name people follow the personal scope.
CREATE POLICY in_scope ON guyub.document TO {{app}}
    USING (facility_id = ANY (CASE WHEN personal THEN (SELECT guyub.personal_scope()) ELSE (SELECT guyub.scope()) END))
    WITH CHECK (facility_id = ANY (CASE WHEN personal THEN (SELECT guyub.personal_scope()) ELSE (SELECT guyub.scope()) END));

-- The facilities themselves are public names; changing them is the system's.
ALTER TABLE guyub.facility ENABLE ROW LEVEL SECURITY;
ALTER TABLE guyub.facility FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON guyub.facility TO {{owner}} USING (true) WITH CHECK (true);
CREATE POLICY read_all ON guyub.facility FOR SELECT TO {{app}} USING (true);
CREATE POLICY write_by_system ON guyub.facility FOR ALL TO {{app}}
    USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()));
ALTER TABLE guyub.region ENABLE ROW LEVEL SECURITY;
ALTER TABLE guyub.region FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON guyub.region TO {{owner}} USING (true) WITH CHECK (true);
CREATE POLICY read_all ON guyub.region FOR SELECT TO {{app}} USING (true);
CREATE POLICY write_by_system ON guyub.region FOR ALL TO {{app}}
    USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()));
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['theme', 'role', 'separation_of_duties', 'questionnaire'] LOOP
        EXECUTE format('ALTER TABLE guyub.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE guyub.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON guyub.%I TO {{owner}} USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY read_all ON guyub.%I FOR SELECT TO {{app}} USING (true)', t);
        EXECUTE format('CREATE POLICY write_by_system ON guyub.%I FOR ALL TO {{app}} '
                       'USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()))', t);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON guyub.region, guyub.facility, guyub.official, guyub.theme, guyub.role TO {{app}};
GRANT SELECT, INSERT ON guyub.separation_of_duties, guyub.questionnaire TO {{app}};
GRANT SELECT (id, login, full_name, nip, active) ON guyub.person TO {{app}};
GRANT SELECT ON guyub.role_assignment, guyub.audit_entry, guyub.audit_chain, guyub.configuration_epoch TO {{app}};
GRANT SELECT, INSERT ON guyub.plugin_activation, guyub.config_value TO {{app}};
GRANT SELECT, INSERT, UPDATE ON guyub.household, guyub.member, guyub.inmate, guyub.inmate_link TO {{app}};
GRANT SELECT, INSERT ON guyub.inmate_register, guyub.survey TO {{app}};
GRANT SELECT ON guyub.name_word, guyub.household_facts TO {{app}};
GRANT SELECT, INSERT ON guyub.item, guyub.fund, guyub.journal, guyub.fund_receipt, guyub.lot, guyub.reservation TO {{app}};
GRANT SELECT ON guyub.account, guyub.transfer, guyub.account_kind, guyub.transfer_rule TO {{app}};
GRANT INSERT (id, facility_id, fund_id, kind, item_id, lot_id, reservation_id) ON guyub.account TO {{app}};
GRANT INSERT (id, facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses) ON guyub.transfer TO {{app}};
GRANT SELECT, INSERT ON guyub.program, guyub.handover_line, guyub.document TO {{app}};
GRANT SELECT, INSERT, UPDATE ON guyub.cycle TO {{app}};
GRANT SELECT, INSERT, DELETE ON guyub.package_line, guyub.cycle_fund, guyub.entitlement_line, guyub.recipient_snapshot TO {{app}};
GRANT SELECT, INSERT, DELETE ON guyub.entitlement TO {{app}};
GRANT UPDATE (state, state_reason) ON guyub.entitlement TO {{app}};
GRANT SELECT, INSERT ON guyub.handover TO {{app}};
GRANT UPDATE (reversed_at, reversed_by, reversal_reason, reversal_journal_id) ON guyub.handover TO {{app}};

GRANT EXECUTE ON FUNCTION
    guyub.refuse, guyub.append_only, guyub.verified_scope, guyub.actor, guyub.actor_label, guyub.scope_is_system, guyub.scope,
    guyub.personal_scope, guyub.permitted, guyub.enter, guyub.enter_service, guyub.credential_of, guyub.record_sign_in,
    guyub.open_session, guyub.close_session, guyub.create_person, guyub.assign_role, guyub.audit, guyub.audit_hash,
    guyub.audit_problems, guyub.ledger_problems, guyub.next_number, guyub.refresh_statistics, guyub.served_elsewhere, guyub.guard_list, guyub.guard_states, guyub.guard_list_parts
TO {{app}};

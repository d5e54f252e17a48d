-- Row-level security on every table, forced on the owner too; then what the application may do at all.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guyub FROM PUBLIC;
GRANT USAGE ON SCHEMA guyub TO {{app}};

DO $$
DECLARE
    t record;
    personal text[] := ARRAY['household', 'member', 'name_word', 'inmate', 'inmate_register', 'inmate_link', 'survey',
                             'entitlement', 'entitlement_line', 'recipient_snapshot', 'handover', 'handover_line', 'proposal'];
    -- Read by all, or by nobody but the functions of this schema, or under a policy of their own below.
    open_data text[] := ARRAY['region', 'facility', 'theme', 'role', 'separation_of_duties', 'questionnaire',
                              'account_kind', 'transfer_rule', 'journal_kind', 'configuration_epoch', 'event_listener'];
    special text[] := ARRAY['audit_entry', 'audit_chain', 'config_value', 'config_template', 'plugin_activation', 'role_assignment', 'official',
                            'document', 'person', 'claim', 'number_series', 'session', 'installation', 'plugin_switch',
                            'applied_plan', 'applied_change', 'letter_default', 'campaign', 'region_reporting', 'recap_sent', 'api_token'];
    -- What a token may write that was made for configuring; all else is kept from it even within our own functions.
    configured text[] := ARRAY['config_value', 'plugin_activation', 'applied_plan', 'applied_change', 'configuration_epoch',
                               'audit_entry', 'audit_chain'];
    door text;
    deed text;
    within text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c
             WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_version' LOOP
        EXECUTE format('ALTER TABLE guyub.%I ENABLE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('ALTER TABLE guyub.%I FORCE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('CREATE POLICY owner_all ON guyub.%I TO {{owner}} USING (true) WITH CHECK (true)', t.relname);
        FOREACH deed IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            within := CASE deed WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END;
            IF t.relname = ANY (configured) THEN
                EXECUTE format('CREATE POLICY readers_%s_nothing ON guyub.%I AS RESTRICTIVE FOR %s TO {{app}} %s '
                               '((SELECT guyub.only_configures()) OR NOT (SELECT guyub.only_reads()))',
                               lower(deed), t.relname, deed, within);
                CONTINUE;
            END IF;
            EXECUTE format('CREATE POLICY readers_%s_nothing ON guyub.%I AS RESTRICTIVE FOR %s TO {{app}} %s '
                           '(NOT (SELECT guyub.only_reads()))', lower(deed), t.relname, deed, within);
            EXECUTE format('CREATE POLICY configurers_%s_nothing ON guyub.%I AS RESTRICTIVE FOR %s TO {{owner}} %s '
                           '(NOT (SELECT guyub.only_configures()))', lower(deed), t.relname, deed, within);
        END LOOP;
        IF t.relname = ANY (open_data) THEN
            EXECUTE format('CREATE POLICY read_all ON guyub.%I FOR SELECT TO {{app}} USING (true)', t.relname);
            EXECUTE format('CREATE POLICY write_by_system ON guyub.%I FOR ALL TO {{app}} '
                           'USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()))', t.relname);
        ELSIF t.relname <> ALL (special) THEN
            door := CASE WHEN t.relname = ANY (personal) THEN 'personal_scope' ELSE 'scope' END;
            EXECUTE format('CREATE POLICY in_scope ON guyub.%I %s TO {{app}} USING (facility_id = ANY ((SELECT guyub.%s())::uuid[]))',
                           t.relname, CASE WHEN t.relname = ANY (personal) THEN 'FOR SELECT' ELSE 'FOR ALL' END, door);
        END IF;
        -- What is open for a purpose is read and never written.
        IF t.relname = ANY (personal) THEN
            EXECUTE format('CREATE POLICY insert_in_scope ON guyub.%I FOR INSERT TO {{app}} '
                           'WITH CHECK (facility_id = ANY ((SELECT guyub.personal_writing_scope())::uuid[]))', t.relname);
            EXECUTE format('CREATE POLICY update_in_scope ON guyub.%I FOR UPDATE TO {{app}} '
                           'USING (facility_id = ANY ((SELECT guyub.personal_writing_scope())::uuid[]))', t.relname);
            EXECUTE format('CREATE POLICY delete_in_scope ON guyub.%I FOR DELETE TO {{app}} '
                           'USING (facility_id = ANY ((SELECT guyub.personal_writing_scope())::uuid[]))', t.relname);
        END IF;
    END LOOP;
END $$;

CREATE POLICY in_scope ON guyub.audit_entry FOR SELECT TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]) OR (facility_id IS NULL AND (SELECT guyub.scope_is_system())));
CREATE POLICY in_scope ON guyub.audit_chain FOR SELECT TO {{app}}
    USING (id = ANY ((SELECT guyub.scope())::uuid[])
           OR (id = '00000000-0000-0000-0000-000000000000' AND (SELECT guyub.scope_is_system())));
CREATE POLICY in_scope ON guyub.role_assignment FOR SELECT TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]) OR (SELECT guyub.scope_is_system()));
CREATE POLICY in_scope ON guyub.person FOR SELECT TO {{app}}
    USING (id = ANY ((SELECT guyub.people_in_scope())::uuid[]) OR (SELECT guyub.scope_is_system()));
CREATE POLICY in_scope ON guyub.plugin_activation TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[])) WITH CHECK (facility_id = ANY ((SELECT guyub.scope())::uuid[]));
-- Who signs is printed on every paper: changed by those who configure, and by files.
CREATE POLICY in_scope ON guyub.official FOR SELECT TO {{app}} USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.official FOR ALL TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]))
    WITH CHECK (facility_id = ANY ((SELECT guyub.scope())::uuid[])
                AND ((SELECT guyub.scope_is_system()) OR guyub.permitted('facilities.configure', facility_id)));
-- National and regional values are no secret of one facility; those write them who configure that region, or the nation.
CREATE POLICY read_inherited ON guyub.config_value FOR SELECT TO {{app}}
    USING (facility_id IS NULL OR facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.config_value FOR INSERT TO {{app}}
    WITH CHECK (CASE WHEN facility_id IS NULL THEN guyub.may_configure(NULL, region_id)
                     ELSE facility_id = ANY ((SELECT guyub.scope())::uuid[]) END);
-- Read and written where the values are.
CREATE POLICY read_inherited ON guyub.applied_change FOR SELECT TO {{app}}
    USING ((facility_id IS NULL AND (SELECT guyub.verified_scope()) IS NOT NULL)
           OR facility_id = ANY ((SELECT guyub.scope())::uuid[]));
CREATE POLICY write_in_scope ON guyub.applied_change FOR INSERT TO {{app}}
    WITH CHECK (CASE WHEN facility_id IS NULL THEN guyub.may_configure(NULL, region_id)
                     ELSE facility_id = ANY ((SELECT guyub.scope())::uuid[])
                          AND ((SELECT guyub.scope_is_system()) OR guyub.may_configure(facility_id, NULL)) END);
-- What stands above papers is public; files write it.
CREATE POLICY read_by_everybody ON guyub.letter_default FOR SELECT TO {{app}}
    USING ((SELECT guyub.verified_scope()) IS NOT NULL);
CREATE POLICY by_files ON guyub.letter_default TO {{app}}
    USING ((SELECT guyub.scope_is_system())) WITH CHECK ((SELECT guyub.scope_is_system()));
CREATE POLICY read_where_it_changed ON guyub.applied_plan FOR SELECT TO {{app}}
    USING ((SELECT guyub.scope_is_system()) OR applied_by = (SELECT guyub.actor())
           OR EXISTS (SELECT FROM guyub.applied_change c WHERE c.plan_id = applied_plan.id));
CREATE POLICY write_stamped ON guyub.applied_plan FOR INSERT TO {{app}} WITH CHECK (guyub.verified_scope() IS NOT NULL);
-- Templates of values likewise; a reader sees those of the nation and of regions with a facility in scope.
CREATE POLICY read_inherited ON guyub.config_template FOR SELECT TO {{app}}
    USING (region_id IS NULL OR (SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_keeper ON guyub.config_template FOR INSERT TO {{app}}
    WITH CHECK (guyub.may_configure(NULL, region_id));
-- Orders of a regional office are read where they are fulfilled; its reports and its day where it decides, and by its facilities.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['campaign', 'region_reporting', 'recap_sent'] LOOP
        EXECUTE format('CREATE POLICY read_below ON guyub.%I FOR SELECT TO {{app}} USING ((SELECT guyub.scope_is_system()) '
                       'OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])))', t);
        EXECUTE format('CREATE POLICY write_by_office ON guyub.%I FOR INSERT TO {{app}} WITH CHECK (guyub.may_run_campaigns(region_id))', t);
        CONTINUE WHEN t = 'recap_sent';
        EXECUTE format('CREATE POLICY change_by_office ON guyub.%I FOR UPDATE TO {{app}} USING (guyub.may_run_campaigns(region_id))', t);
    END LOOP;
END $$;
-- Everybody sees the tokens of their own, and nobody what opens them.
CREATE POLICY own ON guyub.api_token FOR SELECT TO {{app}} USING (person_id = (SELECT guyub.actor()));
CREATE POLICY read_all ON guyub.plugin_switch FOR SELECT TO {{app}} USING (true);
CREATE POLICY write_by_nation ON guyub.plugin_switch FOR INSERT TO {{app}} WITH CHECK (guyub.may_configure(NULL, NULL));
-- Documents that name people, their lists to sign, are their own facility's: no purpose opens them.
CREATE POLICY in_scope ON guyub.document TO {{app}}
    USING (facility_id = ANY (CASE WHEN personal THEN (SELECT guyub.personal_writing_scope()) ELSE (SELECT guyub.scope()) END));

-- Columns that triggers and keys rely on are not the application's to choose: ids of rows whose triggers act before the row
-- is there, whose row it is, and what stamps itself.
GRANT SELECT, INSERT, UPDATE ON guyub.region, guyub.facility, guyub.theme, guyub.role TO {{app}};
GRANT SELECT ON guyub.facility_name, guyub.official TO {{app}};
GRANT INSERT (facility_id, role_code, title, name, nip, acting, valid_from, valid_until) ON guyub.official TO {{app}};
GRANT UPDATE (title, name, nip, acting, valid_until) ON guyub.official TO {{app}};
GRANT SELECT, INSERT ON guyub.separation_of_duties, guyub.questionnaire TO {{app}};
GRANT SELECT (id, login, full_name, nip, active) ON guyub.person TO {{app}};
GRANT SELECT ON guyub.purpose_grant, guyub.purpose_end, guyub.role_assignment, guyub.audit_entry, guyub.audit_chain, guyub.configuration_epoch TO {{app}};
GRANT SELECT, INSERT ON guyub.plugin_activation, guyub.plugin_switch TO {{app}};
GRANT SELECT ON guyub.config_value TO {{app}};
GRANT SELECT, INSERT (region_id, name, note, plugin_values, retired) ON guyub.config_template TO {{app}};
GRANT INSERT (layer, region_id, facility_id, plugin, field, value, config_version, locked, valid_from, actor, reason)
    ON guyub.config_value TO {{app}};
GRANT SELECT ON guyub.applied_plan, guyub.applied_change TO {{app}};
GRANT INSERT (digest, managed_by, reason, changes, reverts) ON guyub.applied_plan TO {{app}};
GRANT INSERT (plan_id, layer, region_id, facility_id, what, plugin, field, old, new, was_locked, locked, valid_from)
    ON guyub.applied_change TO {{app}};
GRANT SELECT ON guyub.letter_default TO {{app}};
GRANT INSERT (region_id, letterhead, letter_template), UPDATE (letterhead, letter_template) ON guyub.letter_default TO {{app}};
GRANT SELECT, INSERT, DELETE ON guyub.event_listener TO {{app}};
GRANT SELECT ON guyub.event, guyub.delivery TO {{app}};
GRANT INSERT (facility_id, kind, subject, occurred_on, details) ON guyub.event TO {{app}};
GRANT INSERT (event_id, facility_id, plugin) ON guyub.delivery TO {{app}};
GRANT UPDATE (state, attempts, due_at, last_error) ON guyub.delivery TO {{app}};
GRANT SELECT, INSERT ON guyub.household, guyub.member, guyub.inmate, guyub.inmate_link TO {{app}};
DO $$
DECLARE
    t text;
    kept name[] := ARRAY['id', 'facility_id', 'household_id', 'inmate_id', 'created_at'];
BEGIN
    FOREACH t IN ARRAY ARRAY['household', 'member', 'inmate', 'inmate_link'] LOOP
        EXECUTE (SELECT format('GRANT UPDATE (%s) ON guyub.%I TO {{app}}', string_agg(quote_ident(a.attname), ', '), t)
                 FROM pg_attribute a
                 WHERE a.attrelid = format('guyub.%I', t)::regclass AND a.attnum > 0 AND NOT a.attisdropped
                   AND a.attname <> ALL (kept));
    END LOOP;
END $$;
GRANT SELECT, INSERT ON guyub.inmate_register, guyub.survey TO {{app}};
GRANT SELECT ON guyub.name_word, guyub.household_facts TO {{app}};
GRANT SELECT, INSERT ON guyub.item TO {{app}};
GRANT SELECT, INSERT (id, facility_id, code, name, plugin, source, programs, categories, areas, usable_from, usable_until, sensitive)
    ON guyub.fund TO {{app}};
GRANT SELECT ON guyub.fund_receipt, guyub.lot, guyub.reservation TO {{app}};
GRANT INSERT (facility_id, fund_id, journal_id, plugin, kind, form, sensitive) ON guyub.fund_receipt TO {{app}};
GRANT INSERT (id, facility_id, fund_id, item_id, received_on, journal_id) ON guyub.lot TO {{app}};
GRANT INSERT (id, facility_id, holder_id, journal_id, program, period, fund_id, item_id, category, area, quantity, price,
              from_stock) ON guyub.reservation TO {{app}};
GRANT SELECT ON guyub.journal, guyub.account, guyub.transfer, guyub.account_kind, guyub.transfer_rule, guyub.journal_kind TO {{app}};
GRANT INSERT (facility_id, kind, booked_on, memo, evidence, holder_id) ON guyub.journal TO {{app}};
GRANT INSERT (facility_id, fund_id, kind, item_id, lot_id, reservation_id) ON guyub.account TO {{app}};
GRANT INSERT (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses) ON guyub.transfer TO {{app}};
GRANT SELECT, INSERT ON guyub.program, guyub.handover_line, guyub.document TO {{app}};
GRANT SELECT ON guyub.cycle, guyub.handover, guyub.entitlement, guyub.proposal TO {{app}};
GRANT SELECT ON guyub.rollup_month, guyub.rollup_families, guyub.rollup_spending, guyub.rollup_income, guyub.rollup_fund TO {{app}};
GRANT INSERT (facility_id, program_id, period, quota, exclusion_group, settings, distribution_on, starts_at, place, previous_id,
              campaign_id)
    ON guyub.cycle TO {{app}};
GRANT UPDATE (state, distribution_on, starts_at, place, scored_at, closing_note, campaign_id, approved_from, decided_version)
    ON guyub.cycle TO {{app}};
GRANT SELECT, INSERT, DELETE ON guyub.package_line, guyub.cycle_fund, guyub.entitlement_line, guyub.recipient_snapshot TO {{app}};
GRANT INSERT, DELETE ON guyub.entitlement TO {{app}};
GRANT UPDATE (state, state_reason) ON guyub.entitlement TO {{app}};
GRANT INSERT (id, facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness, witness_id, collected_by,
              proxy_name, proxy_letter, proof) ON guyub.handover TO {{app}};
GRANT UPDATE (reversed_at, reversed_by, reversal_reason, reversal_journal_id) ON guyub.handover TO {{app}};

GRANT SELECT ON guyub.campaign, guyub.campaign_facility, guyub.reminder, guyub.reminder_seen, guyub.region_reporting, guyub.recap_sent TO {{app}};
GRANT INSERT (region_id, theme_code, title, plugin, program_type, period, distribution_on, ceiling),
      UPDATE (cancelled_at, cancel_reason) ON guyub.campaign TO {{app}};
GRANT INSERT (campaign_id, facility_id, quota, own_quota, adopted) ON guyub.campaign_facility TO {{app}};
GRANT INSERT (facility_id, matter, plugin, period, day, on_day) ON guyub.reminder TO {{app}};
GRANT INSERT (reminder_id, facility_id) ON guyub.reminder_seen TO {{app}};
GRANT INSERT (region_id, report_day, open_day), UPDATE (report_day, open_day) ON guyub.region_reporting TO {{app}};
GRANT INSERT (region_id, period, form, sha256, missing, note) ON guyub.recap_sent TO {{app}};
GRANT SELECT (id, seq, person_id, name, scopes, at_facility, at_region, created_at, expires_at, last_used_at, revoked_at)
    ON guyub.api_token TO {{app}};

-- Numbers by which the newest row is told are the database's own: OVERRIDING SYSTEM VALUE asks for the column's privilege.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.oid, c.relname, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                                       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                         AND a.attidentity = '' AND a.attgenerated = '') AS given
             FROM pg_class c JOIN pg_attribute i ON i.attrelid = c.oid AND i.attidentity <> ''
             WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r'
               AND has_table_privilege('{{app}}', c.oid, 'INSERT') LOOP
        EXECUTE format('REVOKE INSERT ON guyub.%I FROM {{app}}', t.relname);
        EXECUTE format('GRANT INSERT (%s) ON guyub.%I TO {{app}}', t.given, t.relname);
    END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION
    guyub.refuse, guyub.verified_scope, guyub.actor, guyub.actor_label, guyub.scope_is_system, guyub.only_reads, guyub.only_configures, guyub.scope,
    guyub.personal_scope, guyub.personal_writing_scope, guyub.state_purpose, guyub.end_purpose, guyub.people_in_scope, guyub.region_scope, guyub.permitted, guyub.may_configure,
    guyub.set_managed_by, guyub.set_region_managed_by, guyub.change_facility, guyub.successors, guyub.end_facility,
    guyub.open_facility, guyub.open_business_at, guyub.today_at, guyub.is_class_of, guyub.is_valid_date, guyub.is_month,
    guyub.without_unseen, guyub.single_spaced, guyub.seen_length, guyub.is_blank, guyub.is_reason, guyub.tidy_unit, guyub.unit_key,
    guyub.is_unit, guyub.name_key, guyub.is_text_pair, guyub.is_count, guyub.are_settings, guyub.former_facilities, guyub.region_memberships,
    guyub.type_on, guyub.role_title,
    guyub.enter, guyub.enter_service, guyub.credential_of,
    guyub.record_sign_in, guyub.open_session, guyub.close_session, guyub.create_person, guyub.assign_role, guyub.accounts, guyub.reset_person,
    guyub.end_person, guyub.end_role, guyub.audit,
    guyub.audit_hash, guyub.audit_problems, guyub.ledger_problems, guyub.allocate_number, guyub.refresh_statistics,
    guyub.served_elsewhere, guyub.attendance, guyub.package_needs, guyub.entitlement_quantity,
    guyub.rollup_problems, guyub.rebuild_rollup, guyub.may_run_campaigns, guyub.campaign_handed_over, guyub.has_list, guyub.is_listed, guyub.make_token, guyub.revoke_token,
    guyub.enter_token
TO {{app}};

"""Every table of the schema, found in the catalogue: whoever adds one meets these promises, whether they think of them or not."""

import json

import pytest

REFUSED = {"42501", "GU001", "GU002", "GU003", "GU004", "GU005"}
OPEN = {
    "account_kind": "the books' vocabulary",
    "catalogue_item": "names of goods of the nation",
    "catalogue_unit": "what a papan of eggs holds",
    "configuration_epoch": "a counter",
    "event_listener": "names of plugins",
    "facility": "names and addresses of offices",
    "journal_kind": "the books' vocabulary",
    "measure": "what a gram is",
    "plugin_switch": "which plugins are off everywhere",
    "questionnaire": "questions without answers",
    "region": "names of offices",
    "role": "titles and permissions",
    "separation_of_duties": "rules for all",
    "theme": "names of national programmes",
    "transfer_rule": "the books' vocabulary",
}
"""Tables that are read without a scope, and why that gives nothing away."""

OF_FACILITIES = """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'facility_id'
                   WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
NOT_KEYED_BY_FACILITY: dict[str, str] = {}
"""Foreign keys between tables of facilities without the facility in them, each with its reason: none so far."""


@pytest.fixture(scope="module")
def filled(closed):
    """A closed November with a row in every table, a paper, a setting and an event too."""
    with closed.superuser() as root:
        root.execute("SET session_replication_role = replica")
        root.execute(
            """INSERT INTO guyub.document (facility_id, cycle_id, kind, title, file_name, media_type, content, personal,
                                           made_by, made_at)
               SELECT c.facility_id, c.id, 'test', 'x', 'x.pdf', 'application/pdf', 'x', personal, 'x', now()
               FROM guyub.cycle c, unnest('{true,false}'::boolean[]) personal"""
        )
        root.execute(
            """INSERT INTO guyub.withdrawn_approval (facility_id, cycle_id, version, reason, approved_by, approved_at,
                                                     approved_from, withdrawn_by, withdrawn_at)
               SELECT facility_id, id, 1, 'x', approved_by, approved_at, approved_from, approved_by, now() FROM guyub.cycle"""
        )
        root.execute(
            """INSERT INTO guyub.correction (facility_id, cycle_id, version, kind, entitlement_id, occurred_on, reason,
                                             corrected_by, corrected_at)
               SELECT facility_id, id, 1, 'taken_back', (SELECT e.id FROM guyub.entitlement e WHERE e.cycle_id = c.id LIMIT 1),
                      '2024-11-20', 'x', approved_by, now() FROM guyub.cycle c"""
        )
        root.execute(
            """INSERT INTO guyub.first_approval (facility_id, cycle_id, version, approved_by, approved_at)
               SELECT facility_id, id, 1, approved_by, approved_at FROM guyub.cycle"""
        )
        root.execute(
            """INSERT INTO guyub.replacement (facility_id, cycle_id, goes_id, comes_id, reason, proposed_by, proposed_at)
               SELECT facility_id, id, h.goes, h.goes, 'x', opened_by, now() FROM guyub.cycle c
               CROSS JOIN LATERAL (SELECT e.household_id AS goes FROM guyub.entitlement e WHERE e.cycle_id = c.id LIMIT 1) h"""
        )
        root.execute(
            """INSERT INTO guyub.book_closing (facility_id, fund_id, month, closed_on, opening, received, paid, balance, lines,
                                               cash_in_hand, bank, signatories, closed_at, closed_label)
               SELECT facility_id, id, '2024-11-01', '2024-12-01', 0, 0, 0, 0, 0, 0, 0, '{}', now(), 'x' FROM guyub.fund"""
        )
        root.execute(
            """INSERT INTO guyub.item_unit (facility_id, item_id, unit, factor)
               SELECT facility_id, id, 'sak', 25 FROM guyub.item"""
        )
        root.execute(
            """INSERT INTO guyub.written_quantity (facility_id, journal_id, item_id, line, quantity, unit, factor)
               SELECT facility_id, journal_id, item_id, row_number() OVER (), 1, 'sak', 25 FROM guyub.lot"""
        )
        root.execute(
            """INSERT INTO guyub.money_request (facility_id, holder_id, holder_code, item_id, amount, asked_at, asked_label)
               SELECT facility_id, uuidv7(), 'x', id, 1, now(), 'x' FROM guyub.item"""
        )
        root.execute(
            """INSERT INTO guyub.first_money_approval (request_id, facility_id, approved_by, approved_at)
               SELECT m.id, m.facility_id, c.approved_by, now() FROM guyub.money_request m
               JOIN guyub.cycle c ON c.facility_id = m.facility_id"""
        )
        root.execute(
            """INSERT INTO guyub.goods_arrival (facility_id, journal_id, item_id, line, unit, arrived)
               SELECT facility_id, journal_id, item_id, 900 + row_number() OVER (), unit, 1 FROM guyub.lot"""
        )
        root.execute(
            """INSERT INTO guyub.stock_take (facility_id, journal_id, is_count, counted_by, witness)
               SELECT DISTINCT facility_id, journal_id, true, 'x', 'y' FROM guyub.lot"""
        )
        root.execute(
            """INSERT INTO guyub.stock_count (facility_id, journal_id, item_id, unit, book, counted)
               SELECT DISTINCT facility_id, journal_id, item_id, unit, 1, 1 FROM guyub.lot"""
        )
        root.execute(
            """INSERT INTO guyub.stock_difference (facility_id, journal_id, item_id, unit, reason, quantity)
               SELECT DISTINCT facility_id, journal_id, item_id, unit, 'lost', 1 FROM guyub.lot"""
        )
        root.execute(
            """INSERT INTO guyub.household_event (facility_id, household_id, kind, member_id, occurred_on, reason)
               SELECT facility_id, household_id, 'left', id, '2024-11-20', 'x' FROM guyub.member"""
        )
        root.execute(
            """INSERT INTO guyub.package_number (facility_id, household_id, packages, before, occurred_on, reason)
               SELECT facility_id, id, 2, 1, '2024-11-20', 'x' FROM guyub.household"""
        )
        root.execute(
            """INSERT INTO guyub.inmate_event (facility_id, inmate_id, status, status_before, occurred_on, reason)
               SELECT facility_id, id, 'released', status, '2024-11-20', 'x' FROM guyub.inmate"""
        )
        root.execute(
            """WITH told AS (INSERT INTO guyub.event (facility_id, kind, subject, occurred_on)
                             SELECT facility_id, 'cycle.closed', 'x', current_date FROM guyub.cycle RETURNING id, facility_id)
               INSERT INTO guyub.delivery (event_id, facility_id, plugin) SELECT id, facility_id, 'bansos' FROM told"""
        )
        root.execute(
            """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, actor)
               SELECT 'facility', id, 'bansos', 'quota', '5', DATE '2024-01-01', 'x' FROM guyub.facility
               WHERE code = 'rutan-pekalongan'"""
        )
        root.execute(
            """WITH stated AS (INSERT INTO guyub.purpose_grant (facility_id, person_id, kind, explanation, expires_at)
                               SELECT f.id, p.id, 'audit', 'an audit of the month', now() + interval '1 hour'
                               FROM guyub.facility f, guyub.person p
                               WHERE f.code = 'rutan-pekalongan' AND p.login = 'kanwil' RETURNING id, facility_id)
               INSERT INTO guyub.purpose_end (grant_id, facility_id) SELECT id, facility_id FROM stated"""
        )
        root.execute(
            """WITH ordered AS (INSERT INTO guyub.campaign (region_id, title, plugin, program_type, period, distribution_on)
                                SELECT region_id, 'An order', 'bansos', 'sembako', '2024-12-01', '2024-12-24'
                                FROM guyub.facility WHERE code = 'rutan-pekalongan' RETURNING id)
               INSERT INTO guyub.campaign_facility (campaign_id, facility_id, quota, own_quota, adopted)
               SELECT o.id, f.id, 5, 5, false FROM ordered o, guyub.facility f WHERE f.code = 'rutan-pekalongan'"""
        )
        root.execute(
            """WITH told AS (INSERT INTO guyub.reminder (facility_id, matter, plugin, period, on_day)
                             SELECT id, 'not_closed', 'bansos', '2024-11-01', '2024-12-06' FROM guyub.facility
                             WHERE code = 'rutan-pekalongan' RETURNING id, facility_id)
               INSERT INTO guyub.reminder_seen (reminder_id, facility_id) SELECT id, facility_id FROM told"""
        )
        root.commit()
    return closed


def names(world, query):
    with world.superuser() as root:
        return [name for (name,) in root.execute(query).fetchall()]


def privileged_columns(world, table, privilege):
    with world.superuser() as root:
        return [
            name
            for (name,) in root.execute(
                """SELECT attname FROM pg_attribute WHERE attrelid = ('guyub.' || %(table)s)::regclass AND attnum > 0
                   AND NOT attisdropped AND (%(privilege)s = 'SELECT' OR attgenerated = '')
                   AND has_column_privilege(%(app)s, attrelid, attnum, %(privilege)s)""",
                {"table": table, "app": f"{world.installation.roles}_app", "privilege": privilege},
            ).fetchall()
        ]


def test_every_table_has_row_security_that_holds_for_its_owner_too(closed):
    with closed.superuser() as root:
        bare = root.execute(
            """SELECT c.relname FROM pg_class c
               WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_version'
                 AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                          AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"""
        ).fetchall()
        of_migrations = root.execute(
            "SELECT has_table_privilege(%s, 'guyub.schema_version', 'SELECT, INSERT, UPDATE, DELETE')",
            (f"{closed.installation.roles}_app",),
        ).fetchone()
    assert bare == []
    assert of_migrations == (False,)


def test_no_policy_is_for_everybody(closed):
    with closed.superuser() as root:
        assert (
            root.execute(
                "SELECT polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid "
                "WHERE c.relnamespace = 'guyub'::regnamespace AND 0 = ANY (p.polroles)"
            ).fetchall()
            == []
        )


def test_a_policy_of_a_facilitys_table_always_asks_for_the_scope(closed):
    """``owner_all`` serves the functions of the schema and no role that signs in."""
    with closed.superuser() as root:
        careless = root.execute(
            """SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'facility_id'
               WHERE c.relnamespace = 'guyub'::regnamespace AND p.polname <> 'owner_all' AND p.polpermissive
                 AND concat(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)) NOT LIKE '%scope()%'"""
        ).fetchall()
        owner = root.execute(
            "SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = %s", (f"{closed.installation.roles}_owner",)
        ).fetchone()
    assert careless == []
    assert owner == (False, False)


def test_every_foreign_key_between_tables_of_facilities_names_the_facility(closed):
    with closed.superuser() as root:
        loose = root.execute(
            """SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
               JOIN pg_attribute mine ON mine.attrelid = k.conrelid AND mine.attname = 'facility_id'
               JOIN pg_attribute other ON other.attrelid = k.confrelid AND other.attname = 'facility_id'
               WHERE k.contype = 'f' AND k.connamespace = 'guyub'::regnamespace
                 AND array_position(k.conkey, mine.attnum) IS DISTINCT FROM array_position(k.confkey, other.attnum)
                  OR (k.contype = 'f' AND k.connamespace = 'guyub'::regnamespace AND NOT mine.attnum = ANY (k.conkey))"""
        ).fetchall()
    assert {name for (name,) in loose} == set(NOT_KEYED_BY_FACILITY)


def test_views_read_with_the_rights_of_their_reader(closed):
    with closed.superuser() as root:
        views = root.execute(
            "SELECT relname, COALESCE('security_invoker=true' = ANY (reloptions), false) FROM pg_class "
            "WHERE relnamespace = 'guyub'::regnamespace AND relkind IN ('v', 'm')"
        ).fetchall()
    assert views
    assert all(invoker for _, invoker in views)


def test_every_function_has_a_fixed_search_path_and_is_not_for_everybody(closed):
    with closed.superuser() as root:
        loose = root.execute(
            """SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'guyub'::regnamespace AND p.prosecdef
                 AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~ '^search_path=.*, pg_temp$')"""
        ).fetchall()
        public = root.execute(
            """SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'guyub'::regnamespace
                 AND EXISTS (SELECT FROM aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) x WHERE x.grantee = 0)"""
        ).fetchall()
    assert loose == []
    assert public == []


def test_without_a_scope_no_table_shows_a_row_of_a_facility(filled):
    with filled.attacker() as thief:
        for table in names(filled, TABLES):
            readable = privileged_columns(filled, table, "SELECT")
            if not readable:
                assert thief.tries(f"SELECT * FROM guyub.{table}") == "42501", table
            elif "facility_id" in readable:
                assert thief.sees(f"SELECT count(*) FROM guyub.{table} WHERE facility_id IS NOT NULL") == [(0,)], table
            elif table not in OPEN:
                assert thief.sees(f"SELECT count(*) FROM guyub.{table}") == [(0,)], table


def test_every_table_of_facilities_has_rows_of_pekalongan_and_shows_none_of_them_to_kebumen(filled):
    tables = names(filled, OF_FACILITIES)
    assert len(tables) > 25
    with filled.superuser() as root, filled.attacker() as thief:
        thief.enter("kasubsi.kebumen", "rutan-kebumen")
        for table in tables:
            [there] = root.execute(
                f"SELECT count(*) FROM guyub.{table} WHERE facility_id = %s".encode(), (filled.pekalongan,)
            ).fetchone()
            assert there, f"{table}: nothing to hide, so nothing is shown by this test"
            if "facility_id" in privileged_columns(filled, table, "SELECT"):
                seen = thief.sees(f"SELECT DISTINCT facility_id FROM guyub.{table} WHERE facility_id IS NOT NULL")
                assert seen in ([], [(filled.kebumen,)]), table
            else:
                assert thief.tries(f"SELECT count(*) FROM guyub.{table}") == "42501", table


def test_views_show_kebumen_nothing_of_pekalongan(filled):
    with filled.attacker() as thief:
        thief.enter("kasubsi.kebumen", "rutan-kebumen")
        assert thief.sees("SELECT count(*) FROM guyub.household_facts") == [(0,)]
        thief.enter("kasubsi", "rutan-pekalongan")
        assert thief.sees("SELECT count(*) FROM guyub.household_facts") == [(12,)]


@pytest.mark.parametrize(
    "door", ["kasubsi.kebumen", pytest.param("karutan.kebumen", marks=pytest.mark.deep), "the service at Kebumen"]
)
def test_no_row_of_pekalongan_is_added_changed_or_deleted_from_kebumen(filled, door):
    with filled.superuser() as root, filled.attacker() as thief:
        for table in names(filled, OF_FACILITIES):
            if door.startswith("the service"):
                thief.enter_service("rutan-kebumen")
            else:
                thief.enter(door, "rutan-kebumen")
            given = privileged_columns(filled, table, "INSERT")
            [row] = root.execute(
                f"SELECT to_jsonb(t) FROM guyub.{table} t WHERE facility_id = %s LIMIT 1".encode(), (filled.pekalongan,)
            ).fetchone() or pytest.fail(f"{table} has no row of Pekalongan")
            row.pop("sha256", None)
            if "id" in given:
                row["id"] = root.execute("SELECT uuidv7()::text").fetchone()[0]
            if given:
                columns = ", ".join(given)
                outcome = thief.tries(
                    f"INSERT INTO guyub.{table} ({columns}) SELECT {columns} "
                    f"FROM jsonb_populate_record(NULL::guyub.{table}, %(row)s::jsonb)",
                    {"row": json.dumps(row)},
                )
                assert outcome in REFUSED, (table, outcome)
            for column in privileged_columns(filled, table, "UPDATE"):
                outcome = thief.tries(
                    f"UPDATE guyub.{table} SET {column} = {column} WHERE facility_id = %(there)s",
                    {"there": filled.pekalongan},
                )
                assert outcome in {"0 rows", *REFUSED}, (table, column, outcome)
            outcome = thief.tries(f"DELETE FROM guyub.{table} WHERE facility_id = '{filled.pekalongan}'")
            assert outcome in {"0 rows", *REFUSED}, (table, outcome)


def test_no_row_moves_to_another_facility(filled):
    """The application may choose whose row it is once, when it adds the row."""
    movable = {t for t in names(filled, OF_FACILITIES) if "facility_id" in privileged_columns(filled, t, "UPDATE")}
    assert movable == set()
    with filled.attacker() as thief:
        thief.enter_service("rutan-kebumen")
        moved = thief.tries(
            "UPDATE guyub.official SET facility_id = %(to)s WHERE facility_id = %(own)s",
            {"to": filled.pekalongan, "own": filled.kebumen},
        )
    assert moved == "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO guyub.member (facility_id, household_id, full_name) VALUES (%(here)s, %(household)s, 'Contoh')",
        """INSERT INTO guyub.survey (facility_id, household_id, questionnaire_id, answers, surveyed_on)
           SELECT %(here)s, %(household)s, id, '{}', current_date FROM guyub.questionnaire LIMIT 1""",
        """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
           VALUES (%(here)s, 'purchase', current_date, 'x', %(cycle)s)""",
        """INSERT INTO guyub.account (facility_id, fund_id, kind) VALUES (%(here)s, %(fund)s, 'cash')""",
        """INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, members, score, reasons)
           VALUES (%(here)s, %(cycle)s, %(household)s, 'neighbour', 1, 1, '{}')""",
    ],
)
def test_a_row_of_kebumen_holds_nothing_of_pekalongan(filled, statement):
    """That an id is taken (23505) is told only to those who know it, and ids are not to be guessed."""
    with filled.superuser() as root:
        household, fund = root.execute(
            "SELECT (SELECT id FROM guyub.household LIMIT 1), (SELECT id FROM guyub.fund LIMIT 1)"
        ).fetchone()
    with filled.attacker() as thief:
        thief.enter("kasubsi.kebumen", "rutan-kebumen")
        values = {"here": filled.kebumen, "household": household, "fund": fund, "cycle": filled.cycle.id}
        assert thief.tries(statement, values) in {"23503", "23505", "42501", "GU003", "GU004", "GU006"}


@pytest.mark.parametrize(
    "call",
    [
        "SELECT * FROM guyub.attendance(ARRAY[%(cycle)s::uuid])",
        "SELECT * FROM guyub.package_needs(%(cycle)s, false)",
        "SELECT * FROM guyub.served_elsewhere(%(cycle)s)",
        "SELECT * FROM guyub.ledger_problems()",
        "SELECT * FROM guyub.audit_problems()",
    ],
)
def test_functions_for_readers_keep_to_the_scope(filled, call):
    with filled.attacker() as thief:
        thief.enter("kasubsi.kebumen", "rutan-kebumen")
        assert thief.tries(call, {"cycle": filled.cycle.id}) == "0 rows"


def test_numbers_of_another_facility_are_not_for_the_taking(filled):
    with filled.attacker() as thief:
        thief.enter("kasubsi.kebumen", "rutan-kebumen")
        take = "SELECT guyub.allocate_number(%(where)s, %(series)s, 2024)"
        assert thief.tries(take, {"where": filled.pekalongan, "series": "letter"}) == "GU001"
        assert thief.tries(take, {"where": filled.kebumen, "series": "receipt"}) == "GU001"
        assert thief.tries(take, {"where": None, "series": "letter"}) == "GU001"
        assert thief.tries(take, {"where": filled.kebumen, "series": "letter"}) == "1 rows"

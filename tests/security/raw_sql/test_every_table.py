"""What must hold of every table, view, function and key of the schema, also of those that are added later."""

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, Attacker, World

GENERATED = "428C9"  # the column is the database's own
WITHOUT_ROW_SECURITY = {"schema_version"}  # Alembic's own, of no interest to anybody

# What the application may call. Whoever adds one here says: it asks for a scope, a key or nothing worth asking for.
OPEN_FUNCTIONS = {
    "actor", "actor_label", "assign_role", "attendance", "audit", "audit_hash", "audit_problems",
    "close_session", "create_person", "credential_of", "enter", "enter_service", "ledger_problems", "may_configure",
    "next_number", "open_session", "package_needs", "people_in_scope", "permitted", "personal_scope",
    "record_sign_in", "refresh_statistics", "refuse", "region_scope", "scope", "scope_is_system", "served_elsewhere",
    "set_managed_by", "share", "verified_scope",
}  # fmt: skip


@pytest.fixture
def catalogue(superuser: psycopg.Connection) -> Any:
    """``catalogue(query)``: rows of the system catalogue."""
    return lambda query, *values: superuser.execute(query, values).fetchall()


def tables_with_a_facility(catalogue: Any) -> list[str]:
    return [
        name
        for (name,) in catalogue(
            """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'facility_id'
               WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped ORDER BY 1"""
        )
    ]


def test_every_table_has_row_security_forced_on_its_owner_too(catalogue: Any):
    lax = catalogue(
        """SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind IN ('r', 'p')
           AND NOT (relrowsecurity AND relforcerowsecurity)"""
    )
    assert {name for (name,) in lax} == WITHOUT_ROW_SECURITY


def test_every_table_that_the_application_may_touch_has_a_policy_for_it_and_one_for_its_owner(
    catalogue: Any, world: World
):
    app, owner = f"{world.installation.roles}_app", f"{world.installation.roles}_owner"
    rows = catalogue(
        """SELECT c.relname, array_agg(DISTINCT r.rolname::text),
                  has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE') OR has_table_privilege(%s, c.oid, 'DELETE')
           FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid JOIN pg_roles r ON r.oid = ANY (p.polroles)
           WHERE c.relnamespace = 'guyub'::regnamespace GROUP BY c.oid, c.relname""",
        app, app,
    )  # fmt: skip
    assert len(rows) > 40
    for table, roles, touched in rows:
        assert owner in roles, table
        assert (app in roles) == touched, table


def test_no_policy_is_for_everybody(catalogue: Any):
    assert catalogue("SELECT polname FROM pg_policy WHERE polroles = '{0}'") == []


def test_the_application_owns_nothing_and_bypasses_nothing(catalogue: Any, world: World):
    app = f"{world.installation.roles}_app"
    role = catalogue(
        """SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
                  EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r WHERE rolname = %s""",
        app,
    )
    assert role == [(False,) * 6]
    assert catalogue("SELECT relname FROM pg_class WHERE relowner = %s::regrole", app) == []
    assert catalogue("SELECT proname FROM pg_proc WHERE proowner = %s::regrole", app) == []
    assert catalogue("SELECT nspname FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE')", app) == []


def test_the_application_never_truncates_references_or_hangs_triggers_on_a_table(catalogue: Any, world: World):
    app = f"{world.installation.roles}_app"
    assert catalogue(
        """SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind = 'r'
           AND (has_table_privilege(%s, oid, 'TRUNCATE, TRIGGER') OR has_any_column_privilege(%s, oid, 'REFERENCES'))""",
        app, app,
    ) == []  # fmt: skip


def test_every_view_asks_with_the_rights_of_its_reader(catalogue: Any):
    views = catalogue(
        "SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind IN ('v', 'm')"
    )
    assert views
    assert all("security_invoker=true" in (options or ()) for _, options in views)


def test_every_function_looks_into_temporary_objects_last(catalogue: Any):
    """Without pg_temp in the path, a temporary type is found before "uuid" itself: see ``test_shadows``."""
    loose = catalogue(
        """SELECT proname FROM pg_proc WHERE pronamespace = 'guyub'::regnamespace AND prosqlbody IS NULL
           AND NOT ('search_path=pg_catalog, pg_temp' = ANY (COALESCE(proconfig, '{}')))"""
    )
    assert loose == []


def test_nobody_else_may_call_a_function_and_the_application_only_those_that_are_meant(catalogue: Any, world: World):
    callable_by = """SELECT proname FROM pg_proc WHERE pronamespace = 'guyub'::regnamespace
                     AND has_function_privilege(%s, oid, 'EXECUTE')"""
    for_all = """SELECT proname FROM pg_proc p, aclexplode(COALESCE(proacl, acldefault('f', proowner))) a
                 WHERE pronamespace = 'guyub'::regnamespace AND a.grantee = 0"""
    assert catalogue(for_all) == []
    assert {name for (name,) in catalogue(callable_by, f"{world.installation.roles}_app")} == OPEN_FUNCTIONS


def test_every_key_between_rows_of_facilities_carries_the_facility(catalogue: Any):
    """Otherwise a row of one facility may point to one of another, and a child leaks what its parent hides."""
    astray = catalogue(
        """WITH of_facility AS (
               SELECT attrelid, attnum FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
               WHERE c.relnamespace = 'guyub'::regnamespace AND attname = 'facility_id' AND NOT attisdropped)
           SELECT k.conrelid::regclass::text || '.' || k.conname FROM pg_constraint k
           JOIN of_facility child ON child.attrelid = k.conrelid JOIN of_facility parent ON parent.attrelid = k.confrelid
           WHERE k.contype = 'f' AND NOT EXISTS (
               SELECT FROM unnest(k.conkey, k.confkey) pair (here, there)
               WHERE pair.here = child.attnum AND pair.there = parent.attnum)"""
    )
    assert astray == []


def test_a_row_always_says_whose_it_is(catalogue: Any):
    """Layers above a facility leave it out on purpose; their policies say who sees them."""
    silent = catalogue(
        """SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND a.attname = 'facility_id'
             AND NOT a.attnotnull"""
    )
    assert {name for (name,) in silent} <= {"audit_entry", "config_value", "role_assignment", "delivery", "event"}


def test_without_a_door_no_table_shows_a_row_of_a_facility(catalogue: Any, attacker: Attacker):
    readable = 0
    for table in tables_with_a_facility(catalogue):
        count = f"SELECT count(*) FROM guyub.{table} WHERE facility_id IS NOT NULL"
        if attacker.tries(count) == "42501":
            continue
        readable += 1
        assert attacker.value(count) == 0, table
    assert readable > 25


def test_without_a_door_there_are_no_people_and_no_trail_either(attacker: Attacker):
    assert attacker.sees("SELECT login FROM guyub.person") == []
    assert attacker.sees("SELECT id FROM guyub.audit_chain") == []
    assert attacker.sees("SELECT household_id FROM guyub.household_facts") == []


@pytest.fixture(scope="module")
def rows_of_kebumen(world: World) -> dict[str, Any]:
    """A row of each table that has one of Rutan Kebumen, as the server's administrator reads it."""
    with worlds.superuser(world.installation) as connection:
        (facility,) = connection.execute("SELECT id FROM guyub.facility WHERE code = %s", (KEBUMEN,)).fetchone() or ()
        names = tables_with_a_facility(lambda query: connection.execute(query).fetchall())
        found = {}
        for table in names:
            row = connection.execute(
                f"SELECT to_jsonb(t) FROM guyub.{table} t WHERE facility_id = %s LIMIT 1".encode(), (facility,)
            ).fetchone()
            if row:
                found[table] = row[0]
    return found


def test_the_month_left_rows_in_nearly_every_table(rows_of_kebumen: dict[str, Any], catalogue: Any):
    """What the next tests try, they try on real rows."""
    empty = set(tables_with_a_facility(catalogue)) - set(rows_of_kebumen)
    assert empty <= {"document", "config_value", "number_series", "delivery", "event", "parked_delivery"}


def test_in_the_scope_of_one_facility_nothing_of_another_is_seen_or_changed(
    attacker: Attacker, rows_of_kebumen: dict[str, Any]
):
    attacker.enter("kasubsi", PEKALONGAN)
    for table, row in rows_of_kebumen.items():
        there = {"facility": row["facility_id"]}
        count = f"SELECT count(*) FROM guyub.{table} WHERE facility_id = %(facility)s"
        if attacker.tries(count, there) != "42501":
            assert attacker.value(count, there) == 0, table
        for change in (
            f"DELETE FROM guyub.{table} WHERE facility_id = %(facility)s",
            f"UPDATE guyub.{table} SET facility_id = facility_id WHERE facility_id = %(facility)s",
            *(
                f"UPDATE guyub.{table} SET {column} = {column} WHERE facility_id = %(facility)s"
                for (column,) in attacker.sees(
                    """SELECT column_name::text FROM information_schema.column_privileges WHERE table_schema = 'guyub'
                       AND table_name = %(table)s AND privilege_type = 'UPDATE' AND grantee = current_user""",
                    {"table": table},
                )
            ),
        ):
            assert attacker.tries(change, there) in {"0 rows", "42501", GENERATED}, change


def test_in_the_scope_of_one_facility_no_row_is_added_to_another(attacker: Attacker, rows_of_kebumen: dict[str, Any]):
    attacker.enter("kasubsi", PEKALONGAN)
    tried = 0
    for table, row in rows_of_kebumen.items():
        columns = [
            column
            for (column,) in attacker.sees(
                """SELECT column_name::text FROM information_schema.column_privileges WHERE table_schema = 'guyub'
                   AND table_name = %(table)s AND privilege_type = 'INSERT' AND grantee = current_user
                   AND column_name <> 'id'""",
                {"table": table},
            )
        ]
        if not columns:
            continue
        tried += 1
        names = ", ".join(columns)
        copy = f"INSERT INTO guyub.{table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::guyub.{table}, %(row)s)"
        outcome = attacker.tries(copy, {"row": Jsonb(row)})
        assert outcome == "42501" or outcome.startswith("GU"), (table, outcome)
    assert tried > 20


def test_a_person_of_two_facilities_is_at_one_of_them_at_a_time(attacker: Attacker, world: World):
    worlds.employ(world.database, "rangkap", "detainee_services", PEKALONGAN)
    worlds.employ(world.database, "rangkap", "detainee_services", KEBUMEN)
    facilities = "SELECT count(DISTINCT facility_id) FROM guyub.household"
    attacker.enter("rangkap", KEBUMEN)
    assert attacker.value(facilities) == 1
    attacker.enter("rangkap")
    assert attacker.value(facilities) == 2


def test_nobody_enters_a_facility_where_they_hold_no_role(attacker: Attacker):
    with pytest.raises(psycopg.Error) as refused:
        attacker.enter("kasubsi", KEBUMEN)
    assert refused.value.sqlstate == "GU011"

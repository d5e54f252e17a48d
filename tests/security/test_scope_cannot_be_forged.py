"""Who asks, and for which facilities, is what the doors say: nothing that SQL can write changes it."""

from collections.abc import Iterator
from secrets import token_urlsafe

import psycopg
import pytest

from guyub.access import sign_in
from tests.security.conftest import World
from tests.worlds import PEKALONGAN, Attacker

MINE = "SELECT set_config('guyub.scope', %(scope)s, true)"
SCOPE = "SELECT current_setting('guyub.scope', true)"
HOUSEHOLDS = "SELECT count(*) FROM guyub.household"
NOT_ALLOWED = "42501"


def test_without_a_door_nothing_is_seen(closed):
    with closed.attacker() as thief:
        assert thief.sees(HOUSEHOLDS) == [(0,)]
        assert thief.sees("SELECT guyub.scope(), guyub.personal_scope(), guyub.actor()") == [([], [], None)]


def test_a_door_opens_its_own_facility(closed):
    with closed.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        assert thief.sees(HOUSEHOLDS) == [(12,)]
        assert thief.sees("SELECT guyub.scope()") == [([closed.pekalongan],)]


def test_a_person_does_not_enter_where_they_hold_no_role(closed):
    with closed.attacker() as thief, pytest.raises(psycopg.Error) as refused:
        thief.enter("kasubsi", "rutan-kebumen")
    assert refused.value.sqlstate == "GU011"


@pytest.mark.parametrize("signature", ["", "0" * 64, "null"])
def test_a_scope_written_by_hand_is_no_scope(closed, signature):
    with closed.attacker() as thief:
        [(pid, at)] = thief.sees("SELECT pg_backend_pid(), extract(epoch FROM transaction_timestamp())")
        forged = f"system||thief|*|*||1|{pid}|{at}|{signature}"
        assert thief.tries(MINE, {"scope": forged}) == "1 rows"
        assert thief.sees(HOUSEHOLDS) == [(0,)]
        assert thief.sees("SELECT guyub.scope_is_system()") == [(False,)]


@pytest.mark.parametrize("part", range(9))
def test_no_part_of_a_signed_scope_can_be_changed(closed, part):
    with closed.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        [(scope,)] = thief.sees(SCOPE)
        parts = scope.split("|")
        parts[part] = str(closed.kebumen) if parts[part] != str(closed.kebumen) else "*"
        thief.tries(MINE, {"scope": "|".join(parts)})
        assert thief.sees("SELECT guyub.verified_scope(), guyub.scope()") == [(None, [])]
        assert thief.sees(HOUSEHOLDS) == [(0,)]


def test_bars_cannot_shift_the_parts(closed):
    with closed.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        [(scope,)] = thief.sees(SCOPE)
        for forged in (scope + "|", "|" + scope, scope.replace("|", "||", 1), scope.replace("|", ",", 1)):
            thief.tries(MINE, {"scope": forged})
            assert thief.sees("SELECT guyub.scope()") == [([],)]


def test_a_label_cannot_smuggle_parts_of_a_scope(closed):
    with closed.attacker() as thief:
        code = thief.tries("SELECT guyub.enter_service(%(key)s, 'x|*|*', NULL)", {"key": closed.database.service_key})
        assert code == "GU001"


def test_a_scope_does_not_outlive_its_transaction(closed):
    with closed.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        [(scope,)] = thief.sees(SCOPE)
        thief.connection.commit()
        assert thief.sees(HOUSEHOLDS) == [(0,)]
        thief.tries("SELECT set_config('guyub.scope', %(scope)s, false)", {"scope": scope})
        assert thief.sees(HOUSEHOLDS) == [(0,)]


def test_a_scope_is_worth_nothing_on_another_connection(closed):
    with closed.attacker() as thief, closed.attacker() as other:
        thief.enter("kasubsi", "rutan-pekalongan")
        [(scope,)] = thief.sees(SCOPE)
        other.tries(MINE, {"scope": scope})
        assert other.sees("SELECT guyub.verified_scope()") == [(None,)]
        assert other.sees(HOUSEHOLDS) == [(0,)]


def test_a_savepoint_takes_a_scope_back_and_never_widens_it(closed):
    with closed.attacker() as thief:
        thief.leave()
        thief.connection.execute("SAVEPOINT before_the_door")
        thief.connection.execute(
            "SELECT guyub.enter_service(%s, 'tests', %s)", (closed.database.service_key, ["rutan-pekalongan"])
        )
        assert thief.sees("SELECT guyub.scope()") == [([closed.pekalongan],)]
        thief.connection.execute("ROLLBACK TO before_the_door")
        assert thief.sees("SELECT guyub.scope()") == [([],)]


ITEM = "INSERT INTO guyub.item (facility_id, code, name, unit) SELECT id, 'x', 'X', 'kg' FROM guyub.facility"
REPLAYED = """WITH replayed AS MATERIALIZED (SELECT set_config('guyub.scope', %(scope)s, true),
                                                    set_config('transaction_read_only', 'on', true))"""


@pytest.fixture
def reader(closed: World) -> Iterator[Attacker]:
    """Within a transaction into which a token of the treasurer was taken, and which a savepoint took back."""
    with closed.attacker() as thief:
        thief.enter("pengelola", PEKALONGAN)
        secret = token_urlsafe(32)
        make = "SELECT guyub.make_token('contoh', '{api.read}', NULL, NULL, sha256(convert_to(%s, 'UTF8')), 1)"
        thief.connection.execute(make, (secret,))
        thief.connection.commit()
        thief.connection.execute("SAVEPOINT before_the_door")
        thief.connection.execute("SELECT guyub.enter_token(%s, 'api.read', %s)", (secret, PEKALONGAN))
        yield thief


def replayed(thief: Attacker) -> str:
    """Back before the door, with the scope that it signed in hand."""
    scope = str(thief.value(SCOPE))
    thief.connection.execute("ROLLBACK TO before_the_door")
    assert thief.value("SELECT current_setting('transaction_read_only')") == "off"
    return scope


def test_a_token_that_only_reads_is_no_scope_in_a_transaction_that_writes(reader: Attacker):
    assert reader.sees("SELECT cardinality(guyub.scope())") == [(1,)]
    scope = replayed(reader)
    reader.tries(MINE, {"scope": scope})
    assert reader.sees("SELECT guyub.verified_scope(), guyub.actor()") == [(None, None)]
    assert reader.tries(ITEM) in {"0 rows", NOT_ALLOWED}
    assert reader.tries("SELECT guyub.audit((SELECT id FROM guyub.facility LIMIT 1), 'x', 'x', '', '{}')") == "GU001"


def test_a_token_turned_to_reading_half_way_through_a_statement_writes_nothing(reader: Attacker):
    values = {"scope": replayed(reader)}
    for statement in (
        """INSERT INTO guyub.item (facility_id, code, name, unit)
           SELECT f.id, 'x', 'X', 'kg' FROM replayed, guyub.facility f WHERE f.code = 'rutan-pekalongan'""",
        """INSERT INTO guyub.event (facility_id, kind, subject, occurred_on, details)
           SELECT f.id, 'x.x', 'x', '2024-12-01', '{}' FROM replayed, guyub.facility f WHERE f.code = 'rutan-pekalongan'""",
        """INSERT INTO guyub.official (facility_id, role_code, title, name, nip, acting, valid_from)
           SELECT f.id, 'head', 'Kepala', 'Contoh', '', '', '2024-12-01' FROM replayed, guyub.facility f
           WHERE f.code = 'rutan-pekalongan'""",
    ):
        assert reader.tries(f"{REPLAYED} {statement}", values) == NOT_ALLOWED, statement
    for statement in (
        "DELETE FROM guyub.cycle_fund USING replayed",
        "UPDATE guyub.cycle SET place = 'x' FROM replayed",
    ):
        assert reader.tries(f"{REPLAYED} {statement}", values) in {"0 rows", "25006"}, statement


def test_every_table_keeps_readers_from_writing(closed: World):
    """Whatever its other policies allow, also those of tables to come."""
    with closed.superuser() as root:
        open_tables = root.execute(
            """SELECT c.relname, d.deed FROM pg_class c CROSS JOIN unnest('{a,w,d}'::"char"[]) AS d (deed)
               WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_version'
                 AND NOT EXISTS (
                     SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd = d.deed
                     AND concat(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)) LIKE '%only_reads()%')"""
        ).fetchall()
    assert open_tables == []


def test_a_scope_is_worth_nothing_after_another_entry(closed: World):
    with closed.attacker() as thief:
        thief.leave()
        head, treasurer = (sign_in.session_for(closed.database, login, "tests") for login in ("karutan", "pengelola"))
        thief.connection.execute("SAVEPOINT before_the_door")
        thief.connection.execute("SELECT guyub.enter(%s, %s)", (head, PEKALONGAN))
        scope = thief.value(SCOPE)
        thief.connection.execute("ROLLBACK TO before_the_door")
        thief.connection.execute("SELECT guyub.enter(%s, %s)", (treasurer, PEKALONGAN))
        mine = thief.value(SCOPE)
        thief.tries(MINE, {"scope": scope})
        assert thief.sees("SELECT guyub.verified_scope(), guyub.scope()") == [(None, [])]
        thief.tries(MINE, {"scope": mine})
        assert thief.sees("SELECT cardinality(guyub.scope())") == [(1,)]


def test_one_transaction_has_one_actor(closed: World):
    with closed.attacker() as thief:
        thief.enter("karutan", PEKALONGAN)
        other = sign_in.session_for(closed.database, "pengelola", "tests")
        assert thief.tries("SELECT guyub.enter(%(token)s, NULL)", {"token": other}) == "GU001"
        key = {"key": closed.database.service_key}
        assert thief.tries("SELECT guyub.enter_service(%(key)s, 'tests', NULL)", key) == "GU001"
        again = sign_in.session_for(closed.database, "karutan", "tests")
        assert thief.tries("SELECT guyub.enter(%(token)s, NULL)", {"token": again}) == "1 rows"


@pytest.mark.parametrize(
    "statement", ["SELECT setval('guyub.entry_number', 1)", "SELECT nextval('guyub.entry_number')"]
)
def test_entries_are_counted_by_the_doors_alone(closed: World, statement: str):
    with closed.attacker() as thief:
        thief.enter("karutan", PEKALONGAN)
        assert thief.tries(statement) == NOT_ALLOWED


@pytest.mark.parametrize(
    "call",
    [
        "guyub.sign_scope('system||x|*|*||1|1')",
        "guyub.open_scope('system||x|*|*|')",
        "guyub.scope_part(4)",
        "guyub.require_service_key('x')",
        "guyub.grants_of(gen_random_uuid())",
        "guyub.number_in_series(gen_random_uuid(), 'receipt', 2024)",
        "guyub.identities_of(gen_random_uuid())",
        "guyub.served_already(gen_random_uuid())",
        "guyub.lock_cycles(ARRAY[gen_random_uuid()])",
        "pg_read_file('/etc/passwd')",
        "pg_ls_dir('.')",
        "lo_import('/etc/passwd')",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_inner_functions_are_not_for_the_application(closed, call, inside):
    with closed.attacker() as thief:
        if inside:
            thief.enter("karutan", "rutan-pekalongan")
        assert thief.tries(f"SELECT {call}") == NOT_ALLOWED


def test_the_secret_cannot_be_read_or_replaced(closed):
    with closed.attacker() as thief:
        thief.enter_service()
        assert thief.tries("SELECT scope_secret FROM guyub.installation") == NOT_ALLOWED
        assert thief.tries("UPDATE guyub.installation SET scope_secret = ''") == NOT_ALLOWED
        assert thief.tries("SELECT password_hash FROM guyub.person") == NOT_ALLOWED


@pytest.mark.parametrize("suffix", ["_owner", "_migrator"])
@pytest.mark.parametrize("words", ["SET ROLE", "SET SESSION AUTHORIZATION"])
def test_the_application_becomes_nobody_else(closed, suffix, words):
    with closed.attacker() as thief:
        assert thief.tries(f'{words} "{closed.installation.roles}{suffix}"') == NOT_ALLOWED


def test_the_application_is_no_member_of_any_role_and_bypasses_nothing(closed):
    with closed.superuser() as root:
        found = root.execute(
            """SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
                      (SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid)
               FROM pg_roles r WHERE rolname = %s""",
            (f"{closed.installation.roles}_app",),
        ).fetchone()
    assert found == (False, False, False, False, False, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE guyub.household DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE guyub.household NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY in_scope ON guyub.household",
        "CREATE POLICY all_of_it ON guyub.household USING (true)",
        "ALTER TABLE guyub.transfer DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE FUNCTION guyub.scope(x integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE guyub.mine (id integer)",
        "CREATE TABLE public.mine (id integer)",
        "CREATE SCHEMA mine",
        "CREATE OR REPLACE FUNCTION guyub.scope() RETURNS uuid[] LANGUAGE sql AS 'SELECT NULL'",
        "GRANT SELECT ON guyub.claim TO PUBLIC",
        "TRUNCATE guyub.household CASCADE",
        "COPY guyub.item TO PROGRAM 'cat'",
        "CREATE EXTENSION dblink",
    ],
)
def test_the_schema_is_not_the_applications_to_change(closed, statement):
    with closed.attacker() as thief:
        thief.enter_service()
        assert thief.tries(statement) in {"42501", "42P13", "0A000"}


def test_row_security_cannot_be_turned_off(closed):
    with closed.attacker() as thief:
        assert thief.tries("SET row_security = off") == "0 rows"
        assert thief.tries("SELECT * FROM guyub.household") == NOT_ALLOWED


def test_temporary_objects_shadow_nothing(closed):
    with closed.attacker() as thief:
        thief.leave()
        for statement in (
            "CREATE TEMP TABLE installation (scope_secret bytea, service_key bytea)",
            "INSERT INTO pg_temp.installation VALUES ('mine', sha256('mine'))",
            "CREATE TEMP TABLE facility (LIKE guyub.facility)",
            "CREATE DOMAIN pg_temp.uuid AS text",
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''mine''::bytea'",
            "CREATE FUNCTION pg_temp.current_setting(text, boolean) RETURNS text LANGUAGE sql AS 'SELECT ''mine'''",
            "SET LOCAL search_path = pg_temp, guyub, pg_catalog",
        ):
            assert not thief.tries(statement).startswith("4"), statement
        assert thief.tries("SELECT guyub.enter_service('mine', 'thief', NULL)") == "GU001"
        assert thief.sees("SELECT guyub.verified_scope()") == [(None,)]
        thief.connection.execute(
            "SELECT guyub.enter_service(%s, 'tests', %s)", (closed.database.service_key, ["rutan-kebumen"])
        )
        assert thief.sees("SELECT guyub.scope()") == [([closed.kebumen],)]
        assert thief.sees(HOUSEHOLDS) == [(0,)]


def test_a_leaky_function_in_a_filter_sees_no_row_of_others(closed):
    with closed.attacker() as thief:
        thief.enter("kasubsi.kebumen", "rutan-kebumen")
        thief.connection.execute(
            "CREATE FUNCTION pg_temp.leak(t text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
            "$$ BEGIN RAISE EXCEPTION 'leaked %', t USING ERRCODE = 'P0002'; END $$"
        )
        assert thief.tries("SELECT * FROM guyub.member WHERE pg_temp.leak(full_name)") == "0 rows"
        assert thief.tries("SELECT * FROM guyub.fund WHERE pg_temp.leak(name)") == "0 rows"
        assert thief.tries("SELECT code FROM guyub.facility WHERE pg_temp.leak(code)") == "P0002"


@pytest.mark.parametrize("token", ["", "01a20fde-09af-766d-b43b-fc76af7665eb", "' OR true --"])
def test_a_guessed_token_opens_nothing(closed, token):
    with closed.attacker() as thief:
        assert thief.tries("SELECT guyub.enter(%(token)s, NULL)", {"token": token}) == "GU010"


def test_the_clients_clock_and_zone_end_no_role_and_begin_none(closed):
    with closed.attacker() as thief:
        thief.connection.execute("SET TIME ZONE 'Pacific/Kiritimati'")
        thief.enter("kasubsi", "rutan-pekalongan")
        assert thief.sees("SELECT guyub.scope()") == [([closed.pekalongan],)]
        thief.connection.execute("SET TIME ZONE 'Pacific/Pago_Pago'")
        assert thief.sees("SELECT guyub.scope()") == [([closed.pekalongan],)]

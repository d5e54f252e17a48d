"""The application's role, with its password and any SQL, opens no door but those with a session or the service key."""

import re
from typing import Any

import psycopg
import pytest

from guyub.access import sign_in
from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, Attacker, World

HOUSEHOLDS = "SELECT count(*) FROM guyub.household"


@pytest.fixture
def another(world: World) -> Any:
    """A second connection of the same role."""
    with worlds.attacker(world.installation, world.database) as made:
        yield made


def facility(attacker: Attacker, code: str) -> str:
    return str(attacker.value("SELECT id FROM guyub.facility WHERE code = %(code)s", {"code": code}))


def scope_of(attacker: Attacker, login: str, code: str) -> str:
    attacker.enter(login, code)
    return str(attacker.value("SELECT current_setting('guyub.scope')"))


def sees_with(attacker: Attacker, scope: str) -> int:
    """How many households are in view once this is the setting."""
    attacker.sees("SELECT set_config('guyub.scope', %(scope)s, true)", {"scope": scope})
    return int(attacker.value(HOUSEHOLDS))


def test_a_door_shows_what_is_behind_it_or_these_tests_prove_nothing(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.value(HOUSEHOLDS) == 12
    attacker.enter_service()
    assert attacker.value(HOUSEHOLDS) == 15


@pytest.mark.parametrize("ending", ["", "|", "|00", "|" + "0" * 64])
def test_a_scope_without_the_right_signature_opens_nothing(attacker: Attacker, ending: str):
    here = facility(attacker, PEKALONGAN)
    pid = attacker.connection.info.backend_pid
    now = attacker.value("SELECT extract(epoch FROM transaction_timestamp())")
    for kind in ("person", "system"):
        for places in (here, "*"):
            assert sees_with(attacker, f"{kind}||somebody|{places}|{places}||{pid}|{now}{ending}") == 0


@pytest.mark.parametrize(
    ("part", "value"),
    [(0, "system"), (1, "00000000-0000-0000-0000-000000000000"), (2, "karutan"), (3, "*"), (4, "*"), (5, "x")],
)
def test_a_signed_scope_cannot_be_changed_in_any_part(attacker: Attacker, part: int, value: str):
    parts = scope_of(attacker, "kasubsi", PEKALONGAN).split("|")
    parts[part] = value
    assert sees_with(attacker, "|".join(parts)) == 0
    assert attacker.value("SELECT guyub.actor()") is None


def test_a_bar_in_a_label_moves_no_part_of_the_scope(attacker: Attacker, world: World):
    key = world.database.service_key
    assert attacker.tries("SELECT guyub.enter_service(%(key)s, 'x|*|*|', '{}')", {"key": key}) == "GU001"


def test_a_copied_scope_is_worth_nothing_in_the_next_transaction(attacker: Attacker):
    signed = scope_of(attacker, "kasubsi", PEKALONGAN)
    attacker.connection.commit()
    assert sees_with(attacker, signed) == 0
    attacker.leave()
    signed = scope_of(attacker, "kasubsi", PEKALONGAN)
    attacker.connection.execute("COMMIT AND CHAIN")
    assert attacker.value(HOUSEHOLDS) == 0
    assert sees_with(attacker, signed) == 0


def test_a_copied_scope_is_worth_nothing_in_another_backend(attacker: Attacker, another: Attacker):
    signed = scope_of(attacker, "kasubsi", PEKALONGAN)
    assert attacker.value(HOUSEHOLDS) == 12
    assert sees_with(another, signed) == 0
    at_the_same_moment = re.sub(r"\|(\d+)\|", f"|{another.connection.info.backend_pid}|", signed)
    assert sees_with(another, at_the_same_moment) == 0


def test_a_scope_ends_with_the_savepoint_that_it_was_opened_in(attacker: Attacker, world: World):
    token = sign_in.session_for(world.database, "kasubsi", "tests")
    attacker.connection.execute("SAVEPOINT before")
    attacker.connection.execute("SELECT guyub.enter(%s, %s)", (token, PEKALONGAN))
    assert attacker.value(HOUSEHOLDS) == 12
    attacker.connection.execute("ROLLBACK TO before")
    assert attacker.value(HOUSEHOLDS) == 0


def test_a_scope_set_for_the_whole_session_is_not_one(attacker: Attacker):
    signed = scope_of(attacker, "kasubsi", PEKALONGAN)
    attacker.sees("SELECT set_config('guyub.scope', %(scope)s, false)", {"scope": signed})
    attacker.connection.commit()
    assert attacker.value(HOUSEHOLDS) == 0


def test_a_statement_prepared_in_one_scope_runs_in_the_next_one_s(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    attacker.connection.execute("PREPARE counted AS SELECT count(*) FROM guyub.household")
    for _ in range(8):  # long enough for PostgreSQL to settle on one plan for all executions
        assert attacker.value("EXECUTE counted") == 12
    attacker.connection.commit()  # a rollback would make the driver forget it
    attacker.enter("kasubsi.kebumen", KEBUMEN)
    assert attacker.value("EXECUTE counted") == 3
    attacker.connection.commit()
    assert attacker.value("EXECUTE counted") == 0


def test_a_later_door_takes_the_place_of_the_earlier_one(attacker: Attacker, world: World):
    attacker.enter("kasubsi", PEKALONGAN)
    token = sign_in.session_for(world.database, "kasubsi.kebumen", "tests")
    attacker.connection.execute("SELECT guyub.enter(%s, %s)", (token, KEBUMEN))
    assert attacker.value(HOUSEHOLDS) == 3


def test_a_curious_function_sees_no_row_before_the_policy_does(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    attacker.connection.execute("CREATE TEMP TABLE seen (name text)")
    attacker.connection.execute(
        """CREATE FUNCTION pg_temp.look(name text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
           $$ BEGIN INSERT INTO pg_temp.seen VALUES (name); RETURN true; END $$"""
    )
    attacker.sees("SELECT 1 FROM guyub.member WHERE pg_temp.look(full_name)")
    attacker.sees("SELECT 1 FROM guyub.recipient_snapshot WHERE pg_temp.look(full_name)")
    seen = {name for (name,) in attacker.sees("SELECT name FROM pg_temp.seen")}
    assert len(seen) == 12
    assert "Partini Contoh" not in seen


def test_the_planner_s_statistics_tell_no_values(attacker: Attacker):
    for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs"):
        assert attacker.sees(f"SELECT * FROM {view} WHERE schemaname = 'guyub'") == []


@pytest.mark.parametrize(
    "attempt",
    [
        "SET ROLE {owner}",
        "SET ROLE {migrator}",
        "SET SESSION AUTHORIZATION {owner}",
        "SET session_replication_role = replica",
        "ALTER ROLE {app} BYPASSRLS",
        "ALTER ROLE {app} SUPERUSER",
        "GRANT {owner} TO {app}",
        "ALTER TABLE guyub.transfer DISABLE TRIGGER ALL",
        "ALTER TABLE guyub.household DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE guyub.household OWNER TO {app}",
        "DROP POLICY in_scope ON guyub.household",
        "CREATE POLICY mine ON guyub.household USING (true)",
        "DROP TRIGGER step_cycle ON guyub.cycle",
        "CREATE TRIGGER mine BEFORE INSERT ON guyub.transfer FOR EACH ROW EXECUTE FUNCTION guyub.append_only()",
        "CREATE RULE mine AS ON INSERT TO guyub.transfer DO INSTEAD NOTHING",
        "ALTER FUNCTION guyub.scope() RESET search_path",
        "CREATE OR REPLACE FUNCTION guyub.scope() RETURNS uuid[] LANGUAGE sql AS 'SELECT NULL::uuid[]'",
        "CREATE FUNCTION guyub.scope(x integer) RETURNS uuid[] LANGUAGE sql AS 'SELECT NULL::uuid[]'",
        "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE TABLE guyub.mine ()",
        "CREATE VIEW guyub.mine AS SELECT 1",
        "SELECT * FROM guyub.installation",
        "SELECT * FROM guyub.session",
        "SELECT * FROM guyub.claim",
        "SELECT * FROM guyub.number_series",
        "SELECT password_hash FROM guyub.person",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_statistic",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY guyub.facility TO PROGRAM 'cat'",
        "SELECT lo_import('/etc/passwd')",
        "SELECT guyub.sign_scope('x')",
        "SELECT guyub.open_scope('system||x|*|*|')",
        "SELECT guyub.reach_of(NULL)",
        "SELECT guyub.take_number(NULL, 'receipt', 2024)",
        "SELECT guyub.identities_of(NULL)",
        "SELECT guyub.served_already(NULL)",
        "SELECT guyub.hold_cycles('{{}}')",
        "SELECT guyub.demand_service_key('x')",
        "INSERT INTO guyub.session (person_id, token_hash, expires_at) SELECT id, sha256('x'), now() FROM guyub.person",
        "INSERT INTO guyub.role_assignment (person_id, role_code, valid_from, granted_by) VALUES (NULL, 'head', now(), '')",
        "UPDATE guyub.person SET active = true",
    ],
)
def test_the_role_cannot_make_itself_more_than_it_is(attacker: Attacker, world: World, attempt: str):
    roles = {name: f'"{world.installation.roles}_{name}"' for name in ("owner", "migrator", "app")}
    for enter in (lambda: None, lambda: attacker.enter("karutan", PEKALONGAN), attacker.enter_service):
        enter()
        assert attacker.tries(attempt.format(**roles)) in {"42501", "42883", "0LP01"}, attempt


def test_switching_row_security_off_shows_an_error_and_no_rows(attacker: Attacker):
    attacker.connection.execute("SET row_security = off")
    assert attacker.tries(HOUSEHOLDS) == "42501"


@pytest.mark.parametrize(
    ("name", "key"),
    [("service", "guessed"), ("service", ""), ("service", None), ("session", ""), ("session", "guessed")],
)
def test_a_wrong_key_or_token_opens_no_door(attacker: Attacker, name: str, key: str | None):
    door = {"service": "SELECT guyub.enter_service(%(key)s, 'x')", "session": "SELECT guyub.enter(%(key)s)"}[name]
    assert attacker.tries(door, {"key": key}) in {"GU001", "GU010"}
    assert attacker.value(HOUSEHOLDS) == 0


@pytest.mark.parametrize(
    "call",
    [
        "guyub.credential_of('guessed', 'karutan')",
        "guyub.record_sign_in('guessed', 'karutan', false)",
        "guyub.open_session('guessed', NULL, sha256('x'), '1 hour', '')",
        "guyub.create_person('guessed', 'mine', 'Saya Contoh', '', '')",
        "guyub.assign_role('guessed', NULL, 'head', NULL, NULL, now()::date, NULL, '', '')",
    ],
)
def test_what_concerns_accounts_asks_for_the_service_key_within_a_scope_too(attacker: Attacker, call: str):
    assert attacker.tries(f"SELECT {call}") == "GU001"
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(f"SELECT {call}") == "GU001"


@pytest.mark.parametrize(
    "call",
    [
        "guyub.audit((SELECT id FROM guyub.facility WHERE code = 'rutan-kebumen'), 'x', 'x', '', '{}')",
        "guyub.audit('00000000-0000-0000-0000-000000000000', 'x', 'x', '', '{}')",
        "guyub.audit(NULL, 'x', 'x', '', '{}')",
        "guyub.next_number((SELECT id FROM guyub.facility WHERE code = 'rutan-kebumen'), 'slips', 2024)",
        "guyub.next_number(NULL, 'slips', 2024)",
    ],
)
def test_what_may_be_called_acts_only_within_the_scope(attacker: Attacker, call: str):
    assert attacker.tries(f"SELECT {call}") == "GU001"
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(f"SELECT {call}") == "GU001"


def test_numbers_of_journals_are_not_for_the_taking_but_those_of_papers_are(attacker: Attacker):
    attacker.enter("pengelola", PEKALONGAN)
    here = "(SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan')"
    assert attacker.tries(f"SELECT guyub.next_number({here}, 'receipt', 2024)") == "GU001"
    assert attacker.tries(f"SELECT guyub.next_number({here}, 'slips', 2024)") == "1 rows"


def test_statistics_are_refreshed_by_those_who_entered(attacker: Attacker):
    assert attacker.tries("SELECT guyub.refresh_statistics(5000, 'household')") == "GU001"
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries("SELECT guyub.refresh_statistics(5000, 'household')") == "1 rows"


def test_the_errors_of_unique_keys_tell_nothing_of_other_facilities(attacker: Attacker):
    """The database says that a key is taken, never what stands there."""
    attacker.enter_service()
    taken = attacker.value("SELECT id FROM guyub.household WHERE facility_id <> %(here)s LIMIT 1", {
        "here": facility(attacker, PEKALONGAN)})  # fmt: skip
    attacker.enter("kasubsi", PEKALONGAN)
    with pytest.raises(psycopg.Error) as refused:
        attacker.connection.execute(
            "INSERT INTO guyub.household (id, facility_id, category) SELECT %s, id, 'neighbour' FROM guyub.facility "
            "WHERE code = %s",
            (taken, PEKALONGAN),
        )
    assert refused.value.diag.message_detail is None

"""Temporary objects that bear the names of the schema's own, or of PostgreSQL's: functions with rights are not misled.

A function that runs with its owner's rights and finds a temporary type before the real one runs the code of whoever made
that type: this was so, until every function named pg_temp last.
"""

from collections.abc import Iterator

import pytest

from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

TYPES = ("uuid", "text", "jsonb", "bytea", "date", "timestamptz", "int8", "name")
DOMAINS = "".join(
    f"""CREATE FUNCTION pg_temp.spy(x pg_catalog.{type_}) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO pg_temp.caught VALUES (current_user::pg_catalog.text); RETURN true; END $$;
        CREATE DOMAIN pg_temp.{type_} AS pg_catalog.{type_} CHECK (pg_temp.spy(VALUE));"""
    for type_ in TYPES
)
TABLES = "".join(
    f"CREATE TEMP TABLE {item} AS SELECT 1 AS id;"
    for item in ("installation", "facility", "role", "cycle", "entitlement", "account", "changed", "previous", "added")
)
FUNCTIONS = """
    CREATE FUNCTION pg_temp.scope() RETURNS pg_catalog.uuid[] LANGUAGE sql AS 'SELECT NULL::pg_catalog.uuid[]';
    CREATE FUNCTION pg_temp.now() RETURNS pg_catalog.timestamptz LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp()';
    CREATE FUNCTION pg_temp.sha256(pg_catalog.bytea) RETURNS pg_catalog.bytea LANGUAGE sql AS 'SELECT $1';
"""


@pytest.fixture
def shadowed(attacker: Attacker, world: World) -> Iterator[Attacker]:
    """The attacker's session, full of look-alikes."""
    owner = f"{world.installation.roles}_owner"
    attacker.connection.execute("CREATE TEMP TABLE caught (who pg_catalog.text)")
    attacker.connection.execute("GRANT ALL ON pg_temp.caught TO PUBLIC")
    for statements in (DOMAINS, TABLES, FUNCTIONS):
        attacker.connection.execute(statements.encode())
    attacker.connection.execute("SET search_path = pg_temp, guyub, pg_catalog")
    attacker.connection.commit()
    yield attacker
    caught = attacker.sees("SELECT DISTINCT who FROM pg_temp.caught") if not attacker.connection.broken else []
    assert (owner,) not in caught


def test_the_doors_are_not_misled(shadowed: Attacker):
    shadowed.enter("kasubsi", PEKALONGAN)
    assert shadowed.value("SELECT count(*) FROM guyub.household") == 12
    assert shadowed.value("SELECT guyub.permitted('registry.read', (guyub.scope())[1])") is True
    shadowed.enter_service()
    assert shadowed.value("SELECT count(*) FROM guyub.household") == 15


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO guyub.member (facility_id, household_id, full_name) "
        "SELECT facility_id, id, 'Anak Contoh' FROM guyub.household LIMIT 1",
        "INSERT INTO guyub.survey (facility_id, household_id, questionnaire_id, answers, surveyed_on) "
        "SELECT facility_id, household_id, questionnaire_id, answers, surveyed_on FROM guyub.survey LIMIT 1",
        "INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings) "
        "SELECT facility_id, program_id, '2025-03-01', 1, 'x', settings FROM guyub.cycle LIMIT 1",
        "SELECT guyub.audit((guyub.scope())[1], 'x', 'x', '', '{}')",
        "SELECT * FROM guyub.audit_problems()",
        "SELECT * FROM guyub.ledger_problems()",
        "SELECT guyub.allocate_number((guyub.scope())[1], 'slips', 2024)",
        "SELECT * FROM guyub.served_elsewhere((SELECT id FROM guyub.cycle LIMIT 1))",
        "SELECT * FROM guyub.attendance(ARRAY(SELECT id FROM guyub.cycle))",
        "SELECT * FROM guyub.package_needs((SELECT id FROM guyub.cycle LIMIT 1), true)",
        "SELECT guyub.refresh_statistics(5000, 'household')",
    ],
)
def test_what_acts_with_rights_is_not_misled(shadowed: Attacker, statement: str):
    shadowed.enter("kasubsi", PEKALONGAN)
    # What is asked at the commit is asked of a whole act, which this is not.
    assert shadowed.tries(statement, half_way="guyub.member " in statement).endswith("rows")


def test_the_books_are_not_misled(shadowed: Attacker):
    shadowed.enter("pengelola", PEKALONGAN)
    assert (
        shadowed.tries(
            """WITH journal AS (
               INSERT INTO guyub.journal (facility_id, kind, booked_on, memo)
               SELECT id, 'receipt', '2024-12-01', 'contoh' FROM guyub.facility WHERE code = 'rutan-pekalongan' RETURNING id)
           INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
           SELECT g.facility_id, journal.id, g.fund_id, g.id, t.id, 1000 FROM journal, guyub.account g
           JOIN guyub.account t ON t.fund_id = g.fund_id AND t.kind = 'cash' WHERE g.kind = 'receipts' LIMIT 1"""
        )
        == "1 rows"
    )
    shadowed.sees("SELECT guyub.audit((guyub.scope())[1], 'funds.receive', 'x', '', '{}')")
    assert shadowed.sees("SELECT * FROM guyub.ledger_problems()") == []


def test_such_an_attack_is_noticed_where_a_function_looks_into_temporary_types_first(world: World):
    """The specimen: with the path as it was, the owner's rights are caught."""
    with (
        worlds.superuser(world.installation) as server,
        worlds.attacker(world.installation, world.database) as attacker,
    ):
        attacker.connection.execute("CREATE TEMP TABLE caught (who pg_catalog.text)")
        attacker.connection.execute("GRANT ALL ON pg_temp.caught TO PUBLIC")
        attacker.connection.execute(DOMAINS.encode())
        attacker.connection.commit()
        server.execute("ALTER FUNCTION guyub.scope_part(integer) SET search_path = pg_catalog")
        try:
            attacker.enter("kasubsi", PEKALONGAN)
            attacker.sees("SELECT count(*) FROM guyub.household")
            caught = attacker.sees("SELECT DISTINCT who FROM pg_temp.caught")
        finally:
            server.execute("ALTER FUNCTION guyub.scope_part(integer) SET search_path = pg_catalog, pg_temp")
        assert (f"{world.installation.roles}_owner",) in caught

"""A value under a lock is refused by the database itself, whoever sends the statement and however it is put."""

from datetime import date

import pytest

from guyub.sdk.errors import Invalid
from tests import places
from tests.stored_values import set_values
from tests.worlds import KEBUMEN, PEKALONGAN, attacker, employ_local_admin

MARCH, JUNE = date(2025, 3, 3), date(2025, 6, 1)

INTO = """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, locked, valid_from, actor)
          SELECT 'facility', id, 'bansos', 'quota', {value}::jsonb, {locked}, '{day}'::date, '' FROM guyub.facility
          WHERE code = 'rutan-pekalongan'"""


def setting(value: str, day: str, locked: bool = False) -> str:
    return INTO.format(value=f"'{value}'" if value != "NULL" else value, day=day, locked=locked)


@pytest.fixture
def local(database):
    """``admin.lokal`` configures Pekalongan, and nothing else; the web manages both facilities."""
    places.managed_by(database, "web", PEKALONGAN, KEBUMEN, regions=())
    employ_local_admin(database, "reports.read")


@pytest.fixture
def locked(local, acting):
    """The regional office locked the quota of Pekalongan."""
    with acting("kanwil", PEKALONGAN) as work:
        set_values(
            work,
            "bansos",
            {"quota": 4},
            valid_from=MARCH,
            reason="Surat edaran",
            facility_id=work.here.id,
            locked=frozenset({"quota"}),
        )


def test_the_database_refuses_whoever_configures_only_the_facility(locked, database, installation):
    with attacker(installation, database) as intruder:
        intruder.enter("admin.lokal", PEKALONGAN)
        assert intruder.tries(setting("9", "2025-06-01")) == "GU012", "replaced"
        assert intruder.tries(setting("9", "2025-03-03")) == "GU012", "replaced on its own day"
        assert intruder.tries(setting("NULL", "2025-06-01")) == "GU012", "released"
        assert intruder.tries(setting("4", "2025-06-01")) == "GU012", "the same value without the lock"
        assert intruder.tries(setting("9", "2025-03-02")) == "1 rows", "the lock begins on 3 March"
        assert intruder.tries(setting("9", "2025-03-02", locked=True)) == "GU004", "a lock of their own"
        two = setting("9", "2025-01-01") + " UNION ALL " + setting("9", "2025-06-01").partition("actor)")[2]
        assert intruder.tries(two) == "GU012", "two at once"


def test_nobody_chooses_the_order_in_which_values_count(local, database, installation):
    with attacker(installation, database) as intruder:
        intruder.enter("admin.lokal", PEKALONGAN)
        selected = setting("9", "2025-03-03").replace("(layer,", "(id, layer,").replace("SELECT ", "SELECT uuidv7(), ")
        assert intruder.tries(selected) == "42501"


def test_the_regional_office_and_the_system_replace_and_release_it(locked, database, installation):
    with attacker(installation, database) as office:
        office.enter("kanwil", PEKALONGAN)
        assert office.tries(setting("9", "2025-06-01")) == "1 rows"
        assert office.tries(setting("NULL", "2025-06-01")) == "1 rows"
        office.enter_service()
        assert office.tries(setting("9", "2025-06-01")) == "1 rows"


def test_the_sentence_of_the_database_knows_the_name_of_the_field_alone(locked, acting):
    with pytest.raises(Invalid) as refused, acting("admin.lokal", PEKALONGAN) as work:
        work.run(setting("9", "2025-06-01"))
    assert refused.value.code == "host.locked"
    assert refused.value.what.id.startswith("“quota” ")


def test_the_database_itself_refuses_a_value_under_a_lock(database, installation):
    with attacker(installation, database) as intruder:
        intruder.enter_service()
        into = (
            "INSERT INTO guyub.config_value (layer, region_id, facility_id, plugin, field, value, valid_from, actor) "
        )
        at = "SELECT 'facility', NULL, id, 'bansos', 'ceiling', '400000', '{day}', '' FROM guyub.facility LIMIT 1"
        assert intruder.tries(into + at.format(day="2025-03-03")) == "GU012"
        assert intruder.tries(into + at.format(day="2024-10-31")) == "1 rows", "the lock begins on 1 November"


def test_one_statement_may_unlock_above_and_set_below(database, plugins):
    with database.work(database.as_service("tests")) as work:
        region = work.run("SELECT id FROM guyub.region").scalar_one()
        work.run(
            """INSERT INTO guyub.config_value (layer, region_id, facility_id, plugin, field, value, locked, valid_from, actor)
               SELECT 'facility', NULL, f.id, 'bansos', 'ceiling', '240000'::jsonb, false, '2025-03-03'::date, ''
               FROM guyub.facility f WHERE f.code = 'rutan-pekalongan'
               UNION ALL SELECT 'region', :region, NULL, 'bansos', 'ceiling', '250000', false, '2025-03-03', ''""",
            region=region,
        )
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert plugins.resolve(work, "bansos", work.here.id, MARCH).config.ceiling == 240_000


def test_a_lock_needs_a_value(database, installation):
    with attacker(installation, database) as intruder:
        intruder.enter_service()
        nothing = """INSERT INTO guyub.config_value (layer, plugin, field, value, locked, valid_from, actor)
                     VALUES ('national', 'bansos', 'quota', NULL, true, '2025-03-03', '')"""
        assert intruder.tries(nothing) == "23514"

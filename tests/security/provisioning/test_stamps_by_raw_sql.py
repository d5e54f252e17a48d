"""Who recorded a value is the database's to say, asked once for a whole statement: raw SQL that tries to slip another in."""

from datetime import date

import pytest

from tests import places
from tests.worlds import attacker

# The scope is written anew while the rows are made: the second row carries another than the first and the third.
ROWS = """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, actor)
          SELECT 'facility', f.id, 'bansos', 'quota', to_jsonb(3 + 0 * length(set_config('guyub.scope', s.scope, true))), s.day,
                 'siapa saja'
          FROM guyub.facility f, (VALUES ('2025-06-01'::date, %(first)s), ('2025-06-02', %(second)s),
                                         ('2025-06-03', %(first)s)) AS s (day, scope)
          WHERE f.code = 'rutan-kudus'"""
SWITCH = """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, recorded_at, actor)
            SELECT f.id, 'bansos', true, '2025-06-01', '2001-01-01', 'siapa saja' FROM guyub.facility f WHERE f.code = %(code)s"""


@pytest.fixture
def intruder(installation, database):
    places.managed_by(database, "web", regions=())
    with attacker(installation, database) as intruder:
        yield intruder


def scopes(intruder, second):
    true = intruder.value("SELECT current_setting('guyub.scope')")
    return {"first": true, "second": second(true)}


def actors(intruder, table="config_value"):
    return {
        row[0]
        for row in intruder.sees(
            f"SELECT actor FROM guyub.{table} WHERE valid_from BETWEEN '2025-06-01' AND '2025-06-03'"
        )
    }


def test_whoever_is_named_in_the_statement_the_actor_of_the_scope_is_recorded(intruder):
    intruder.enter("kanwil")
    assert intruder.tries(ROWS, scopes(intruder, lambda true: true)) == "3 rows"
    assert actors(intruder) == {"kanwil"}
    assert intruder.tries(SWITCH, {"code": "rutan-kudus"}) == "1 rows"
    assert actors(intruder, "plugin_activation") == {"kanwil"}
    assert intruder.value("SELECT max(recorded_at)::date FROM guyub.plugin_activation") > date(2024, 1, 1)


@pytest.mark.parametrize("other", ["orang lain", "", "guyub"])
def test_another_name_slipped_into_the_scope_for_one_row_is_refused_with_all_rows(intruder, other):
    intruder.enter("kanwil")
    forged = scopes(intruder, lambda true: true.replace("kanwil", other, 1))
    assert forged["second"] != forged["first"]
    assert intruder.tries(ROWS, forged) == "GU004"
    assert actors(intruder) == set()


def test_a_scope_that_stays_forged_or_empty_is_refused(intruder):
    intruder.enter("kanwil")
    true = intruder.value("SELECT current_setting('guyub.scope')")
    for forged in (true.replace("kanwil", "orang lain", 1), "", true.replace("person", "system", 1) + "0"):
        assert intruder.tries(ROWS, {"first": forged, "second": forged}) in ("GU004", "GU001", "42501"), forged[:20]


def test_who_may_not_configure_is_refused_at_the_end_of_the_statement_as_at_its_beginning(intruder):
    intruder.enter("kasubsi")
    assert intruder.tries(SWITCH, {"code": "rutan-pekalongan"}) == "GU004"
    assert (
        intruder.tries(ROWS.replace("rutan-kudus", "rutan-pekalongan"), scopes(intruder, lambda true: true)) == "GU004"
    )
    assert actors(intruder) == set()

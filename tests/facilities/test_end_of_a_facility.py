"""A facility closes when nothing is open behind it; afterwards nothing begins at it and everything can be read."""

from datetime import date
from typing import Any

import pytest

from guyub.db.work import Database
from guyub.facilities import queries
from guyub.sdk.errors import Refusal
from tests import worlds

KUDUS, DEMAK = "rutan-kudus", "rutan-demak"
LAST_DAY = date(2026, 6, 30)


def close(database: Database, code: str, day: date = LAST_DAY, successor: str = "") -> None:
    with database.work(database.as_service("tests")) as work:
        work.run(
            """UPDATE guyub.facility f SET closed_on = :day,
                      merged_into = (SELECT s.id FROM guyub.facility s WHERE s.code = :successor) WHERE f.code = :code""",
            day=day, code=code, successor=successor,
        )  # fmt: skip


@pytest.fixture
def pekalongan(cluster: Any, installation: Any, database: Database, host: Any) -> Any:
    return worlds.pekalongan(cluster, installation, database, host)


def test_a_merged_facility_names_its_successor(database: Database):
    close(database, KUDUS, successor=DEMAK)
    with database.work(database.as_service("tests", KUDUS)) as work:
        here = queries.facility(work)
    assert (here.closed_on, here.successor, here.successor_code) == (LAST_DAY, "Rutan Kelas IIB Demak", DEMAK)


BEGINNINGS = {
    "household": """INSERT INTO guyub.household (facility_id, category)
                    SELECT id, 'neighbour' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "activation": """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor)
                     SELECT id, 'bansos', true, '2026-07-01', '' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "fund": """INSERT INTO guyub.fund (facility_id, code, name, plugin, source)
               SELECT id, 'contoh', 'Contoh', 'csr_funding', 'csr' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "receipt": """INSERT INTO guyub.journal (facility_id, kind, on_date, memo, evidence)
                  SELECT id, 'receipt', '2026-07-01', 'Contoh', '1' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "programme": """INSERT INTO guyub.program (facility_id, plugin, program_type)
                    SELECT id, 'bansos', 'contoh' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "cycle": """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
                SELECT p.facility_id, p.id, '2026-07-01', 5, 'contoh', '{}' FROM guyub.program p
                JOIN guyub.facility f ON f.id = p.facility_id WHERE f.code = 'rutan-kudus'""",
}


@pytest.mark.parametrize("what", BEGINNINGS)
def test_nothing_begins_at_a_closed_facility(database: Database, what: str):
    if what == "cycle":
        with database.work(database.as_service("tests")) as work:
            work.run(BEGINNINGS["programme"])
    close(database, KUDUS, successor=DEMAK)
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(BEGINNINGS[what])
    assert refused.value.code == "facilities.closed"
    assert "30 Juni 2026" in refused.value.what.id
    assert "Rutan Kelas IIB Demak" in refused.value.remedy.id


def test_a_plugin_is_still_switched_off_at_a_closed_facility(database: Database):
    close(database, KUDUS)
    with database.work(database.as_service("tests")) as work:
        work.run(BEGINNINGS["activation"].replace("true", "false"))


def test_a_facility_with_a_cycle_under_way_stays_open(database: Database, pekalongan: Any):
    worlds.november_until(pekalongan, "proposed")
    with pytest.raises(Refusal) as refused:
        close(database, worlds.PEKALONGAN)
    assert refused.value.code == "facilities.open_cycle"
    assert "1 periode belum selesai, yang terlama November 2024" in refused.value.what.id
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        assert queries.facility(work).closed_on is None


def test_a_facility_with_money_left_stays_open_and_its_past_stays_readable_when_it_closes(
    database: Database, pekalongan: Any
):
    worlds.november_until(pekalongan, "closed")
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        left = work.run(
            "SELECT sum(rupiah) FROM guyub.account WHERE kind IN ('cash', 'cash_reserved', 'stock', 'stock_reserved')"
        ).scalar_one()
    assert left > 0
    with pytest.raises(Refusal) as refused:
        close(database, worlds.PEKALONGAN)
    assert refused.value.code == "facilities.money_left"
    assert f"{int(left):,}".replace(",", ".") in refused.value.what.id


def test_a_last_day_that_has_not_come_is_not_recorded(database: Database):
    with pytest.raises(Refusal) as refused:
        close(database, KUDUS, date(2999, 12, 31))
    assert refused.value.code == "facilities.day"


@pytest.mark.parametrize(
    ("assignment", "code"),
    [
        ("opened_on = '2026-07-01', closed_on = '2026-06-30'", "facilities.closed_before_opened"),
        ("merged_into = id, closed_on = '2026-06-30'", "facilities.successor"),
        ("merged_into = (SELECT s.id FROM guyub.facility s WHERE s.code = 'rutan-demak')", "facilities.successor"),
    ],
)
def test_an_end_that_cannot_be_is_refused(database: Database, assignment: str, code: str):
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(f"UPDATE guyub.facility SET {assignment} WHERE code = 'rutan-kudus'")
    assert refused.value.code == code


def test_a_regional_office_closes_no_facility_by_raw_sql(database: Database, acting: Any):
    with acting("kanwil") as work:
        work.run("UPDATE guyub.facility SET closed_on = '2026-06-30' WHERE code = 'rutan-kudus'")
    with database.work(database.as_service("tests", KUDUS)) as work:
        assert queries.facility(work).closed_on is None

"""The end of a facility, attacked by raw SQL."""

from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import queries
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.facilities.test_end_of_a_facility import DEMAK, KUDUS, LAST_DAY, close


@pytest.mark.parametrize("at_once", [True, False])
def test_no_facility_goes_on_as_itself_by_way_of_others(database: Database, at_once: bool):
    ring = {KUDUS: DEMAK, DEMAK: "rutan-blora", "rutan-blora": KUDUS}
    if at_once:
        with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
            work.run(
                """UPDATE guyub.facility f SET closed_on = :day, merged_into = s.id
                   FROM unnest(CAST(:codes AS text[]), CAST(:others AS text[])) AS r (code, other)
                   JOIN guyub.facility s ON s.code = r.other WHERE f.code = r.code""",
                day=LAST_DAY,
                codes=list(ring),
                others=list(ring.values()),
            )
    else:
        close(database, KUDUS, successor=DEMAK)
        close(database, DEMAK, successor="rutan-blora")
        with pytest.raises(Refusal) as refused:
            close(database, "rutan-blora", successor=KUDUS)
    assert refused.value.code == "facilities.merged_in_a_circle"


BEGINNINGS = {
    "household": """INSERT INTO guyub.household (facility_id, category)
                    SELECT id, 'neighbour' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "activation": """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor)
                     SELECT id, 'bansos', true, '2026-07-01', '' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "fund": """INSERT INTO guyub.fund (facility_id, code, name, plugin, source)
               SELECT id, 'contoh', 'Contoh', 'csr_funding', 'csr' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "receipt": """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence)
                  SELECT id, 'receipt', '2026-07-01', 'Contoh', '1' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "programme": """INSERT INTO guyub.program (facility_id, plugin, program_type)
                    SELECT id, 'bansos', 'contoh' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "cycle": f"""INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
                SELECT p.facility_id, p.id, '2026-07-01', 5, 'contoh', '{worlds.SETTINGS}' FROM guyub.program p
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


AFTERWARDS = {
    "value": """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, actor)
                SELECT 'facility', id, 'bansos', 'quota', '6', '{day}', '' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "reset": """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, actor)
                SELECT 'facility', id, 'bansos', 'quota', NULL, '{day}', '' FROM guyub.facility WHERE code = 'rutan-kudus'""",
    "official": """INSERT INTO guyub.official (facility_id, role_code, title, name, acting, valid_from, valid_until)
                   SELECT id, 'head', 'Kepala Rutan', 'Baru Contoh', 'Plh.', '{day}', '{day}' FROM guyub.facility
                   WHERE code = 'rutan-kudus'""",
}


@pytest.mark.parametrize("what", AFTERWARDS)
def test_no_value_and_no_official_begins_after_the_last_day_and_the_past_can_be_put_right(
    database: Database, what: str
):
    close(database, KUDUS, successor=DEMAK)
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(AFTERWARDS[what].format(day="2026-07-01"))
    assert refused.value.code == "facilities.closed"
    assert "Rutan Kelas IIB Kudus sudah ditutup sejak 30 Juni 2026." in refused.value.what.id
    with database.work(database.as_service("tests")) as work:
        work.run(AFTERWARDS[what].format(day="2026-06-30"))


def test_a_statement_about_several_facilities_is_refused_for_the_closed_one(database: Database):
    close(database, KUDUS)
    with pytest.raises(Refusal, match="Kudus"), database.work(database.as_service("tests")) as work:
        work.run(
            """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, actor)
               SELECT 'facility', id, 'bansos', 'quota', '6', '2026-07-01', '' FROM guyub.facility"""
        )


def test_a_plugin_is_still_deactivated_at_a_closed_facility(database: Database):
    close(database, KUDUS)
    with database.work(database.as_service("tests")) as work:
        work.run(BEGINNINGS["activation"].replace("true", "false"))


def test_a_last_day_that_has_not_come_is_not_recorded(database: Database):
    with pytest.raises(Refusal) as refused:
        close(database, KUDUS, date(2099, 12, 31))
    assert refused.value.code == "facilities.closing_ahead"


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

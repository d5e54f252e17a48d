"""A facility closes when nothing is open behind it; afterwards nothing begins at it and everything can be read."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import queries
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.visits import NewVisitor, Visitor, text_of

KUDUS, DEMAK = "rutan-kudus", "rutan-demak"
LAST_DAY = date(2026, 6, 30)


def close(database: Database, code: str, day: date = LAST_DAY, successor: str = "") -> None:
    with database.work(database.as_service("tests")) as work:
        work.run(
            """UPDATE guyub.facility f SET closed_on = :day,
                      merged_into = (SELECT s.id FROM guyub.facility s WHERE s.code = :successor) WHERE f.code = :code""",
            day=day,
            code=code,
            successor=successor,
        )


@pytest.fixture
def kanwil(visitor: NewVisitor) -> Visitor:
    return visitor("kanwil")


@pytest.fixture
def pekalongan(cluster: Any, installation: Any, database: Database, host: Any) -> Any:
    return worlds.pekalongan(cluster, installation, database, host)


def test_a_merged_facility_names_its_successor(database: Database):
    close(database, KUDUS, successor=DEMAK)
    with database.work(database.as_service("tests", KUDUS)) as work:
        here = queries.facility(work)
    assert (here.closed_on, here.successor, here.successor_code) == (LAST_DAY, "Rutan Kelas IIB Demak", DEMAK)


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
        assert refused.value.what.id == (
            "Rutan Kelas IIB Blora digabung ke UPT yang pada akhirnya digabung ke Rutan Kelas IIB Blora sendiri."
        )
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


def test_the_pages_of_a_closed_facility_refuse_in_the_same_words(kanwil: Any, database: Database):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET managed_by = 'web' WHERE code = 'rutan-kudus'")
    kanwil.opens("/f/rutan-kudus/officials/new")
    close(database, KUDUS, successor=DEMAK)
    said = "Rutan Kelas IIB Kudus sudah ditutup sejak 30 Juni 2026."
    appointed = kanwil.sends(
        "/f/rutan-kudus/officials/new",
        {"role": "head", "name": "Baru Contoh", "since": "2026-07-01", "until": "2026-07-02", "acting": "Plh."},
    )
    assert (appointed.status_code, said in text_of(appointed)) == (409, True)
    for path in ("bansos/configure", "bansos/activate"):
        answer = kanwil.opens(f"/f/rutan-kudus/plugins/{path}")
        assert (answer.status_code, said in text_of(answer)) == (409, True), path
        assert "Rutan Kelas IIB Demak" in text_of(answer)
    assert kanwil.opens("/f/rutan-kudus/plugins/bansos/deactivate").status_code == 200


def test_the_api_of_a_closed_facility_refuses_in_the_same_words(kanwil: Any, database: Database):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET managed_by = 'web' WHERE code = 'rutan-kudus'")
    kanwil.opens("/f/rutan-kudus/plugins/bansos/configure")
    token = re.search(r'name="csrf_token" value="([^"]+)"', kanwil.page.text)
    assert token
    close(database, KUDUS, successor=DEMAK)
    for how in ("", "?preview=1"):
        answer = kanwil.client.patch(
            f"/api/v1/f/rutan-kudus/plugins/bansos/configuration{how}",
            json={"values": {"quota": 6}, "valid_from": "2026-07-01", "reason": "Contoh"},
            headers={"x-csrf-token": token[1]},
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "facilities.closed")


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

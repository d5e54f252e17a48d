"""The functions through which the web writes facilities, attacked with raw SQL: each asks who it is, and for which place."""

import json
from typing import Any

import psycopg
import pytest

from guyub.access import people
from guyub.db.unit_of_work import Database
from guyub.facilities import queries, service
from guyub.sdk.errors import Refusal
from tests.conftest import PASSWORD, SINCE, Acting

NEW = {
    "code": "rutan-contoh",
    "name": "Rutan Contoh",
    "long_name": "Rumah Tahanan Negara Contoh",
    "facility_type": "rutan",
    "facility_class": "IIB",
    "variant": "",
    "city": "Kota Contoh",
    "city_code": "33.75",
    "province": "Jawa Tengah",
    "letter_place": "Contoh",
    "zone": "Asia/Jakarta",
    "paper": "F4",
    "letterhead": [],
    "letter_template": "",
}
OPEN = "SELECT guyub.open_facility((SELECT id FROM guyub.region WHERE code = :region), CAST(:given AS jsonb))"
CHANGE = """SELECT guyub.change_facility(f.id, jsonb_build_object('name', f.name), CAST(:given AS jsonb))
            FROM guyub.facility f WHERE f.code = :code"""
END = """SELECT guyub.end_facility((SELECT id FROM guyub.facility WHERE code = :code), '2026-06-30',
                                   (SELECT id FROM guyub.facility WHERE code = :successor))"""


@pytest.fixture(autouse=True)
def by_web(database: Database) -> None:
    """Two regions and two facilities of Jawa Tengah that the web manages, and an office that has only the other region."""
    with database.work(database.as_service("tests")) as work:
        work.run("INSERT INTO guyub.region (code, name, office_name) VALUES ('contoh', 'Contoh', 'Kanwil Contoh')")
        work.run("UPDATE guyub.region SET managed_by = 'web' WHERE code IN ('contoh', 'jawa-tengah')")
        work.run("UPDATE guyub.facility SET managed_by = 'web' WHERE code IN ('rutan-pekalongan', 'rutan-kudus')")
        key = database.service_key
        people.create_person(work, key=key, login="lain", full_name="Kanwil Contoh Lain", password=PASSWORD)
        people.assign_role(work, key=key, login="lain", role="region_admin", valid_from=SINCE, region="contoh")
        work.run(OPEN, region="contoh", given=json.dumps(NEW | {"code": "rutan-lain"}))


def refused(acting: Acting, login: str, sql: str, at: str | None = None, **values: Any) -> str:
    given = {"given": json.dumps(NEW), **values} if ":given" in sql else values
    with pytest.raises(Refusal) as refusal, acting(login, at) as work:
        work.run(sql, **given)
    return refusal.value.code


@pytest.mark.parametrize(
    ("login", "region"),
    [("lain", "jawa-tengah"), ("kanwil", "contoh"), ("karutan", "jawa-tengah"), ("kasubsi", "jawa-tengah")],
)
def test_no_facility_is_opened_in_another_region_nor_by_staff_of_a_facility(
    database: Database, acting: Acting, login: str, region: str
):
    assert refused(acting, login, OPEN, region=region) == "access.duties"
    with database.work(database.as_service("tests")) as work:
        assert not work.run("SELECT count(*) FROM guyub.facility WHERE code = 'rutan-contoh'").scalar_one()


def test_no_facility_is_opened_in_no_region(acting: Acting):
    assert refused(acting, "kanwil", OPEN, region="khayal") == "access.duties"


def test_no_facility_is_opened_through_the_web_in_a_region_of_files(database: Database, acting: Acting):
    with database.work(database.as_service("tests")) as work:
        service.set_region_managed_by(work, "jawa-tengah", "files")
    assert refused(acting, "kanwil", OPEN, region="jawa-tengah") == "facilities.region_managed_by_files"


def test_no_two_facilities_have_one_code(acting: Acting):
    given = json.dumps(NEW | {"code": "rutan-kudus"})
    assert refused(acting, "kanwil", OPEN, region="jawa-tengah", given=given) == "facilities.same_code"


def test_a_new_facility_is_the_webs_whatever_is_given_and_within_the_reach_of_who_opened_it(
    database: Database, acting: Acting
):
    given = NEW | {"managed_by": "files", "closed_on": "2020-01-01", "id": "00000000-0000-0000-0000-000000000001"}
    with acting("kanwil") as work:
        opened = work.run(OPEN, region="jawa-tengah", given=json.dumps(given)).scalar_one()
        reached = work.run("SELECT guyub.scope()").scalar_one()
        people_of = work.run("SELECT guyub.personal_scope()").scalar_one()
    assert opened in reached
    assert len(reached) == 60
    assert people_of == []
    with database.work(database.as_service("tests", "rutan-contoh")) as work:
        here = queries.facility(work)
    assert (here.id, here.managed_by, here.closed_on) == (opened, "web", None)


@pytest.mark.parametrize("sql", [CHANGE, END], ids=["changed", "closed"])
@pytest.mark.parametrize(
    ("login", "at"), [("karutan", None), ("kasubsi", None), ("lain", None)], ids=["head", "staff", "another office"]
)
def test_a_facility_is_neither_changed_nor_closed_by_staff_or_another_office(
    database: Database, acting: Acting, sql: str, login: str, at: str | None
):
    code = "rutan-pekalongan"
    values = {"successor": "rutan-kudus"} if sql == END else {}
    assert refused(acting, login, sql, at, code=code, **values) == "access.duties"
    with database.work(database.as_service("tests", code)) as work:
        assert (queries.facility(work).name, queries.facility(work).closed_on) == ("Rutan Kelas IIA Pekalongan", None)


@pytest.mark.parametrize("sql", [CHANGE, END], ids=["changed", "closed"])
def test_outside_the_scope_of_a_work_no_facility_is_written(acting: Acting, sql: str):
    values = {"successor": "rutan-demak"} if sql == END else {}
    assert refused(acting, "kanwil", sql, "rutan-demak", code="rutan-kudus", **values) == "access.duties"


@pytest.mark.parametrize("sql", [CHANGE, END], ids=["changed", "closed"])
def test_a_facility_of_files_is_not_written_by_the_webs_functions(acting: Acting, sql: str):
    values = {"successor": "rutan-kudus"} if sql == END else {}
    assert refused(acting, "kanwil", sql, code="rutan-demak", **values) == "facilities.managed_by_files"


def test_a_change_keeps_the_code_the_region_and_the_door(database: Database, acting: Acting):
    with acting("kanwil") as work:
        given = NEW | {"managed_by": "files", "region_id": str(queries.region(work, "contoh").id)}
        work.run(CHANGE, code="rutan-kudus", given=json.dumps(given))
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        here = queries.facility(work)
    assert (here.name, here.code, here.region.code, here.managed_by) == (
        "Rutan Contoh",
        "rutan-kudus",
        "jawa-tengah",
        "web",
    )


def test_what_was_seen_before_must_still_hold(acting: Acting):
    sql = CHANGE.replace("'name', f.name", "'name', 'Rutan Lain'")
    assert refused(acting, "kanwil", sql, code="rutan-kudus") == "facilities.changed_before"


def test_no_facility_is_merged_into_one_of_another_office_or_a_closed_one_or_itself(database: Database, acting: Acting):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET closed_on = '2026-05-31' WHERE code = 'rutan-demak'")
    for successor in ("rutan-lain", "rutan-demak", "rutan-kudus"):
        assert refused(acting, "kanwil", END, code="rutan-kudus", successor=successor) == "facilities.no_successor"


def test_the_last_day_of_a_closed_facility_is_not_moved_ahead(database: Database):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET closed_on = '2026-05-31' WHERE code = 'rutan-kudus'")
    with pytest.raises(Refusal) as refusal, database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET closed_on = '2099-05-31' WHERE code = 'rutan-kudus'")
    assert refusal.value.code == "facilities.closing_ahead"


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE guyub.facility SET name = 'Lain'",
        "DELETE FROM guyub.facility",
        "SELECT guyub.facility_by_web(id) FROM guyub.facility",
        """INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, city, letter_place, zone)
           SELECT id, 'rutan-curi', 'x', 'x', 'rutan', 'x', 'x', 'Asia/Jakarta' FROM guyub.region""",
    ],
)
def test_past_these_functions_an_office_writes_no_facility(database: Database, acting: Acting, attempt: str):
    try:
        with acting("kanwil") as work:
            work.run(attempt)
    except Refusal:
        pass
    with database.work(database.as_service("tests")) as work:
        assert not work.run(
            "SELECT count(*) FROM guyub.facility WHERE name = 'Lain' OR code = 'rutan-curi'"
        ).scalar_one()
        assert work.run("SELECT count(*) FROM guyub.facility").scalar_one() == 60


@pytest.mark.parametrize(
    "call",
    [
        "SELECT guyub.open_facility((SELECT id FROM guyub.region LIMIT 1), '{}')",
        "SELECT guyub.change_facility((SELECT id FROM guyub.facility LIMIT 1), '{}', '{}')",
        "SELECT guyub.end_facility((SELECT id FROM guyub.facility LIMIT 1), '2026-06-30', NULL)",
    ],
)
def test_without_a_door_the_functions_do_nothing(app_role: psycopg.Connection, call: str):
    with pytest.raises(psycopg.Error) as refusal:
        app_role.execute(call.encode())
    assert refusal.value.sqlstate == "GU004"


# --- what files say, no person writes ------------------------------------------------------------------------------

SWITCH = """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from)
            SELECT id, 'bansos', true, '2026-01-01' FROM guyub.facility WHERE code = ANY (:codes)"""
VALUE = """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from)
           SELECT 'facility', id, 'bansos', 'quota', '7', '2026-01-01' FROM guyub.facility WHERE code = ANY (:codes)"""
NAMED = """INSERT INTO guyub.official (facility_id, role_code, title, name, valid_from)
           SELECT id, 'example', 'Pejabat', 'Pejabat Contoh', '2030-01-01' FROM guyub.facility WHERE code = ANY (:codes)"""
RENAMED = """UPDATE guyub.official SET name = 'Pejabat Contoh'
             WHERE facility_id IN (SELECT id FROM guyub.facility WHERE code = ANY (:codes))"""
OF_REGION = """INSERT INTO guyub.config_value (layer, region_id, plugin, field, value, valid_from)
               SELECT 'region', id, 'bansos', 'quota', '7', '2026-01-01' FROM guyub.region WHERE code = 'jawa-tengah'"""


@pytest.mark.parametrize("sql", [SWITCH, VALUE, NAMED, RENAMED], ids=["switched", "configured", "named", "renamed"])
def test_at_a_facility_of_files_nobody_writes_beside_one_of_the_web(database: Database, acting: Acting, sql: str):
    with database.work(database.as_service("tests")) as work:
        work.run(NAMED.replace("example", "former"), codes=["rutan-demak", "rutan-kudus"])
    assert refused(acting, "kanwil", sql, codes=["rutan-demak", "rutan-kudus"]) == "facilities.managed_by_files"
    with acting("kanwil") as work:
        work.run(sql, codes=["rutan-kudus"])


def test_the_values_of_a_region_of_files_are_written_by_nobody(database: Database, acting: Acting):
    with acting("kanwil") as work:
        work.run(OF_REGION)
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.region SET managed_by = 'files' WHERE code = 'jawa-tengah'")
    assert refused(acting, "kanwil", OF_REGION) == "facilities.region_values_managed_by_files"


def test_files_themselves_are_written_by_the_system(database: Database):
    with database.work(database.as_service("tests")) as work:
        for sql in (SWITCH, VALUE, NAMED, RENAMED):
            work.run(sql, codes=["rutan-demak"])


def test_what_is_not_closed_is_not_opened_again(acting: Acting):
    opened = "SELECT guyub.end_facility((SELECT id FROM guyub.facility WHERE code = 'rutan-kudus'), NULL, NULL)"
    assert refused(acting, "kanwil", opened) == "facilities.not_closed"

"""Who holds a post: one at a time, a Plh. beside the holder, a Plt. only in a vacant post."""

from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import officials, queries, service
from guyub.facilities.officials import Appointment
from guyub.facilities.records import OfficialRecord
from guyub.sdk.errors import Forbidden, Invalid, Refusal

KUDUS = "rutan-kudus"
HEAD_SINCE = date(2024, 1, 1)
"""The head of Rutan Kudus, as its file has it, holds the post since then and until further notice."""


def insert(database: Database, acting: str, since: str, until: str | None) -> None:
    last = date.fromisoformat(until) if until else None
    official = OfficialRecord(
        KUDUS, "head", "Kepala Rutan", "Lain Contoh Orang", "", acting, date.fromisoformat(since), last
    )
    with database.work(database.as_service("tests", KUDUS)) as work:
        service.save_officials(work, [official])


def test_who_stands_in_signs_while_the_holder_is_away_and_only_then(database: Database):
    insert(database, "Plh.", "2026-03-01", "2026-03-07")
    with database.work(database.as_service("tests", KUDUS)) as work:
        signing = {
            day: queries.officials(work, date(2026, *day))["head"].acting for day in ((2, 28), (3, 1), (3, 7), (3, 8))
        }
    assert signing == {(2, 28): "", (3, 1): "Plh.", (3, 7): "Plh.", (3, 8): ""}


def appointment(**given: Any) -> Appointment:
    base = {
        "role": "head",
        "name": "Baru Contoh Kepala",
        "nip": "",
        "acting": "",
        "title": "",
        "since": date(2026, 4, 1),
        "until": None,
        "ends_former": True,
    }
    return Appointment(**(base | given))


@pytest.fixture
def web(database: Database) -> None:
    with database.work(database.as_service("tests", KUDUS)) as work:
        service.set_managed_by(work, "web")


@pytest.mark.usefixtures("web")
def test_a_new_head_ends_the_former_ones_time_the_day_before_and_takes_the_title_of_the_type(acting: Any):
    with acting("kanwil", KUDUS) as work:
        officials.appoint(work, appointment())
    with acting("kanwil", KUDUS) as work:
        before, after = (
            queries.officials(work, date(2026, 3, 31))["head"],
            queries.officials(work, date(2026, 4, 1))["head"],
        )
        trail = work.run("SELECT details FROM guyub.audit_entry WHERE action = 'facilities.official'").scalar_one()
    assert " Contoh " in before.name
    assert (after.name, after.title) == ("Baru Contoh Kepala", "Kepala Rutan")
    assert trail == {"acting": "", "from": "2026-04-01"}, "names are in the books, not in the trail"


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_former": False}, "since"),
        ({"acting": "Plt.", "ends_former": False}, "since"),
        ({"role": "kaisar"}, "role"),
        ({"name": ""}, "name"),
        ({"nip": "123"}, "nip"),
        ({"until": date(2026, 3, 1)}, "until"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused_at_its_field(acting: Any, given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused, acting("kanwil", KUDUS) as work:
        officials.appoint(work, appointment(**given))
    assert refused.value.field == field
    with acting("kanwil", KUDUS) as work:
        assert queries.officials(work, date(2026, 4, 1))["head"].name != "Baru Contoh Kepala"


@pytest.mark.usefixtures("web")
def test_a_post_ends_with_a_reason_and_then_nobody_signs(acting: Any):
    with acting("kanwil", KUDUS) as work:
        head = work.run(
            "SELECT id FROM guyub.official WHERE facility_id = :here AND role_code = 'head'", here=work.here.id
        ).scalar_one()
        officials.end(work, head, date(2026, 3, 31), "pindah tugas")
    with acting("kanwil", KUDUS) as work:
        assert "head" in queries.officials(work, date(2026, 3, 31))
        assert "head" not in queries.officials(work, date(2026, 4, 1))


def test_at_a_facility_that_its_files_manage_the_web_appoints_nobody(acting: Any):
    with pytest.raises(Refusal) as refused, acting("kanwil", KUDUS) as work:
        officials.appoint(work, appointment())
    assert refused.value.code == "facilities.managed_by_files"


@pytest.mark.usefixtures("web")
def test_staff_without_the_permission_appoint_nobody(acting: Any):
    with pytest.raises(Forbidden), acting("karutan") as work:
        officials.appoint(work, appointment())


def test_a_region_is_handed_to_the_web_by_its_own_office_only(database: Database, acting: Any):
    with acting("kanwil") as work:
        service.set_region_managed_by(work, "jawa-tengah", "web")
        assert queries.region(work, "jawa-tengah").managed_by == "web"
    with pytest.raises(Forbidden), acting("karutan") as work:
        service.set_region_managed_by(work, "jawa-tengah", "files")


def test_who_stands_in_is_not_said_to_hold_the_post(database: Database, acting: Any):
    with database.work(database.as_service("tests", KUDUS)) as work:
        service.set_managed_by(work, "web")
    insert(database, "Plh.", "2026-04-01", None)
    for given, said in (
        (appointment(acting=""), "Plh. Lain Contoh Orang sudah tercatat untuk jabatan ini mulai 1 April 2026"),
        (appointment(acting="Plh.", since=date(2026, 4, 9)), "Plh. Lain Contoh Orang sudah menggantikan sementara"),
    ):
        with pytest.raises(Invalid) as refused, acting("kanwil", KUDUS) as work:
            officials.appoint(work, given)
        assert refused.value.what.id.startswith(said)

"""A link to the wrong inmate ends by an act; an inmate who becomes a client makes the household that of a client."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.registry import household_detail, timeline
from tests.registry.test_acts_bind_what_was_seen import inmates_of
from tests.registry.test_registry_pages import FAMILY, registered
from tests.visits import NewVisitor, Visitor, text_of

ENDED = {"occurred_on": "2024-11-10", "reason": "Salah orang, namanya sama"}
RIGHT = {
    "inmate.full_name": "Rudi Contoh",
    "inmate.status": "detainee",
    "inmate.relationship": "wife",
    "inmate.register_number": "A.III 77/2024",
}


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def kept(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with database.work(database.as_service("tests")) as work:
        return [tuple(row) for row in work.run(statement)]


def test_a_wrong_link_ends_with_its_day_and_reason_and_stays_on_record(kasubsi: Visitor, database: Database):
    household = registered(kasubsi, FAMILY)
    wrong = inmates_of(kasubsi, household)
    refused = kasubsi.fills(f"{wrong}/end", ENDED)
    assert refused.status_code == 422
    assert "satu-satunya warga binaan keluarga ini" in text_of(refused)
    kasubsi.lands(kasubsi.fills(f"{household}/inmates/new", RIGHT))
    page = text_of(kasubsi.lands(kasubsi.fills(f"{wrong}/end", ENDED)))
    assert "Tautan dengan Budi Contoh diakhiri." in page
    assert "Tautan dengan warga binaan Budi Contoh berakhir" in page
    assert ENDED["reason"] in page
    assert "Nama Budi Contoh" not in page
    assert "Nama Rudi Contoh" in page
    links = kept(database, "SELECT ended_on, end_reason FROM guyub.inmate_link ORDER BY id")
    assert links == [(date(2024, 11, 10), ENDED["reason"]), (None, "")]
    assert kasubsi.client.get(f"{wrong}/end").status_code == 404


def test_the_same_two_can_be_linked_again_and_the_rules_heed_open_links_only(kasubsi: Visitor, database: Database):
    household = registered(kasubsi, FAMILY)
    wrong = inmates_of(kasubsi, household)
    kasubsi.lands(kasubsi.fills(f"{household}/inmates/new", RIGHT | {"inmate.status": "convict"}))
    kasubsi.lands(kasubsi.fills(f"{wrong}/end", ENDED))
    facts = "SELECT inmate_status FROM guyub.household_facts"
    assert kept(database, facts) == [("convict",)]
    again = {name: FAMILY[name] for name in FAMILY if name.startswith("inmate.")}
    kasubsi.lands(kasubsi.fills(f"{household}/inmates/new", again))
    assert len(kept(database, "SELECT 1 FROM guyub.inmate_link WHERE ended_on IS NULL")) == 2


def test_a_day_to_come_and_no_reason_end_no_link(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    kasubsi.lands(kasubsi.fills(f"{household}/inmates/new", RIGHT))
    for typed in (ENDED | {"occurred_on": "2024-12-24"}, ENDED | {"reason": " "}):
        assert kasubsi.fills(f"{inmates_of(kasubsi, household)}/end", typed).status_code == 422


@pytest.mark.parametrize("ticked", [True, False])
def test_an_inmate_who_becomes_a_client_makes_the_household_that_of_a_client_where_asked(
    kasubsi: Visitor, database: Database, ticked: bool
):
    household = registered(kasubsi, FAMILY)
    act = {
        "status": "client",
        "destination": "Bapas Contoh",
        "occurred_on": "2024-11-10",
        "reason": "Pembebasan bersyarat",
    }
    sent = act | ({"client_household": "yes"} if ticked else {})
    page = text_of(kasubsi.lands(kasubsi.fills(f"{inmates_of(kasubsi, household)}/status", sent)))
    assert ("Klien pemasyarakatan" in page.partition("Jumlah jiwa")[0]) or not ticked
    category = "probation_client" if ticked else "inmate_family"
    assert kept(database, "SELECT category FROM guyub.household") == [(category,)]


def test_a_household_of_a_client_is_registered_and_found_as_one(kasubsi: Visitor):
    client = FAMILY | {"category": "probation_client", "inmate.status": "client"}
    household = registered(kasubsi, client)
    assert "Klien pemasyarakatan" in text_of(kasubsi.opens(household))
    listed = kasubsi.opens("/f/rutan-pekalongan/households?category=probation_client")
    assert household in listed.text


def test_the_day_of_registration_is_that_of_the_work_and_not_of_the_database(kasubsi: Visitor, database: Database):
    """The application's day is 14 November 2024, whenever the test runs."""
    household = registered(kasubsi, FAMILY)
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        [(id_,)] = work.run("SELECT id FROM guyub.household")
        [beginning] = [entry for entry in timeline.page(work, id_, 1).entries if entry.sentence.id == "Terdaftar"]
        assert household_detail.detail(work, id_).created_at.year != 2024
    today = re.search(r'name="occurred_on"', kasubsi.opens(f"{household}/members/new").text)
    assert today
    assert (beginning.day.year, beginning.day.month) == (2024, 11)
    assert beginning.actor == "Kasubsi Contoh Satu"


def test_the_nik_of_who_died_is_looked_up_by_an_index(database: Database):
    indexes = kept(database, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'guyub' AND indexname = 'member_nik'")
    assert [definition.partition(" USING ")[2] for (definition,) in indexes] == [
        "btree (facility_id, nik_index) WHERE (nik_index IS NOT NULL)"
    ]

"""A session that ended loses no form, and a form that comes twice counts once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from guyub.access import sign_in
from guyub.db.unit_of_work import Database
from tests.conftest import PASSWORD
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

from .test_registry_pages import ANSWERS, HERE, JOINED, NEIGHBOUR

NEW = f"{HERE}/new"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def households(database: Database) -> int:
    with database.work(database.as_service("tests")) as work:
        return int(work.run("SELECT count(*) FROM guyub.household").scalar_one())


def signs_in(person: Visitor, page: Any, login: str) -> Any:
    """By the door that the page is, with all that it carries."""
    person.page = page
    return person.sends("/sign-in", hidden_in(page) | {"login": login, "password": PASSWORD})


def ends(kasubsi: Visitor, database: Database, how: str) -> None:
    if how == "expired":
        sign_in.sign_out(database, kasubsi.client.cookies["guyub_session"])
    elif how == "another tab signed out":
        other = Visitor(kasubsi.client)
        other.opens(NEW)
        assert other.sends("/sign-out").status_code == 303


@pytest.mark.parametrize("how", ["expired", "another tab signed out"])
def test_after_signing_in_again_the_form_is_there_and_can_be_sent(
    kasubsi: Visitor, database: Database, how: str
) -> None:
    kasubsi.opens(NEW)
    ends(kasubsi, database, how)

    door = kasubsi.sends(NEW, NEIGHBOUR)
    assert door.status_code == 401
    assert "Isian itu tidak hilang" in text_of(door)
    assert households(database) == 0

    wrong = kasubsi.sends("/sign-in", hidden_in(door) | {"login": "kasubsi", "password": "salah contoh"})
    kept = signs_in(kasubsi, wrong, "kasubsi")
    assert kept.status_code == 200
    assert 'name="recipient.full_name" value="Darsono Contoh"' in kept.text
    assert kasubsi.sends(NEW, hidden_in(kept)).status_code == 303
    assert households(database) == 1


def test_somebody_else_who_signs_in_is_told_in_whose_name_it_would_be(kasubsi: Visitor, database: Database) -> None:
    kasubsi.opens(NEW)
    ends(kasubsi, database, "another tab signed out")
    kept = signs_in(kasubsi, kasubsi.sends(NEW, NEIGHBOUR), "karutan")
    assert "Anda masuk sebagai karutan" in text_of(kept)
    assert kasubsi.sends(NEW, hidden_in(kept)).status_code == 403
    assert households(database) == 0


def test_a_page_of_an_earlier_session_keeps_its_form_in_the_next_one(kasubsi: Visitor, database: Database) -> None:
    kasubsi.opens(NEW)
    other = Visitor(kasubsi.client)
    other.opens("/sign-in")
    assert other.sends("/sign-in", {"login": "kasubsi", "password": PASSWORD}).status_code == 303

    told = kasubsi.sends(NEW, NEIGHBOUR)
    assert told.status_code == 409
    assert "sesi yang sudah berakhir" in text_of(told)
    assert kasubsi.sends(NEW, hidden_in(told)).status_code == 303
    assert households(database) == 1


def test_the_token_of_nobody_s_page_keeps_nothing(kasubsi: Visitor, visitor: NewVisitor, database: Database) -> None:
    karutan = visitor("karutan")
    karutan.opens("/f/rutan-pekalongan/households")
    kasubsi.opens(NEW)
    values = {**NEIGHBOUR, "csrf_token": karutan.token}
    refused = kasubsi.client.post(NEW, data=values)
    assert refused.status_code == 403
    assert "Darsono" not in refused.text


def test_a_form_that_comes_again_leads_where_it_led_and_counts_once(kasubsi: Visitor, database: Database) -> None:
    kasubsi.opens(NEW)
    first = kasubsi.sends(NEW, NEIGHBOUR)
    again = kasubsi.sends(NEW, NEIGHBOUR)
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["location"] == first.headers["location"]
    assert "tidak dicatat dua kali" in kasubsi.opens(again.headers["location"]).text
    assert households(database) == 1


NAMELESS = {name: value for name, value in NEIGHBOUR.items() if name != "recipient.nik"}


def test_four_of_one_form_at_once_are_one_household(kasubsi: Visitor, database: Database) -> None:
    kasubsi.opens(NEW)
    odd = kasubsi.sends(NEW, NAMELESS)
    values = NAMELESS | {"confirmed": "yes", "csrf_token": kasubsi.token} | hidden_in(odd)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: kasubsi.client.post(NEW, data=values), range(4)))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert households(database) == 1


def test_a_member_counts_once_too_and_a_refused_form_may_come_again(kasubsi: Visitor, database: Database) -> None:
    kasubsi.opens(NEW)
    home = kasubsi.sends(NEW, NEIGHBOUR).headers["location"]
    kasubsi.opens(f"{home}/members/new")
    assert kasubsi.sends(f"{home}/members/new", {"full_name": "1"}).status_code == 422
    person = {"full_name": "Anak Contoh", "relation": "child", **JOINED}
    answers = [kasubsi.sends(f"{home}/members/new", person) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with database.work(database.as_service("tests")) as work:
        named = work.run("SELECT count(*) FROM guyub.member WHERE full_name = 'Anak Contoh'").scalar_one()
    assert named == 1


def test_four_forms_of_one_household_without_a_number_are_one_household(
    visitor: NewVisitor, database: Database
) -> None:
    """Each was opened by itself, so that no form is sent twice: what they say is the same."""
    people = [visitor("kasubsi") for _ in range(4)]
    values = []
    for person in people:
        person.opens(NEW)
        odd = person.sends(NEW, NAMELESS)
        values.append(NAMELESS | {"confirmed": "yes", "csrf_token": person.token} | hidden_in(odd))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: people[n].client.post(NEW, data=values[n]), range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    assert households(database) == 1
    told = next(answer for answer in answers if answer.status_code == 422)
    assert "Keluarga atas nama Darsono Contoh" in text_of(told)


def test_a_member_and_a_survey_that_are_there_already_are_recognised(kasubsi: Visitor, database: Database) -> None:
    kasubsi.opens(NEW)
    home = kasubsi.sends(NEW, NEIGHBOUR).headers["location"]
    person = {"full_name": "Anak Contoh", "relation": "child", **JOINED}
    answers = [kasubsi.fills(f"{home}/members/new", person) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "sudah tercatat sebagai anggota" in text_of(answers[1])
    for _ in range(2):
        assert kasubsi.fills(f"{home}/survey", ANSWERS).status_code == 303
    with database.work(database.as_service("tests")) as work:
        kept = [work.run(f"SELECT count(*) FROM guyub.{table}").scalar_one() for table in ("survey", "member")]
    assert kept == [1, 2]

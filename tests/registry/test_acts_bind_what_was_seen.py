"""Acts of a family, links to inmates and surveys are recorded of what their form showed, or shown anew with what was typed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from guyub.db.unit_of_work import Database
from tests.registry.test_family_acts_pages import ACT, JOINED, audited, with_tutik
from tests.registry.test_registry_pages import ANSWERS, FAMILY, registered
from tests.visits import NewVisitor, Visitor, text_of

DIED = "meninggal menurut surat desa"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def inmates_of(visitor: Visitor, household: str) -> str:
    """The address of the household's one inmate."""
    page = visitor.opens(household).text
    start = page.index(f"{household}/inmates/") + len(f"{household}/inmates/")
    return f"{household}/inmates/{page[start : start + 36]}"


def test_a_death_of_an_older_form_says_what_happened_since_and_keeps_what_was_typed(
    visitor: NewVisitor, kasubsi: Visitor
):
    household = registered(kasubsi, FAMILY | {"adults": "3"})
    tutik = with_tutik(kasubsi, household)
    other = visitor("kasubsi")
    other.opens(f"{tutik}/died")
    kasubsi.lands(kasubsi.fills(f"{tutik}/recipient", _as_recipient(kasubsi, household)))
    answer = other.sends(f"{tutik}/died", ACT | {"reason": DIED})
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Data ini berubah sejak Anda membacanya" in said
    assert "Tutik Contoh (penerima)" in said
    assert DIED in answer.text
    assert other.sends(f"{tutik}/died", ACT | {"reason": DIED}).status_code == 303


def _as_recipient(visitor: Visitor, household: str) -> dict[str, str]:
    inmate = inmates_of(visitor, household).rpartition("/")[2]
    return {
        "occurred_on": "2024-11-10",
        "reason": "Ditunjuk keluarga",
        f"relationships.{inmate}": "mother",
    }


def test_what_happened_to_the_person_meanwhile_is_shown(visitor: NewVisitor, kasubsi: Visitor):
    household = registered(kasubsi, FAMILY | {"adults": "3"})
    tutik = with_tutik(kasubsi, household)
    other = visitor("kasubsi")
    other.opens(f"{tutik}/left")
    kasubsi.lands(kasubsi.fills(f"{tutik}/died", ACT))
    answer = other.sends(f"{tutik}/left", ACT)
    assert answer.status_code == 409
    assert "Tidak lagi di keluarga ini: – → Tutik Contoh" in text_of(answer)


def test_a_status_of_an_older_form_is_not_taken(visitor: NewVisitor, kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    page = f"{inmates_of(kasubsi, household)}/status"
    released = {"status": "released", "occurred_on": "2024-11-10", "reason": "Bebas bersyarat"}
    other = visitor("kasubsi")
    other.opens(page)
    kasubsi.lands(kasubsi.fills(page, released | {"status": "convict"}))
    answer = other.sends(page, released)
    assert answer.status_code == 409
    assert "Budi Contoh: Tahanan → Budi Contoh: Narapidana" in text_of(answer)
    assert "Bebas bersyarat" in answer.text


def test_a_survey_of_an_older_form_shows_the_visit_that_stands_now(visitor: NewVisitor, kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    other = visitor("kasubsi")
    other.opens(f"{household}/survey")
    kasubsi.lands(kasubsi.fills(f"{household}/survey", ANSWERS))
    later = ANSWERS | {"surveyed_on": "2024-11-10", "answer.monthly_income": "750.000"}
    answer = other.sends(f"{household}/survey", later)
    assert answer.status_code == 409
    assert "Survei terakhir: – → 8 November 2024" in text_of(answer)
    assert 'value="750.000"' in answer.text
    assert other.sends(f"{household}/survey", later).status_code == 303


@pytest.mark.parametrize("page", ["survey", "members/new", "inmates/new", "edit"])
def test_a_form_that_does_not_say_what_it_showed_is_old_and_nothing_is_saved(kasubsi: Visitor, page: str):
    household = registered(kasubsi, FAMILY)
    kasubsi.opens(f"{household}/{page}")
    typed = {**FAMILY, **ANSWERS, "full_name": "Tutik Contoh", "inmate.full_name": "Rudi Contoh", "village": "Bendan"}
    answer = kasubsi.client.post(f"{household}/{page}", data={"csrf_token": kasubsi.token, **typed})
    assert answer.status_code == 409
    assert "Formulirnya lama" in text_of(answer)
    said = text_of(kasubsi.opens(household))
    assert not any(name in said for name in ("Tutik Contoh", "Rudi Contoh", "Bendan"))


def test_of_four_deaths_at_once_from_four_forms_one_is_recorded(
    visitor: NewVisitor, kasubsi: Visitor, database: Database
):
    household = registered(kasubsi, FAMILY | {"adults": "3"})
    tutik = with_tutik(kasubsi, household)
    people = [visitor("kasubsi") for _ in range(4)]
    sent = []
    for number, person in enumerate(people):
        person.opens(f"{tutik}/died")
        sent.append(ACT | {"csrf_token": person.token, "reason": f"{DIED} {number}"} | person.shown_by(f"{tutik}/died"))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: people[n].client.post(f"{tutik}/died", data=sent[n]), range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert len(audited(database, "registry.member_died")) == 1


def test_a_member_whose_form_is_older_than_another_s_joining_is_not_counted_twice(
    visitor: NewVisitor, kasubsi: Visitor
):
    household = registered(kasubsi, FAMILY)
    other = visitor("kasubsi")
    other.opens(f"{household}/members/new")
    with_tutik(kasubsi, household)
    answer = other.sends(f"{household}/members/new", {"full_name": "Rina Contoh", **JOINED})
    assert answer.status_code == 409
    assert "Anggota: Siti Contoh Aminah (penerima) → Siti Contoh Aminah (penerima); Tutik Contoh" in text_of(answer)
    assert 'value="Rina Contoh"' in answer.text

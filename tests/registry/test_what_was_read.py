"""Two people with the same form: nobody undoes what the other changed, and nothing that was typed is lost."""

from typing import Any

import pytest

from tests.visits import NewVisitor, Visitor, hidden_in, text_of

from .test_registry_pages import FAMILY, HERE

HOME = {name: value for name, value in FAMILY.items() if not name.startswith("recipient.")} | {
    "rt": "003",
    "rw": "008",
    "adults": "1",
    "family_card": "",
    "phone": "",
    "street": "",
}


@pytest.fixture
def first(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


@pytest.fixture
def second(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


@pytest.fixture
def household(first: Visitor) -> str:
    assert first.opens(f"{HERE}/new").status_code == 200
    page = first.sends(f"{HERE}/new", FAMILY | {"rt": "3"})
    odd = hidden_in(page) if page.status_code == 422 else {}
    answer = first.sends(f"{HERE}/new", FAMILY | {"rt": "3", "confirmed": "yes"} | odd) if odd else page
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def saves(person: Visitor, path: str, values: dict[str, Any]) -> Any:
    """Sends the form of the page in view, hidden fields and all."""
    return person.sends(path, hidden_in(person.page) | values)


def held(person: Visitor, path: str, name: str) -> str:
    page = person.opens(path).text
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_an_older_form_says_what_changed_and_keeps_what_was_typed(
    first: Visitor, second: Visitor, household: str
) -> None:
    edit = f"{household}/edit"
    first.opens(edit)
    second.opens(edit)
    assert saves(second, edit, HOME | {"rt": "011", "adults": "5", "phone": "0812-1111-2222"}).status_code == 303

    refused = saves(first, edit, HOME | {"village": "Bandengan"})
    told = text_of(refused)
    assert refused.status_code == 409
    assert "RT: 003 → 011 (Kasubsi Contoh Satu" in told
    assert "Dewasa (18–59 tahun): 1 → 5" in told
    assert "Telepon: – → diganti" in told
    assert 'name="village" value="Bandengan"' in refused.text
    assert held(second, edit, "village") == "Krapyak"

    again = saves(first, edit, HOME | {"rt": "011", "adults": "5", "village": "Bandengan"})  # as the form shows it now
    assert 'name="rt" value="011"' in refused.text
    assert again.status_code == 303
    assert (held(second, edit, "rt"), held(second, edit, "village")) == ("011", "Bandengan")


def test_a_changed_inmate_is_a_change_of_the_household(first: Visitor, second: Visitor, household: str) -> None:
    edit = f"{household}/edit"
    first.opens(edit)
    second.opens(edit)
    assert saves(second, edit, HOME | {"inmate.full_name": "Budiman Contoh"}).status_code == 303
    refused = saves(first, edit, HOME | {"rw": "009"})
    assert refused.status_code == 409
    assert "Nama warga binaan: Budi Contoh → Budiman Contoh" in text_of(refused)


def test_a_member_and_the_way_out_of_the_list_are_of_what_was_read(
    first: Visitor, second: Visitor, household: str
) -> None:
    first.opens(household)
    member = first.page.text.partition(f"{household}/members/")[2].partition('"')[0]
    if member == "new":
        member = first.page.text.partition(f"{household}/members/new")[2].partition(f"{household}/members/")[2]
        member = member.partition('"')[0]
    path = f"{household}/members/{member}"
    person = {"full_name": "Siti Contoh Aminah", "sex": "female", "relation": "wife"}
    first.opens(path)
    second.opens(path)
    assert saves(second, path, person | {"relation": "head"}).status_code == 303
    refused = saves(first, path, person | {"full_name": "Siti Aminah Contoh"})
    assert refused.status_code == 409
    assert "Hubungan dalam KK: Istri → Kepala keluarga" in text_of(refused)
    assert 'value="Siti Aminah Contoh"' in refused.text

    first.opens(f"{household}/archive")
    second.opens(f"{household}/edit")
    assert saves(second, f"{household}/edit", HOME | {"adults": "4"}).status_code == 303
    refused = saves(first, f"{household}/archive", {"reason": "Pindah ke Contoh"})
    assert refused.status_code == 409
    assert "Dewasa (18–59 tahun): 1 → 4" in text_of(refused)
    assert "Pindah ke Contoh" in refused.text
    assert saves(first, f"{household}/archive", {"reason": "Pindah ke Contoh"}).status_code == 303

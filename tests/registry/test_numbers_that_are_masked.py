"""What a page shows of a number that is kept sealed can be typed back: the number stays, and nothing else is taken for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.db.unit_of_work import Database
from guyub.registry.nik import mask
from guyub.registry.pages import forms
from guyub.registry.schemas import ChangeMember
from tests.visits import NewVisitor, Visitor

from .test_registry_pages import FAMILY, error_at, registered

NIKS = st.from_regex(r"[0-9]{16}", fullmatch=True)
SPACES = st.text(" \t\u00a0", max_size=3)


def typed(nik: str, kept: str) -> tuple[ChangeMember | None, list[str]]:
    """What the form of a member makes of a NIK, where ``kept`` is the one that is kept."""
    form = {"full_name": "Siti Contoh", "nik": nik}
    command, problems = forms.checked(ChangeMember, forms.changed_member(form, mask(kept)))
    return command, [problem.field for problem in problems]


@given(nik=NIKS, before=SPACES, after=SPACES)
def test_a_masked_number_that_is_typed_back_keeps_what_there_is(nik: str, before: str, after: str):
    command, problems = typed(f"{before}{mask(nik)}{after}", nik)
    assert problems == []
    assert command is not None
    assert command.nik is None


@given(nik=NIKS, other=NIKS)
def test_the_mask_of_another_number_is_refused_and_a_whole_number_is_taken(nik: str, other: str):
    command, problems = typed(other, nik)
    assert command is not None
    assert (command.nik, problems) == (other, [])
    if mask(other) != mask(nik):
        assert typed(mask(other), nik) == (None, ["nik"])


@given(nik=NIKS)
def test_a_mask_shows_the_district_and_the_serial_and_nothing_else(nik: str):
    assert mask(nik) == f"{nik[:4]}••••••••{nik[12:]}"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def sealed(database: Database) -> list[Any]:
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        return [tuple(row) for row in work.run("SELECT nik_index, nik_cipher, full_name FROM guyub.member").all()]


def test_a_form_that_is_saved_with_the_mask_keeps_the_number(kasubsi: Visitor, database: Database):
    household = registered(kasubsi, FAMILY)
    before = sealed(database)
    page = kasubsi.opens(household).text
    member = f"{household}/members/" + page.split(f"{household}/members/")[1].split('"')[0]
    saved = {"full_name": "Siti Contoh", "sex": "female", "relation": "wife", "nik": mask(FAMILY["recipient.nik"])}
    kasubsi.lands(kasubsi.fills(member, saved))
    [(index, cipher, name)] = sealed(database)
    assert [(index, cipher)] == [(row[0], row[1]) for row in before]
    assert name == "Siti Contoh"
    assert error_at(kasubsi.fills(member, saved | {"nik": mask("3375014708909902")}), "nik")


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("Siti Contoh Aminah", True),
        ("aminah siti", True),
        ("Contoh, Aminah Siti", True),
        ("ami sit", True),
        ("Siti Darsono", False),
        ("Siti Aminah Budi", False),
        ("Budi Contoh", True),
    ],
)
def test_a_search_finds_who_has_all_the_words_in_any_order(kasubsi: Visitor, asked: str, is_found: bool):
    registered(kasubsi, FAMILY)
    page = kasubsi.lands(kasubsi.fills("/f/rutan-pekalongan/households", {"name": asked})).text
    assert ("Siti Contoh Aminah" in page) is is_found

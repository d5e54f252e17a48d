"""Names as people search for them, and whether two names are one person's."""

import pytest

from guyub.db.unit_of_work import Database
from guyub.sdk.searching import folded, holds, person_key, search_key

NURAINI = [
    "Nur Aini",
    "Nuraini",
    "Nur'aini",
    "Nur’aini",
    "NUR AINI",
    "nur-aini",
    "Nur\u200baini",
    "Núr Ainì",
    "Nur\u00a0Aini",
]
NAMES = [
    *NURAINI,
    "Kembar 2",
    "100 %",
    "_",
    "Ｎｕｒ",
    "ꦱꦶꦠꦶ",
    "孟子",
    "H. Ahmad, S.H., M.H.",
    "Drs. H. Ahmad",
    "Hj. Siti",
    "H",
    "",
    "Straße",
]


@pytest.mark.parametrize("name", NURAINI)
def test_spaces_apostrophes_accents_and_large_letters_make_no_difference(name: str):
    assert search_key(name) == "nuraini"
    assert holds(f"Siti {name} Contoh", "nuraini")
    assert holds("Siti Nuraini Contoh", name)


def test_a_sign_that_is_no_letter_is_looked_for_as_it_is():
    assert holds("naik 10 % sekaligus", "%")
    assert not holds("Siti Contoh", "%")
    assert not holds("Siti Contoh", "_")


@pytest.mark.parametrize(
    "name",
    [
        "Ahmad Contoh",
        "H. Ahmad Contoh",
        "Drs. H. AHMAD CONTOH, S.H., M.H.",
        "ahmad  contoh",
        "Ahmad Contoh,S.Sos",
        "Bpk. Ahmad Contoh",
    ],
)
def test_titles_before_a_name_and_degrees_behind_it_do_not_make_another_person(name: str):
    assert person_key(name) == "ahmadcontoh"


def test_a_name_that_is_a_title_stays_a_name():
    assert person_key("Ir") == "ir"
    assert person_key("H. Dra") == "dra"


def test_the_database_compares_as_the_pages_do(database: Database):
    with database.work(database.as_service("tests")) as work:
        for name in NAMES:
            row = work.run(
                "SELECT guyub.folded(:name), guyub.search_key(:name), guyub.person_key(:name)", name=name
            ).one()
            assert tuple(row) == (folded(name), search_key(name), person_key(name)), name

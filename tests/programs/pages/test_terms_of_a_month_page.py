"""The page of quota and package: what holds, what the settings say, and a change with its reason."""

import pytest

from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

from .conftest import Books

TERMS = "/f/rutan-pekalongan/cycles/2024-11/terms"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def test_the_quota_is_changed_with_a_reason(kasubsi: Visitor, selected: Cycle, books: Books):
    assert TERMS in kasubsi.opens("/f/rutan-pekalongan/cycles/2024-11/").text
    hidden = hidden_in(kasubsi.opens(TERMS))
    answer = kasubsi.sends(TERMS, hidden | {"quota": "7", "reason": "CSR lagi."})
    assert "Kuota dan isi bantuan disimpan" in kasubsi.follows(answer)
    assert books.cycle().quota == 7
    assert "Kuota diubah dari 5 menjadi 7." in kasubsi.reads("/f/rutan-pekalongan/cycles/2024-11/")


def test_a_quota_of_more_than_the_candidates_is_said(kasubsi: Visitor, selected: Cycle, books: Books):
    hidden = hidden_in(kasubsi.opens(TERMS))
    answer = kasubsi.sends(TERMS, hidden | {"quota": "1.000", "reason": "CSR lagi."})
    assert "Kuotanya lebih dari calon yang memenuhi syarat (12)." in kasubsi.follows(answer)
    assert books.cycle().quota == 1_000


@pytest.mark.parametrize(
    ("quota", "reason"), [("lima", "CSR lagi."), ("7", ""), ("5", "CSR lagi."), ("0", "CSR lagi.")]
)
def test_what_was_typed_stays_beside_what_is_wrong(
    kasubsi: Visitor, selected: Cycle, books: Books, quota: str, reason: str
):
    hidden = hidden_in(kasubsi.opens(TERMS))
    answer = kasubsi.sends(TERMS, hidden | {"quota": quota, "reason": reason})
    assert answer.status_code == 422
    assert f'value="{quota}"' in answer.text
    assert reason in answer.text
    assert books.cycle().quota == 5


def test_an_older_form_shows_what_changed_and_keeps_what_was_typed(kasubsi: Visitor, selected: Cycle, books: Books):
    old = hidden_in(kasubsi.opens(TERMS))
    kasubsi.sends(TERMS, old | {"quota": "7", "reason": "CSR lagi."})
    answer = kasubsi.sends(TERMS, old | {"quota": "9", "reason": "CSR lain."})
    assert answer.status_code == 409
    assert 'value="9"' in answer.text
    assert "CSR lain." in text_of(answer)
    assert books.cycle().quota == 7


def test_after_the_proposal_it_leads_back_to_the_month(kasubsi: Visitor, proposed: Cycle):
    assert "hanya selama bulan direncanakan" in text_of(kasubsi.lands(kasubsi.opens(TERMS)))

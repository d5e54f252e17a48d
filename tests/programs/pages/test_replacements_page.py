"""The page of reserves: staff propose the next one, the approver confirms in one press, the list shows who came in."""

from typing import Any

import pytest

from guyub.programs import distribution, replacements
from guyub.programs.cycles import Cycle
from guyub.registry import service as registry
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

from .conftest import Books

NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"
PAGE = f"{NOVEMBER}/replacements"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def waiting(books: Books) -> Any:
    with books.rutan.work_of("karutan") as work:
        return replacements.of_cycle(work, books.cycle())


def test_proposed_by_staff_and_confirmed_in_one_press(
    kasubsi: Visitor, visitor: NewVisitor, approved: Cycle, books: Books
):
    second = books.recipients()[1].name
    hidden = hidden_in(kasubsi.opens(f"{PAGE}?number=2"))
    answer = kasubsi.sends(PAGE, hidden | {"reason": "Pindah ke luar kota."})
    assert "Penggantian diusulkan" in kasubsi.follows(answer)
    [line] = waiting(books)
    karutan = visitor("karutan")
    assert "1 penggantian menunggu pengesahan" in karutan.reads(f"{NOVEMBER}/")
    page = karutan.reads(PAGE)
    assert f"{second} → {line.comes}" in page
    assert "Pindah ke luar kota." in page
    karutan.lands(karutan.sends(f"{PAGE}/{line.id}/confirm"))
    assert [row.name for row in books.recipients()][1] == line.comes
    assert "Satu penerima diganti dengan cadangan." in kasubsi.reads(f"{NOVEMBER}/")


def test_a_second_press_says_that_it_is_decided(kasubsi: Visitor, visitor: NewVisitor, approved: Cycle, books: Books):
    hidden = hidden_in(kasubsi.opens(f"{PAGE}?number=2"))
    kasubsi.sends(PAGE, hidden | {"reason": "Pindah."})
    [line] = waiting(books)
    karutan = visitor("karutan")
    karutan.opens(PAGE)
    karutan.sends(f"{PAGE}/{line.id}/decline")
    assert karutan.sends(f"{PAGE}/{line.id}/confirm").status_code == 409
    assert waiting(books)[0].confirmed is False


def test_without_a_reason_nothing_is_proposed_and_the_place_stays_in_view(
    kasubsi: Visitor, approved: Cycle, books: Books
):
    hidden = hidden_in(kasubsi.opens(f"{PAGE}?number=2"))
    answer = kasubsi.sends(PAGE, hidden | {"reason": ""})
    assert answer.status_code == 422
    assert books.recipients()[1].name in text_of(answer)
    assert waiting(books) == []


def test_another_reserve_than_was_read_is_shown_before_it_is_proposed(kasubsi: Visitor, approved: Cycle, books: Books):
    one, two = hidden_in(kasubsi.opens(f"{PAGE}?number=1")), hidden_in(kasubsi.opens(f"{PAGE}?number=2"))
    kasubsi.sends(PAGE, one | {"reason": "Pindah."})
    assert kasubsi.sends(PAGE, two | {"reason": "Meninggal dunia."}).status_code == 409
    assert len(waiting(books)) == 1


@pytest.mark.parametrize("number", ["99", "abc", "-1", "1" * 30])
def test_a_number_that_does_not_wait_is_answered_in_words(kasubsi: Visitor, approved: Cycle, number: str):
    assert "tidak menunggu penyerahan" in kasubsi.reads(f"{PAGE}?number={number}")


def test_the_approver_alone_sees_the_button_to_confirm(kasubsi: Visitor, approved: Cycle, books: Books):
    hidden = hidden_in(kasubsi.opens(f"{PAGE}?number=2"))
    page = kasubsi.lands(kasubsi.sends(PAGE, hidden | {"reason": "Pindah."}))
    assert "/confirm" not in page.text
    assert "/decline" in page.text
    [line] = waiting(books)
    assert kasubsi.sends(f"{PAGE}/{line.id}/confirm").status_code == 403


def gone(books: Books, household: Any) -> None:
    with books.rutan.work_of("kasubsi") as work:
        registry.archive(work, household, "Pindah rumah.")


def test_places_that_nobody_can_take_are_listed_with_why(kasubsi: Visitor, begun: Cycle, books: Books):
    [first, second, *_] = books.recipients()
    with books.rutan.work_of("kasubsi") as work:
        household = work.run("SELECT household_id FROM guyub.entitlement WHERE id = :id", id=first.id).scalar_one()
        distribution.mark_absent(work, books.cycle(), [second.id], "Tidak datang.")
    gone(books, household)
    page = kasubsi.reads(PAGE)
    assert f"{first.number}. {first.name} : tidak aktif lagi" in page
    assert f"{second.number}. {second.name} : tidak hadir" in page
    kasubsi.sends(PAGE, hidden_in(kasubsi.opens(f"{PAGE}?number={second.number}")) | {"reason": "Tidak datang."})
    assert f"{second.number}. {second.name} : tidak hadir" not in kasubsi.reads(PAGE)


def test_a_reserve_that_cannot_come_any_more_is_declined_and_not_confirmed(
    kasubsi: Visitor, visitor: NewVisitor, approved: Cycle, books: Books
):
    kasubsi.sends(PAGE, hidden_in(kasubsi.opens(f"{PAGE}?number=2")) | {"reason": "Pindah rumah."})
    [line] = waiting(books)
    karutan = visitor("karutan")
    assert f"{line.id}/confirm" in karutan.opens(PAGE).text
    gone(books, line.comes_household)
    page = karutan.opens(PAGE)
    assert f"{line.id}/confirm" not in page.text
    assert "Cadangan ini tidak dapat masuk lagi" in text_of(page)
    assert f"{line.id}/decline" in page.text

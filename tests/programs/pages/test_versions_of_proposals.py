"""A decision binds what was seen: approved or returned is the proposal that was read, or nothing at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest

from guyub.demo.month import Rutan
from guyub.programs import cycles, proposal, selection
from guyub.programs.cycles import Cycle
from guyub.programs.labels import STATES
from tests import worlds
from tests.programs.pages.conftest import Books
from tests.visits import NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
APPROVAL, RETURN, CANCEL = f"{MONTH}/approval", f"{MONTH}/return", f"{MONTH}/cancel"


def proposed_anew(rutan: Rutan, books: Books, *, swap: bool = True, funds: list[str] | None = None) -> tuple[str, str]:
    """The proposer takes the list back, swaps its last family for another one, and proposes it again: (who came, who went)."""
    with rutan.work_of("kasubsi") as work:
        cycle = books.cycle()
        proposal.return_proposal(work, cycle, "diperbaiki", version=cycle.version)
    last, other = books.candidates("selected")[-1], books.candidates("candidate")[0]
    with rutan.work_of("kasubsi") as work:
        cycle = books.cycle()
        if swap:
            selection.choose(work, cycle, last.id, False, "sudah dibantu desa")
            selection.choose(work, cycle, other.id, True, "mendesak")
        if funds is not None:
            cycles.choose_funds(work, cycle, funds)
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, cycle)
    return other.name, last.name


def test_an_approval_of_an_older_proposal_is_refused_and_shows_who_came_and_who_went(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    came, went = proposed_anew(rutan, books)
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page))
    assert answer.status_code == 409
    assert f"Masuk: {came}" in text_of(answer)
    assert f"Keluar: {went}" in text_of(answer)
    assert books.cycle().state == "proposed"
    karutan.follows(karutan.sends(APPROVAL, hidden_in(karutan.page)))
    assert books.cycle().state == "approved"


def test_other_funds_are_shown_too(visitor: NewVisitor, rutan: Rutan, funds: list[str], proposed: Cycle, books: Books):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    proposed_anew(rutan, books, swap=False, funds=funds[::-1])
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page))
    assert answer.status_code == 409
    assert "Dana: " in text_of(answer)
    assert "Masuk:" not in text_of(answer)


def test_another_day_is_another_proposal(visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    with rutan.work_of("kasubsi") as work:
        cycles.plan_distribution(work, proposed, date(2024, 11, 23), time(9), "Lapangan")
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page))
    assert answer.status_code == 409
    assert "16 November 2024, 09.00 → 23 November 2024, 09.00" in text_of(answer)
    assert "Aula Rutan → Lapangan" in text_of(answer)


def test_a_proposal_that_came_again_unchanged_is_read_again(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    proposed_anew(rutan, books, swap=False)
    assert karutan.sends(APPROVAL, hidden_in(karutan.page)).status_code == 409


@pytest.mark.parametrize("sent", ["", "0", "-1", "999999", "9" * 40, "x", "٣"])
def test_a_form_without_the_version_that_stands_decides_nothing(
    visitor: NewVisitor, proposed: Cycle, books: Books, sent: str
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    for path in (APPROVAL, RETURN):
        assert karutan.sends(path, {"version": sent, "reason": "periksa lagi"}).status_code == 409
    assert books.cycle().state == "proposed"


def test_a_return_of_an_older_proposal_is_refused_and_keeps_the_reason(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    came, went = proposed_anew(rutan, books)
    answer = karutan.sends(RETURN, hidden_in(karutan.page) | {"reason": "tambahkan tetangga"})
    assert answer.status_code == 409
    assert f"Masuk: {came}" in text_of(answer)
    assert f"Keluar: {went}" in text_of(answer)
    assert "tambahkan tetangga" in answer.text
    assert books.cycle().state == "proposed"
    karutan.follows(karutan.sends(RETURN, hidden_in(karutan.page) | {"reason": "tambahkan tetangga"}))
    assert books.cycle().state == "planned"


def test_a_month_is_cancelled_as_it_was_read_or_not_at_all(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(CANCEL)
    came, went = proposed_anew(rutan, books)
    form = hidden_in(karutan.page) | {"reason": "banjir"}
    for sent in (form, form | {"version": ""}, form | {"version": "999999"}):
        assert karutan.sends(CANCEL, sent).status_code == 409
        assert books.cycle().state == "proposed"
    answer = karutan.sends(CANCEL, form)
    assert f"Masuk: {came}" in text_of(answer)
    assert f"Keluar: {went}" in text_of(answer)
    assert f"Tahapnya sekarang: {STATES['proposed'].id}." in text_of(answer)
    assert "banjir" in answer.text
    karutan.follows(karutan.sends(CANCEL, hidden_in(karutan.page) | {"reason": "banjir"}))
    assert books.cycle().state == "cancelled"


def test_who_read_a_proposal_does_not_cancel_an_approved_list(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.reads(f"{MONTH}/")
    karutan.opens(f"{CANCEL}?version={proposed.version}")
    with rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, proposed, worlds.APPROVED, version=proposed.version)
    answer = karutan.sends(CANCEL, hidden_in(karutan.page) | {"reason": "banjir"})
    assert answer.status_code == 409
    assert f"Tahapnya sekarang: {STATES['approved'].id}." in text_of(answer)
    assert "senilai Rp" in text_of(answer)
    assert books.cycle().state == "approved"


def test_four_presses_at_once_count_once(visitor: NewVisitor, rutan: Rutan, proposed: Cycle):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    form = hidden_in(karutan.page)
    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(lambda _: karutan.sends(APPROVAL, form).status_code, range(4)))
    assert answers == [303, 409, 409, 409]
    with rutan.work_of("karutan") as work:
        assert work.run("SELECT count(*) FROM guyub.journal WHERE kind = 'reservation'").scalar_one() == 1


def test_reasons_stand_beside_the_names_for_who_decides_and_for_nobody_else(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    came, went = proposed_anew(rutan, books)
    page = visitor("karutan").reads(f"{APPROVAL}?version={proposed.version}")
    assert f"Masuk: {came} (mendesak)" in page
    assert f"Keluar: {went} (sudah dibantu desa)" in page
    page = visitor("kasubsi").reads(f"{RETURN}?version={proposed.version}")
    assert f"Masuk: {came}" in page
    assert "mendesak" not in page


def test_an_approval_of_a_returned_proposal_says_who_returned_it_and_why(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    with rutan.work_of("kasubsi") as work:
        proposal.return_proposal(work, proposed, "alamat keliru", version=proposed.version)
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page))
    assert answer.status_code == 409
    assert "dikembalikan oleh Kasubsi Contoh Satu: alamat keliru" in text_of(answer)
    assert f'href="{MONTH}/"' in answer.text
    assert books.cycle().state == "planned"

"""The book of a fund is closed month by month; what was closed stays as it was, and a late paper is booked on its own day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo.month import DemoReceipt
from guyub.funds import book_closing, promises, purchases, queries, receipts
from guyub.funds.book_closing import ClosedBook
from guyub.funds.note_division import BookedItem
from guyub.programs import distribution, proposal
from guyub.programs import queries as programs
from guyub.sdk.errors import Forbidden, Refusal
from tests import worlds
from tests.worlds import APPROVED, RECEIVED, World, gift

NOVEMBER, DECEMBER = date(2024, 11, 1), date(2024, 12, 1)
TODAY = date(2024, 12, 3)


@pytest.fixture
def gifts(cluster: Any) -> Iterator[World]:
    """A fund with Rp2.000.000 of 5 November, and rice that was bought from it for Rp390.000 on the 13th."""
    with worlds.a_world(cluster, "hibah", "paket") as made:
        rutan = made.pekalongan
        rutan.register(worlds.families.PEKALONGAN, worlds.SURVEYED)
        rutan.receive([gift("UANG", 2_000_000)], RECEIVED)
        yield made


def closed(world: World, month: date, on: date = TODAY, *, counted: int | None = None, why: str = "") -> ClosedBook:
    with world.pekalongan.work_of("pengelola") as work:
        fund = queries.fund(work, "UANG")
        counted = counted if counted is not None else book_closing.book_of_month(work, fund.id, month).balance
        return book_closing.close(work, "UANG", month, on, cash_in_hand=counted, bank=0, explanation=why)


def received(world: World, on: str, money: int = 100_000, *, late: bool, today: date = TODAY) -> None:
    income: DemoReceipt = gift("UANG", money, received_on=on)
    with world.pekalongan.work_of("pengelola") as work:
        receipts.receive(work, world.plugins, "hibah", "gifts", "gift", income.form, today, late=late)


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def book(world: World) -> list[queries.CashRow]:
    with world.pekalongan.work_of("pengelola") as work:
        return queries.cash_book(work, queries.fund(work, "UANG").id)


def problems(world: World) -> tuple[str, ...]:
    with world.database.work(world.database.as_service("tests", "rutan-pekalongan")) as work:
        return queries.check_ledger(work).problems


def test_months_are_closed_in_order_once_they_are_over_and_once(gifts: World):
    assert refused(closed, gifts, DECEMBER) == "funds.out_of_order"
    assert refused(closed, gifts, NOVEMBER, date(2024, 11, 30)) == "funds.month_not_over"
    november = closed(gifts, NOVEMBER)
    assert (november.opening, november.received, november.paid, november.balance) == (0, 2_000_000, 0, 2_000_000)
    assert refused(closed, gifts, NOVEMBER) == "funds.closed_before"
    assert refused(closed, gifts, DECEMBER) == "funds.month_not_over"
    assert closed(gifts, DECEMBER, date(2025, 1, 2)).opening == 2_000_000
    assert problems(gifts) == ()


def test_a_difference_between_count_and_book_is_explained(gifts: World):
    assert refused(closed, gifts, NOVEMBER, counted=1_900_000) == "funds.count_differs"
    kept = closed(gifts, NOVEMBER, counted=1_900_000, why="Rp100.000 masih di bendahara pengganti")
    assert (kept.balance, kept.difference) == (2_000_000, -100_000)


def test_who_may_not_close_does_not(gifts: World):
    with pytest.raises(Refusal) as refusal, gifts.pekalongan.work_of("kasubsi") as work:
        book_closing.close(work, "UANG", NOVEMBER, TODAY, cash_in_hand=2_000_000, bank=0)
    assert isinstance(refusal.value, Forbidden)


def test_a_late_receipt_is_refused_with_its_remedy_and_booked_today_under_its_day(gifts: World):
    """Rows T1 and T2: a receipt of 20 November after November was closed."""
    closed(gifts, NOVEMBER)
    with pytest.raises(Refusal) as refusal:
        received(gifts, "2024-11-20", late=False)
    assert refusal.value.code == "funds.book_closed"
    assert "1 Desember 2024" in refusal.value.remedy.id
    received(gifts, "2024-11-20", late=True)
    assert [(row.on, row.late_for, row.voucher) for row in book(gifts)] == [
        (date(2024, 11, 5), None, "BKM-001/2024"),
        (TODAY, date(2024, 11, 20), "BKM-002/2024"),
    ]
    assert problems(gifts) == ()


def test_what_is_not_late_is_booked_on_its_own_day(gifts: World):
    received(gifts, "2024-11-20", late=True)
    assert [(row.on, row.late_for) for row in book(gifts)][-1] == (date(2024, 11, 20), None)


def test_a_late_note_is_booked_today_and_its_goods_came_on_its_day(gifts: World):
    cycle = worlds.approved(gifts.pekalongan, "paket", ["UANG"])
    closed(gifts, NOVEMBER)
    bought = [BookedItem("beras", Decimal(10), 100_000)]

    def buys(late_on: date | None) -> None:
        with gifts.pekalongan.work_of("pengelola") as work:
            on = date(2024, 11, 13)
            purchases.buy(work, cycle.id, bought, supplier="Toko", evidence="Nota 1", on=on, late_on=late_on)

    assert refused(buys, None) == "funds.book_closed"
    buys(TODAY)
    assert (book(gifts)[-1].on, book(gifts)[-1].late_for) == (TODAY, date(2024, 11, 13))
    with gifts.pekalongan.work_of("pengelola") as work:
        assert [lot.received_on for lot in queries.stock(work)] == [date(2024, 11, 13)]
    assert problems(gifts) == ()


def test_a_hand_over_of_a_closed_month_is_undone_in_the_month_in_hand(gifts: World):
    rutan = gifts.pekalongan
    cycle = worlds.approved(rutan, "paket", ["UANG"])
    with rutan.work_of("pengelola") as work:
        needed = promises.to_buy(work, cycle.id)
        bought = [BookedItem(line.item, line.quantity, line.held) for line in needed]
        purchases.buy(work, cycle.id, bought, supplier="Toko", evidence="Nota 1", on=APPROVED)
    worlds.served(rutan, cycle)
    before = closed(gifts, NOVEMBER)
    with rutan.work_of("kasubsi") as work:
        [first, *_] = programs.recipients(work, cycle)
        distribution.undo(work, cycle, first.id, "salah orang", TODAY)
    assert problems(gifts) == ()
    with rutan.work_of("pengelola") as work:
        assert book_closing.closed_books(work, queries.fund(work, "UANG").id) == [before]


def test_a_fund_pays_on_the_days_of_its_terms(gifts: World):
    """Row T7: usable until 9 December, planned for the 20th."""
    rutan = gifts.pekalongan
    rutan.receive([gift("TERIKAT", 5_000_000, usable_until="2024-11-14")], RECEIVED)
    assert refused(worlds.proposed, rutan, "paket", ["TERIKAT"]) == "funds.after_terms"  # planned for the 16th
    cycle = worlds.proposed(rutan, "paket", ["UANG"])
    with rutan.work_of("karutan") as work:
        proposal.approve(work, gifts.plugins, cycle, APPROVED, version=cycle.version)


def test_books_that_wait_are_counted_until_they_are_closed(gifts: World):
    def waiting(today: date) -> list[tuple[str, date, int]]:
        with gifts.pekalongan.work_of("pengelola") as work:
            return [(book.code, book.month, book.months) for book in book_closing.waiting(work, today)]

    assert waiting(date(2024, 11, 30)) == []
    assert waiting(TODAY) == [("UANG", NOVEMBER, 1)]
    assert waiting(date(2025, 1, 2)) == [("UANG", NOVEMBER, 2)]
    closed(gifts, NOVEMBER)
    assert waiting(TODAY) == []
    assert waiting(date(2025, 1, 2)) == [("UANG", DECEMBER, 1)]


def closed_through(world: World, month: date, through: date, on: date, counted: int) -> ClosedBook:
    with world.pekalongan.work_of("pengelola") as work:
        return book_closing.close(work, "UANG", month, on, cash_in_hand=counted, bank=0, through=through)


def closings(world: World) -> list[tuple[date, int, int]]:
    with world.pekalongan.work_of("pengelola") as work:
        closed_months = book_closing.closed_books(work, queries.fund(work, "UANG").id)
    return [(closing.month, closing.balance, closing.cash_in_hand) for closing in reversed(closed_months)]


def test_months_without_entries_are_closed_in_one_act(gifts: World):
    """A gift of November, one of February: the months between and after them have no entries."""
    january, february, april = date(2025, 1, 1), date(2025, 2, 1), date(2025, 4, 1)
    today = date(2025, 5, 2)
    received(gifts, "2025-02-10", 500_000, late=False, today=today)
    with gifts.pekalongan.work_of("pengelola") as work:
        closable = book_closing.closable(work, queries.fund(work, "UANG").id, today)
    assert [(month.month, month.lines, month.balance) for month in closable] == [
        (NOVEMBER, 1, 2_000_000),
        (DECEMBER, 0, 2_000_000),
        (january, 0, 2_000_000),
    ]
    assert refused(closed_through, gifts, NOVEMBER, february, today, 2_500_000) == "funds.months_with_entries"
    assert refused(closed_through, gifts, NOVEMBER, january, today, 1) == "funds.count_differs"
    assert refused(closed_through, gifts, NOVEMBER, date(2025, 5, 1), today, 1) == "funds.month_not_over"
    assert refused(closed_through, gifts, DECEMBER, january, today, 2_000_000) == "funds.out_of_order"
    assert closings(gifts) == []
    closed_through(gifts, NOVEMBER, DECEMBER, today, 2_000_000)
    last = closed_through(gifts, january, april, today, 2_500_000)
    assert (last.month, last.opening, last.balance) == (april, 2_500_000, 2_500_000)
    assert closings(gifts) == [
        (NOVEMBER, 2_000_000, 2_000_000),
        (DECEMBER, 2_000_000, 2_000_000),
        (january, 2_000_000, 2_000_000),  # what was counted last stands: nothing has moved
        (february, 2_500_000, 2_500_000),
        (date(2025, 3, 1), 2_500_000, 2_500_000),
        (april, 2_500_000, 2_500_000),
    ]
    assert problems(gifts) == ()

"""A note may be dearer than what is reserved for it by the configured tolerance, out of the free money of its fund."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo.month import Rutan
from guyub.funds import cancelled_purchases, purchase_check, queries
from guyub.funds.note_division import BookedItem, TooDear
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.funds.notes import ON, buys, fund, month_of_one_fund
from tests.visits import NewVisitor, text_of
from tests.worlds import PEKALONGAN, World

SHOPPING = "/f/rutan-pekalongan/funds/purchases/2024-11"


@pytest.fixture
def month(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    with month_of_one_fund(cluster) as made:
        yield made


def test_without_a_tolerance_one_rupiah_more_needs_an_approval(month: tuple[World, Cycle]):
    with pytest.raises(TooDear) as refused:
        buys(month[0].pekalongan, month[1], ("gula", "5", 90_661))
    assert (refused.value.code, refused.value.needed()) == ("funds.dearer_than_reserved", {"gula": 1})


def test_a_note_draws_on_free_money_up_to_its_tolerance_and_not_a_rupiah_more(month: tuple[World, Cycle]):
    world, cycle = month
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=5)
    rutan = world.pekalongan
    free, reserved, _ = fund(rutan)
    with pytest.raises(TooDear) as refused:
        buys(rutan, cycle, ("gula", "5", 90_660 + 4_533 + 1))
    assert (refused.value.code, refused.value.needed()) == ("funds.beyond_tolerance", {"gula": 1})
    assert "Toleransi 5% menutup Rp4.533; yang masih kurang: Gula pasir" in refused.value.what.id
    buys(rutan, cycle, ("gula", "5", 90_660 + 4_533))
    assert fund(rutan) == (free - 4_533, reserved - 90_660, 95_193)


def test_what_a_note_saves_is_used_before_the_tolerance_of_the_whole_note(month: tuple[World, Cycle]):
    world, cycle = month
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=1)
    buys(world.pekalongan, cycle, ("minyak", "5", 100_000), ("gula", "5", 90_660 + 5_050 + 1_957))
    assert fund(world.pekalongan)[2] == 100_000 + 97_667


def test_the_tolerance_is_that_of_the_day_of_the_note_and_a_lock_above_holds(month: tuple[World, Cycle]):
    world, cycle = month
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=20)
    worlds.configure_region(world.database, "bansos", "jawa-tengah", date(2024, 11, 15), locked=True, price_tolerance=0)
    with pytest.raises(TooDear):
        buys(world.pekalongan, cycle, ("gula", "5", 92_000), on=date(2024, 11, 15))
    buys(world.pekalongan, cycle, ("gula", "5", 92_000))


def test_the_tolerance_ends_with_the_free_money(month: tuple[World, Cycle]):
    world, cycle = month
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=100)
    free = fund(world.pekalongan)[0]
    with pytest.raises(TooDear):
        buys(world.pekalongan, cycle, ("beras", "25", 391_825 + free + 1))
    buys(world.pekalongan, cycle, ("beras", "25", 391_825 + free))
    assert fund(world.pekalongan)[0] == 0


def test_a_note_within_the_tolerance_is_checked_and_cancelled_as_a_whole(month: tuple[World, Cycle]):
    world, cycle = month
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=5)
    rutan = world.pekalongan
    before = fund(rutan)
    items = [BookedItem("gula", Decimal(5), 93_160)]
    with rutan.work_of("pengelola") as work:
        note = purchase_check.check(work, cycle.id, items, supplier="Toko", evidence="Nota 1", on=ON)
        assert (note.tolerated, note.tolerance, note.items[0].left, note.items[0].held) == (2_500, 5, 0, 0)
    buys(rutan, cycle, ("gula", "5", 93_160))
    with rutan.work_of("pengelola") as work:
        booked = cancelled_purchases.note_of(work, cycle.id, 2024, 1)
        cancelled_purchases.cancel(work, cycle.id, booked, reason="salah", on=ON)
    assert fund(rutan) == before


def test_the_tolerance_lifts_no_month_above_what_one_may_approve(month: tuple[World, Cycle]):
    world, cycle = month
    rutan = world.pekalongan
    _, reserved, _ = fund(rutan)
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=5, second_approval_above=reserved + 3_000)
    buys(rutan, cycle, ("gula", "5", 90_660 + 2_000))
    before = fund(rutan)
    with pytest.raises(Refusal) as refused:
        buys(rutan, cycle, ("minyak", "5", 105_050 + 1_001), note="Nota 2")
    assert refused.value.code == "programs.tolerance_needs_approvers"
    assert fund(rutan) == before
    buys(rutan, cycle, ("minyak", "5", 105_050 + 1_000), note="Nota 2")


def test_the_page_says_what_a_note_takes_of_free_money(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    with rutan.work_of("pengelola") as work:
        free = sum(balance.free for balance in queries.balances(work))
    worlds.configure(rutan.opened.database, "bansos", PEKALONGAN, price_tolerance=5)
    note = {"supplier": "Toko", "evidence": "Nota 7", "on": "2024-11-14", "gula.quantity": "5", "gula.cost": "93.160"}
    answer = text_of(visitor("pengelola").fills(SHOPPING, note))
    assert "Rp2.500, dalam toleransi 5%" in answer
    assert "Rp2.500 dari uang bebas" in answer
    with rutan.work_of("pengelola") as work:
        assert sum(balance.free for balance in queries.balances(work)) == free

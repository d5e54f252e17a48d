"""Rice of a month that three funds pay for becomes dearer: it is bought as long as together they have the money, and day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo.month import Rutan
from guyub.funds import added_money, promises, purchase_check, purchases, queries
from guyub.funds.note_division import BookedItem, TooDear
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid, Refusal
from tests import worlds
from tests.funds.notes import ON, month_of_three_funds
from tests.worlds import PEKALONGAN, World


@pytest.fixture
def month(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    with month_of_three_funds(cluster) as made:
        yield made


def free(rutan: Rutan) -> dict[str, int]:
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok
        return {balance.code[-1]: balance.free for balance in queries.balances(work)}


def rice(rutan: Rutan, cycle: Cycle) -> tuple[Decimal, int]:
    with rutan.work_of("pengelola") as work:
        lines = [line for line in promises.to_buy(work, cycle.id) if line.item == "beras"]
        assert len({line.fund_id for line in lines}) > 1
        return sum((line.quantity for line in lines), Decimal(0)), sum(line.held for line in lines)


def buys(
    rutan: Rutan, cycle: Cycle, quantity: Decimal, cost: int, on: date = ON, *, keep: bool = True
) -> dict[str, int]:
    """What each fund pays for rice."""
    with rutan.work_of("pengelola") as work:
        bought = [BookedItem("beras", quantity, cost)]
        booked = purchases.buy(work, cycle.id, bought, supplier="Toko", evidence="Nota 1", on=on, keep=keep)
        return {part.line.fund: part.cost for part in booked.parts}


def needed(rutan: Rutan, cycle: Cycle, quantity: Decimal, cost: int) -> int:
    with pytest.raises(TooDear) as refused:
        buys(rutan, cycle, quantity, cost)
    return refused.value.needed()["beras"]


def adds(rutan: Rutan, cycle: Cycle, amount: int, on: date = ON) -> list[added_money.FundAdding]:
    with rutan.work_of("karutan") as work:
        return added_money.top_up(work, cycle.id, "beras", amount, reason="harga naik", on=on)


def test_a_dearer_note_is_booked_with_all_that_its_funds_have_free_and_not_a_rupiah_more(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    before, (quantity, held) = free(rutan), rice(rutan, cycle)
    with rutan.work_of("pengelola") as work:
        paying = {line.fund[-2] for line in promises.to_buy(work, cycle.id) if line.item == "beras"}
    possible = sum(amount for code, amount in before.items() if code in paying)
    assert needed(rutan, cycle, quantity, held + possible) == possible
    with pytest.raises(Invalid) as refused:
        adds(rutan, cycle, possible + 1)
    assert refused.value.code == "funds.not_enough_free"
    assert "kurang Rp1." in refused.value.what.id
    added = adds(rutan, cycle, possible)
    assert sum(fund.given for fund in added) == possible
    assert any(fund.given < fund.share for fund in added)
    paid = buys(rutan, cycle, quantity, held + possible)
    assert sum(paid.values()) == held + possible
    assert {code: amount for code, amount in free(rutan).items() if code in paying} == dict.fromkeys(paying, 0)


def test_a_part_of_dearer_rice_is_bought_before_the_rest(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    quantity, held = rice(rutan, cycle)
    cost = int(held * Decimal("1.03"))
    half = (quantity / 2).quantize(Decimal("0.1"))
    adds(rutan, cycle, needed(rutan, cycle, half, cost // 2))
    buys(rutan, cycle, half, cost // 2)
    rest = rice(rutan, cycle)
    adds(rutan, cycle, max(cost - cost // 2 - rest[1], 1))
    with rutan.work_of("pengelola") as work:
        bought = [BookedItem("beras", rest[0], cost - cost // 2)]
        purchases.buy(work, cycle.id, bought, supplier="Toko", evidence="Nota 2", on=ON)
        assert all(line.item != "beras" for line in promises.to_buy(work, cycle.id))


def test_money_that_came_later_is_not_free_on_the_day_before(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    quantity, held = rice(rutan, cycle)
    with pytest.raises(Refusal) as refused:
        adds(rutan, cycle, 45_000, on=date(2024, 11, 13))
    assert refused.value.code == "funds.not_enough_free"
    adds(rutan, cycle, 45_000)
    buys(rutan, cycle, quantity, held + 45_000)
    free(rutan)


def test_the_tolerance_of_a_note_is_paid_by_the_fund_that_has_money_on_that_day(month: tuple[World, Cycle]):
    world, cycle = month
    worlds.configure(world.database, "bansos", PEKALONGAN, price_tolerance=8)
    rutan = world.pekalongan
    quantity, held = rice(rutan, cycle)
    most = held * 8 // 100
    with pytest.raises(TooDear):
        buys(rutan, cycle, quantity, held + most + 1)
    with pytest.raises(TooDear):
        buys(rutan, cycle, quantity, held + most, on=date(2024, 11, 13))
    with rutan.work_of("pengelola") as work:
        bought = [BookedItem("beras", quantity, held + most)]
        note = purchase_check.check(work, cycle.id, bought, supplier="Toko", evidence="Nota 1", on=ON)
        payments = note.items[0].payments
        assert (sum(each.cost for each in payments), sum(each.quantity for each in payments)) == (held + most, quantity)
        assert note.tolerated == most
    paid = buys(rutan, cycle, quantity, held + most)
    assert paid == {each.fund: each.cost for each in payments}
    free(rutan)

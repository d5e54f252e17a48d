"""What one line of a note saves pays for a dearer line of the same fund in the same note; more needs an approval of its own."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo.month import Rutan
from guyub.funds import added_money, cancelled_purchases, promises, purchase_check, purchases
from guyub.funds.note_division import BookedItem, TooDear
from guyub.programs.cycles import Cycle
from tests.funds.notes import ON, buys, fund, month_of_one_fund
from tests.worlds import World


@pytest.fixture
def month(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    with month_of_one_fund(cluster) as made:
        yield made


def held(rutan: Rutan, cycle: Cycle) -> dict[str, int]:
    with rutan.work_of("pengelola") as work:
        return {line.item: line.held for line in promises.to_buy(work, cycle.id)}


def test_savings_on_rice_pay_for_dearer_sugar_of_the_same_note(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    free, reserved, _ = fund(rutan)
    before = held(rutan, cycle)
    buys(rutan, cycle, ("beras", "25", before["beras"] - 9_000), ("gula", "5", before["gula"] + 8_970))
    spent = before["beras"] - 9_000 + before["gula"] + 8_970
    assert fund(rutan) == (free + 30, reserved - before["beras"] - before["gula"], spent)


def test_what_is_missing_after_that_is_named_to_the_rupiah(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    before = held(rutan, cycle)
    with pytest.raises(TooDear) as refused:
        buys(rutan, cycle, ("beras", "25", before["beras"] - 9_000), ("gula", "5", before["gula"] + 12_000))
    assert [(part.line.item, part.extra) for part in refused.value.parts] == [("gula", 3_000)]
    assert refused.value.needed() == {"gula": 3_000}
    with rutan.work_of("karutan") as work:
        added_money.top_up(work, cycle.id, "gula", 3_000, reason="harga naik", on=ON)
    buys(rutan, cycle, ("beras", "25", before["beras"] - 9_000), ("gula", "5", before["gula"] + 12_000))


def test_a_note_that_nets_is_checked_and_cancelled_as_a_whole(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    before, reserved = held(rutan, cycle), fund(rutan)
    items = [
        BookedItem("beras", Decimal(25), before["beras"] - 9_000),
        BookedItem("gula", Decimal(5), before["gula"] + 8_970),
    ]
    with rutan.work_of("pengelola") as work:
        note = purchase_check.check(work, cycle.id, items, supplier="Toko", evidence="Nota 1", on=ON)
        payments = [(payment.released, payment.netted) for item in note.items for payment in item.payments]
        assert (payments, note.released) == ([(30, 0), (0, 8_970)], 30)
        purchases.buy(work, cycle.id, items, supplier="Toko", evidence="Nota 1", on=ON)
    with rutan.work_of("pengelola") as work:
        booked = cancelled_purchases.note_of(work, cycle.id, 2024, 1)
        cancelled_purchases.cancel(work, cycle.id, booked, reason="salah", on=ON)
    assert (held(rutan, cycle), fund(rutan)) == (before, reserved)

"""What is bought lies after the approval, and on a day on which its fund has the money; no line of a cash book is negative."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.funds import added_money, purchases, queries
from guyub.funds.note_division import BookedItem
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid
from tests import worlds
from tests.visits import NewVisitor, text_of
from tests.worlds import APPROVED, RECEIVED, World, gift

SHOPPING = "/f/rutan-pekalongan/funds/purchases/2024-11"
NOTE = {"supplier": "Toko Contoh", "evidence": "Nota 1", "beras.quantity": "25", "beras.cost": "390.000"}


@pytest.fixture
def gifts(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "hibah", "paket") as made:
        yield made


def bought(world: World, cycle: Cycle, on: date, cost: int = 100_000, note: str = "Nota 1") -> None:
    with world.pekalongan.work_of("pengelola") as work:
        purchases.buy(work, cycle.id, [BookedItem("beras", Decimal(10), cost)], supplier="Toko", evidence=note, on=on)


def approved(world: World, *gifts_of_the_fund: Any) -> Cycle:
    """Packages of rice that are paid from gifts to one fund."""
    rutan = world.pekalongan
    rutan.register(worlds.families.PEKALONGAN, worlds.SURVEYED)
    rutan.receive(gifts_of_the_fund, RECEIVED)
    return worlds.approved(rutan, "paket", ["UANG"])


def negative_lines(world: World) -> list[int]:
    with world.pekalongan.work_of("pengelola") as work:
        funds = [balance.id for balance in queries.balances(work)]
        return [row.balance for fund in funds for row in queries.cash_book(work, fund) if row.balance < 0]


def test_a_note_of_a_day_before_the_approval_is_refused_and_the_first_possible_day_named(gifts: World):
    cycle = approved(gifts, gift("UANG", 2_000_000))
    with pytest.raises(Invalid) as refused:
        bought(gifts, cycle, date(2024, 10, 1))
    assert (refused.value.code, refused.value.field) == ("funds.before_approval", "on")
    assert "12 November 2024" in refused.value.remedy.id
    bought(gifts, cycle, APPROVED)
    assert negative_lines(gifts) == []


def test_a_fund_pays_on_no_day_on_which_it_has_not_the_money(gifts: World):
    """The second gift came on the 20th and is what pays for more; a note of the 15th cannot have spent it."""
    cycle = approved(gifts, gift("UANG", 800_000), gift("UANG", 5_000_000, received_on="2024-11-20"))
    with gifts.pekalongan.work_of("karutan") as work:
        added_money.top_up(work, cycle.id, "beras", 2_000_000, reason="lebih mahal", on=date(2024, 11, 21))
    with pytest.raises(Invalid) as refused:
        bought(gifts, cycle, date(2024, 11, 15), cost=900_000)
    assert (refused.value.code, refused.value.field) == ("funds.before_money", "on")
    assert "20 November 2024" in refused.value.remedy.id
    bought(gifts, cycle, date(2024, 11, 20), cost=900_000)
    assert negative_lines(gifts) == []


def test_a_later_day_is_not_made_negative_by_an_earlier_note(gifts: World):
    """800.000 until the 20th: 500.000 of the 18th and 400.000 of the 14th are not both paid, in whatever order they come."""
    cycle = approved(gifts, gift("UANG", 800_000), gift("UANG", 5_000_000, received_on="2024-11-20"))
    with gifts.pekalongan.work_of("karutan") as work:
        added_money.top_up(work, cycle.id, "beras", 2_000_000, reason="lebih mahal", on=date(2024, 11, 21))
    bought(gifts, cycle, date(2024, 11, 18), cost=500_000)
    with pytest.raises(Invalid) as refused:
        bought(gifts, cycle, date(2024, 11, 14), cost=400_000, note="Nota 2")
    assert refused.value.code == "funds.before_money"
    assert "20 November 2024" in refused.value.remedy.id
    bought(gifts, cycle, date(2024, 11, 14), cost=300_000, note="Nota 2")
    assert negative_lines(gifts) == []


def test_the_form_shows_it_at_the_day_and_keeps_what_was_typed(visitor: NewVisitor, approved: Cycle):
    clerk = visitor("pengelola")
    answer = clerk.fills(SHOPPING, NOTE | {"on": "01-10-2024"})
    assert answer.status_code == 422
    assert 'href="#f-on"' in answer.text
    assert "12 November 2024" in text_of(answer)
    assert "Nota 1" in answer.text
    assert clerk.fills(SHOPPING, NOTE | {"on": "12-11-2024", "_confirmed": "yes"}).status_code in (303, 409)

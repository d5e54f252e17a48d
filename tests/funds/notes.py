"""A month of one fund, notes for it, and what the fund holds after them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.demo import families, november
from guyub.demo.month import DemoReceipt, Rutan
from guyub.funds import purchases, queries
from guyub.funds.note_division import BookedItem
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.worlds import APPROVED, RECEIVED, SURVEYED, World

ON = date(2024, 11, 14)


@contextmanager
def month_of_one_fund(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    """November paid by one fund of Rp750.000: 25 kg of rice, 5 kg of sugar and 5 litres of oil are reserved."""
    with worlds.a_world(cluster) as made:
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        gift = november.INCOMES[0]
        codes = rutan.receive(
            [type(gift)(gift.plugin, gift.source, gift.kind, {**gift.form, "amount": 750_000})], RECEIVED
        )
        cycle = rutan.propose(november.PERIOD, codes, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
        rutan.approve(cycle, APPROVED)
        yield made, cycle


def _gift(donor: int, amount: int, paper: str, **more: str) -> DemoReceipt:
    form = {"agreement_number": f"PKS-{donor}", "evidence_number": paper, "amount": amount, **more}
    return DemoReceipt("csr_funding", "csr", "csr_cash", {**november.INCOMES[0].form, **form})


@contextmanager
def month_of_three_funds(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    """November paid by three funds of Rp250.000, two of them the rice; on the 14th, after its approval, the second of these gets
    Rp50.000 more."""
    with worlds.a_world(cluster) as made:
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        codes = rutan.receive([_gift(number, 250_000, f"BAST-{number}") for number in (1, 2, 3)], RECEIVED)
        cycle = rutan.propose(november.PERIOD, codes, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
        rutan.approve(cycle, APPROVED)
        rutan.receive([_gift(2, 50_000, "BAST-4", received_on=ON.isoformat())], ON)
        yield made, cycle


def buys(rutan: Rutan, cycle: Cycle, *bought: tuple[str, str, int], on: date = ON, note: str = "Nota 1") -> None:
    """Records one note; each item with its quantity and its cost in rupiah."""
    items = [BookedItem(item, Decimal(quantity), cost) for item, quantity, cost in bought]
    with rutan.work_of("pengelola") as work:
        purchases.buy(work, cycle.id, items, supplier="Toko", evidence=note, on=on)


def fund(rutan: Rutan) -> tuple[int, int, int]:
    """What is free, reserved and in stock of the only fund, in rupiah; its books hold."""
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok
        [balance] = queries.balances(work)
        return balance.free, balance.reserved, balance.stock

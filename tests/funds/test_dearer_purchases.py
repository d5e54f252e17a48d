"""A note that is dearer than what was reserved: the refusal says exactly how much more is needed, whoever pays."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from guyub.access import sign_in
from guyub.db.unit_of_work import SessionCredential, Work, _enter
from guyub.demo import families, november
from guyub.demo.month import DemoReceipt
from guyub.funds import added_money, promises, purchases
from guyub.funds import queries as books
from guyub.funds.note_division import BookedItem, TooDear
from guyub.funds.promises import ToBuy
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World

ON = date(2024, 11, 14)


def money(donor: int, amount: int, paper: str) -> DemoReceipt:
    """Money of one of two donors, each with a fund."""
    form = {"agreement_number": f"PKS-{donor}", "evidence_number": paper, "amount": amount}
    return DemoReceipt("csr_funding", "csr", "csr_cash", {**november.INCOMES[0].form, **form})


@pytest.fixture(scope="module")
def approved(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    """November, which two funds pay for: rice and sugar are promised by both. Tests that use it commit nothing."""
    with worlds.a_world(cluster) as made:
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        codes = rutan.receive([money(1, 350_000, "BAST-1"), money(2, 400_000, "BAST-2")], RECEIVED)
        cycle = rutan.propose(november.PERIOD, codes, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
        rutan.approve(cycle, APPROVED)
        rutan.receive([money(1, 900_000_000, "BAST-3"), money(2, 900_000_000, "BAST-4")], APPROVED)
        with rutan.work_of("pengelola") as work:
            payers = Counter(item.item for item in promises.to_buy(work, cycle.id))
        assert payers == {"beras": 2, "gula": 2, "minyak": 1}
        yield made, cycle


@dataclass(frozen=True)
class Visit:
    """One transaction in which two people act in turn; nothing of it stays."""

    session: Session
    world: World
    cycle: Cycle

    def _as(self, login: str) -> Work:
        self.session.execute(text(worlds.LEFT))
        return _enter(
            self.session, SessionCredential(sign_in.session_for(self.world.database, login, "tests"), PEKALONGAN)
        )

    def to_buy(self, item: str) -> list[ToBuy]:
        return [line for line in promises.to_buy(self._as("pengelola"), self.cycle.id) if line.item == item]

    def buys(self, item: str, quantity: Decimal, cost: int) -> None:
        bought = [BookedItem(item, quantity, cost)]
        purchases.buy(self._as("pengelola"), self.cycle.id, bought, supplier="Toko (contoh)", evidence="Nota 1", on=ON)

    def adds(self, item: str, amount: int) -> None:
        added_money.top_up(self._as("karutan"), self.cycle.id, item, amount, reason="harga naik", on=ON)

    def problems(self) -> tuple[str, ...]:
        return books.check_ledger(self._as("pengelola")).problems


@contextmanager
def visiting(world: World, cycle: Cycle) -> Iterator[Visit]:
    with Session(world.database.engine) as session:
        yield Visit(session, world, cycle)
        session.rollback()


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=st.sampled_from(["beras", "gula", "minyak"]), halves=st.integers(1, 50), per_mille=st.integers(1001, 1200))
def test_what_the_refusal_says_is_needed_is_enough_in_whatever_part_it_is_bought(
    approved: tuple[World, Cycle], item: str, halves: int, per_mille: int
):
    with visiting(*approved) as visit:
        lines = visit.to_buy(item)
        promised = sum((line.quantity for line in lines), Decimal(0))
        quantity = min(Decimal(halves) / 2, promised)
        cost = int(sum(line.held for line in lines) * quantity * per_mille / promised / 1000) + 2
        with pytest.raises(TooDear) as refused:
            visit.buys(item, quantity, cost)
        needed = refused.value.needed()[item]
        assert sum(part.extra for part in refused.value.parts) <= needed
        visit.adds(item, needed)
        visit.buys(item, quantity, cost)
        assert visit.problems() == ()

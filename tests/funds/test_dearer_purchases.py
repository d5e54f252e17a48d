"""A note that is dearer than what was reserved: the refusal says exactly how much more is needed, whoever pays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from guyub.access import sign_in
from guyub.cli.demonstration import families, november
from guyub.cli.demonstration.month import Income
from guyub.db.work import PersonDoor, Work, _enter
from guyub.funds import purchases
from guyub.funds import queries as books
from guyub.funds.purchases import Bought, ToBuy, TooDear
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World

ON = date(2024, 11, 14)
MORE = Income("csr_funding", "csr", "csr_cash", {**november.INCOMES[0].form, "evidence_number": "BAST-08/2024"})


@pytest.fixture(scope="module")
def approved(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    """November, where canteen profit pays first and two gifts of a donor pay the rest: rice and sugar have two payers.

    Tests that use it commit nothing.
    """
    with worlds.a_world(cluster) as made:
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        gift, profit, _ = rutan.receive([*november.INCOMES, MORE], RECEIVED)
        cycle = rutan.propose(
            november.PERIOD, [profit, gift], "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family"
        )
        rutan.approve(cycle, APPROVED)
        yield made, cycle


@dataclass(frozen=True)
class Visit:
    """One transaction in which two people act in turn; nothing of it stays."""

    session: Session
    world: World
    cycle: Cycle

    def _as(self, login: str) -> Work:
        return _enter(self.session, PersonDoor(sign_in.session_for(self.world.database, login, "tests"), PEKALONGAN))

    def to_buy(self, item: str) -> list[ToBuy]:
        return [line for line in purchases.to_buy(self._as("pengelola"), self.cycle.id) if line.item == item]

    def buys(self, item: str, quantity: Decimal, cost: int) -> None:
        bought = [Bought(item, quantity, cost)]
        purchases.buy(self._as("pengelola"), self.cycle.id, bought, supplier="Toko (contoh)", evidence="Nota 1", on=ON)

    def adds(self, item: str, amount: int) -> None:
        purchases.top_up(self._as("karutan"), self.cycle.id, item, amount, reason="harga naik", on=ON)

    def problems(self) -> tuple[str, ...]:
        return books.check_ledger(self._as("pengelola")).problems


@contextmanager
def visiting(world: World, cycle: Cycle) -> Iterator[Visit]:
    with Session(world.database.engine) as session:
        yield Visit(session, world, cycle)
        session.rollback()


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=st.sampled_from(["beras", "gula", "minyak"]), halves=st.integers(1, 50), per_mille=st.integers(1001, 1200))
def test_what_the_refusal_says_is_needed_is_enough_and_one_rupiah_less_is_not(
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
        if needed > 1:
            with visit.session.begin_nested() as attempt:
                visit.adds(item, needed - 1)
                with pytest.raises(TooDear):
                    visit.buys(item, quantity, cost)
                attempt.rollback()
        visit.adds(item, needed)
        visit.buys(item, quantity, cost)
        assert visit.problems() == ()

"""Whatever happens in a month, after each step the books add up: random gifts, purchases, hand-overs and ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guyub.cli.demonstration import families
from guyub.cli.demonstration.month import Income, Rutan
from guyub.db.work import Work
from guyub.funds import purchases
from guyub.funds import queries as funds_read
from guyub.funds.purchases import Bought, TooDear
from guyub.programs import closing, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Refusal

GOODS = {"beras": ("Beras", "kg"), "gula": ("Gula pasir", "kg"), "minyak": ("Minyak goreng", "liter")}
ON = date(2024, 11, 8)
NINE = datetime(2024, 11, 16, 2, tzinfo=UTC)
ITEMS = st.sampled_from(sorted(GOODS))
RUPIAH = st.integers(1, 600_000)
FUND = st.integers(0, 1)


@dataclass(frozen=True)
class Gift:
    """Money where ``item`` is empty; else ``halves`` half units of goods. Two donors, each with a fund."""

    fund: int
    item: str
    halves: int
    rupiah: int


@dataclass(frozen=True)
class Buy:
    """``quarters`` of what is still to be bought, at ``per_mille`` of the money held for it."""

    item: str
    quarters: int
    per_mille: int


@dataclass(frozen=True)
class HandOver:
    number: int


@dataclass(frozen=True)
class Undo:
    number: int


GIFTS = st.builds(Gift, fund=FUND, item=st.just("") | ITEMS, halves=st.integers(1, 40), rupiah=RUPIAH)
BUYS = st.builds(Buy, item=ITEMS, quarters=st.integers(1, 4), per_mille=st.integers(600, 1200))
NUMBERS = st.integers(1, 5)
STEPS = st.lists(st.one_of(BUYS, BUYS, GIFTS, st.builds(HandOver, NUMBERS), st.builds(Undo, NUMBERS)), max_size=8)


@dataclass
class Month:
    """A month of its own for each example, with two new funds; what came into them is remembered apart from the books."""

    rutan: Rutan
    number: int
    received: dict[str, int] = field(default_factory=dict)
    papers: Any = field(default_factory=count)

    @property
    def period(self) -> date:
        return date(2024 + (10 + self.number) // 12, 1 + (10 + self.number) % 12, 1)

    def code(self, fund: int) -> str:
        return f"CSR-{self.number}-{fund}"

    def cycle(self, work: Work) -> Cycle:
        return cycles.get(work, "bansos", self.period)

    def give(self, gift: Gift) -> None:
        form: dict[str, Any] = {
            "donor": "PT Contoh", "agreement_number": f"{self.number}-{gift.fund}", "received_on": "2024-11-08",
            "evidence_number": f"BAST {next(self.papers)}",
        }  # fmt: skip
        if gift.item:
            name, unit = GOODS[gift.item]
            line = {"code": gift.item, "name": name, "unit": unit, "quantity": Decimal(gift.halves) / 2}
            form["lines"] = [{**line, "value": gift.rupiah}]
        else:
            form["amount"] = gift.rupiah
        kind = "csr_goods" if gift.item else "csr_cash"
        (code,) = self.rutan.receive([Income("csr_funding", "csr", kind, form)], ON)
        assert code == self.code(gift.fund)
        self.received[code] = self.received.get(code, 0) + gift.rupiah

    def open(self, households: int, order: Sequence[int]) -> None:
        codes = [self.code(fund) for fund in order if self.code(fund) in self.received]
        with self.rutan.work_of("kasubsi") as work:
            cycle = cycles.open_cycle(
                work, self.rutan.opened.host, "bansos", self.period, fund_codes=codes, distribution_on=ON, place="Aula"
            )
            selection.score(work, self.rutan.opened.host, cycle)
            selection.select_top(work, cycle, households)
            proposal.propose(work, cycle)

    def approve(self) -> bool:
        try:
            with self.rutan.work_of("karutan") as work:
                proposal.approve(work, self.rutan.opened.host, self.cycle(work), ON)
        except Refusal as refused:
            assert refused.code == "funds.shortfall"
            return False
        with self.rutan.work_of("kasubsi") as work:
            distribution.start(work, self.cycle(work))
        return True

    def buy(self, step: Buy) -> None:
        with self.rutan.work_of("pengelola") as work:
            holder = self.cycle(work).id
            open_lines = [line for line in purchases.to_buy(work, holder) if line.item == step.item]
        quantity = sum((line.quantity for line in open_lines), Decimal(0)) * step.quarters / 4
        if not quantity:
            return
        cost = sum(line.held for line in open_lines) * step.quarters * step.per_mille // 4000
        note = f"Nota {next(self.papers)}"

        def once() -> None:
            with self.rutan.work_of("pengelola") as work:
                bought = [Bought(step.item, quantity, cost)]
                purchases.buy(work, holder, bought, supplier="Toko Contoh", evidence=note, on=ON)

        try:
            once()
        except TooDear as refused:
            missing = refused.needed()[step.item]
            try:
                with self.rutan.work_of("karutan") as work:
                    purchases.top_up(work, holder, step.item, missing, reason="harga naik", on=ON)
            except Refusal:
                return
            once()

    def hand_over(self, number: int) -> None:
        try:
            with self.rutan.work_of("kasubsi") as work:
                cycle = self.cycle(work)
                ids = [one.id for one in programs.recipients(work, cycle) if one.number == number]
                distribution.hand_over(work, cycle, ids, NINE, Proof("Saksi Contoh"))
        except Refusal as refused:
            assert refused.code in ("programs.goods_missing", distribution.ALREADY)

    def undo(self, number: int) -> None:
        try:
            with self.rutan.work_of("kasubsi") as work:
                cycle = self.cycle(work)
                for one in programs.recipients(work, cycle):
                    if one.number == number:
                        distribution.undo(work, cycle, one.id, "salah orang", ON)
        except Refusal as refused:
            assert refused.code == "programs.not_handed_over"

    def end(self, approved: bool) -> None:
        if approved:
            with self.rutan.work_of("kasubsi") as work:
                cycle = self.cycle(work)
                ids = [one.id for one in programs.recipients(work, cycle, states=["approved"])]
                distribution.mark_absent(work, cycle, ids, "tidak datang")
                closing.close(work, cycle, ON)
        else:
            with self.rutan.work_of("karutan") as work:
                closing.cancel(work, self.cycle(work), ON, "dana kurang")

    def check(self) -> None:
        """The books against themselves and against what came in."""
        with self.rutan.work_of("pengelola") as work:
            assert funds_read.check_ledger(work).problems == ()
            below: int = work.run(
                "SELECT count(*) FROM guyub.account WHERE kind <> 'receipts' AND (rupiah < 0 OR quantity < 0)"
            ).scalar_one()
            uneven = work.run(
                "SELECT fund_id FROM guyub.account GROUP BY fund_id HAVING sum(rupiah) <> 0"
            ).all()  # fmt: skip
            lots = work.run(
                """SELECT l.id FROM guyub.lot l
                   JOIN (SELECT lot_id, sum(rupiah) AS rupiah, sum(quantity) AS quantity FROM guyub.account GROUP BY lot_id) now
                     ON now.lot_id = l.id
                   JOIN guyub.transfer t ON t.journal_id = l.journal_id
                   JOIN guyub.account d ON d.id = t.debit_account AND d.lot_id = l.id
                   WHERE (now.rupiah, now.quantity) <> (t.rupiah, t.quantity)"""
            ).all()
            found = {one.code: one for one in funds_read.balances(work) if one.code in self.received}
        assert (below, uneven, lots) == (0, [], [])
        for code, rupiah in self.received.items():
            one = found[code]
            assert one.received == rupiah == one.free + one.reserved + one.stock + one.used

    def nothing_is_held(self) -> None:
        with self.rutan.work_of("pengelola") as work:
            held: int = work.run(
                "SELECT count(*) FROM guyub.account WHERE reservation_id IS NOT NULL AND (rupiah <> 0 OR quantity <> 0)"
            ).scalar_one()
        assert held == 0

    def action(self, step: Any) -> Callable[[], None]:
        match step:
            case Gift():
                return partial(self.give, step)
            case Buy():
                return partial(self.buy, step)
            case HandOver(number):
                return partial(self.hand_over, number)
            case Undo(number):
                return partial(self.undo, number)
        raise AssertionError(step)


months: dict[Any, Any] = {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gifts=st.lists(GIFTS, min_size=1, max_size=4),
    enough=st.booleans(),
    households=NUMBERS,
    order=st.permutations((0, 1)),
    steps=STEPS,
)
def test_the_books_add_up_after_every_step_of_any_month(
    rutan: Rutan, gifts: list[Gift], enough: bool, households: int, order: list[int], steps: list[Any]
):
    if not months.setdefault(id(rutan), 0):
        rutan.register(families.PEKALONGAN, ON)
    month = Month(rutan, months[id(rutan)])
    months[id(rutan)] += 1
    for gift in [*gifts, Gift(0, "", 1, 600_000)] if enough else gifts:
        month.give(gift)
    month.check()
    month.open(households, order)
    approved = month.approve()
    month.check()
    for step in steps if approved else ():
        month.action(step)()
        month.check()
    month.end(approved)
    month.check()
    month.nothing_is_held()

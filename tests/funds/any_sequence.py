"""A facility whose people act on random days, in any order, from forms of any age, beside a model of days and sums only.

Its books are read by raw SQL: no day is negative, what was closed stays as it was closed, and what pages and documents add up is
what the ledger holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from guyub.access import sign_in
from guyub.db.errors import refusal_of
from guyub.db.unit_of_work import SessionCredential, Work, _enter
from guyub.demo.month import moment
from guyub.funds import book_closing, cancelled_purchases, money_requests, promises, purchases, queries, receipts
from guyub.funds.note_division import BookedItem
from guyub.programs import cycle_facts, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import PEKALONGAN, World

FIRST, PERIOD = date(2024, 11, 6), date(2024, 11, 1)
STAFF = ("kasubsi", "karutan", "pengelola")
FUND = "UANG"
PRICES = {"beras": 15_500, "gula": 17_000}
PACKAGE = [
    {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "5", "price": PRICES["beras"]},
    {"code": "gula", "name": "Gula", "unit": "kg", "quantity": "1", "price": PRICES["gula"]},
]
FACTORS = [Decimal(1), Decimal("0.8"), Decimal("1.02"), Decimal("1.2")]
Line = tuple[date, int]
Step = tuple[Any, ...]

CASH = """
    SELECT j.booked_on, sum(CASE WHEN d.kind IN ('cash', 'cash_reserved') THEN t.rupiah ELSE 0 END
                          - CASE WHEN c.kind IN ('cash', 'cash_reserved') THEN t.rupiah ELSE 0 END)::bigint AS rupiah
    FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
    JOIN guyub.account d ON d.id = t.debit_account JOIN guyub.account c ON c.id = t.credit_account
    GROUP BY j.id, j.booked_on"""
GOODS = """
    SELECT min(line.left_over) FROM (
        SELECT sum(sum(CASE WHEN d.kind IN ('stock', 'stock_reserved') THEN t.quantity ELSE 0 END
                     - CASE WHEN c.kind IN ('stock', 'stock_reserved') THEN t.quantity ELSE 0 END))
               OVER (PARTITION BY t.fund_id, l.item_id ORDER BY j.booked_on) AS left_over
        FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id JOIN guyub.lot l ON l.id = t.lot_id
        JOIN guyub.account d ON d.id = t.debit_account JOIN guyub.account c ON c.id = t.credit_account
        GROUP BY t.fund_id, l.item_id, j.booked_on) line"""
NOTE = "SELECT extract(year FROM booked_on)::int AS year, number FROM guyub.journal WHERE evidence = :note AND kind = 'purchase'"
GIVEN = "SELECT entitlement_id FROM guyub.handover WHERE reversed_at IS NULL"
COST = """
    SELECT COALESCE(sum(l.rupiah), 0)::bigint FROM guyub.handover_line l
    JOIN guyub.handover h ON h.id = l.handover_id AND h.reversed_at IS NULL"""


A_MONTH: list[Step] = [
    ("receive", "pengelola", 1, 1_500_000, False),
    ("later", 5),
    ("approve", "kasubsi", "karutan", 0),
    ("later", 3),
    ("buy", "pengelola", 1, Decimal("0.4"), {"beras": Decimal(1), "gula": Decimal(1)}, False),
]


@dataclass
class Note:
    """A purchase: the day of its paper, that of the book, its number, what it cost in rupiah and what it brought by item."""

    on: date
    booked_on: date
    evidence: str
    cost: int
    goods: dict[str, Decimal]
    stands: bool = True


@dataclass
class Model:
    """Holds the lines of the cash book, until when it is closed, and when the list was approved and its goods came."""

    today: date = FIRST
    cash: list[Line] = field(default_factory=list)
    receipts: set[Line] = field(default_factory=set)
    closed: dict[date, list[Line]] = field(default_factory=dict)
    approved_on: date | None = None
    notes: list[Note] = field(default_factory=list)
    served: set[int] = field(default_factory=set)
    requests: int = 0
    """How many wait for a decision."""

    @property
    def goods_on(self) -> date | None:
        return min((note.on for note in self.notes if note.stands), default=None)

    @property
    def closed_until(self) -> date:
        return max(self.closed, default=date(1999, 12, 31))

    def booked(self, on: date, late: bool) -> date | None:
        """Returns the day in the books; None where the book of the day is closed."""
        return on if on > self.closed_until else self.today if late else None

    def has_on(self, day: date, more: Line) -> bool:
        """Returns whether no day from ``day`` on is negative with one line more."""
        days = sorted([*self.cash, more])
        return all(sum(rupiah for on, rupiah in days if on <= end) >= 0 for end, _ in days if end >= day)

    def next_month(self) -> date | None:
        """Returns the last day of the month to be closed next."""
        if self.closed:
            return month_end(self.closed_until + timedelta(days=1))
        return month_end(min(on for on, _ in self.cash)) if self.cash else None


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass
class Facility:
    """A facility's books in one transaction, beside the model of them. A step says whether it must be refused, or may be."""

    session: Session
    world: World = field(repr=False)
    tokens: dict[str, str]
    model: Model = field(default_factory=Model)
    done: list[str] = field(default_factory=list)

    def work(self, login: str) -> Work:
        self.session.execute(text(worlds.LEFT))
        return _enter(self.session, SessionCredential(self.tokens[login], PEKALONGAN))

    def takes(self, name: str, *values: Any) -> None:
        try:
            with self.session.begin_nested():
                expected = getattr(self, name)(*values)
                self.session.connection().exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        except Refusal as refusal:
            accepted, code = False, refusal.code
        except DBAPIError as error:
            refused = refusal_of(error)
            if not isinstance(refused, Refusal):
                raise
            accepted, code = False, refused.code
        else:
            accepted, code = True, ""
            expected()
            self.done.append(name)
        self.session.connection().exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
        wanted = self.outlook
        assert wanted is None or wanted == accepted, (name, values, code, self.model)

    outlook: bool | None = None
    """Whether the step in progress must be accepted or refused; None where the model does not know enough."""

    def later(self, days: int) -> Any:
        self.outlook = True
        return lambda: setattr(self.model, "today", self.model.today + timedelta(days=days))

    def receive(self, login: str, ago: int, money: int, late: bool) -> Any:
        model, work = self.model, self.work(login)
        on = model.today - timedelta(days=ago)
        booked = model.booked(on, late)
        is_new = (on, money) not in model.receipts
        self.outlook = work.may("funds.receive") and booked is not None and is_new
        form = {"fund": FUND, "received_on": on.isoformat(), "money": money, "programs": (), "goods": []}
        receipts.receive(
            work,
            self.world.plugins,
            "hibah",
            "gifts",
            "gift",
            form,
            model.today,
            late=late and on <= model.closed_until,
        )

        def received() -> None:
            model.cash.append((booked or on, money))
            model.receipts.add((on, money))

        return received

    def approve(self, proposer: str, approver: str, read_before: int) -> Any:
        model, plugins = self.model, self.world.plugins
        self.outlook = None
        work = self.work("kasubsi")
        known = list(work.run("SELECT code FROM guyub.fund").scalars())
        cycle = cycles.open_cycle(
            work, plugins, "paket", PERIOD, fund_codes=known, distribution_on=date(2024, 11, 16), place="Aula"
        )
        selection.score(work, plugins, cycle)
        selection.select_top(work, cycle)
        may_propose = self.work(proposer).may("programs.propose")
        self.outlook = None if may_propose else False
        proposal.propose(self.work(proposer), plugins, cycle)
        proposed = cycles.get(self.work("kasubsi"), "paket", PERIOD)
        allowed = self.work(approver).may("programs.approve") and approver != proposer and not read_before
        self.outlook = None if allowed else False
        proposal.approve(self.work(approver), plugins, proposed, model.today, version=proposed.version - read_before)
        return lambda: setattr(model, "approved_on", model.today)

    def buy(self, login: str, ago: int, share: Decimal, factors: dict[str, Decimal], late: bool) -> Any:
        """A note of one kind of goods or of two: what the one saves pays for the other; a ``share`` above 1 brings surplus."""
        model, cycle, work = self.model, self.open_cycle(), self.work(login)
        on = model.today - timedelta(days=ago)
        lines = promises.to_buy(work, cycle.id) if cycle else []
        bought = []
        for item, factor in factors.items():
            wanted = sum((line.quantity for line in lines if line.item == item), Decimal(0))
            quantity = (wanted * share).quantize(Decimal("0.001")) or Decimal(1)
            bought.append(BookedItem(item, quantity, max(int(quantity * PRICES[item] * factor), 1)))
        cost = sum(each.cost for each in bought)
        booked = model.booked(on, late)
        possible = (
            {each.item for each in bought} <= {line.item for line in lines}
            and work.may("funds.spend")
            and booked is not None
            and on >= (model.approved_on or date.max)
            and model.has_on(booked, (booked, -cost))
        )
        self.outlook = None if possible else False
        purchases.buy(
            work,
            cycle.id if cycle else NO_CYCLE,
            bought,
            supplier="Toko (contoh)",
            evidence=(evidence := f"Nota {len(self.done)}"),
            on=on,
            with_surplus=share > 1,
            late_on=model.today if late and on <= model.closed_until else None,
        )

        def booked_so() -> None:
            model.cash.append((booked or on, -cost))
            model.notes.append(Note(on, booked or on, evidence, cost, {each.item: each.quantity for each in bought}))

        return booked_so

    def cancel(self, login: str, ago: int, newest: int, late: bool) -> Any:
        """Takes back the ``newest``-th note from the end, whether it stands or not."""
        model, cycle, work = self.model, self.open_cycle(), self.work(login)
        on = model.today - timedelta(days=ago)
        if cycle is None or newest > len(model.notes):
            self.outlook = False
            raise Nothing()
        note = model.notes[-newest]
        booked = model.booked(on, late)
        possible = note.stands and work.may("funds.spend") and booked is not None and on >= note.on
        self.outlook = None if possible else False
        (place,) = work.run(NOTE, note=note.evidence)
        recorded = cancelled_purchases.note_of(work, cycle.id, place.year, place.number)
        late_on = model.today if late and on <= model.closed_until else None
        cancelled_purchases.cancel(work, cycle.id, recorded, reason="keliru", on=on, late_on=late_on)

        def taken_back() -> None:
            note.stands = False
            model.cash.append((booked or on, note.cost))

        return taken_back

    def ask(self, login: str, item: str, amount: int) -> Any:
        model, cycle, work = self.model, self.open_cycle(), self.work(login)
        self.outlook = None if cycle and work.may("funds.spend") and model.requests < len(PRICES) else False
        if cycle is None:
            raise Nothing()
        money_requests.ask(work, cycle.id, {item: amount}, supplier="Toko (contoh)", evidence="Nota")
        return lambda: setattr(model, "requests", model.requests + 1)

    def decide(self, login: str, approves: bool) -> Any:
        """The request that waits longest. Money that is added is reserved: no line of the cash book."""
        model, work = self.model, self.work(login)
        waiting = money_requests.waiting(work)
        assert len(waiting) == model.requests
        self.outlook = None if waiting and work.may("funds.topup") else False
        if not waiting:
            raise Nothing()
        if approves:
            money_requests.approve(work, waiting[0], model.today)
        else:
            money_requests.decline(work, waiting[0], "dana lain")
        return lambda: setattr(model, "requests", model.requests - 1)

    def hand_over(self, login: str, ago: int, place: int, late: bool) -> Any:
        model, cycle, work = self.model, self.open_cycle(), self.work(login)
        on = model.today - timedelta(days=ago)
        here = {recipient.number: recipient.id for recipient in programs.recipients(work, cycle)} if cycle else {}
        possible = (
            place in here
            and work.may("programs.handover")
            and place not in model.served
            and on >= max(model.approved_on or date.max, model.goods_on or date.max, PERIOD)
            and model.booked(on, late) is not None
        )
        self.outlook = None if possible else False
        if cycle is None or place not in here:
            raise Nothing()
        if cycle.state == "approved":
            distribution.start(work, cycle)
        late_on = model.today if late and on <= model.closed_until else None
        at = moment(on, time(9))
        distribution.hand_over(work, cycle, [here[place]], at, Proof("Saksi Contoh"), late_on=late_on)
        return lambda: model.served.add(place)

    def undo(self, login: str, place: int) -> Any:
        model, cycle, work = self.model, self.open_cycle(), self.work(login)
        self.outlook = None if place in model.served and work.may("programs.handover") else False
        for recipient in programs.recipients(work, cycle) if cycle else ():
            if recipient.number == place:
                distribution.undo(work, cycle, recipient.id, "keliru", model.today)
                return lambda: model.served.discard(place)
        raise Nothing()

    def close_book(self, login: str, beyond: int) -> Any:
        """``beyond`` months after the one that comes next: 0 is the one that can be closed, once it is over."""
        model, work = self.model, self.work(login)
        end = model.next_month()
        if end is None:
            self.outlook = False
            raise Nothing()
        kept = [line for line in model.cash if line[0] <= end]
        self.outlook = work.may("funds.close") and beyond == 0 and end < model.today
        month = end.replace(day=1) if not beyond else month_end(end + timedelta(days=1)).replace(day=1)
        counted = sum(rupiah for _, rupiah in kept)
        closed = book_closing.close(work, FUND, month, model.today, cash_in_hand=counted, bank=0)
        assert (closed.balance, closed.month) == (counted, month)
        return lambda: model.closed.__setitem__(end, sorted(kept))

    def open_cycle(self) -> Cycle | None:
        found = cycles.all_of(self.work("kasubsi"), "paket")
        return found[0] if found else None

    def holds(self) -> None:
        """Compares the model with the ledger as raw SQL reads it, and with what pages and documents add up."""
        model, work = self.model, self.work("pengelola")
        lines = sorted((row.booked_on, row.rupiah) for row in work.run(CASH) if row.rupiah)
        assert lines == sorted(model.cash)
        ends = {day: sum(rupiah for on, rupiah in lines if on <= day) for day, _ in lines}
        assert min(ends.values(), default=0) >= 0
        assert (work.run(GOODS).scalar_one() or 0) >= 0
        for end, kept in model.closed.items():
            assert [line for line in lines if line[0] <= end] == kept
        paid = [rupiah for _, rupiah in lines]
        for balance in queries.balances(work):
            book = queries.cash_book(work, balance.id)
            assert [row.balance for row in book] == list(accumulate(row.receipt - row.payment for row in book))
            assert (book[-1].balance if book else 0) == (sum(paid) if balance.code == FUND else 0)
            assert all(row.balance >= 0 for row in book)
        assert list(work.run("SELECT * FROM guyub.ledger_problems()")) == []
        cycle, work = self.open_cycle(), self.work("kasubsi")
        assert len(list(work.run(GIVEN))) == len(model.served)
        assert cycle is None or cycle_facts.figures(work, cycle).value == work.run(COST).scalar_one()


NO_CYCLE = UUID(int=0)


class Nothing(Refusal):
    """Stands for a step that has nothing to act upon."""

    def __init__(self) -> None:
        words = worlds.sample_plugins.both("-")
        super().__init__("nothing", words, words)


def hold(facility: type[Facility], world: World, sequence: Sequence[Step]) -> list[str]:
    """Takes the steps one after the other and compares after each. Returns those that were accepted; nothing of them stays."""
    tokens = {login: sign_in.session_for(world.database, login, "tests") for login in STAFF}
    with Session(world.database.engine) as session:
        acting = facility(session, world, tokens)
        try:
            for step in sequence:
                acting.takes(*step)
                acting.holds()
        finally:
            session.rollback()
        return acting.done


def of_examples(number: int) -> settings:
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    # A step takes a second: a failing sequence is short enough to be read as it is.
    phases = (Phase.explicit, Phase.generate)
    return settings(max_examples=number, deadline=None, database=None, suppress_health_check=checks, phases=phases)

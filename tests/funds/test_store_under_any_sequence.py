"""Goods come, are counted, written off, found, taken back and handed over in any order: the store holds what the model says."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.demo import families
from guyub.funds import receipts, stock_card, stock_take_records, stock_takes, store
from guyub.funds.stock_takes import FOUND, LOSSES, Present, WrittenLine
from tests import worlds
from tests.worlds import PEKALONGAN, World

from .any_sequence import A_MONTH, FACTORS, PACKAGE, PRICES, STAFF, Facility, Nothing, Step, hold, of_examples

GOODS = """
    SELECT i.code, j.booked_on, sum(CASE WHEN d.kind IN ('stock', 'stock_reserved') THEN t.quantity ELSE 0 END
                                  - CASE WHEN c.kind IN ('stock', 'stock_reserved') THEN t.quantity ELSE 0 END) AS quantity
    FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
    JOIN guyub.lot l ON l.id = t.lot_id JOIN guyub.item i ON i.id = l.item_id
    JOIN guyub.account d ON d.id = t.debit_account JOIN guyub.account c ON c.id = t.credit_account
    GROUP BY j.id, i.code, j.booked_on"""
SITI, BUDI = Present("Siti Contoh"), Present("Budi Contoh")
GIFT = "BERAS"
"""The fund of goods that are given; no month is paid by it."""


@pytest.fixture(scope="module")
def tolerant(cluster: Any) -> Iterator[World]:
    """A note may cost five percent more than was reserved."""
    with worlds.a_world(cluster, "hibah", "paket") as made:
        made.pekalongan.register(families.PEKALONGAN[:4], worlds.SURVEYED)
        worlds.configure(made.database, "paket", PEKALONGAN, package=PACKAGE, price_tolerance=5)
        yield made


@dataclass
class Take:
    """A stock take: the day in the books, and by how much it changed which item."""

    on: date
    item: str
    change: Decimal
    journal_id: UUID
    stands: bool = True


@dataclass
class Store(Facility):
    """Also knows what is in the store: by item, which day brought or took how much."""

    goods: dict[str, list[tuple[date, Decimal]]] = field(default_factory=lambda: defaultdict(list))
    taken: list[Take] = field(default_factory=list)

    def moves(self, on: date, goods: dict[str, Decimal]) -> None:
        for item, quantity in goods.items():
            self.goods[item].append((on, quantity))

    def in_store(self, item: str, day: date) -> Decimal:
        return sum((quantity for on, quantity in self.goods[item] if on <= day), Decimal(0))

    def is_there(self, item: str, day: date, quantity: Decimal) -> bool:
        """Returns whether so much can leave on that day: on no day after it is less in the store."""
        days = [day, *(on for on, _ in self.goods[item] if on > day)]
        return all(self.in_store(item, each) >= quantity for each in days)

    def give(self, login: str, ago: int, item: str, quantity: Decimal) -> Any:
        """Goods of a donor, each time by another paper."""
        model, work = self.model, self.work(login)
        on = model.today - timedelta(days=ago)
        self.outlook = work.may("funds.receive") and on > model.closed_until
        lines = [{"code": item, "quantity": quantity, "value": 10_000 + len(self.done)}]
        form = {"fund": GIFT, "received_on": on.isoformat(), "money": 0, "goods": lines}
        receipts.receive(work, self.world.plugins, "hibah", "gifts", "gift", form, model.today)
        return lambda: self.moves(on, {item: quantity})

    def count(self, login: str, ago: int, item: str, change: Decimal, explained: Decimal, reason: str) -> Any:
        """A count that differs from the books by ``change``, of which ``explained`` is explained."""
        model, work = self.model, self.work(login)
        on = model.today - timedelta(days=ago)
        counted = self.in_store(item, on) + change
        is_right = explained == abs(change) and (reason == FOUND) == (change > 0 or not change)
        self.outlook = None if counted >= 0 and (is_right or not change) else False
        why = {reason: explained} if change else {}
        return self._take(work, [WrittenLine(item, counted, explained=why)], on, change, is_count=True)

    def write_off(self, login: str, ago: int, item: str, quantity: Decimal, reason: str) -> Any:
        model, work = self.model, self.work(login)
        on = model.today - timedelta(days=ago)
        self.outlook = None
        return self._take(work, [WrittenLine(item, explained={reason: quantity})], on, -quantity, is_count=False)

    def _take(self, work: Any, lines: list[WrittenLine], on: date, change: Decimal, *, is_count: bool) -> Any:
        [line] = lines
        known = [day for day, _ in self.goods[line.code]]
        possible = (
            work.may("funds.stock")
            and min(known, default=date.max) <= on
            and (not change or on > self.model.closed_until)
            and (change >= 0 or self.is_there(line.code, on, -change))
        )
        if not possible:
            self.outlook = False
        booked = stock_takes.book(work, lines, is_count=is_count, on=on, counter=SITI, witness=BUDI)
        assert booked.journal_id is not None
        take = Take(on, line.code, change, booked.journal_id)

        def taken() -> None:
            self.moves(on, {line.code: change})
            self.taken.append(take)

        return taken

    def take_back(self, login: str, ago: int, newest: int) -> Any:
        """Takes back the ``newest``-th stock take from the end, whether it stands or not."""
        model, work = self.model, self.work(login)
        on = model.today - timedelta(days=ago)
        if newest > len(self.taken):
            self.outlook = False
            raise Nothing()
        take = self.taken[-newest]
        possible = (
            take.stands
            and bool(take.change)
            and work.may("funds.stock")
            and on >= take.on
            and on > model.closed_until
            and (take.change < 0 or self.is_there(take.item, on, take.change))
        )
        self.outlook = None if possible else False
        recorded = stock_take_records.booked(work, take.journal_id)
        stock_take_records.reverse(work, recorded, reason="keliru", on=on)

        def taken_back() -> None:
            take.stands = False
            self.moves(on, {take.item: -take.change})

        return taken_back

    def buy(self, *values: Any) -> Any:
        booked = super().buy(*values)

        def bought() -> None:
            booked()
            note = self.model.notes[-1]
            self.moves(note.booked_on, note.goods)

        return bought

    def cancel(self, login: str, ago: int, newest: int, late: bool) -> Any:
        cancelled = super().cancel(login, ago, newest, late)

        def taken_back() -> None:
            cancelled()
            on, _ = self.model.cash[-1]
            self.moves(on, {item: -quantity for item, quantity in self.model.notes[-newest].goods.items()})

        return taken_back

    def hand_over(self, login: str, ago: int, place: int, late: bool) -> Any:
        handed = super().hand_over(login, ago, place, late)
        on = self.model.booked(self.model.today - timedelta(days=ago), late)

        def handed_over() -> None:
            handed()
            assert on is not None
            self.moves(on, {line["code"]: -Decimal(line["quantity"]) for line in PACKAGE})

        return handed_over

    def undo(self, login: str, place: int) -> Any:
        undone = super().undo(login, place)

        def came_back() -> None:
            undone()
            self.moves(self.model.today, {line["code"]: Decimal(line["quantity"]) for line in PACKAGE})

        return came_back

    def holds(self) -> None:
        super().holds()
        work = self.work("pengelola")
        in_books = sorted((row.code, row.booked_on, row.quantity) for row in work.run(GOODS) if row.quantity)
        by_model = sorted((code, *line) for code, lines in self.goods.items() for line in lines if line[1])
        assert in_books == by_model
        today = store.stored_items(work, self.model.today)
        for code, item in today.items():
            assert item.book == self.in_store(code, self.model.today)
            assert 0 <= item.free <= item.book
            card = stock_card.card(work, item.item_id)
            assert all(row.balance >= 0 for row in card)
            assert (card[-1].balance if card else 0) == self.in_store(code, date.max)


who = st.sampled_from(STAFF)
ago = st.integers(0, 20)
goods = st.sampled_from(sorted(PRICES))
quantities = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(3), Decimal(20)])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("later"), st.integers(1, 25)),
        st.tuples(st.just("give"), who, ago, goods, quantities),
        st.tuples(
            st.just("count"),
            who,
            ago,
            goods,
            st.sampled_from([Decimal(-3), Decimal(-1), Decimal(0), Decimal(1)]),
            st.sampled_from([Decimal(1), Decimal(3)]),
            st.sampled_from([*LOSSES, FOUND]),
        ),
        st.tuples(st.just("write_off"), who, ago, goods, quantities, st.sampled_from(LOSSES)),
        st.tuples(st.just("take_back"), who, ago, st.integers(1, 2)),
        st.tuples(
            st.just("buy"),
            who,
            ago,
            st.sampled_from([Decimal(1), Decimal("0.4"), Decimal("1.5")]),
            st.dictionaries(goods, st.sampled_from([*FACTORS, Decimal("1.04")]), min_size=1),
            st.booleans(),
        ),
        st.tuples(st.just("cancel"), who, ago, st.integers(1, 2), st.booleans()),
        st.tuples(st.just("hand_over"), who, ago, st.integers(1, 4), st.booleans()),
        st.tuples(st.just("undo"), who, st.integers(1, 4)),
        st.tuples(st.just("close_book"), who, st.integers(0, 1)),
    ),
    min_size=1,
    max_size=12,
)
A_STORE: list[Step] = [
    ("give", "pengelola", 0, "beras", Decimal(20)),
    ("count", "pengelola", 0, "beras", Decimal(-3), Decimal(3), "spoiled"),
    ("count", "pengelola", 0, "beras", Decimal(1), Decimal(1), FOUND),
    ("write_off", "pengelola", 0, "beras", Decimal(1), "expired"),
    ("take_back", "pengelola", 0, 1),
    ("take_back", "pengelola", 0, 3),
    ("buy", "pengelola", 0, Decimal("1.5"), {"beras": Decimal("1.02"), "gula": Decimal("0.8")}, False),
    ("hand_over", "kasubsi", 0, 1, False),
    ("undo", "kasubsi", 1),
    ("cancel", "pengelola", 0, 1, False),
]


any_sequence = given(before=steps, month=st.sampled_from([[], A_MONTH, [*A_MONTH, *A_STORE[:7]]]), after=steps)


@of_examples(4)
@any_sequence
def test_the_store_holds_what_came_and_stayed(
    tolerant: World, before: list[Step], month: list[Step], after: list[Step]
):
    hold(Store, tolerant, [*before, *month, *after])


@pytest.mark.deep
@pytest.mark.timeout(900)
@of_examples(40)
@any_sequence
def test_the_store_holds_under_many_sequences(
    tolerant: World, before: list[Step], month: list[Step], after: list[Step]
):
    hold(Store, tolerant, [*before, *month, *after])


def test_all_of_the_store_is_accepted_or_the_tests_above_prove_nothing(tolerant: World):
    sequence = [*A_MONTH, *A_STORE]
    assert hold(Store, tolerant, sequence) == [name for name, *_ in sequence]

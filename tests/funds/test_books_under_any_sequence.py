"""Whatever happens in whatever order: balances are the sums of their transfers, nothing is below zero, costs add up."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from guyub.access import sign_in
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.bulk_write import ValueAt, set_many
from guyub.db.errors import refusal_of
from guyub.db.unit_of_work import SessionCredential, Work, _enter
from guyub.demo import families
from guyub.demo.month import moment
from guyub.funds import added_money, promises, purchases, receipts
from guyub.funds.note_division import BookedItem
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import closing, cycles, distribution, proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Refusal
from tests import sample_plugins, worlds
from tests.worlds import PEKALONGAN, World

ON = date(2024, 11, 16)
AT = moment(ON, worlds.time(9))
STAFF = ("kasubsi", "karutan", "pengelola")
Step = tuple[Any, ...]


@pytest.fixture(scope="module")
def begun(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "hibah", "paket") as made:
        made.pekalongan.register(families.PEKALONGAN[:6], worlds.SURVEYED)
        yield made


@dataclass
class Books:
    """One transaction that all three people work in, one after the other; it is rolled back at the end."""

    session: Session
    plugins: PluginRegistry
    tokens: dict[str, str]
    month: int = 0
    cycle: Cycle | None = None
    done: list[str] = field(default_factory=list)

    def work(self, login: str) -> Work:
        self.session.execute(text(worlds.LEFT))
        return _enter(self.session, SessionCredential(self.tokens[login], PEKALONGAN))

    def takes(self, step: Step) -> None:
        """A step that cannot be taken now is refused and leaves nothing behind."""
        name, *values = step
        try:
            with self.session.begin_nested():
                getattr(self, name)(*values)
                self.session.connection().exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            self.done.append(name)
        except Refusal:
            pass
        except DBAPIError as error:
            if not isinstance(refusal_of(error), Refusal):
                raise
        self.session.connection().exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")

    def receive(self, fund: str, money: int, kilos: Decimal, value: int) -> None:
        form = {
            "fund": fund,
            "received_on": "2024-11-05",
            "money": money,
            "goods": [{"code": "beras", "quantity": kilos, "value": value}] if kilos else [],
        }
        receipts.receive(self.work("pengelola"), self.plugins, "hibah", "gifts", "gift", form, ON)

    def approve(self, funds: list[str]) -> None:
        work = self.work("kasubsi")
        # From June, so that ON is still a day of each; the seventh has not begun by then.
        period = date(2024 + (self.month + 5) // 12, 1 + (self.month + 5) % 12, 1)
        known = set(work.run("SELECT code FROM guyub.fund").scalars())
        cycle = cycles.open_cycle(
            work,
            self.plugins,
            "paket",
            period,
            fund_codes=[fund for fund in funds if fund in known],
            distribution_on=max(period, ON),
            place="Aula",
        )
        selection.score(work, self.plugins, cycle)
        selection.select_top(work, cycle)
        proposal.propose(work, self.plugins, cycle)
        proposed = cycles.get(work, "paket", period)
        proposal.approve(self.work("karutan"), self.plugins, proposed, ON, version=proposed.version)
        self.month, self.cycle = self.month + 1, cycle

    def buy(self, item: str, share: Decimal, factor: Decimal) -> None:
        work = self.work("pengelola")
        open_lines = [line for line in promises.to_buy(work, self._open.id) if line.item == item]
        wanted = sum((line.quantity for line in open_lines), Decimal(0))
        quantity = (wanted * share).quantize(Decimal("0.001"))
        cost = int(quantity * open_lines[0].price * factor) if open_lines else 1
        bought = [BookedItem(item, quantity, cost)]
        purchases.buy(work, self._open.id, bought, supplier="Toko (contoh)", evidence=f"Nota {len(self.done)}", on=ON)

    def top_up(self, item: str, amount: int) -> None:
        added_money.top_up(self.work("karutan"), self._open.id, item, amount, reason="naik", on=ON)

    def start(self) -> None:
        distribution.start(self.work("kasubsi"), self._open)

    def hand_over(self, places: list[int]) -> None:
        work = self.work("kasubsi")
        listed = [recipient.id for recipient in queries.recipients(work, self._open) if recipient.number in places]
        distribution.hand_over(work, self._open, listed, AT, Proof("Saksi Contoh"))

    def undo(self, place: int) -> None:
        work = self.work("kasubsi")
        for recipient in queries.recipients(work, self._open):
            if recipient.number == place:
                distribution.undo(work, self._open, recipient.id, "keliru", ON)

    def close(self) -> None:
        work = self.work("kasubsi")
        waiting = [recipient.id for recipient in queries.recipients(work, self._open) if recipient.state == "approved"]
        if waiting:
            distribution.mark_absent(work, self._open, waiting, "tidak datang")
        closing.close(work, self._open, ON)
        self.cycle = None

    def cancel(self) -> None:
        closing.cancel(self.work("karutan"), self._open, ON, "batal", version=self._open.version)
        self.cycle = None

    @property
    def _open(self) -> Cycle:
        if self.cycle is None:
            raise Refusal("nothing", sample_plugins.both("-"), sample_plugins.both("-"))
        return self.cycle

    def ask(self, query: str) -> list[Any]:
        return list(self.work("kasubsi").run(query))


rupiah = st.integers(0, 3_000_000)
kilos = st.decimals(0, 40, places=3)
items = st.sampled_from(["beras", "tepung"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.sampled_from(["A", "B", "C"]), rupiah, kilos, rupiah),
        st.tuples(st.just("approve"), st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True)),
        st.tuples(
            st.just("buy"),
            items,
            st.sampled_from([Decimal(1), Decimal("0.4"), Decimal("0.333")]),
            st.sampled_from([Decimal(1), Decimal("0.8"), Decimal("0.97"), Decimal("1.2")]),
        ),
        st.tuples(st.just("top_up"), items, st.integers(1, 50_000)),
        st.tuples(st.just("start")),
        st.tuples(st.just("hand_over"), st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True)),
        st.tuples(st.just("undo"), st.integers(1, 6)),
        st.tuples(st.just("close")),
        st.tuples(st.just("cancel")),
    ),
    min_size=1,
    max_size=14,
)
A_MONTH: list[Step] = [
    ("receive", "A", 2_000_000, Decimal("7.125"), 120_001),
    ("approve", ["B", "A", "C"]),
    ("buy", "beras", Decimal(1), Decimal("0.97")),
    ("buy", "tepung", Decimal(1), Decimal(1)),
    ("start",),
]
packages = st.lists(
    st.tuples(items, st.decimals("0.001", "7", places=3), st.integers(1, 40_000), st.booleans(), st.booleans()),
    min_size=1,
    max_size=2,
    unique_by=lambda line: line[0],
)


HOLDS = {
    "balances are the sums of transfers": "SELECT * FROM guyub.ledger_problems()",
    "nothing is below zero": "SELECT * FROM guyub.account WHERE kind <> 'receipts' AND (rupiah < 0 OR quantity < 0)",
    "the last transfer of an account says its balance": """
        SELECT a.id FROM guyub.account a CROSS JOIN LATERAL (
            SELECT CASE WHEN t.debit_account = a.id THEN t.debit_rupiah_after ELSE t.credit_rupiah_after END AS rupiah,
                   CASE WHEN t.debit_account = a.id THEN t.debit_quantity_after ELSE t.credit_quantity_after END AS quantity
            FROM guyub.transfer t WHERE a.id IN (t.debit_account, t.credit_account) ORDER BY t.seq DESC LIMIT 1) said
        WHERE (said.rupiah, said.quantity) <> (a.rupiah, a.quantity)""",
    "what came into a lot is what lies in it, is promised and was given": """
        SELECT o.id FROM guyub.lot o
        CROSS JOIN LATERAL (SELECT sum(a.quantity) AS quantity, sum(a.rupiah) AS rupiah FROM guyub.account a
                            WHERE a.lot_id = o.id) there
        CROSS JOIN LATERAL (SELECT sum(t.quantity) AS quantity, sum(t.rupiah) AS rupiah FROM guyub.transfer t
                            JOIN guyub.account c ON c.id = t.credit_account AND c.lot_id IS NULL WHERE t.lot_id = o.id) came
        WHERE (there.quantity, there.rupiah) IS DISTINCT FROM (came.quantity, came.rupiah)""",
    "what left the books is what households got": """
        SELECT g.fund_id FROM (
            SELECT a.fund_id, sum(a.rupiah) AS rupiah FROM guyub.account a WHERE a.kind IN ('distributed', 'payments')
            GROUP BY a.fund_id) g
        LEFT JOIN (SELECT t.fund_id, sum(l.rupiah) AS rupiah FROM guyub.handover_line l
                   JOIN guyub.handover h ON h.id = l.handover_id AND h.reversed_at IS NULL
                   JOIN guyub.transfer t ON t.id = l.transfer_id GROUP BY t.fund_id) got ON got.fund_id = g.fund_id
        WHERE g.rupiah <> COALESCE(got.rupiah, 0)""",
    "each household that was served got its package": """
        SELECT h.id FROM guyub.handover h JOIN guyub.entitlement_line p ON p.entitlement_id = h.entitlement_id
        LEFT JOIN (SELECT handover_id, item_id, sum(quantity) AS quantity FROM guyub.handover_line GROUP BY 1, 2) got
          ON got.handover_id = h.id AND got.item_id = p.item_id
        WHERE h.reversed_at IS NULL AND got.quantity IS DISTINCT FROM p.quantity""",
    "nothing is held for a month that ended": """
        SELECT c.id FROM guyub.cycle c JOIN guyub.reservation r ON r.holder_id = c.id
        JOIN guyub.account a ON a.reservation_id = r.id
        WHERE c.state IN ('planned', 'proposed', 'closed', 'cancelled') AND (a.rupiah <> 0 OR a.quantity <> 0)""",
}


@contextmanager
def books_of(world: World, package: Sequence[tuple[Any, ...]]) -> Iterator[Books]:
    lines = [
        {
            "code": code,
            "name": code.title(),
            "unit": "kg",
            "quantity": str(each),
            "price": price,
            "per_member": per_member,
            "at_most": str(each * 3) if per_member and capped else None,
        }
        for code, each, price, per_member, capped in package
    ]
    tokens = {login: sign_in.session_for(world.database, login, "tests") for login in STAFF}
    with Session(world.database.engine) as session:
        work = _enter(session, world.database.as_service("tests", PEKALONGAN))
        set_many(work, [ValueAt("facility", PEKALONGAN, "paket", "package", lines, False, date(2024, 1, 1), "uji")])
        yield Books(session, plugin_registry(sample_plugins.entries("hibah", "paket")), tokens)
        session.rollback()


def of_examples(number: int) -> settings:
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


any_sequence = given(package=packages, before=steps, whole_month=st.booleans(), after=steps)


@of_examples(10)
@any_sequence
def test_the_books_hold(
    begun: World, package: list[tuple[Any, ...]], before: list[Step], whole_month: bool, after: list[Step]
):
    the_books_hold(begun, package, [*before, *(A_MONTH if whole_month else ()), *after])


@pytest.mark.deep
@of_examples(60)
@any_sequence
def test_the_books_hold_under_many_sequences(
    begun: World, package: list[tuple[Any, ...]], before: list[Step], whole_month: bool, after: list[Step]
):
    the_books_hold(begun, package, [*before, *(A_MONTH if whole_month else ()), *after])


def the_books_hold(begun: World, package: list[tuple[Any, ...]], sequence: list[Step]) -> None:
    with books_of(begun, package) as books:
        for step in sequence:
            books.takes(step)
            for promise, broken in HOLDS.items():
                assert books.ask(broken) == [], (promise, step)


def test_a_whole_month_can_be_taken_or_the_test_above_proves_nothing(begun: World):
    package = [("beras", Decimal("1.25"), 15_333, True, True), ("tepung", Decimal("0.333"), 20_011, False, False)]
    end: list[Step] = [("hand_over", [1, 2, 3]), ("undo", 2), ("hand_over", [2, 4]), ("close",)]
    with books_of(begun, package) as books:
        for step in (*A_MONTH, *end):
            books.takes(step)
        assert books.done == [name for name, *_ in (*A_MONTH, *end)]
        assert all(books.ask(broken) == [] for broken in HOLDS.values())
        assert len(books.ask("SELECT * FROM guyub.handover WHERE reversed_at IS NULL")) == 4

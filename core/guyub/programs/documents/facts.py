"""All that the documents of a cycle say, read once: a fixed number of queries for any number of households."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import BigInteger, and_, cast, func, select, true, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.facilities.queries import FacilityProfile, OfficialOnDay, ThemeOnDay
from guyub.funds import book_closing
from guyub.funds import queries as books
from guyub.funds.book_closing import ClosedBook
from guyub.funds.models import AccountModel, ItemModel, Journal, Reservation, Transfer
from guyub.funds.queries import CashRow, FundBalance, Spending
from guyub.programs import cycle_facts, cycle_funds
from guyub.programs import queries as programs
from guyub.programs.coverage import funds_of
from guyub.programs.cycle_facts import Figures, GoodsGiven
from guyub.programs.cycles import Cycle
from guyub.programs.models import Entitlement, EntitlementLine, PackageLine, RecipientSnapshot
from guyub.programs.queries import Recipient
from guyub.registry.models import Survey


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of a household's package as planned; ``unit`` is empty for money, whose amount is the price."""

    item: str
    unit: str
    quantity: Decimal
    price: int

    @property
    def value(self) -> int:
        return round(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class Purchase:
    on: date
    memo: str
    evidence: str
    cost: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Holds what was reserved and not needed: goods with their unit, money with an empty one. ``cost`` in rupiah."""

    item: str
    unit: str
    quantity: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class Facts:
    """``decided_on`` is the day of the approval in the books, ``surveyed`` the first and last day of the home visits."""

    cycle: Cycle
    on: date
    facility: FacilityProfile
    officials: Mapping[str, OfficialOnDay]
    theme: ThemeOnDay | None
    recipients: Sequence[Recipient]
    packages: Mapping[UUID, tuple[DocumentLine, ...]]
    judged: int
    figures: Figures
    goods: Sequence[GoodsGiven]
    spending: Sequence[Spending]
    funds: Sequence[FundBalance]
    cash_books: Mapping[UUID, Sequence[CashRow]]
    closed_books: Mapping[UUID, Mapping[date, ClosedBook]]
    """The closings of each fund, by month."""
    purchases: Sequence[Purchase]
    returned: Sequence[Returned]
    kept: Sequence[Returned]
    """What is still reserved for the month, which closing it returns: by item, money last."""
    decided_on: date | None
    surveyed: tuple[date, date] | None

    @property
    def received(self) -> list[Recipient]:
        return [recipient for recipient in self.recipients if recipient.state == "received"]

    @property
    def absent(self) -> list[Recipient]:
        return [recipient for recipient in self.recipients if recipient.state == "absent"]

    @property
    def is_over(self) -> bool:
        """Returns whether the month is closed or cancelled, so that what is left of it has gone back."""
        return self.cycle.state in ("closed", "cancelled")

    @property
    def gives_money(self) -> bool:
        return self.cycle.gives_money

    def planned(self, recipient: Recipient) -> int:
        """Returns the planned value of one household's package, in rupiah."""
        return sum(line.value for line in self.packages[recipient.id])

    @property
    def planned_value(self) -> int:
        return sum(self.planned(recipient) for recipient in self.recipients)


def gather(work: Work, cycle: Cycle, on: date) -> Facts:
    """Returns the facts of the documents of a cycle.

    ``on`` is the day of the documents: its name and letterhead head them, its officials sign, its programme is quoted.
    """
    fund_ids = set(funds_of(work, cycle))
    funds = [fund for fund in books.balances(work) if fund.id in fund_ids]
    return Facts(
        cycle=cycle,
        on=on,
        facility=facilities.facility(work, on),
        officials=facilities.officials(work, on),
        theme=facilities.theme(work, on),
        recipients=programs.recipients(work, cycle),
        packages=_packages(work, cycle),
        judged=sum(cycle_facts.counts(work, cycle).values()),
        figures=cycle_facts.figures(work, cycle),
        goods=cycle_facts.goods_given(work, cycle),
        spending=books.spending(work, cycle.id),
        funds=funds,
        cash_books={fund.id: books.cash_book(work, fund.id) for fund in funds},
        closed_books={
            fund.id: {closed.month: closed for closed in book_closing.closed_books(work, fund.id)} for fund in funds
        },
        purchases=_purchases(work, cycle),
        returned=_returned(work, cycle),
        kept=_kept(work, cycle),
        decided_on=_decided_on(work, cycle),
        surveyed=_surveyed(work, cycle, on),
    )


def _packages(work: Work, cycle: Cycle) -> dict[UUID, tuple[DocumentLine, ...]]:
    line, planned, item = EntitlementLine, PackageLine, ItemModel
    rows = work.all(
        select(
            col(Entitlement.id),
            func.coalesce(col(item.name), col(planned.label)["id"].astext).label("item"),
            func.coalesce(col(item.unit), "").label("unit"),
            col(line.quantity),
            col(line.price),
        )
        .join(line, col(line.entitlement_id) == col(Entitlement.id))
        .join(planned, and_(col(planned.cycle_id) == col(Entitlement.cycle_id), col(planned.line) == col(line.line)))
        .outerjoin(item, col(item.id) == col(line.item_id))
        .where(col(Entitlement.cycle_id) == cycle.id)
        .order_by(col(Entitlement.id), col(line.line))
    )
    return {
        entitlement: tuple(part_of(row, DocumentLine) for row in lines)
        for entitlement, lines in groupby(rows, attrgetter("id"))
    }


def _purchases(work: Work, cycle: Cycle) -> list[Purchase]:
    return work.rows(
        Purchase,
        select(
            col(Journal.occurred_on).label("on"),
            col(Journal.memo),
            col(Journal.evidence),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("cost"),
        )
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .join(AccountModel, col(AccountModel.id) == col(Transfer.debit_account))
        .where(
            col(Journal.holder_id) == cycle.id,
            col(Journal.kind) == "purchase",
            col(AccountModel.kind) == "stock_reserved",
        )
        .group_by(col(Journal.id))
        .order_by(col(Journal.occurred_on), col(Journal.number)),
    )


def _returned(work: Work, cycle: Cycle) -> list[Returned]:
    item, credit, debit = ItemModel, aliased(AccountModel, name="credit"), aliased(AccountModel, name="debit")
    goes_back = tuple_(col(credit.kind), col(debit.kind)).in_([("cash_reserved", "cash"), ("stock_reserved", "stock")])
    return work.rows(
        Returned,
        select(
            func.coalesce(col(item.name), "").label("item"),
            func.coalesce(col(item.unit), "").label("unit"),
            func.sum(col(Transfer.quantity)).label("quantity"),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("cost"),
        )
        .select_from(Journal)
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .join(credit, col(credit.id) == col(Transfer.credit_account))
        .join(debit, col(debit.id) == col(Transfer.debit_account))
        .join(Reservation, col(Reservation.id) == col(credit.reservation_id))
        .outerjoin(item, col(item.id) == col(debit.item_id))
        .where(col(Journal.holder_id) == cycle.id, goes_back, col(Reservation.withdrawn_at).is_(None))
        .group_by(col(item.id))
        .order_by(col(item.name).nulls_last()),
    )


def _kept(work: Work, cycle: Cycle) -> list[Returned]:
    returned: dict[tuple[str, str], Returned] = {}
    for held in cycle_funds.held(work, cycle):
        before = returned.get((held.item, held.unit), Returned(held.item, held.unit, Decimal(0), 0))
        returned[held.item, held.unit] = replace(
            before, quantity=before.quantity + held.quantity, cost=before.cost + held.rupiah
        )
    return sorted(returned.values(), key=lambda kept: (not kept.unit, kept.item))


def _decided_on(work: Work, cycle: Cycle) -> date | None:
    promised = select(func.min(col(Journal.occurred_on))).join(
        Reservation, col(Reservation.journal_id) == col(Journal.id)
    )
    return work.scalar(promised.where(col(Reservation.holder_id) == cycle.id, col(Reservation.withdrawn_at).is_(None)))


def _surveyed(work: Work, cycle: Cycle, on: date) -> tuple[date, date] | None:
    of_household = (col(Survey.household_id) == col(Entitlement.household_id), col(Survey.surveyed_on) <= on)
    visit = select(func.max(col(Survey.surveyed_on)).label("day")).where(*of_household).lateral("visit")
    [(first, last)] = work.all(
        select(func.min(visit.c.day), func.max(visit.c.day))
        .select_from(Entitlement)
        .join(RecipientSnapshot, col(RecipientSnapshot.entitlement_id) == col(Entitlement.id))
        .join(visit, true())
        .where(col(Entitlement.cycle_id) == cycle.id)
    )
    return (first, last) if first else None

"""All that the documents of a cycle say, read once: a fixed number of queries for any number of households."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Date, and_, cast, func, select, true
from sqlmodel import col

from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.facilities.queries import FacilityProfile, OfficialOnDay, ThemeOnDay
from guyub.funds import book_closing, incidental_costs
from guyub.funds import queries as books
from guyub.funds.book_closing import ClosedBook
from guyub.funds.incidental_costs import PaidCost
from guyub.funds.models import ItemModel
from guyub.funds.queries import CashRow, FundBalance, Spending
from guyub.programs import cycle_facts, second_approvals
from guyub.programs import queries as programs
from guyub.programs.coverage import funds_of
from guyub.programs.cycle_facts import Figures, GoodsGiven
from guyub.programs.cycles import Cycle
from guyub.programs.documents import in_books
from guyub.programs.documents.in_books import Purchase, Returned
from guyub.programs.models import (
    Entitlement,
    EntitlementLine,
    Handover,
    HandoverLine,
    PackageLine,
    RecipientSnapshot,
)
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
class GivenLine:
    """What a household got of one item, as it was booked; ``unit`` is empty for money. ``value`` in rupiah."""

    item: str
    unit: str
    quantity: Decimal
    value: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed over to one household; ``proxy_letter`` is what allowed somebody else to collect it."""

    lines: tuple[GivenLine, ...]
    proxy_letter: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the month that exists: its number, empty while the office has given none, and the day that it bears."""

    number: str
    on: date | None


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What the facility was on a day, and the ministry's programme of that day."""

    facility: FacilityProfile
    theme: ThemeOnDay | None
    surveyed: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class ActDays:
    """The days of the acts of a month: the approval, the last hand-over, the closing; and what is planned."""

    decided_on: date | None
    planned_on: date | None
    handed_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """``decided_on`` is the day of the approval in the books, ``surveyed`` the first and last day of the home visits.

    ``on`` is the day of the document: ``facility``, ``officials`` and ``theme`` are those of that day (``on_day``).
    """

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
    costs: Sequence[PaidCost]
    returned: Sequence[Returned]
    kept: Sequence[Returned]
    """What is still reserved for the month, which closing it returns: by item, money last."""
    decided_on: date | None
    surveyed: tuple[date, date] | None
    given_number: str = ""
    """The number that the office gave this letter; empty while it has given none."""
    closed_on: date | None = None
    """The day on which the month was closed, where something was left of it."""
    reserved: Sequence[Spending] = ()
    """What the approval reserved of each fund, at the cost of its goods."""
    approvers: Sequence[str] = ()
    """The two people who approved, where two were needed."""
    given: Mapping[UUID, Given] = field(default_factory=dict)
    """What each household that received got."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """The newest document of each kind that there is of the month."""
    officials_on: Mapping[date, Mapping[str, OfficialOnDay]] = field(default_factory=dict)
    by_day: Mapping[date, DayFacts] = field(default_factory=dict)

    def on_day(self, on: date) -> "Facts":
        """Returns the same for a document of another day."""
        known = self.by_day.get(on)
        officials = self.officials_on.get(on, self.officials)
        if known is None:
            return replace(self, on=on, officials=officials)
        return replace(
            self,
            on=on,
            officials=officials,
            facility=known.facility,
            theme=known.theme,
            surveyed=known.surveyed,
        )

    def day_of(self, recipient: Recipient) -> date | None:
        """Returns the day on which a household received, in the facility's zone."""
        if recipient.handed_at is None:
            return None
        return recipient.handed_at.astimezone(ZoneInfo(self.facility.zone)).date()

    @property
    def handed_days(self) -> list[date]:
        """Returns the days on which something was handed over, in order."""
        return sorted({day for recipient in self.received if (day := self.day_of(recipient)) is not None})

    @property
    def acts(self) -> ActDays:
        handed = self.handed_days
        return ActDays(self.decided_on, self.cycle.distribution_on, handed[-1] if handed else None, self.closed_on)

    @property
    def reserved_value(self) -> int:
        return sum(fund.amount for fund in self.reserved)

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
    """Returns what documents say of a cycle, for those of the day ``on``; ``of_days`` adds what was on others."""
    facility = facilities.facility(work, on)
    fund_ids = funds_of(work, cycle)
    funds = [fund for fund in books.balances(work) if fund.id in set(fund_ids)]
    recipients = programs.recipients(work, cycle)
    approval = in_books.approval(work, cycle)
    return Facts(
        cycle=cycle,
        on=on,
        facility=facility,
        officials=facilities.officials(work, on),
        theme=facilities.theme(work, on),
        recipients=recipients,
        packages=_packages(work, cycle),
        judged=sum(cycle_facts.counts(work, cycle).values()),
        figures=cycle_facts.figures(work, cycle),
        goods=cycle_facts.goods_given(work, cycle),
        spending=books.spending(work, cycle.id),
        funds=funds,
        cash_books=books.cash_books(work, fund_ids),
        closed_books=book_closing.of_funds(work, fund_ids),
        purchases=in_books.purchases(work, cycle),
        costs=incidental_costs.of_cycle(work, cycle.id),
        returned=in_books.returned(work, cycle, approval),
        kept=in_books.kept(work, cycle),
        decided_on=approval.on if approval else None,
        surveyed=_surveyed(work, cycle, on),
        closed_on=in_books.closed_on(work, cycle, approval),
        reserved=in_books.reserved(work, approval),
        approvers=_approvers(work, cycle),
        given=_given(work, cycle),
    )


def _approvers(work: Work, cycle: Cycle) -> Sequence[str]:
    first = second_approvals.first_approver(work, cycle) if cycle.approved_by else None
    return () if first is None or first.name == cycle.approved_by else (first.name, cycle.approved_by)


def of_days(work: Work, facts: Facts, days: Collection[date]) -> Facts:
    """Returns the same with what the facility was on each of these days, and who signed then and on each day of a
    hand-over."""
    wanted = sorted(set(days) - set(facts.by_day))
    officials = facilities.officials_on_days(work, sorted({*days, *facts.handed_days}))
    known = {
        day: DayFacts(facilities.facility(work, day), facilities.theme(work, day), _surveyed(work, facts.cycle, day))
        for day in wanted
    }
    return replace(facts, officials_on=officials, by_day={**facts.by_day, **known})


def act_days(work: Work, cycle: Cycle) -> ActDays:
    """Returns the days of the acts of a cycle."""
    approval = in_books.approval(work, cycle)
    handed = func.max(col(Handover.handed_at)).op("AT TIME ZONE")(work.here.zone)
    stands = (col(Entitlement.cycle_id) == cycle.id, col(Handover.reversed_at).is_(None))
    last = select(cast(handed, Date)).select_from(Handover)
    handed_on: date | None = work.scalar(
        last.join(Entitlement, col(Entitlement.id) == col(Handover.entitlement_id)).where(*stands)
    )
    closed_on = in_books.closed_on(work, cycle, approval)
    return ActDays(approval.on if approval else None, cycle.distribution_on, handed_on, closed_on)


def _given(work: Work, cycle: Cycle) -> dict[UUID, Given]:
    line, item = HandoverLine, ItemModel
    place = select(func.min(col(PackageLine.line))).where(
        col(PackageLine.cycle_id) == col(Entitlement.cycle_id), col(PackageLine.item_id) == col(item.id)
    )
    rows: Sequence[Any] = work.all(
        select(
            col(Handover.entitlement_id).label("id"),
            col(Handover.proxy_letter),
            func.coalesce(col(item.name), "").label("item"),
            func.coalesce(col(item.unit), "").label("unit"),
            func.sum(col(line.quantity)).label("quantity"),
            cast(func.sum(col(line.rupiah)), BigInteger).label("value"),
        )
        .join(Entitlement, col(Entitlement.id) == col(Handover.entitlement_id))
        .join(line, col(line.handover_id) == col(Handover.id))
        .outerjoin(item, col(item.id) == col(line.item_id))
        .where(col(Entitlement.cycle_id) == cycle.id, col(Handover.reversed_at).is_(None))
        .group_by(col(Handover.id), col(Entitlement.cycle_id), col(item.id))
        .order_by(col(Handover.entitlement_id), place.correlate(Entitlement, item).scalar_subquery().nulls_last())
    )
    return {
        entitlement: Given(tuple(part_of(row, GivenLine) for row in lines), lines[0].proxy_letter)
        for entitlement, lines in ((key, list(group)) for key, group in groupby(rows, attrgetter("id")))
    }


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

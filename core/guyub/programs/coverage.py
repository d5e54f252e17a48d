"""Which fund would pay what for the selected households of a cycle, and what none of them covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Numeric, SmallInteger, Uuid, column, func, select
from sqlalchemy import Text as SqlText
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds import reservations
from guyub.funds.models import ItemModel
from guyub.funds.reservations import Holder, Need, Promise, Shortfall, UnusableFund
from guyub.programs.cycles import Cycle
from guyub.programs.models import CycleFund


@dataclass(frozen=True, slots=True)
class FundShare:
    """Holds what one fund of the cycle would pay for the selected households, in rupiah at the planned prices.

    ``to_spend`` is money still to be spent, ``from_stock`` the value of goods that lie ready.
    """

    fund_id: UUID
    fund: str
    to_spend: int
    from_stock: int

    @property
    def total(self) -> int:
        return self.to_spend + self.from_stock


@dataclass(frozen=True, slots=True)
class UncoveredNeed:
    """Holds what no fund covers of one item, money with an empty unit: for how many households, worth how much rupiah."""

    label: str
    unit: str
    quantity: Decimal
    households: int
    rupiah: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Holds who would pay what today, in the order of the funds, and what none of them covers."""

    shares: tuple[FundShare, ...]
    shortfalls: tuple[Shortfall, ...]
    unusable: tuple[UnusableFund, ...] = ()
    promises: tuple[Promise, ...] = ()

    @property
    def total(self) -> int:
        return sum(share.total for share in self.shares) + self.missing

    @property
    def missing(self) -> int:
        return sum(shortfall.rupiah for shortfall in self.shortfalls)

    @property
    def by_item(self) -> list[UncoveredNeed]:
        """Returns the shortfalls item by item, whatever category the households belong to."""
        shares = []
        for label, unit in dict.fromkeys((shortfall.need.label, shortfall.need.unit) for shortfall in self.shortfalls):
            of_item = [
                shortfall
                for shortfall in self.shortfalls
                if (shortfall.need.label, shortfall.need.unit) == (label, unit)
            ]
            quantity = sum((shortfall.need.each * shortfall.households for shortfall in of_item), Decimal(0))
            shares.append(
                UncoveredNeed(
                    label,
                    unit,
                    quantity,
                    sum(shortfall.households for shortfall in of_item),
                    sum(shortfall.rupiah for shortfall in of_item),
                )
            )
        return shares


def coverage_of(work: Work, cycle: Cycle, today: date) -> Coverage:
    """Returns what an approval would reserve today, from which fund; nothing is changed. Names funds whose terms exclude the day
    of the approval or of the distribution."""
    fund_ids = funds_of(work, cycle)
    holder = Holder(cycle.id, cycle.plugin, cycle.period, "", cycle.distribution_on)
    promises, short = reservations.plan(work, holder, needs(work, cycle, fund_ids), fund_ids, today)
    names = {promise.fund.id: promise.fund.name for promise in promises}
    shares = [
        FundShare(
            fund_id,
            names[fund_id],
            sum(promise.rupiah for promise in promises if promise.fund.id == fund_id and not promise.lots),
            sum(promise.rupiah for promise in promises if promise.fund.id == fund_id and promise.lots),
        )
        for fund_id in fund_ids
        if fund_id in names
    ]
    unusable = tuple(reservations.unusable(work, fund_ids, today, cycle.distribution_on))
    return Coverage(tuple(shares), tuple(short), unusable, tuple(promises))


def needs(work: Work, cycle: Cycle, fund_ids: Sequence[UUID]) -> list[Need]:
    """Returns what the selected households need, grouped: as many rows as there are different packages, not households."""
    columns = (
        column("line", SmallInteger),
        column("category", SqlText),
        column("area", SqlText),
        column("item_id", Uuid),
        column("quantity", Numeric),
        column("price", BigInteger),
        column("households", BigInteger),
    )
    by_area = reservations.restricts_areas(work, fund_ids)
    needed = func.guyub.package_needs(cycle.id, by_area).table_valued(*columns, name="needed")
    need = needed.c
    return work.rows(
        Need,
        select(
            need.category,
            need.area,
            need.item_id,
            func.coalesce(col(ItemModel.name), cycle.title.id).label("label"),
            func.coalesce(col(ItemModel.unit), "").label("unit"),
            need.quantity.label("each"),
            need.price,
            need.households,
        )
        .select_from(needed)
        .outerjoin(ItemModel, col(ItemModel.id) == need.item_id)
        .order_by(need.line, need.category, need.area, need.quantity),
    )


def funds_of(work: Work, cycle: Cycle) -> list[UUID]:
    of_cycle = select(col(CycleFund.fund_id)).where(col(CycleFund.cycle_id) == cycle.id)
    return list(work.scalars(of_cycle.order_by(col(CycleFund.priority))))

"""Approval reserves: goods in stock first, then money for what must still be bought, fund by fund in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import BigInteger, and_, cast, func, or_, select
from sqlmodel import col

from guyub.db.typed_reads import among, part_of
from guyub.db.unit_of_work import Work
from guyub.funds import ledger
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.models import AccountModel, Fund, Lot, Transfer
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Amount, Money, Text


@dataclass(frozen=True, slots=True)
class Holder:
    """Holds what value is held for: a cycle, its programme (plugin slug) and month, and the day on which it is to be
    handed over.
    """

    id: UUID
    program: str
    period: date
    memo: str
    planned_on: date | None


@dataclass(frozen=True, slots=True)
class Need:
    """``households`` equal shares of an item (or of money: ``item_id`` None, ``each`` 1), for one category and area."""

    category: str
    area: str
    item_id: UUID | None
    label: str
    unit: str
    each: Decimal
    price: int
    households: int

    @property
    def cost_each(self) -> int:
        """Returns the rupiah for one household, rounded half up."""
        return int((self.price * self.each).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(slots=True)
class _Fund:
    id: UUID
    name: str
    programs: Sequence[str]
    categories: Sequence[str]
    areas: Sequence[str]
    cash: int
    stock: dict[UUID, list[tuple[UUID, Decimal]]] = field(default_factory=dict)

    def serves(self, holder: Holder, need: Need) -> bool:
        return all(
            not allowed or value in allowed
            for allowed, value in (
                (self.programs, holder.program),
                (self.categories, need.category),
                (self.areas, need.area),
            )
        )


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Holds what no fund of the cycle can cover: ``households`` of them, ``rupiah`` at the planned price."""

    need: Need
    households: int

    @property
    def rupiah(self) -> int:
        return self.households * self.need.cost_each


@dataclass(frozen=True, slots=True)
class Promise:
    """Holds what one fund gives for a need: goods of these lots, or money where there are none."""

    fund: _Fund
    need: Need
    households: int
    lots: tuple[tuple[UUID, Decimal], ...]

    @property
    def quantity(self) -> Decimal:
        return self.need.each * self.households

    @property
    def rupiah(self) -> int:
        return self.need.cost_each * self.households


def restricts_areas(work: Work, fund_ids: Sequence[UUID]) -> bool:
    """Returns whether needs must be told apart by area: only when a fund of the cycle asks for it."""
    asking = select(col(Fund.id)).where(among(col(Fund.id), fund_ids), func.cardinality(col(Fund.areas)) > 0)
    return bool(work.scalar(select(asking.exists())))


@dataclass(frozen=True, slots=True)
class UnusableFund:
    """A fund that pays nothing on ``day``, since its terms allow it from ``since`` until ``until`` only."""

    name: str
    since: date | None
    until: date | None
    day: date

    @property
    def sentence(self) -> Text:
        if self.since is not None and self.day < self.since:
            return _NOT_YET_USABLE.format(name=self.name, bound=self.since, day=self.day)
        return _NO_LONGER_USABLE.format(name=self.name, bound=self.until, day=self.day)


_NOT_YET_USABLE = Text(
    id="{name} baru dapat dipakai mulai {bound}, jadi tidak pada {day}.",
    en="{name} may be used from {bound} on, so not on {day}.",
)
_NO_LONGER_USABLE = Text(
    id="{name} hanya dapat dipakai sampai {bound}, jadi tidak pada {day}.",
    en="{name} may be used until {bound}, so not on {day}.",
)


def unusable(work: Work, fund_ids: Sequence[UUID], *days: date | None) -> list[UnusableFund]:
    """Returns which of these funds do not pay on one of these days: that of the promise, and that of the hand-over."""
    terms = select(col(Fund.name), col(Fund.usable_from), col(Fund.usable_until)).where(among(col(Fund.id), fund_ids))
    return [
        UnusableFund(fund.name, fund.usable_from, fund.usable_until, bad[0])
        for fund in work.all(terms.order_by(col(Fund.name)))
        if (
            bad := [day for day in days if day is not None and not _is_within(day, fund.usable_from, fund.usable_until)]
        )
    ]


def _is_within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def plan(
    work: Work, holder: Holder, needs: Sequence[Need], fund_ids: Sequence[UUID], on: date
) -> tuple[list[Promise], list[Shortfall]]:
    """Returns who pays for what if it is promised on a day, without changing anything: promises by fund and what stays
    uncovered."""
    funds = _funds(work, holder, fund_ids, on)
    promises: list[Promise] = []
    shortfalls: list[Shortfall] = []
    for need in needs:
        left = need.households
        for fund in funds:
            if left and need.item_id and fund.serves(holder, need):
                served, lots = _take_stock(fund, need, left)
                if served:
                    promises.append(Promise(fund, need, served, lots))
                    left -= served
        for fund in funds:
            if left and fund.serves(holder, need):
                served = left if not need.cost_each else min(left, fund.cash // need.cost_each)
                if served:
                    fund.cash -= served * need.cost_each
                    promises.append(Promise(fund, need, served, ()))
                    left -= served
        if left:
            shortfalls.append(Shortfall(need, left))
    return promises, shortfalls


def reserve(work: Work, holder: Holder, needs: Sequence[Need], fund_ids: Sequence[UUID], on: date) -> dict[UUID, int]:
    """Reserves all needs or nothing, and returns the rupiah reserved from each fund.

    Raises ``Refusal`` with the exact shortfall of each item when the funds do not cover them. The number of statements
    does not depend on the number of households.
    """
    ledger.lock(work)
    promises, shortfalls = plan(work, holder, needs, fund_ids, on)
    if shortfalls:
        raise _refusal(shortfalls, unusable(work, fund_ids, on, holder.planned_on))
    journal_id = ledger.open_journal(work, "reservation", on, holder.memo, holder_id=holder.id)
    ids = _insert(work, holder, journal_id, promises)
    moves: list[Move] = []
    for reservation_id, promise in zip(ids, promises, strict=True):
        fund, item = promise.fund.id, promise.need.item_id
        if promise.lots:
            moves += [
                Move(
                    AccountKey(fund, "stock", item, lot),
                    AccountKey(fund, "stock_reserved", item, lot, reservation_id),
                    0,
                    quantity,
                )
                for lot, quantity in promise.lots
            ]
        elif promise.rupiah:
            moves.append(
                Move(
                    AccountKey(fund, "cash"),
                    AccountKey(fund, "cash_reserved", None, None, reservation_id),
                    promise.rupiah,
                )
            )
    ledger.post(work, journal_id, moves)
    rupiah = cast(func.sum(col(Transfer.rupiah)), BigInteger).label("rupiah")
    of_journal = select(col(Transfer.fund_id), rupiah).where(col(Transfer.journal_id) == journal_id)
    return {row.fund_id: row.rupiah for row in work.all(of_journal.group_by(col(Transfer.fund_id)))}


def _funds(work: Work, holder: Holder, fund_ids: Sequence[UUID], on: date) -> list[_Fund]:
    account = AccountModel
    first, last = min(on, holder.planned_on or on), max(on, holder.planned_on or on)
    usable = (
        select(
            col(Fund.id),
            col(Fund.name),
            col(Fund.programs),
            col(Fund.categories),
            col(Fund.areas),
            func.coalesce(col(account.rupiah), 0).label("cash"),
        )
        .outerjoin(account, and_(col(account.fund_id) == col(Fund.id), col(account.kind) == "cash"))
        .where(
            among(col(Fund.id), fund_ids),
            or_(col(Fund.usable_from).is_(None), col(Fund.usable_from) <= first),
            or_(col(Fund.usable_until).is_(None), col(Fund.usable_until) >= last),
        )
    )
    funds = {row.id: part_of(row, _Fund, stock={}) for row in work.all(usable)}
    goods = (
        select(col(account.fund_id), col(account.item_id), col(account.lot_id), col(account.quantity))
        .join(Lot, col(Lot.id) == col(account.lot_id))
        .where(among(col(account.fund_id), list(funds)), col(account.kind) == "stock", col(account.quantity) > 0)
        .order_by(col(Lot.received_on), col(Lot.id))
    )
    for row in work.all(goods):
        assert row.item_id
        assert row.lot_id
        funds[row.fund_id].stock.setdefault(row.item_id, []).append((row.lot_id, row.quantity))
    return [funds[fund_id] for fund_id in fund_ids if fund_id in funds]


def _take_stock(fund: _Fund, need: Need, households: int) -> tuple[int, tuple[tuple[UUID, Decimal], ...]]:
    assert need.item_id
    lots = fund.stock.get(need.item_id, [])
    served = min(households, int(sum((quantity for _, quantity in lots), Decimal(0)) // need.each))
    wanted = need.each * served
    taken: list[tuple[UUID, Decimal]] = []
    while wanted:
        lot, available = lots.pop(0)
        part = min(wanted, available)
        taken.append((lot, part))
        if available > part:
            lots.insert(0, (lot, available - part))
        wanted -= part
    return served, tuple(taken)


def _insert(work: Work, holder: Holder, journal_id: UUID, promises: Sequence[Promise]) -> list[UUID]:
    # Text: ids, rows and the order of the answer in one statement over arrays.
    rows = work.run(
        """WITH asked AS (
               SELECT fund_id, item_id, category, area, quantity, price, from_stock, place, uuidv7() AS id
               FROM unnest(CAST(:funds AS uuid[]), CAST(:items AS uuid[]), CAST(:categories AS text[]), CAST(:areas AS text[]),
                           CAST(:quantities AS numeric[]), CAST(:prices AS bigint[]), CAST(:stocks AS boolean[]))
                    WITH ORDINALITY AS a (fund_id, item_id, category, area, quantity, price, from_stock, place)),
           made AS (
               INSERT INTO guyub.reservation (id, facility_id, holder_id, journal_id, program, period, fund_id, item_id, category,
                                              area, quantity, price, from_stock)
               SELECT id, :facility, :holder, :journal, :program, :period, fund_id, item_id, category, area, quantity, price,
                      from_stock
               FROM asked)
           SELECT id FROM asked ORDER BY place""",
        facility=work.here.id,
        holder=holder.id,
        journal=journal_id,
        program=holder.program,
        period=holder.period,
        funds=[p.fund.id for p in promises],
        items=[p.need.item_id for p in promises],
        categories=[p.need.category for p in promises],
        areas=[p.need.area for p in promises],
        quantities=[p.quantity for p in promises],
        prices=[p.need.price for p in promises],
        stocks=[bool(p.lots) for p in promises],
    )
    return list(rows.scalars())


def _refusal(shortfalls: Sequence[Shortfall], barred: Sequence[UnusableFund]) -> Refusal:
    needs = [
        Text.join(" ", (short.need.label, Amount(short.need.each * short.households, short.need.unit), f"({money})"))
        if short.need.item_id
        else f"{short.need.label} {money}"
        for short in shortfalls
        for money in (format_rupiah(short.rupiah),)
    ]
    total = Money(sum(short.rupiah for short in shortfalls))
    why = Text.join("", (Text.join("", (" ", fund.sentence)) for fund in barred))
    return FundsRefusal.SHORTFALL.refusal(total=total, needs=Text.join("; ", needs), why=why)

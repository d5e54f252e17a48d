"""Reads of the store on a day: what the books have of each item, what of it is free, for which cycles the rest is reserved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Numeric, Select, Uuid, and_, cast, column, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds import items
from guyub.funds.models import AccountModel, Fund, ItemModel, Lot, Reservation, Transfer
from guyub.sdk.quantities import DeclaredUnit


@dataclass(frozen=True, slots=True)
class FreeLot:
    """Holds what is free of a lot now: ``rupiah`` is its cost."""

    lot_id: UUID
    item_id: UUID
    fund_id: UUID
    fund: str
    quantity: Decimal
    rupiah: int


@dataclass(frozen=True, slots=True)
class NewestLot:
    """Describes the lot of an item that came last: its fund, and what a unit of it cost."""

    item_id: UUID
    fund_id: UUID
    fund: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class StoredItem:
    """Holds what the books have of an item at the end of a day, in its unit; ``lots`` are what is free, the oldest first."""

    item_id: UUID
    code: str
    name: str
    unit: str
    units: tuple[DeclaredUnit, ...]
    book: Decimal
    lots: tuple[FreeLot, ...]
    newest: NewestLot | None

    @property
    def free(self) -> Decimal:
        return sum((lot.quantity for lot in self.lots), Decimal(0))


def stored_items(work: Work, on: date, fund_id: UUID | None = None) -> dict[str, StoredItem]:
    """Returns every item that came before the end of a day, by its code: of one fund, or of all. Five queries."""
    goods = items.catalogue(work)
    free = _free_lots(work, on, fund_id)
    newest = {lot.item_id: lot for lot in _newest_lots(work, on, fund_id)}
    book = func.guyub.stock_on(work.here.id, on).table_valued(
        column("item_id", Uuid), column("fund_id", Uuid), column("received_on", Date), column("quantity", Numeric)
    )
    of_fund = [book.c.fund_id == fund_id] if fund_id is not None else []
    held: Select[*tuple[Any, ...]] = (
        select(
            book.c.item_id,
            col(ItemModel.code),
            col(ItemModel.name),
            col(ItemModel.unit),
            func.sum(book.c.quantity).label("book"),
        )
        .join(ItemModel, and_(col(ItemModel.id) == book.c.item_id, col(ItemModel.facility_id) == work.here.id))
        .where(book.c.received_on <= on, *of_fund)
        .group_by(book.c.item_id, col(ItemModel.code), col(ItemModel.name), col(ItemModel.unit))
        .order_by(col(ItemModel.name))
    )
    return {
        row.code: StoredItem(
            row.item_id,
            row.code,
            row.name,
            row.unit,
            goods[row.code].units if row.code in goods else (),
            row.book,
            tuple(lot for lot in free if lot.item_id == row.item_id),
            newest.get(row.item_id),
        )
        for row in work.all(held)
    }


def _free_lots(work: Work, on: date, fund_id: UUID | None) -> list[FreeLot]:
    account = AccountModel
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(account.lot_id),
            col(account.item_id),
            col(account.fund_id),
            col(Fund.name).label("fund"),
            col(account.quantity),
            col(account.rupiah),
        )
        .join(Lot, col(Lot.id) == col(account.lot_id))
        .join(Fund, col(Fund.id) == col(account.fund_id))
        .where(
            col(account.facility_id) == work.here.id,
            col(account.kind) == "stock",
            col(account.quantity) > 0,
            col(Lot.received_on) <= on,
        )
        .order_by(col(Lot.received_on), col(Lot.id))
    )
    return work.rows(FreeLot, statement if fund_id is None else statement.where(col(account.fund_id) == fund_id))


def _newest_lots(work: Work, on: date, fund_id: UUID | None) -> list[NewestLot]:
    came = Transfer
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Lot.item_id),
            col(Lot.fund_id),
            col(Fund.name).label("fund"),
            cast(func.sum(col(came.rupiah)), Numeric).op("/")(func.sum(col(came.quantity))).label("price"),
        )
        .join(came, and_(col(came.journal_id) == col(Lot.journal_id), col(came.lot_id) == col(Lot.id)))
        .join(Fund, col(Fund.id) == col(Lot.fund_id))
        .where(
            col(Lot.facility_id) == work.here.id,
            col(Lot.received_on) <= on,
            col(came.quantity) > 0,
            ~func.guyub.is_undone(col(Lot.journal_id)),
        )
        .group_by(col(Lot.id), col(Fund.name))
        .ext(distinct_on(col(Lot.item_id)))
        .order_by(col(Lot.item_id), col(Lot.received_on).desc(), col(Lot.id).desc())
    )
    return work.rows(NewestLot, statement if fund_id is None else statement.where(col(Lot.fund_id) == fund_id))


@dataclass(frozen=True, slots=True)
class Promise:
    """Holds what of an item is reserved in stock for a cycle: its ``code`` and its programme."""

    item_id: UUID
    code: str
    program: str
    quantity: Decimal


def promises(work: Work, item_ids: Sequence[UUID], fund_id: UUID | None = None) -> list[Promise]:
    """Returns for which cycles goods of these items are reserved. One query."""
    account, promise = AccountModel, Reservation
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(account.item_id),
            col(promise.holder_code).label("code"),
            col(promise.program),
            func.sum(col(account.quantity)).label("quantity"),
        )
        .join(promise, col(promise.id) == col(account.reservation_id))
        .where(
            col(account.facility_id) == work.here.id,
            col(account.kind) == "stock_reserved",
            col(account.quantity) > 0,
            among(col(account.item_id), item_ids),
        )
        .group_by(col(account.item_id), col(promise.holder_code), col(promise.program))
        .order_by(col(promise.holder_code), col(promise.program))
    )
    return work.rows(Promise, statement if fund_id is None else statement.where(col(account.fund_id) == fund_id))


def first_day(work: Work, fund_id: UUID | None = None) -> date | None:
    """Returns the day on which the first goods came."""
    first = select(func.min(col(Lot.received_on))).where(col(Lot.facility_id) == work.here.id)
    day: date | None = work.scalar(first if fund_id is None else first.where(col(Lot.fund_id) == fund_id))
    return day


def closed_until(work: Work, fund_id: UUID | None = None) -> date | None:
    """Returns until when the books of these goods are closed, where one is."""
    closed = select(func.max(col(Fund.books_closed_until))).where(col(Fund.facility_id) == work.here.id)
    day: date | None = work.scalar(closed if fund_id is None else closed.where(col(Fund.id) == fund_id))
    return day

"""Reads what agreements promised of goods, what of it arrived and was damaged, and what is still expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Numeric, Select, Text, Uuid, column, func, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds.models import Fund, GoodsArrival, ItemModel, WrittenQuantity
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import Posting


@dataclass(frozen=True, slots=True)
class PromisedGoods:
    """Holds what the agreement of a fund promises of an item, as the newest receipt states it, and what of it arrived.

    ``promised`` is None where no receipt states a promise; ``evidence`` is the document of the one that does. The goods were
    promised first on ``first_promised_on``.
    """

    fund_code: str
    fund: str
    code: str
    item: str
    unit: str
    promised: Decimal | None
    promised_on: date | None
    first_promised_on: date | None
    arrived: Decimal
    damaged: Decimal
    evidence: str | None

    @property
    def expected(self) -> Decimal:
        """Returns what has not arrived yet."""
        return max((self.promised or Decimal(0)) - self.arrived, Decimal(0))

    @property
    def beyond(self) -> Decimal:
        """Returns what arrived beyond the promise."""
        return Decimal(0) if self.promised is None else max(self.arrived - self.promised, Decimal(0))


def promised(work: Work, fund_id: UUID | None = None) -> list[PromisedGoods]:
    """Returns the goods that agreements promise; with a fund, all goods that its receipts brought. One query."""
    goods = func.guyub.promised_goods(work.here.id, fund_id).table_valued(
        column("fund_id", Uuid),
        column("item_id", Uuid),
        column("promised", Numeric),
        column("promised_on", Date),
        column("first_promised_on", Date),
        column("arrived", Numeric),
        column("damaged", Numeric),
        column("evidence", Text),
    )
    statement = (
        select(
            col(Fund.code).label("fund_code"),
            col(Fund.name).label("fund"),
            col(ItemModel.code),
            col(ItemModel.name).label("item"),
            col(ItemModel.unit),
            goods.c.promised,
            goods.c.promised_on,
            goods.c.first_promised_on,
            goods.c.arrived,
            goods.c.damaged,
            goods.c.evidence,
        )
        .join(ItemModel, (col(ItemModel.id) == goods.c.item_id) & (col(ItemModel.facility_id) == work.here.id))
        .join(Fund, (col(Fund.id) == goods.c.fund_id) & (col(Fund.facility_id) == work.here.id))
        .order_by(col(Fund.name), col(ItemModel.name))
    )
    return work.rows(PromisedGoods, statement)


def expected(work: Work) -> list[PromisedGoods]:
    """Returns the goods that are still expected at the facility. One query."""
    return [goods for goods in promised(work) if goods.expected]


def after(work: Work, posting: Posting) -> list[PromisedGoods]:
    """Returns how the promises of these goods stand once they are booked, for those that are promised."""
    return [goods for goods in _after(posting, _of_fund(work, posting)).values() if goods.promised is not None]


def demand_promised_before(work: Work, posting: Posting) -> None:
    """Raises ``Invalid`` for goods that came before they were promised."""
    for code, goods in _of_fund(work, posting).items():
        stated = [line.promised_on for line in posting.goods if line.code == code and line.promised is not None]
        first = min((day for day in stated if day), default=None if stated else goods.first_promised_on)
        if first is not None and posting.received_on < first:
            raise promised_later(goods.item, posting.received_on, first)


def promised_later(item: str, arrived_on: date, promised_on: date) -> Invalid:
    return FundsRefusal.PROMISED_LATER.invalid("received_on", item=item, arrived=arrived_on, promised=promised_on)


def _of_fund(work: Work, posting: Posting) -> dict[str, PromisedGoods]:
    """Returns the goods of a posting as they stand before it is booked, by code."""
    none = Decimal(0)
    before = {
        line.code: PromisedGoods(
            posting.fund.code, posting.fund.name, line.code, line.name, line.unit, None, None, None, none, none, None
        )
        for line in posting.goods
    }
    if before:
        known = select(col(Fund.id)).where(col(Fund.facility_id) == work.here.id, col(Fund.code) == posting.fund.code)
        for fund_id in work.scalars(known):
            before |= {goods.code: goods for goods in promised(work, fund_id) if goods.code in before}
    return before


def _after(posting: Posting, before: Mapping[str, PromisedGoods]) -> dict[str, PromisedGoods]:
    now = dict(before)
    stated: dict[str, Decimal] = {}
    promised_on: dict[str, date] = {}
    for line in posting.goods:
        goods = now[line.code]
        if line.promised is not None:
            stated[line.code] = stated.get(line.code, Decimal(0)) + line.promised
            promised_on[line.code] = line.promised_on or posting.received_on
        now[line.code] = replace(goods, arrived=goods.arrived + line.quantity, damaged=goods.damaged + line.damaged)
    return {
        code: replace(
            goods,
            promised=stated.get(code, goods.promised),
            promised_on=promised_on.get(code, goods.promised_on),
            evidence=posting.evidence if code in stated else goods.evidence,
        )
        for code, goods in now.items()
    }


@dataclass(frozen=True, slots=True)
class ArrivedGoods:
    """Holds what of a line of a receipt arrived and was damaged, and the promise that it states; ``reason`` is that of damage."""

    item: str
    unit: str
    promised: Decimal | None
    promised_on: date | None
    arrived: Decimal
    damaged: Decimal
    reason: str
    written: Decimal | None
    written_unit: str | None
    """As the paper has what arrived, where it counts otherwise: 80 sak."""

    @property
    def accepted(self) -> Decimal:
        return self.arrived - self.damaged


def arrived(work: Work, journal_id: UUID) -> Sequence[ArrivedGoods]:
    """Returns the goods of a receipt, in the order of its lines. One query."""
    written = WrittenQuantity
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(ItemModel.name).label("item"),
            col(GoodsArrival.unit),
            col(GoodsArrival.promised),
            col(GoodsArrival.promised_on),
            col(GoodsArrival.arrived),
            col(GoodsArrival.damaged),
            col(GoodsArrival.reason),
            col(written.quantity).label("written"),
            col(written.unit).label("written_unit"),
        )
        .join(ItemModel, col(ItemModel.id) == col(GoodsArrival.item_id))
        .outerjoin(
            written,
            (col(written.facility_id) == col(GoodsArrival.facility_id))
            & (col(written.journal_id) == col(GoodsArrival.journal_id))
            & (col(written.item_id) == col(GoodsArrival.item_id))
            & (col(written.line) == col(GoodsArrival.line)),
        )
        .where(col(GoodsArrival.facility_id) == work.here.id, col(GoodsArrival.journal_id) == journal_id)
        .order_by(col(GoodsArrival.line))
    )
    return work.rows(ArrivedGoods, statement)

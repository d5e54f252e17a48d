"""Reads the stock card of an item: what came, what left, and what was there after each, in the order of the days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, Journal, Lot, Transfer

_HERE = ("stock", "stock_reserved")


@dataclass(frozen=True, slots=True)
class CardRow:
    """One line of a stock card; ``kind`` is that of its entry, ``reason`` the account where the goods went or came from."""

    on: date
    kind: str
    reason: str
    memo: str
    fund: str
    came: Decimal
    left: Decimal
    balance: Decimal


def card(work: Work, item_id: UUID) -> list[CardRow]:
    """Returns the stock card of an item, in its unit. What is reserved or released moves nothing."""
    return work.rows(CardRow, _card(work, item_id))


def every_row(work: Work, item_id: UUID) -> Iterator[CardRow]:
    """Returns the same one after the other, while the database still reads."""
    return work.each(CardRow, _card(work, item_id))


def _card(work: Work, item_id: UUID) -> Select[*tuple[Any, ...]]:
    """A hand-over that is undone did not happen: what undoes it stands on its day."""
    giver, taker, far = aliased(AccountModel), aliased(AccountModel), aliased(AccountModel)
    undone, first = aliased(Transfer), aliased(Journal)
    comes = col(taker.kind).in_(_HERE)
    day = case((col(first.kind) == "hand_over", col(first.occurred_on)), else_=col(Journal.occurred_on))
    line = (
        select(
            day.label("day"),
            col(Journal.kind),
            col(far.kind).label("reason"),
            col(Journal.memo),
            col(Fund.name).label("fund"),
            func.coalesce(func.sum(col(Transfer.quantity)).filter(comes), 0).label("came"),
            func.coalesce(func.sum(col(Transfer.quantity)).filter(~comes), 0).label("left"),
            func.min(col(Transfer.seq)).label("seq"),
        )
        .select_from(Transfer)
        .join(Lot, col(Lot.id) == col(Transfer.lot_id))
        .join(Journal, col(Journal.id) == col(Transfer.journal_id))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .join(giver, col(giver.id) == col(Transfer.credit_account))
        .join(taker, col(taker.id) == col(Transfer.debit_account))
        .join(far, col(far.id) == case((comes, col(giver.id)), else_=col(taker.id)))
        .outerjoin(undone, col(undone.id) == col(Transfer.reverses))
        .outerjoin(first, col(first.id) == col(undone.journal_id))
        .where(
            col(Transfer.facility_id) == work.here.id,
            col(Lot.item_id) == item_id,
            col(giver.kind).in_(_HERE) != comes,
        )
        .group_by(col(Journal.id), col(first.id), col(Fund.id), col(far.kind))
        .subquery("line")
    ).c
    balance = func.sum(line.came - line.left).over(order_by=(line.day, line.seq))
    return select(
        line.day.label("on"),
        line.kind,
        line.reason,
        line.memo,
        line.fund,
        line.came,
        line.left,
        balance.label("balance"),
    ).order_by(line.day, line.seq)

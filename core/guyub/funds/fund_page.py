"""Reads for the page of one fund: what the fund may be used for, and the receipts behind it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from guyub.access.models import PersonModel
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, FundReceipt, ItemModel, Journal, Transfer
from guyub.funds.queries import reversed_on


@dataclass(frozen=True, slots=True)
class Terms:
    """Holds what a fund may be used for; an empty restriction means anything. As in ``guyub.sdk.FundTerms``."""

    programs: Sequence[str]
    categories: Sequence[str]
    areas: Sequence[str]
    usable_from: date | None
    usable_until: date | None
    incidental_costs: int


def terms(work: Work, code: str) -> Terms | None:
    """Returns the terms of the fund with that code at the facility; None where there is none yet."""
    columns = (
        col(Fund.programs),
        col(Fund.categories),
        col(Fund.areas),
        col(Fund.usable_from),
        col(Fund.usable_until),
        col(Fund.incidental_costs),
    )
    return work.first(Terms, select(*columns).where(col(Fund.facility_id) == work.here.id, col(Fund.code) == code))


@dataclass(frozen=True, slots=True)
class ReceivedEntry:
    """A receipt of a fund: ``money`` and the value of ``goods`` in rupiah, ``goods`` as (item, quantity, unit, rupiah).

    ``number`` is that of its journal within the year of ``booked_on``, the day of its line in the book; ``reversed_on`` the day
    on which it was taken back.
    """

    journal_id: UUID
    number: int
    on: date
    booked_on: date
    reversed_on: date | None
    memo: str
    evidence: str
    plugin: str
    kind: str
    sensitive: bool
    recorded_by: str
    money: int
    goods: tuple[tuple[str, Decimal, str, int], ...]

    @property
    def total(self) -> int:
        return self.money + sum(value for *_, value in self.goods)


def received(work: Work, fund_id: UUID) -> list[ReceivedEntry]:
    """Returns the receipts of a fund, oldest first. One query."""
    return [part_of(row, ReceivedEntry, goods=_goods(row.goods)) for row in work.all(_received(fund_id))]


def every_receipt(work: Work, fund_id: UUID) -> Iterator[ReceivedEntry]:
    """Returns the same one after the other, while the database still reads."""
    return (replace(entry, goods=_goods(entry.goods)) for entry in work.each(ReceivedEntry, _received(fund_id)))


def _received(fund_id: UUID) -> Select[*tuple[Any, ...]]:
    receipt, journal, transfer, into, item = FundReceipt, Journal, Transfer, AccountModel, ItemModel
    line = func.jsonb_build_array(
        col(item.name), cast(col(transfer.quantity), Text), col(item.unit), col(transfer.rupiah)
    )
    money = func.sum(col(transfer.rupiah)).filter(col(into.kind) == "cash")
    goods = func.jsonb_agg(aggregate_order_by(line, col(transfer.seq))).filter(col(into.kind) == "stock")
    return (
        select(
            col(journal.id).label("journal_id"),
            col(journal.number),
            col(journal.occurred_on).label("on"),
            col(journal.booked_on),
            reversed_on().label("reversed_on"),
            col(journal.memo),
            col(journal.evidence),
            col(receipt.plugin),
            col(receipt.kind),
            col(receipt.sensitive),
            func.coalesce(col(PersonModel.full_name), col(journal.recorded_label)).label("recorded_by"),
            cast(func.coalesce(money, 0), BigInteger).label("money"),
            func.coalesce(goods, func.jsonb_build_array()).label("goods"),
        )
        .select_from(receipt)
        .join(journal, col(journal.id) == col(receipt.journal_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(journal.recorded_by))
        .join(transfer, col(transfer.journal_id) == col(journal.id))
        .join(into, col(into.id) == col(transfer.debit_account))
        .outerjoin(item, col(item.id) == col(into.item_id))
        .where(col(receipt.fund_id) == fund_id)
        .group_by(col(receipt.id), col(journal.id), col(PersonModel.full_name))
        .order_by(col(journal.booked_on), col(journal.number))
    )


def _goods(listed: Iterable[Sequence[Any]]) -> tuple[tuple[str, Decimal, str, int], ...]:
    return tuple((name, Decimal(quantity), unit, value) for name, quantity, unit, value in listed)

"""Takes money and goods out of the books for households, and back when they were not needed."""

from datetime import date
from uuid import UUID

from sqlalchemy import Subquery, and_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds import ledger
from guyub.funds.models import AccountModel, Reservation, Transfer

_OPENED = ("facility_id", "fund_id", "kind", "item_id", "lot_id")


def _held(holder_id: UUID) -> Subquery:
    """Returns the balances that are reserved for a holder."""
    account = AccountModel
    columns = (
        col(account.id),
        col(account.facility_id),
        col(account.fund_id),
        col(account.kind),
        col(account.item_id),
        col(account.lot_id),
        col(account.rupiah),
        col(account.quantity),
    )
    return (
        select(*columns)
        .join(Reservation, col(Reservation.id) == col(account.reservation_id))
        .where(col(Reservation.holder_id) == holder_id, or_(col(account.rupiah) > 0, col(account.quantity) > 0))
        .subquery("held")
    )


def release(work: Work, holder_id: UUID, on: date, memo: str) -> int:
    """Returns all that is still reserved for a holder: money to its fund, goods to their lot. Three statements.

    Returns how many balances were returned.
    """
    ledger.lock(work)
    held, home = _held(holder_id), AccountModel
    balances = work.scalar(select(func.count()).select_from(held)) or 0
    if not balances:
        return 0
    journal_id = ledger.open_journal(work, "release", on, memo, holder_id=holder_id)
    balance = held.c
    free_kind = case((balance.kind == "cash_reserved", "cash"), else_="stock")
    opened = select(balance.facility_id, balance.fund_id, free_kind, balance.item_id, balance.lot_id)
    work.change(insert(AccountModel).from_select(_OPENED, opened).on_conflict_do_nothing())
    moved = select(
        balance.facility_id,
        literal(journal_id),
        balance.fund_id,
        balance.id,
        col(home.id),
        balance.rupiah,
        balance.quantity,
    ).join(
        home,
        and_(
            col(home.fund_id) == balance.fund_id,
            col(home.kind) == free_kind,
            col(home.lot_id).is_not_distinct_from(balance.lot_id),
            col(home.reservation_id).is_(None),
        ),
    )
    columns = ("facility_id", "journal_id", "fund_id", "credit_account", "debit_account", "rupiah", "quantity")
    work.change(insert(Transfer).from_select(columns, moved))
    return balances


def open_consumption_accounts(work: Work, holder_id: UUID) -> None:
    """Opens the accounts on the far side of hand-overs: one account for each lot or fund that the holder may consume.

    One statement.
    """
    held = _held(holder_id).c
    kind = case((held.kind == "cash_reserved", "payments"), else_="distributed")
    opened = select(held.facility_id, held.fund_id, kind, held.item_id, held.lot_id).distinct()
    work.change(insert(AccountModel).from_select(_OPENED, opened).on_conflict_do_nothing())

"""The few ways in which rows enter the ledger. The database posts, costs and refuses; this only asks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import SQLColumnExpression, and_, func, insert, literal, select
from sqlmodel import col

from guyub.db.bulk import insert_rows, rows_of
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Journal, Transfer


@dataclass(frozen=True, slots=True)
class AccountKey:
    """An account by what it is: ``kind`` of ``guyub.account_kind``; goods name item and lot, promises their reservation."""

    fund_id: UUID
    kind: str
    item_id: UUID | None = None
    lot_id: UUID | None = None
    reservation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Value from one account to another: ``rupiah``, and ``quantity`` where goods move (their cost is the lot's).

    ``purpose`` is what an expense is for.
    """

    credit: AccountKey
    debit: AccountKey
    rupiah: int
    quantity: Decimal = Decimal(0)
    purpose: str = ""


def lock(work: Work) -> None:
    """Lets one writer at a time into a facility's books: reading balances and acting on them is one step."""
    key = f"guyub.ledger:{work.here.id}"
    work.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def open_journal(
    work: Work,
    kind: str,
    on: date,
    memo: str,
    *,
    booked_on: date | None = None,
    evidence: str = "",
    holder_id: UUID | None = None,
    repeats: UUID | None = None,
) -> UUID:
    """Opens a journal: one event in the books; its number is the next of its kind and year, without gaps.

    ``on`` is the day of the act, ``booked_on`` that of its line in the book where that is another one (``book_days``).
    ``repeats`` is an entry that has the same document, or is of the same occasion.
    """
    days = {"occurred_on": on, "booked_on": booked_on or on}
    values = {"kind": kind, **days, "memo": memo, "evidence": evidence, "holder_id": holder_id, "repeats": repeats}
    statement = insert(Journal).values(facility_id=work.here.id, **values).returning(col(Journal.id))
    return work.session.execute(statement).scalar_one()


def post(work: Work, journal_id: UUID, moves: Sequence[Move]) -> None:
    """Opens the accounts that are new and inserts the transfers; a handful of statements for any number of moves."""
    if not moves:
        return
    keys = list(dict.fromkeys(key for move in moves for key in (move.credit, move.debit)))
    ids = _accounts(work, keys)
    transfers = [
        {
            "facility_id": work.here.id,
            "journal_id": journal_id,
            "fund_id": move.credit.fund_id,
            "credit_account": ids[move.credit],
            "debit_account": ids[move.debit],
            "rupiah": move.rupiah,
            "quantity": move.quantity,
            "purpose": move.purpose,
        }
        for move in moves
    ]
    insert_rows(work, Transfer, transfers)


def take_back(work: Work, journal_id: UUID, original_id: UUID) -> None:
    """Moves everything back that an earlier journal moved, the last first, in a journal of the kind "reversal"."""
    back: dict[str, SQLColumnExpression[Any]] = {
        "facility_id": col(Transfer.facility_id),
        "journal_id": literal(journal_id),
        "fund_id": col(Transfer.fund_id),
        "credit_account": col(Transfer.debit_account),
        "debit_account": col(Transfer.credit_account),
        "rupiah": col(Transfer.rupiah),
        "quantity": col(Transfer.quantity),
        "reverses": col(Transfer.id),
    }
    moved = select(*back.values()).where(col(Transfer.journal_id) == original_id, col(Transfer.reverses).is_(None))
    work.change(insert(Transfer).from_select(list(back), moved.order_by(col(Transfer.seq).desc())))


def _accounts(work: Work, keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    rows = [{"facility_id": work.here.id, **asdict(key)} for key in keys]
    insert_rows(work, AccountModel, rows, unless_there=())
    asked, account = rows_of(AccountModel, rows, "place"), AccountModel
    same = and_(
        col(account.facility_id) == work.here.id,
        col(account.fund_id) == asked.c.fund_id,
        col(account.kind) == asked.c.kind,
        col(account.lot_id).is_not_distinct_from(asked.c.lot_id),
        col(account.reservation_id).is_not_distinct_from(asked.c.reservation_id),
    )
    accounts = work.all(select(asked.c.place, col(account.id)).select_from(asked).join(account, same))
    return {keys[row.place - 1]: row.id for row in accounts}


def new_lots(work: Work, journal_id: UUID, received_on: date, fund_and_item: Sequence[tuple[UUID, UUID]]) -> list[UUID]:
    """Returns one lot for each pair, in the order given."""
    # Text: ids, rows and the order of the answer in one statement over arrays.
    rows = work.run(
        """WITH asked AS (
               SELECT fund_id, item_id, place, uuidv7() AS id
               FROM unnest(CAST(:funds AS uuid[]), CAST(:items AS uuid[])) WITH ORDINALITY AS a (fund_id, item_id, place)),
           made AS (
               INSERT INTO guyub.lot (id, facility_id, fund_id, item_id, received_on, journal_id)
               SELECT id, :facility, fund_id, item_id, :on, :journal FROM asked)
           SELECT id FROM asked ORDER BY place""",
        funds=[fund for fund, _ in fund_and_item],
        items=[item for _, item in fund_and_item],
        facility=work.here.id,
        on=received_on,
        journal=journal_id,
    )
    return list(rows.scalars())

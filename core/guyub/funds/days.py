"""On which days an act of the books can be. The one place that knows it, for services and for forms; the database keeps it
(``88_days.sql``, ``75_book_closing.sql``)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Numeric, Select, Uuid, and_, column, func, literal, or_, select
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, Journal, Lot, Reservation, Transfer
from guyub.funds.refusals import FundsRefusal
from guyub.funds.reservations import Promise
from guyub.sdk.funding import EARLIEST
from guyub.ui.possible_days import PossibleDays


def of_receipt(work: Work, plugin: str, source: str, today: date) -> PossibleDays:
    """Returns the days on which something can have come in by a source."""
    closed = select(func.max(col(Fund.books_closed_until))).where(
        col(Fund.facility_id) == work.here.id, col(Fund.plugin) == plugin, col(Fund.source) == source
    )
    return PossibleDays(EARLIEST, today, work.scalar(closed))


def book_day_of_receipt(work: Work, fund_code: str, on: date, late_on: date | None) -> date:
    """Returns the same as ``book_day`` for a fund that may be new."""
    known = select(col(Fund.id)).where(col(Fund.facility_id) == work.here.id, col(Fund.code) == fund_code)
    return book_day(work, list(work.scalars(known)), on, late_on, "received_on")


def of_holder(work: Work, holder_id: UUID, today: date) -> PossibleDays:
    """Returns the days on which what is reserved for a cycle can be spent: after its approval, within the terms of the funds that
    still hold something for it."""
    holds = or_(col(AccountModel.rupiah) > 0, col(AccountModel.quantity) > 0)
    reserved = (
        select(
            func.min(col(Journal.occurred_on)).label("approved_on"),
            func.max(col(Fund.usable_from)).filter(holds).label("since"),
            func.min(col(Fund.usable_until)).filter(holds).label("until"),
            func.max(col(Fund.books_closed_until)).filter(holds).label("closed"),
        )
        .select_from(Reservation)
        .join(Journal, col(Journal.id) == col(Reservation.journal_id))
        .join(Fund, col(Fund.id) == col(Reservation.fund_id))
        .outerjoin(AccountModel, col(AccountModel.reservation_id) == col(Reservation.id))
        .where(col(Reservation.holder_id) == holder_id, col(Reservation.withdrawn_at).is_(None))
    )
    [row] = work.all(reserved)
    first = max((day for day in (row.approved_on, row.since) if day is not None), default=None)
    return PossibleDays(first, min(today, row.until) if row.until else today, row.closed)


def of_promises(work: Work, promises: Sequence[Promise], since: date, today: date) -> PossibleDays:
    """Returns the days on which these promises can be made, none before ``since``: money and goods are free from that day on,
    the funds pay on it and their books are open."""
    taken: dict[tuple[UUID, UUID | None], Decimal] = {}
    for promise in promises:
        for lot, amount in promise.lots or ((None, Decimal(promise.rupiah)),):
            taken[promise.fund.id, lot] = taken.get((promise.fund.id, lot), Decimal(0)) + amount
    if not taken:
        return PossibleDays(since, today)
    asked = (
        func.unnest(
            literal([fund for fund, _ in taken], ARRAY(Uuid)),
            literal([lot for _, lot in taken], ARRAY(Uuid)),
            literal(list(taken.values()), ARRAY(Numeric)),
        )
        .table_valued(column("fund", Uuid), column("lot", Uuid), column("amount", Numeric))
        .render_derived(name="asked")
    )
    free = func.guyub.free_from(asked.c.fund, asked.c.lot, asked.c.amount, since, type_=Date)
    bounds = (
        select(
            func.max(free).label("free"),
            func.max(col(Fund.usable_from)).label("since"),
            func.min(col(Fund.usable_until)).label("until"),
            func.max(col(Fund.books_closed_until)).label("closed"),
        )
        .select_from(asked)
        .join(Fund, col(Fund.id) == asked.c.fund)
    )
    [row] = work.all(bounds)
    after = row.closed + timedelta(days=1) if row.closed else None
    first = max(day for day in (since, row.free, row.since, after) if day is not None)
    return PossibleDays(first, min(today, row.until) if row.until else today)


def goods_came(work: Work, holder_id: UUID) -> date | None:
    """Returns the day on which something of each kind of goods for a cycle had come; None where it has none."""
    came = (
        select(func.min(col(Lot.received_on)).label("day"))
        .select_from(Reservation)
        .join(AccountModel, col(AccountModel.reservation_id) == col(Reservation.id))
        .join(Lot, col(Lot.id) == col(AccountModel.lot_id))
        .where(col(Reservation.holder_id) == holder_id, col(Reservation.withdrawn_at).is_(None))
        .group_by(col(Lot.item_id))
        .subquery()
    )
    day: date | None = work.scalar(select(func.max(came.c.day)))
    return day


def funds_of_holder(work: Work, holder_id: UUID) -> list[UUID]:
    """Returns the funds that hold something for a cycle."""
    held = (
        select(col(Reservation.fund_id))
        .distinct()
        .join(AccountModel, col(AccountModel.reservation_id) == col(Reservation.id))
        .where(
            col(Reservation.holder_id) == holder_id,
            or_(col(AccountModel.rupiah) > 0, col(AccountModel.quantity) > 0),
        )
    )
    return list(work.scalars(held))


def book_day(work: Work, fund_ids: Sequence[UUID], on: date, late_on: date | None, field: str = "on") -> date:
    """Returns the day on which an act of the day ``on`` stands in the books of these funds: its own, while they are open.

    ``late_on`` is the day of today for a paper that whoever enters it knows to be late. Raises ``Invalid`` at ``field`` for a day
    of a closed month without it.
    """
    late = and_(
        col(Journal.facility_id) == work.here.id,
        col(Journal.booked_on) > col(Journal.occurred_on),
        col(Journal.occurred_on) <= on,
        col(Journal.booked_on) > on,
        select(col(Transfer.id))
        .where(col(Transfer.journal_id) == col(Journal.id), among(col(Transfer.fund_id), fund_ids))
        .exists(),
    )
    if late_on is not None and work.scalar(select(select(col(Journal.id)).where(late).exists())):
        return late_on
    closed: Select[*tuple[Any, ...]] = (
        select(col(Fund.name), col(Fund.books_closed_until).label("until"))
        .where(among(col(Fund.id), fund_ids), col(Fund.books_closed_until) >= on)
        .order_by(col(Fund.books_closed_until).desc(), col(Fund.name))
    )
    for fund in work.all(closed):
        if late_on is None:
            assert fund.until is not None
            raise FundsRefusal.BOOK_CLOSED.invalid(field, fund=fund.name, day=fund.until + timedelta(days=1))
        return late_on
    return on


def book_day_of_undoing(work: Work, journal_id: UUID, today: date) -> date:
    """Returns where what undoes a hand-over stands: on the hand-over's day, so that the book shows that it was not made; on the
    day of today where that book is closed."""
    booked = (
        select(col(Journal.booked_on), func.max(col(Fund.books_closed_until)).label("closed"))
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .where(col(Journal.id) == journal_id)
        .group_by(col(Journal.id))
    )
    for row in work.all(booked):
        return row.booked_on if row.closed is None or row.closed < row.booked_on else today
    return today


def late(on: date, booked_on: date) -> dict[str, object]:
    """Returns what the audit log says of an entry that was booked later than it happened."""
    return {} if booked_on == on else {"occurred_on": on.isoformat(), "booked_on": booked_on.isoformat()}

"""Corrects a closed month by entries that name it: a package that came back, one that is collected late, a note that was none.
The month stays closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, and_, cast, exists, extract, func, insert, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.models import PersonModel
from guyub.db.unit_of_work import Work
from guyub.funds import cancelled_purchases, consumption, days, ledger
from guyub.funds.cancelled_purchases import RecordedNote
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.models import AccountModel, ItemModel, Journal, Lot, Reservation, Transfer
from guyub.programs import distribution
from guyub.programs.cycles import Cycle, reference
from guyub.programs.distribution import Proof, check_proof
from guyub.programs.models import CorrectionModel, Entitlement, EntitlementLine, RecipientSnapshot
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.text import Text

CorrectionKind = Literal["taken_back", "handed_over_late", "note_cancelled"]

KINDS: dict[str, Text] = {
    "taken_back": Text(id="Penyerahan ditarik kembali", en="A hand-over was taken back"),
    "handed_over_late": Text(id="Diserahkan menyusul", en="Handed over late"),
    "note_cancelled": Text(id="Nota dibatalkan", en="A note was cancelled"),
}
MISSING = ("absent", "returned")
"""States of a household of a closed month that may receive late."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Describes a correction: what it corrected (``subject``: a recipient or a note), on which day, by whom and why."""

    kind: CorrectionKind
    subject: str
    occurred_on: date
    corrected_at: datetime
    corrected_by: str
    reason: str

    @property
    def what(self) -> Text:
        return KINDS[self.kind]


def version_of(work: Work, cycle: Cycle) -> int:
    """Returns the version of a closed month, which each correction raises."""
    version: int = work.scalar(select(func.guyub.version_of_closed(cycle.id))) or 0
    return version


def of_cycle(work: Work, cycle: Cycle) -> list[Correction]:
    """Returns the corrections of a month, the newest first; people are named to those who may see them."""
    named = func.coalesce(col(RecipientSnapshot.full_name), "") if work.may("registry.read") else func.concat("")
    number = func.concat(col(RecipientSnapshot.number), ". ", named)
    note = func.concat(col(Journal.evidence), " (", col(Journal.number), ")")
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(CorrectionModel.kind),
            func.coalesce(
                select(note).where(col(Journal.id) == col(CorrectionModel.journal_id)).scalar_subquery(),
                select(number)
                .where(col(RecipientSnapshot.entitlement_id) == col(CorrectionModel.entitlement_id))
                .scalar_subquery(),
                "",
            ).label("subject"),
            col(CorrectionModel.occurred_on),
            col(CorrectionModel.corrected_at),
            func.coalesce(col(PersonModel.full_name), "").label("corrected_by"),
            col(CorrectionModel.reason),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(CorrectionModel.corrected_by))
        .where(col(CorrectionModel.cycle_id) == cycle.id)
        .order_by(col(CorrectionModel.seq).desc())
    )
    return work.rows(Correction, statement)


@dataclass(frozen=True, slots=True)
class CancellableNote:
    """A note of a closed month that stands; of which nothing may have been given away is asked when it is to be cancelled."""

    number: int
    year: int
    evidence: str
    on: date


def notes(work: Work, cycle: Cycle) -> list[CancellableNote]:
    """Returns the notes of a month that were not taken back."""
    back = aliased(Transfer, name="back")
    taken_back = exists().where(col(Transfer.journal_id) == col(Journal.id), col(back.reverses) == col(Transfer.id))
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Journal.number),
            cast(extract("year", col(Journal.booked_on)), Integer).label("year"),
            col(Journal.evidence),
            col(Journal.occurred_on).label("on"),
        )
        .where(
            col(Journal.facility_id) == work.here.id,
            col(Journal.holder_id) == cycle.id,
            col(Journal.kind) == "purchase",
            ~taken_back,
        )
        .order_by(col(Journal.occurred_on), col(Journal.number))
    )
    return work.rows(CancellableNote, statement)


def take_back(work: Work, cycle: Cycle, entitlement_id: UUID, on: date, reason: str, *, version: int) -> None:
    """Takes back a hand-over of a closed month: its goods go back into their lot, its money to its fund, and the household is on
    the list as one that received nothing. ``on`` is the day of today, ``version`` that of the month as it was read.

    Raises ``Invalid`` without a reason, ``Refusal`` for a month that is not closed, for one that changed since it was read and
    for a household that has received nothing.
    """
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_CORRECT, reason)
    _begin(work, cycle, "taken_back", on, reason, version, entitlement_id=entitlement_id)
    distribution.undo(work, cycle, entitlement_id, reason, on)
    consumption.release(work, cycle.id, on, f"Koreksi {cycle.title.id} {cycle.period:%m-%Y}: kembali")
    _record(work, cycle, "taken_back", reason, {"entitlement": str(entitlement_id)})


def hand_over_late(
    work: Work,
    cycle: Cycle,
    entitlement_id: UUID,
    at: datetime,
    today: date,
    proof: Proof,
    reason: str,
    *,
    version: int,
) -> None:
    """Hands over the package of a household of a closed month that was absent, or gave it back: its goods are promised and leave
    their lots in one act, out of what the month released. ``at`` is the moment, with its zone.

    Raises ``Invalid`` without a reason or a witness, ``Refusal`` as ``take_back`` does, and with what is not there any more.
    """
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_CORRECT, reason)
    check_proof(work, proof)
    on = at.astimezone(ZoneInfo(work.here.zone)).date()
    _begin(work, cycle, "handed_over_late", on, reason, version, entitlement_id=entitlement_id)
    _promise_again(work, cycle, _of_package(work, cycle, entitlement_id), on, today)
    distribution.hand_over(work, cycle, [entitlement_id], at, proof, late_on=today)
    _record(work, cycle, "handed_over_late", reason, {"entitlement": str(entitlement_id)})


def cancel_note(
    work: Work, cycle: Cycle, year: int, number: int, on: date, today: date, reason: str, *, version: int
) -> RecordedNote:
    """Cancels a note of a closed month of which nothing was given away: its goods leave, its money goes back to its fund.

    Raises as ``cancelled_purchases.cancel`` does, and ``Refusal`` as ``take_back``.
    """
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_CORRECT, reason)
    note = cancelled_purchases.note_of(work, cycle.id, year, number)
    _begin(work, cycle, "note_cancelled", on, reason, version, journal_id=note.id)
    _promise_again(work, cycle, _of_note(work, note), on, today)
    cancelled = cancelled_purchases.cancel(work, cycle.id, note, reason=reason, on=on, late_on=today)
    consumption.release(work, cycle.id, on, f"Koreksi {cycle.title.id} {cycle.period:%m-%Y}: nota {note.evidence}")
    _record(work, cycle, "note_cancelled", reason, {"note": f"{number}/{year}", "rupiah": note.cost})
    return cancelled


def _begin(
    work: Work,
    cycle: Cycle,
    kind: CorrectionKind,
    on: date,
    reason: str,
    version: int,
    *,
    entitlement_id: UUID | None = None,
    journal_id: UUID | None = None,
) -> None:
    """Writes the act, which lets its entries into the books of the closed month."""
    for permission in ("funds.spend",) if kind == "note_cancelled" else ("programs.close", "programs.handover"):
        work.require(permission)
    work.take_time()
    ledger.lock(work)
    values = {
        "facility_id": work.here.id,
        "cycle_id": cycle.id,
        "kind": kind,
        "version": version,
        "entitlement_id": entitlement_id,
        "journal_id": journal_id,
        "occurred_on": on,
        "reason": reason,
    }
    work.change(insert(CorrectionModel).values(**values))


def _record(work: Work, cycle: Cycle, kind: CorrectionKind, reason: str, details: dict[str, Any]) -> None:
    audit.record(work, "programs.correct", reference(cycle), reason=reason, details={"kind": kind, **details})


# --- what is promised again ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Free:
    """Free goods of a lot, or money of a fund (no item), and the promise of the month that they can be counted to."""

    fund_id: UUID
    reservation_id: UUID
    item_id: UUID | None
    lot_id: UUID | None
    free: Decimal


def _free(*conditions: Any) -> Select[*tuple[Any, ...]]:
    account = AccountModel
    units = func.coalesce(func.nullif(col(account.quantity), 0), col(account.rupiah)).label("free")
    return (
        select(
            col(account.fund_id),
            col(Reservation.id).label("reservation_id"),
            col(account.item_id),
            col(account.lot_id),
            units,
        )
        .select_from(Reservation)
        .join(
            account,
            and_(
                col(account.facility_id) == col(Reservation.facility_id),
                col(account.fund_id) == col(Reservation.fund_id),
                col(account.item_id).is_not_distinct_from(col(Reservation.item_id)),
                col(account.reservation_id).is_(None),
                col(account.kind).in_(("stock", "cash")),
                or_(col(account.rupiah) > 0, col(account.quantity) > 0),
            ),
        )
        .outerjoin(Lot, col(Lot.id) == col(account.lot_id))
        .where(col(Reservation.withdrawn_at).is_(None), *conditions)
        .order_by(col(Lot.received_on), col(Lot.id), col(Reservation.seq))
    )


def _of_package(work: Work, cycle: Cycle, entitlement_id: UUID) -> list[Move]:
    """Returns what promises the package of a household again, out of what lies free. Raises ``Refusal`` naming what lacks."""
    by_area = exists().where(
        col(Reservation.holder_id) == cycle.id, col(Reservation.withdrawn_at).is_(None), col(Reservation.area) != ""
    )
    household = select(col(Entitlement.category), col(Entitlement.area)).where(
        col(Entitlement.id) == entitlement_id, col(Entitlement.cycle_id) == cycle.id
    )
    rows = work.all(household)
    if not rows:
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    area = rows[0].area if work.scalar(select(by_area)) else ""
    free = work.rows(
        _Free,
        _free(
            col(Reservation.holder_id) == cycle.id,
            col(Reservation.category) == rows[0].category,
            col(Reservation.area) == area,
        ),
    )
    left = {(line.fund_id, line.item_id, line.lot_id): line.free for line in free}
    moves: list[Move] = []
    missing: list[str] = []
    lines = select(
        col(EntitlementLine.item_id),
        col(EntitlementLine.quantity),
        col(EntitlementLine.price),
        func.coalesce(col(ItemModel.name), "Rp").label("name"),
    ).outerjoin(ItemModel, col(ItemModel.id) == col(EntitlementLine.item_id))
    for line in work.all(lines.where(col(EntitlementLine.entitlement_id) == entitlement_id)):
        need = line.quantity
        if line.item_id is None:
            need = (line.quantity * line.price).quantize(Decimal(1), ROUND_HALF_UP)
        for place in free:
            key = (place.fund_id, place.item_id, place.lot_id)
            part = min(need, left[key]) if place.item_id == line.item_id else Decimal(0)
            if part > 0:
                left[key] -= part
                need -= part
                moves.append(_promise(place, part))
        if need > 0:
            missing.append(line.name)
    if missing:
        raise ProgramsRefusal.NOTHING_LEFT_TO_GIVE.refusal(items=", ".join(missing))
    return moves


def _of_note(work: Work, note: RecordedNote) -> list[Move]:
    """Returns what promises the goods of a note again, as far as they lie free."""
    into = AccountModel
    lots = (
        select(col(into.lot_id), col(into.reservation_id), col(Transfer.quantity))
        .select_from(Transfer)
        .join(into, col(into.id) == col(Transfer.debit_account))
        .where(col(Transfer.journal_id) == note.id, col(Transfer.quantity) > 0)
    )
    wanted = {(row.lot_id, row.reservation_id): row.quantity for row in work.all(lots)}
    free = work.rows(_Free, _free(col(Reservation.id).in_([reservation for _, reservation in wanted if reservation])))
    left = {place.lot_id: place.free for place in free}
    moves = []
    for place in free:
        part = min(left[place.lot_id], wanted.get((place.lot_id, place.reservation_id), Decimal(0)))
        if part > 0:
            left[place.lot_id] -= part
            moves.append(_promise(place, part))
    return moves


def _promise(place: _Free, part: Decimal) -> Move:
    if place.lot_id is None:
        return Move(
            AccountKey(place.fund_id, "cash"),
            AccountKey(place.fund_id, "cash_reserved", None, None, place.reservation_id),
            int(part),
        )
    return Move(
        AccountKey(place.fund_id, "stock", place.item_id, place.lot_id),
        AccountKey(place.fund_id, "stock_reserved", place.item_id, place.lot_id, place.reservation_id),
        0,
        part,
    )


def _promise_again(work: Work, cycle: Cycle, moves: Sequence[Move], on: date, today: date) -> None:
    if not moves:
        return
    funds = list(dict.fromkeys(move.credit.fund_id for move in moves))
    journal_id = ledger.open_journal(
        work,
        "reservation",
        on,
        f"Koreksi {cycle.title.id} {cycle.period:%m-%Y}",
        booked_on=days.book_day(work, funds, on, today),
        holder_id=cycle.id,
    )
    ledger.post(work, journal_id, moves)

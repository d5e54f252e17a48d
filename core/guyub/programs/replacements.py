"""The next reserve takes the place of a listed household that cannot receive: proposed by staff, confirmed by the approver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, column, func, insert, select, update
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.models import PersonModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.jobs import outbox
from guyub.programs.cycles import Cycle, lock_in_state, reference
from guyub.programs.models import CycleModel, Entitlement, RecipientSnapshot, Replacement
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.models import Household, Member

STATES = ("approved", "distributing")
"""States of a month in which a place on its list is filled anew."""
WAITING = ("approved", "absent")
"""States of households whose place can be filled anew."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """The household that would take a place: its recipient as registered now, and its score of the frozen list."""

    id: UUID
    household_id: UUID
    name: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class ReplacementLine:
    """A replacement of a month: who gives up which place and why, who takes it, and what became of it (``confirmed`` None:
    it waits for the approver)."""

    id: UUID
    number: int
    goes: str
    goes_household: UUID
    comes: str
    comes_household: UUID
    comes_entitlement: UUID | None
    score: Decimal
    reason: str
    proposed_by: str
    proposed_by_id: UUID
    proposed_at: datetime
    confirmed: bool | None
    decided_by: str


def next_reserve(work: Work, cycle: Cycle, entitlement_id: UUID) -> Reserve | None:
    """Returns who would take the place of a listed household; None where no reserve fits what is reserved for it."""
    fits = func.guyub.reserves_for(entitlement_id).table_valued(
        column("entitlement_id", Uuid), column("household_id", Uuid), name="fits"
    )
    return work.first(
        Reserve,
        select(
            col(Entitlement.id),
            col(Entitlement.household_id),
            _named(col(Entitlement.household_id)),
            col(Entitlement.score),
        )
        .join(fits, fits.c.entitlement_id == col(Entitlement.id))
        .where(col(Entitlement.cycle_id) == cycle.id)
        .order_by(col(Entitlement.score).desc(), col(Entitlement.household_id))
        .limit(1),
    )


def propose(work: Work, cycle: Cycle, entitlement_id: UUID, reason: str, *, comes: UUID | None = None) -> None:
    """Proposes that the next reserve takes the place of a listed household. ``comes`` is the household that was read as the next
    one, None where it is read here.

    Raises ``Invalid`` without a reason; ``Refusal`` where the household does not wait, no reserve fits, or another one is next.
    """
    work.require("programs.propose")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_REPLACE, reason)
    lock_in_state(work, cycle, *STATES)
    reserve = next_reserve(work, cycle, entitlement_id)
    if reserve is None:
        raise ProgramsRefusal.NO_RESERVE.refusal()
    if comes not in (None, reserve.household_id):
        raise ProgramsRefusal.ANOTHER_RESERVE.refusal(name=reserve.name)
    goes = select(col(Entitlement.household_id)).where(
        col(Entitlement.id) == entitlement_id, col(Entitlement.cycle_id) == cycle.id
    )
    values = {
        "facility_id": work.here.id,
        "cycle_id": cycle.id,
        "goes_id": work.scalar(goes),
        "comes_id": reserve.household_id,
        "reason": reason,
    }
    work.change(insert(Replacement).values(values))
    details = {"entitlement": str(entitlement_id), "reserve": str(reserve.id)}
    audit.record(work, "programs.propose_replacement", reference(cycle), reason=reason, details=details)


def propose_at(work: Work, cycle: Cycle, number: int, reason: str, *, comes: UUID | None = None) -> Reserve:
    """Proposes the same for the household at a place of the list, and returns who would come. Raises ``Refusal`` where nobody
    waits there."""
    place = (
        select(col(Entitlement.id))
        .join(RecipientSnapshot, col(RecipientSnapshot.entitlement_id) == col(Entitlement.id))
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            col(RecipientSnapshot.number) == number,
            among(col(Entitlement.state), WAITING),
        )
    )
    keep(work, cycle)
    goes = work.scalar(place)
    if goes is None:
        raise ProgramsRefusal.NOT_WAITING.refusal()
    reserve = next_reserve(work, cycle, goes)
    propose(work, cycle, goes, reason, comes=comes)
    assert reserve is not None
    return reserve


def keep(work: Work, cycle: Cycle) -> None:
    """Keeps a month to this transaction. Raises ``Refusal`` where no place of its list is filled anew."""
    lock_in_state(work, cycle, *STATES)


def decide(work: Work, cycle: Cycle, replacement_id: UUID, *, confirmed: bool) -> None:
    """Confirms or declines a replacement; with the confirmation the reserve stands on the list, in that place.

    Raises ``Refusal`` where it was decided already, or what was proposed no longer holds: the household received meanwhile, or
    the reserve is archived or served elsewhere.
    """
    if confirmed:
        work.require("programs.approve")
    lock_in_state(work, cycle, *STATES)
    waiting = select(col(Replacement.proposed_by)).where(
        col(Replacement.id) == replacement_id,
        col(Replacement.cycle_id) == cycle.id,
        col(Replacement.confirmed).is_(None),
    )
    proposed_by = work.scalar(waiting)
    if proposed_by is None:
        raise ProgramsRefusal.REPLACEMENT_DECIDED.refusal()
    if confirmed and proposed_by == work.person_id:
        raise ProgramsRefusal.SELF_APPROVAL.forbidden()
    if not confirmed and proposed_by != work.person_id:
        work.require("programs.approve")
    work.change(update(Replacement).where(col(Replacement.id) == replacement_id).values(confirmed=confirmed))
    action = "programs.replace" if confirmed else "programs.decline_replacement"
    if confirmed:
        outbox.emit(work, "cycle.recipient_replaced", reference(cycle), cycle.period)
    audit.record(work, action, reference(cycle), details={"replacement": str(replacement_id)})


def of_cycle(work: Work, cycle: Cycle) -> Sequence[ReplacementLine]:
    """Returns the replacements of a month, those that wait first, then the newest. One query."""
    goes, comes = aliased(Entitlement, name="goes"), aliased(Entitlement, name="comes")
    proposer, decider = aliased(PersonModel, name="proposer"), aliased(PersonModel, name="decider")
    snapshot = RecipientSnapshot
    return work.rows(
        ReplacementLine,
        select(
            col(Replacement.id),
            func.coalesce(col(snapshot.number), 0).label("number"),
            func.coalesce(col(snapshot.full_name), _named(col(Replacement.goes_id))).label("goes"),
            col(Replacement.goes_id).label("goes_household"),
            _named(col(Replacement.comes_id)).label("comes"),
            col(Replacement.comes_id).label("comes_household"),
            col(comes.id).label("comes_entitlement"),
            func.coalesce(col(comes.score), 0).label("score"),
            col(Replacement.reason),
            col(proposer.full_name).label("proposed_by"),
            col(Replacement.proposed_by).label("proposed_by_id"),
            col(Replacement.proposed_at),
            col(Replacement.confirmed),
            func.coalesce(col(decider.full_name), "").label("decided_by"),
        )
        .join(proposer, col(proposer.id) == col(Replacement.proposed_by))
        .outerjoin(decider, col(decider.id) == col(Replacement.decided_by))
        .outerjoin(goes, (col(goes.cycle_id) == cycle.id) & (col(goes.household_id) == col(Replacement.goes_id)))
        .outerjoin(comes, (col(comes.cycle_id) == cycle.id) & (col(comes.household_id) == col(Replacement.comes_id)))
        .outerjoin(snapshot, col(snapshot.entitlement_id) == col(goes.id))
        .where(col(Replacement.cycle_id) == cycle.id)
        .order_by(col(Replacement.confirmed).is_not(None), col(Replacement.seq).desc()),
    )


def waiting(work: Work, cycle: Cycle) -> int:
    """Returns how many replacements of a month wait for the approver."""
    open_ones = (col(Replacement.cycle_id) == cycle.id, col(Replacement.confirmed).is_(None))
    return work.scalar(select(func.count()).select_from(Replacement).where(*open_ones)) or 0


def waiting_here(work: Work) -> Sequence[tuple[str, date, int]]:
    """Returns the months of this facility with replacements that wait for the approver: code, month and how many."""
    counted = (
        select(col(CycleModel.code), col(CycleModel.period), func.count())
        .join(Replacement, col(Replacement.cycle_id) == col(CycleModel.id))
        .where(
            col(CycleModel.facility_id) == work.here.id,
            col(Replacement.confirmed).is_(None),
            among(col(CycleModel.state), STATES),
        )
        .group_by(col(CycleModel.id))
        .order_by(col(CycleModel.period), col(CycleModel.code))
    )
    return [(code, period, count) for code, period, count in work.all(counted)]


def _named(household: Mapped[UUID]) -> ColumnElement[str]:
    """Returns the recipient of a household as registered now."""
    institution = func.nullif(col(Household.institution_name), "")
    name = (
        select(func.concat_ws(" · ", institution, col(Member.full_name)))
        .select_from(Household)
        .join(Member, (col(Member.household_id) == col(Household.id)) & col(Member.is_recipient) & col(Member.active))
        .where(col(Household.id) == household)
    )
    return func.coalesce(name.scalar_subquery(), "–").label("name")

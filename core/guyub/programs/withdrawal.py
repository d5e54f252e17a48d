"""An approval is withdrawn until the first hand-over: promises go back, and the list is planned again."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.unit_of_work import Work
from guyub.documents.models import DocumentModel
from guyub.funds import consumption
from guyub.jobs import outbox
from guyub.programs import cycle_funds, proposal
from guyub.programs.cycle_funds import HeldForCycle
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference
from guyub.programs.models import WithdrawnApproval
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.selection import counted
from guyub.sdk.errors import Refusal

WITHDRAWABLE = ("approved", "distributing")
"""States of a month whose approval can be withdrawn."""

_OBSTACLES = {
    "after_hand_over": ProgramsRefusal.WITHDRAWN_AFTER_HAND_OVER,
    "after_purchase": ProgramsRefusal.WITHDRAWN_AFTER_PURCHASE,
}


@dataclass(frozen=True, slots=True)
class WithdrawalPreview:
    """What withdrawing would bring about: what goes back to its funds, how many households wait for a new decision, how many
    documents no longer hold. ``obstacle`` says why it is not possible."""

    held: list[HeldForCycle]
    households: int
    documents: int
    obstacle: Refusal | None

    @property
    def rupiah(self) -> int:
        return sum(line.rupiah for line in self.held)


def preview(work: Work, cycle: Cycle) -> WithdrawalPreview:
    """Returns what withdrawing the approval would bring about, without changing anything."""
    made = select(func.count()).select_from(DocumentModel).where(col(DocumentModel.cycle_id) == cycle.id)
    return WithdrawalPreview(
        cycle_funds.held(work, cycle),
        counted(work, cycle, "approved") + counted(work, cycle, "absent"),
        work.scalar(made) or 0,
        _obstacle(work, cycle),
    )


def withdraw(work: Work, cycle: Cycle, on: date, reason: str, *, version: int) -> int:
    """Takes the approval of a month back before the first hand-over, so that its list is planned again; returns the rupiah that
    went back to its funds. ``version`` is that of the cycle as it was read.

    Raises ``Invalid`` without a reason, ``Refusal`` when another version stands, after the first hand-over, and while goods
    stand that were bought with what was promised.
    """
    work.require("programs.approve")
    work.take_time()
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_WITHDRAW, reason)
    lock_in_state(work, cycle, *WITHDRAWABLE)
    demand_version(work, cycle, version)
    if (obstacle := _obstacle(work, cycle)) is not None:
        raise obstacle
    rupiah = sum(line.rupiah for line in cycle_funds.held(work, cycle))
    consumption.release(work, cycle.id, on, f"Persetujuan {cycle.title.id} {cycle.period:%m-%Y} ditarik")
    # The row is the act: the database takes the step of the cycle from it.
    values = {"facility_id": work.here.id, "cycle_id": cycle.id, "version": version, "reason": reason}
    work.change(insert(WithdrawnApproval).values(**values))
    proposal.clear_list(work, cycle)
    outbox.emit(work, "cycle.approval_withdrawn", reference(cycle), on)
    details = {"approved_by": cycle.approved_by, "rupiah": rupiah}
    audit.record(work, "programs.withdraw_approval", reference(cycle), reason=reason, details=details)
    return rupiah


def _obstacle(work: Work, cycle: Cycle) -> Refusal | None:
    came = work.scalar(select(func.guyub.came_of_approval(cycle.id)))
    return _OBSTACLES[came].refusal() if came else None

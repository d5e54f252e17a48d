"""The end of a cycle: everyone accounted for, what was left over back in its lot and fund."""

from datetime import date

from guyub.access import audit, required_reason
from guyub.db import limits
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.funds import consumption
from guyub.jobs import outbox
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference, write
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.selection import counted
from guyub.sdk.unseen import trimmed


def close(work: Work, cycle: Cycle, on: date, note: str = "", *, version: int | None = None) -> None:
    """Returns what is still reserved and closes the cycle for good. ``version`` is that of the cycle as it was read, None where
    it is read here.

    Raises ``Refusal`` when another version stands, and while a household is neither served nor marked absent: nobody is skipped
    silently.
    """
    work.require("programs.close")
    work.take_time()
    note = require_length(trimmed(note), limits.REASON, "note")
    lock_in_state(work, cycle, "distributing")
    read = demand_version(work, cycle, version)
    if open_households := counted(work, cycle, "approved"):
        raise ProgramsRefusal.STILL_OPEN.refusal(count=open_households)
    returned = consumption.release(work, cycle.id, on, f"Sisa {cycle.title.id} dikembalikan")
    write(work, cycle, state="closed", closing_note=note, decided_version=read)
    outbox.emit(work, "cycle.closed", reference(cycle), on)
    audit.record(work, "programs.close", reference(cycle), reason=note, details={"balances_returned": returned})


def cancel(work: Work, cycle: Cycle, on: date, reason: str, *, version: int) -> None:
    """Stops a cycle before its distribution; what it reserved goes back. ``version`` is that of the cycle as it was read.

    Raises ``Invalid`` without a reason, ``Refusal`` when another version stands.
    """
    work.require("programs.approve")
    work.take_time()
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON, reason)
    lock_in_state(work, cycle, "planned", "proposed", "approved")
    demand_version(work, cycle, version)
    consumption.release(work, cycle.id, on, f"{cycle.title.id} dibatalkan")
    write(work, cycle, state="cancelled", decided_version=version)
    outbox.emit(work, "cycle.cancelled", reference(cycle), on)
    audit.record(work, "programs.cancel", reference(cycle), reason=reason)

"""Describes how the forms of a hand-over are read: the witness, what stands on the list, the proxy, and when it was."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from guyub.db.unit_of_work import Work
from guyub.http import Clock
from guyub.programs import cycle_facts, days, distribution
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.pages.common import colleagues, day, hour, identity, word
from guyub.programs.queries import Recipient
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.words import format_time
from guyub.ui.problems import CollectedRefusals

ANOTHER = "another"
"""The choice of a witness who has no account here; the name is typed."""


def offered_witnesses(work: Work, clock: Clock, cycle: Cycle) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Colleagues who may witness, as options, and what the form begins with: the witness of the reader's last hand-over."""
    options = [(str(colleague.id), colleague.full_name) for colleague in colleagues(work, clock, "", work.person_id)]
    last = cycle_facts.last_witness(work, cycle)
    usual = {"witness": "", "witness_name": "", "mark": "signature"}
    if last is None:
        return options, usual
    witness_id, name = last
    known = witness_id is not None and str(witness_id) in dict(options)
    return options, usual | ({"witness": str(witness_id)} if known else {"witness": ANOTHER, "witness_name": name})


def proof_of(work: Work, clock: Clock, form: FormData) -> Proof:
    """Returns what the form says of the proof; a name that was typed counts where no colleague is selected. Raises ``Invalid``
    for a witness who is no colleague, and for a mark that is none."""
    selected, name, mark = word(form, "witness"), word(form, "witness_name"), word(form, "mark")
    if mark not in ("signature", "thumbprint"):
        raise ProgramsRefusal.MARK.invalid("mark")
    witness_id = None
    if selected and selected != ANOTHER:
        witness = next(
            (colleague for colleague in colleagues(work, clock, "") if colleague.id == identity(selected)), None
        )
        if witness is None:
            raise ProgramsRefusal.UNKNOWN_WITNESS.invalid("witness")
        witness_id, name = witness.id, witness.full_name
    elif selected == ANOTHER and not name:
        raise ProgramsRefusal.WITNESS_UNNAMED.invalid("witness_name")
    return Proof(
        name,
        witness_id,
        "thumbprint" if mark == "thumbprint" else "signature",
        word(form, "proxy_name"),
        word(form, "proxy_letter"),
    )


def handed_over(work: Work, clock: Clock, form: FormData, refusals: CollectedRefusals) -> tuple[datetime, Proof]:
    """Returns when and by which proof. Raises ``Invalid`` with all that is wrong, and what was found before."""
    with refusals.collected():
        proof = proof_of(work, clock, form)
        distribution.check_proof(work, proof)
    with refusals.collected():
        at = moment_of(form, clock.now(work))
    refusals.demand_none()
    return at, proof


def moment_of(form: FormData, now: datetime) -> datetime:
    """Reads when it was handed over: now, or the earlier day and hour that were typed.

    Raises ``Invalid`` for the future and for a day without an hour. What is too early, the database says: it knows when the
    list was approved and when the goods came.
    """
    on, at = day(word(form, "on"), "on"), hour(word(form, "at"), "at")
    if at is None:
        if on is None:
            return now
        raise ProgramsRefusal.NO_HOUR.invalid("at")
    moment = datetime.combine(on or now.date(), at, now.tzinfo)
    if moment > now:
        raise ProgramsRefusal.MOMENT_TO_COME.invalid("on" if on else "at")
    return moment


def day_of_absence(work: Work, clock: Clock, cycle: Cycle, form: FormData) -> date:
    """Returns the day on which somebody stayed away. Raises ``Invalid`` for none and for one that is not possible."""
    return days.demand_day_of_absence(cycle, day(word(form, "absent_on"), "absent_on"), clock.today(work))


def usual_absence(work: Work, clock: Clock, cycle: Cycle) -> dict[str, str]:
    """Returns what the form of an absence begins with: today."""
    return {"absent_on": clock.today(work).isoformat()}


def late_on(form: FormData, today: date) -> date | None:
    """Returns the day of today where whoever fills the form in says that it is late for a closed book."""
    return today if word(form, "late") else None


def hour_of(work: Work, recipient: Recipient) -> str:
    """Returns ``09.14 WIB``, when this household was served; empty when it was not."""
    if recipient.handed_at is None:
        return ""
    return format_time(recipient.handed_at.astimezone(ZoneInfo(work.here.zone)).time(), work.here.zone)


def marked_absent(work: Work, cycle: Cycle, ids: Sequence[UUID], reason: str, on: date) -> int:
    """Marks who waits as absent; returns how many, 0 where none of them waits any more: the page says what became of them."""
    try:
        return distribution.mark_absent(work, cycle, ids, reason, on)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.NOT_WAITING:
            raise
        return 0

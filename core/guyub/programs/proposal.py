"""Holds who, what and from which fund: proposed by one person, approved by another, which reserves everything and
freezes the list.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.unit_of_work import Work
from guyub.funds import queries as books
from guyub.funds import reservations
from guyub.funds.reservations import Holder
from guyub.jobs import outbox
from guyub.plugins.hook_results import UNREVIEWED, Unreviewed
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_facts, list_findings, second_approvals
from guyub.programs.coverage import funds_of, needs
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference, write
from guyub.programs.days import today_here
from guyub.programs.models import Entitlement, EntitlementLine, PackageLine, RecipientSnapshot
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.selection import places, selected
from guyub.sdk.errors import Refusal
from guyub.sdk.reviews import Enrolled, EnrolmentBatch, Finding, PlannedSpending, SpendingBatch
from guyub.sdk.text import Text


def propose(
    work: Work, plugins: PluginRegistry, cycle: Cycle, on: date | None = None, *, version: int | None = None
) -> tuple[Finding, ...]:
    """Writes the list as it is proposed (names, packages, prices) and hands it to the approver; returns the warnings of
    the reviews of the list, as they are asked on the day ``on``, which is that of the proposal (none: that of the database).
    ``version`` is that of the month as it was read, None where it is read here.

    Raises ``Invalid``, and ``Refusal`` when another version stands or with what a review blocks: the proposer hears it before
    the approver does.
    """
    work.take_time()
    read = demand_proposable(work, cycle, version)
    count = selected(work, cycle)
    _write_packages(work, cycle)
    if nameless := count - _write_names(work, cycle):
        raise ProgramsRefusal.NO_RECIPIENT.invalid(count=nameless)
    work.inserted_many(count, "entitlement", "entitlement_line", "recipient_snapshot")
    findings = _review_list(work, plugins, cycle, on or today_here(work))
    _require_no_blocking_finding(findings, Text(id="usulkan lagi", en="propose again"))
    write(work, cycle, state="proposed", proposed_on=on, decided_version=read)
    outbox.emit(work, "cycle.proposed", reference(cycle), cycle.period, {"households": count})
    audit.record(
        work,
        "programs.propose",
        reference(cycle),
        details={"households": count, "warnings": [finding.text.en for finding in findings]},
    )
    return findings


def demand_proposable(work: Work, cycle: Cycle, version: int | None) -> int:
    """Returns the version of a planned month that can be proposed, and keeps it to this transaction. Raises ``Invalid`` and
    ``Refusal`` as ``propose`` does."""
    work.require("programs.propose")
    lock_in_state(work, cycle, "planned")
    read = demand_version(work, cycle, version)
    taken = places(work, cycle)
    if not 0 < taken <= cycle.quota:
        raise ProgramsRefusal.QUOTA.invalid(count=taken, quota=cycle.quota)
    if not funds_of(work, cycle):
        raise ProgramsRefusal.NO_FUNDS.invalid("funds")
    _require_list_of_today(work, cycle, NOBODY_TO_GIVE)
    return read


def return_proposal(work: Work, cycle: Cycle, reason: str, *, version: int) -> None:
    """Returns a proposal to planning, with the reason that the proposer reads; ``version`` is that of the proposal as
    it was read.

    Raises ``Invalid`` without a reason, ``Refusal`` when another version stands.
    """
    if not (work.may("programs.approve") or work.may("programs.propose")):
        work.require("programs.approve")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_RETURN, reason)
    _lock_proposed(work, cycle)
    demand_version(work, cycle, version)
    write(work, cycle, state="planned", decided_version=version)
    clear_list(work, cycle)
    outbox.emit(work, "cycle.returned", reference(cycle), cycle.period)
    audit.record(work, "programs.return", reference(cycle), reason=reason)


def clear_list(work: Work, cycle: Cycle) -> None:
    """Deletes names and packages of a list that is planned again: the next proposal writes them anew."""
    listed = select(col(Entitlement.id)).where(col(Entitlement.cycle_id) == cycle.id)
    work.change(delete(EntitlementLine).where(col(EntitlementLine.entitlement_id).in_(listed)))
    work.change(delete(RecipientSnapshot).where(col(RecipientSnapshot.entitlement_id).in_(listed)))


def approve(
    work: Work, plugins: PluginRegistry, cycle: Cycle, on: date, *, version: int, at: datetime | None = None
) -> tuple[Finding, ...]:
    """Approves a proposal: reviews, reserves and freezes in one transaction; returns the warnings of the reviews.

    Where two people approve (``second_approvals``), the first of them is recorded and the month stays proposed: nothing is
    reserved then, though all of it was tried.

    ``version`` is that of the proposal as it was read. ``on`` is the day of the decision, ``at`` its moment on that day where
    it is known: purchases are of that day or later, hand-overs of that moment or later.

    Raises ``Forbidden`` for the proposer and for a first approver who would be the second, ``Refusal`` when another version
    stands, with the exact shortfall or with what a review blocks: then nothing is changed. The number of statements does not
    depend on the number of households.
    """
    work.take_time()
    demand_approvable(work, cycle, version)
    memo = f"Cadangan {cycle.title.id} {cycle.period:%m-%Y}"
    holder = Holder(cycle.id, cycle.plugin, cycle.period, memo, cycle.distribution_on)
    fund_ids = funds_of(work, cycle)
    first = second_approvals.first_approver(work, cycle)
    with work.trial() as tried:
        reserved = reservations.reserve(work, holder, needs(work, cycle, fund_ids), fund_ids, on)
        findings = review(work, plugins, cycle, reserved, on)
        _require_no_blocking_finding(findings, Text(id="setujui lagi", en="approve again"))
        rupiah = sum(reserved.values())
        rule = second_approvals.rule_for(work, cycle, on, rupiah, list(reserved))
        if rule.why and (first is None or first.person_id == work.person_id):
            tried.take_back()
    if tried.is_taken_back:
        if first is not None:
            raise ProgramsRefusal.SECOND_APPROVER.forbidden()
        second_approvals.record_first(work, cycle, version, rupiah, rule.why)
        return findings
    write(work, cycle, state="approved", approved_from=at, decided_version=version)
    outbox.emit(work, "cycle.approved", reference(cycle), on, {"rupiah": rupiah})
    details = {"rupiah": rupiah, "warnings": [finding.text.en for finding in findings]}
    if first is not None and first.person_id != work.person_id:
        details["first"] = first.name
    audit.record(work, "programs.approve", reference(cycle), details=details)
    return findings


def demand_approvable(work: Work, cycle: Cycle, version: int) -> None:
    """Keeps a proposal that can be approved to this transaction. Raises ``Forbidden`` and ``Refusal`` as ``approve`` does."""
    work.require("programs.approve")
    if work.person_id is not None and work.person_id == cycle.proposed_by_id:
        raise ProgramsRefusal.SELF_APPROVAL.forbidden()
    _lock_proposed(work, cycle)
    demand_version(work, cycle, version)
    _require_list_of_today(work, cycle, MADE_ANEW)


NOBODY_TO_GIVE = frozenset({"gone", "nobody"})
"""Kinds of findings with which no list is proposed: there is nobody to hand anything to."""
MADE_ANEW = frozenset({"recipient", "nobody"})
"""Kinds of findings with which no list is approved: its names are not those of the recipients."""


def _require_list_of_today(work: Work, cycle: Cycle, kinds: frozenset[str]) -> None:
    """Raises ``Refusal`` naming the households whose places on the list are somebody else's or nobody's now."""
    wrong = [finding for finding in list_findings.differences(work, cycle) if finding.kind in kinds]
    if wrong:
        named = Text.join("; ", [finding.sentence for finding in wrong[:_NAMED]])
        raise ProgramsRefusal.LIST_OF_ANOTHER_DAY.refusal(findings=named)


def _lock_proposed(work: Work, cycle: Cycle) -> None:
    """Raises ``Refusal`` when the cycle is not proposed; of a proposal that came back, by whom and why."""
    try:
        lock_in_state(work, cycle, "proposed")
    except Refusal:
        returned = cycle_facts.returned(work, cycle)
        if returned is None:
            raise
        raise ProgramsRefusal.PROPOSAL_RETURNED.refusal(name=returned.actor, reason=returned.reason) from None


def review(
    work: Work, plugins: PluginRegistry, cycle: Cycle, amounts: Mapping[UUID, int], on: date
) -> tuple[Finding, ...]:
    """Returns what the plugins find in the list and in spending ``amounts`` for it (rupiah by fund), blocking or not. Asked are
    those that run on the day ``on``."""
    spending = tuple(
        PlannedSpending(fund.code, fund.name, fund.plugin, fund.sensitive, tuple(fund.evidence), amounts[fund.id])
        for fund in books.with_evidence(work, list(amounts))
    )
    all_findings = plugins.hooks.review_spending(work, SpendingBatch(cycle.plugin, cycle.period, spending), on)
    all_findings = [*_review_list(work, plugins, cycle, on), *all_findings]
    # Who could not be asked about the list may be one whose money is concerned: that is said once, as what blocks.
    blocked = {finding.text for finding in all_findings if finding.level == "blocking"}
    return tuple(
        dict.fromkeys(finding for finding in all_findings if finding.level == "blocking" or finding.text not in blocked)
    )


def _review_list(work: Work, plugins: PluginRegistry, cycle: Cycle, on: date) -> tuple[Finding, ...]:
    """Returns what the plugins find in the list alone. A plugin that cannot be asked is named; the programme's own blocks."""
    # The list is not read for nobody.
    listed = _enrolled(work, cycle) if plugins.hooks.listens("guyub_review_enrolment") else ()
    return tuple(plugins.hooks.review_enrolment(work, EnrolmentBatch(cycle.plugin, cycle.period, listed), on))


def _enrolled(work: Work, cycle: Cycle) -> tuple[Enrolled, ...]:
    """Returns the selected households, whether the list is still planned or proposed."""
    columns = (Entitlement.household_id, Entitlement.category, Entitlement.area, Entitlement.members)
    selected = select(*map(col, columns)).where(_is_selected(cycle)).order_by(col(Entitlement.household_id))
    return tuple(work.rows(Enrolled, selected))


def _is_selected(cycle: Cycle) -> ColumnElement[bool]:
    return and_(col(Entitlement.cycle_id) == cycle.id, col(Entitlement.state) == "selected")


def _require_no_blocking_finding(findings: Sequence[Finding], again: Text) -> None:
    blocking = [finding for finding in findings if finding.level == "blocking"]
    if blocking:
        # What a review found is fixed by staff, a review that could not be run by somebody else.
        remedies = [UNREVIEWED] if any(isinstance(finding, Unreviewed) for finding in blocking) else []
        remedies += [_FIX] if any(not isinstance(finding, Unreviewed) for finding in blocking) else []
        raise ProgramsRefusal.REVIEW_BLOCKS.refusal(
            findings=Text.join(" ", (f.text for f in blocking)),
            remedies=Text.join(" ", remedies).format(again=again),
        )


_NAMED = 10
_FIX = Text(id="Perbaiki hal tersebut, lalu {again}.", en="Fix this, then {again}.")


def _write_packages(work: Work, cycle: Cycle) -> None:
    quantity = func.guyub.entitlement_quantity(
        col(PackageLine.quantity),
        col(Entitlement.members),
        col(PackageLine.per_member),
        col(PackageLine.at_most),
        col(Entitlement.packages),
    )
    lines = (
        select(
            col(Entitlement.facility_id),
            col(Entitlement.id),
            col(PackageLine.line),
            col(PackageLine.item_id),
            quantity,
            col(PackageLine.price),
        )
        .join(PackageLine, col(PackageLine.cycle_id) == col(Entitlement.cycle_id))
        .where(_is_selected(cycle))
    )
    columns = ["facility_id", "entitlement_id", "line", "item_id", "quantity", "price"]
    work.change(insert(EntitlementLine).from_select(columns, lines))


def _write_names(work: Work, cycle: Cycle) -> int:
    """Returns how many households have a recipient who can be named."""
    # One long operation on a set: the list is numbered as it is written.
    written: Any = work.run(
        """INSERT INTO guyub.recipient_snapshot (entitlement_id, facility_id, number, full_name, nik_masked, address,
                                                 relationship, inmate_name)
           SELECT e.id, e.facility_id, row_number() OVER (ORDER BY e.score DESC, e.household_id),
                  concat_ws(' · ', NULLIF(h.institution_name, ''), m.full_name),
                  m.nik_masked,
                  concat_ws(', ', NULLIF(concat_ws('/', 'RT ' || NULLIF(h.rt, ''), 'RW ' || NULLIF(h.rw, '')), ''),
                            NULLIF(h.village, ''), NULLIF(h.district, '')),
                  COALESCE(k.relationship, ''), COALESCE(i.full_name, '')
           FROM guyub.entitlement e
           JOIN guyub.household h ON h.id = e.household_id
           JOIN guyub.member m ON m.household_id = h.id AND m.is_recipient AND m.active
           LEFT JOIN LATERAL (SELECT l.relationship, l.inmate_id FROM guyub.inmate_link l
                              WHERE l.household_id = h.id AND l.ended_on IS NULL ORDER BY l.id LIMIT 1) k ON true
           LEFT JOIN guyub.inmate i ON i.id = k.inmate_id
           WHERE e.cycle_id = :cycle AND e.state = 'selected'""",
        cycle=cycle.id,
    )
    named: int = written.rowcount
    return named

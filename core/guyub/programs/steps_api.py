"""The steps of a month as JSON: what is proposed, the proposal, its approval or return, the withdrawal, absences, corrections."""

from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from guyub.http.matching import IfMatch, demand_match, etag_of
from guyub.http.problems import OF_MATCHED_WRITING
from guyub.programs import (
    corrections,
    cycle_facts,
    cycles,
    days,
    distribution,
    proposal,
    queries,
    second_approvals,
    withdrawal,
)
from guyub.programs.corrections import CorrectionKind
from guyub.programs.coverage import coverage_of
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.pages.common import AskedCycle, CycleInAddress
from guyub.sdk.text import Text
from guyub.ui.typed_values import day_at, day_if_any, hour_if_any

api = APIRouter(prefix="/f/{facility}/cycles/{cycle}")
MOST_AT_ONCE = 1_000
"""Households that one request marks."""


class ShareOut(BaseModel):
    """What a fund would pay, in whole rupiah."""

    fund: str
    amount: int


class StandingOut(BaseModel):
    """Where a month stands. ``version`` is what each decision names.

    ``value``, ``missing`` and ``shares`` are what the funds would pay while it is planned or proposed. ``first_approver`` is who
    approved of two; ``two_approve`` says why two are needed, empty where one is enough.
    """

    cycle: str
    state: str
    version: int
    selected: int
    packages: int
    value: int
    missing: int
    shares: list[ShareOut]
    proposed_by: str
    first_approver: str
    two_approve: Literal["", "amount", "sensitive"]
    approved_by: str


class StepOut(StandingOut):
    """Where a month stands after a step, with what the reviews warn of."""

    warnings: list[Text]


class ProposalIn(BaseModel):
    """``on`` is the day of the proposal, as people write days."""

    model_config = ConfigDict(extra="forbid")

    on: str
    version: int


class ApprovalIn(BaseModel):
    """``version`` is that of the proposal that was read, ``on`` the day of the decision."""

    model_config = ConfigDict(extra="forbid")

    version: int
    on: str


class ReasonIn(BaseModel):
    """Why a decision is taken back; ``version`` is that of the month that was read."""

    model_config = ConfigDict(extra="forbid")

    version: int
    reason: str


class AbsencesIn(BaseModel):
    """``numbers`` are places of the list, ``absent_on`` the day on which they did not come."""

    model_config = ConfigDict(extra="forbid")

    numbers: Annotated[list[int], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: str
    absent_on: str


class AbsencesOut(BaseModel):
    """How many households were marked; those that received, or were marked before, do not count."""

    marked: int


class CorrectionOut(BaseModel):
    """A correction of a closed month: its day, and when, by whom and why it was recorded."""

    kind: CorrectionKind
    occurred_on: date
    corrected_at: datetime
    corrected_by: str
    reason: str


class CorrectionsOut(BaseModel):
    """The corrections of a month, the newest first; ``version`` is what the next one names."""

    version: int
    corrections: list[CorrectionOut]


class CorrectionIn(BaseModel):
    """``taken_back`` and ``handed_over_late`` name a place of the list (``number``), ``note_cancelled`` a note by ``number`` and
    ``year``. ``on`` is the day, and of what is handed over late with its hour ``at``; of what is taken back it is today."""

    model_config = ConfigDict(extra="forbid")

    kind: CorrectionKind
    number: int
    reason: str
    version: int
    year: int | None = None
    on: str = ""
    at: str = ""
    witness: str = ""
    proxy_name: str = ""
    proxy_letter: str = ""


@api.get("/standing")
def standing(address: AskedCycle, response: Response) -> StandingOut:
    """Returns where a month stands and what would be approved; the `ETag` is what a step names as `If-Match`."""
    shown = _standing(address, address.readable().cycle)
    response.headers["etag"] = etag_of(shown)
    return shown


@api.post("/proposal", status_code=201, responses=OF_MATCHED_WRITING)
def propose(address: AskedCycle, asked: ProposalIn, if_match: IfMatch = None) -> StepOut:
    """Proposes the households that are selected; 409 with what a review blocks, and where another version stands."""
    work, cycle = address.work, address.plannable().cycle
    proposal.demand_proposable(work, cycle, asked.version)
    demand_match(if_match, lambda: _standing(address, cycle))
    possible = days.of_proposal(work, cycle, address.clock.today(work))
    on = days.demand_day_of_proposal(day_if_any(asked.on, "on"), possible)
    findings = proposal.propose(work, address.plugins, cycle, on, version=asked.version)
    return _after(address, [finding.text for finding in findings])


@api.post("/approval", status_code=201, responses=OF_MATCHED_WRITING)
def approve(address: AskedCycle, asked: ApprovalIn, if_match: IfMatch = None) -> StepOut:
    """Approves a proposal: reserves money and goods and freezes the list. Where two approve, the first leaves it proposed."""
    work, cycle = address.work, address.plannable().cycle
    proposal.demand_approvable(work, cycle, asked.version)
    demand_match(if_match, lambda: _standing(address, cycle))
    now = address.clock.now(work)
    possible = days.of_approval(work, cycle, coverage_of(work, cycle, now.date()).promises, now.date())
    on, at = days.moment_of_approval(cycle, day_if_any(asked.on, "on"), now, possible)
    findings = proposal.approve(work, address.plugins, cycle, on, version=asked.version, at=at)
    return _after(address, [finding.text for finding in findings])


@api.post("/return", status_code=201, responses=OF_MATCHED_WRITING)
def return_proposal(address: AskedCycle, asked: ReasonIn, if_match: IfMatch = None) -> StepOut:
    """Returns a proposal to planning, with the reason that the proposer reads."""
    work, cycle = address.work, address.readable().cycle
    demand_match(if_match, lambda: _standing(address, cycle))
    proposal.return_proposal(work, cycle, asked.reason, version=asked.version)
    return _after(address)


@api.post("/withdrawal", status_code=201, responses=OF_MATCHED_WRITING)
def withdraw(address: AskedCycle, asked: ReasonIn, if_match: IfMatch = None) -> StepOut:
    """Withdraws an approval before the first hand-over: promises go back, and the list is planned again."""
    work, cycle = address.work, address.readable().cycle
    demand_match(if_match, lambda: _standing(address, cycle))
    withdrawal.withdraw(work, cycle, address.clock.today(work), asked.reason, version=asked.version)
    return _after(address)


@api.post("/absences", status_code=201, responses=OF_MATCHED_WRITING)
def mark_absent(address: AskedCycle, asked: AbsencesIn, if_match: IfMatch = None) -> AbsencesOut:
    """Marks households of a distribution as absent; 409 where none of them waits any more."""
    work, cycle = address.work, address.readable().cycle
    work.require("programs.handover")
    demand_match(if_match, lambda: _standing(address, cycle))
    on = days.demand_day_of_absence(cycle, day_if_any(asked.absent_on, "absent_on"), address.clock.today(work))
    places = queries.recipients_by_number(work, cycle, asked.numbers)
    marked = distribution.mark_absent(work, cycle, [place.id for place in places], asked.reason, on)
    return AbsencesOut(marked=marked)


@api.get("/corrections")
def corrections_of_month(address: AskedCycle, response: Response) -> CorrectionsOut:
    """Returns the corrections of a month; the `ETag` is what the next one names as `If-Match`."""
    shown = _corrections(address, address.readable().cycle)
    response.headers["etag"] = etag_of(shown)
    return shown


@api.post("/corrections", status_code=201, responses=OF_MATCHED_WRITING)
def correct(address: AskedCycle, asked: CorrectionIn, if_match: IfMatch = None) -> CorrectionsOut:
    """Corrects a closed month by an entry that names it; the month stays closed."""
    work, cycle = address.work, address.readable().cycle
    demand_match(if_match, lambda: _corrections(address, cycle))
    today, reason, read = address.clock.today(work), asked.reason, asked.version
    if asked.kind == "note_cancelled":
        on = day_if_any(asked.on, "on") or today
        corrections.cancel_note(work, cycle, asked.year or today.year, asked.number, on, today, reason, version=read)
        return _corrections(address, cycle)
    listed = queries.recipient_by_number(work, cycle, asked.number)
    if asked.kind == "taken_back":
        corrections.take_back(work, cycle, listed.id, today, reason, version=read)
    else:
        proof = Proof(asked.witness, proxy_name=asked.proxy_name, proxy_letter=asked.proxy_letter)
        corrections.hand_over_late(work, cycle, listed.id, _moment(address, asked), today, proof, reason, version=read)
    return _corrections(address, cycle)


def _moment(address: CycleInAddress, asked: CorrectionIn) -> datetime:
    """Returns when something was handed over late: now, where nothing is said."""
    work = address.work
    if not asked.on and not asked.at:
        return address.clock.now(work)
    zone = work.here.zone
    hour = hour_if_any(asked.at, "at", zone)
    now = address.clock.now(work)
    return datetime.combine(day_at(asked.on, "on"), hour or now.time().replace(microsecond=0), ZoneInfo(zone))


def _after(address: CycleInAddress, warnings: list[Text] | None = None) -> StepOut:
    now = _standing(address, cycles.of_code(address.work, address.code))
    return StepOut(**now.model_dump(), warnings=warnings or [])


def _standing(address: CycleInAddress, cycle: Cycle) -> StandingOut:
    work = address.work
    today = address.clock.today(work)
    is_open = cycle.state in ("planned", "proposed")
    coverage = coverage_of(work, cycle, today) if is_open else None
    counts, packages = cycle_facts.households_and_packages(work, cycle)
    first = second_approvals.first_approver(work, cycle) if cycle.state == "proposed" else None
    shares = coverage.shares if coverage else ()
    rule = (
        second_approvals.rule_for(work, cycle, today, coverage.total, [share.fund_id for share in shares])
        if coverage
        else None
    )
    return StandingOut(
        cycle=cycle.code,
        state=cycle.state,
        version=cycle.version,
        selected=counts.get("selected", 0),
        packages=packages.get("selected", 0),
        value=coverage.total if coverage else 0,
        missing=coverage.missing if coverage else 0,
        shares=[ShareOut(fund=share.fund, amount=share.total) for share in shares],
        proposed_by=cycle.proposed_by,
        first_approver=first.name if first else "",
        two_approve=rule.why if rule else "",
        approved_by=cycle.approved_by,
    )


def _corrections(address: CycleInAddress, cycle: Cycle) -> CorrectionsOut:
    work = address.work
    lines = corrections.of_cycle(work, cycle)
    return CorrectionsOut(
        version=corrections.version_of(work, cycle),
        corrections=[
            CorrectionOut(
                kind=line.kind,
                occurred_on=line.occurred_on,
                corrected_at=line.corrected_at,
                corrected_by=line.corrected_by,
                reason=line.reason,
            )
            for line in lines
        ],
    )

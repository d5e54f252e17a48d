"""The approver's page: the whole list with its reasons, what each fund would pay, what the reviews say, and the decision."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.plugins.plugin_session import undone
from guyub.programs import (
    beside_the_list,
    cycle_facts,
    cycles,
    days,
    list_findings,
    proposal,
    queries,
    second_approvals,
    tables,
    versions,
)
from guyub.programs.coverage import coverage_of
from guyub.programs.pages.common import (
    CYCLE,
    AskedCycle,
    CycleInAddress,
    colleagues,
    day,
    typed,
    version_asked,
    version_of,
    word,
)
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.labels import CATEGORIES
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()


@router.get(f"{CYCLE}/approval")
def approval(request: Request, address: AskedCycle) -> Response:
    return _page(request, address, version_asked(request))


def _page(
    request: Request,
    address: CycleInAddress,
    read: int | None,
    *,
    pressed: bool = False,
    problems: Mapping[str, Text] | None = None,
    typed_values: Mapping[str, str] | None = None,
) -> Response:
    """Returns the proposal as it stands, and what changed since the version ``read``, which every page of the list and every file
    of it goes on naming: of a list of two pages, the second is never silently that of another proposal.

    ``pressed``: somebody decided upon ``read`` and is shown why nothing came of it; what they press next is of this page.
    """
    work = address.work
    view = address.readable()
    if view.cycle.state != "proposed":
        return http.redirect(
            request,
            f"{view.url}/",
            Text(id="Tidak ada usulan yang menunggu.", en="No proposal is waiting."),
            "warning",
        )
    version = view.cycle.version if read is None else read
    is_older = version != view.cycle.version
    if is_older and http.exports(request):
        raise ProgramsRefusal.PROPOSAL_CHANGED.refusal()
    today = address.clock.today(work)
    coverage = coverage_of(work, view.cycle, today)
    spending = {share.fund_id: share.total for share in coverage.shares}
    with undone(work.session):
        findings = () if view.stopped else proposal.review(work, address.plugins, view.cycle, spending, today)
    differing = list_findings.of_list(
        work, address.plugins, view.cycle, judges=view.stopped is None, protector=http.state(request).protector
    )
    counts, packages = cycle_facts.households_and_packages(work, view.cycle)
    selected = counts.get("selected", 0)
    table = tables.proposed_list(view.cycle)
    asked = table.query(request.query_params)
    start, order = table.start(asked, selected), queries.RowOrder(asked.sort, asked.descending)
    rows = queries.candidates(work, view.cycle, states=("selected",), order=order, limit=table.page_size, offset=start)
    http.record_households_shown(request, [row.household_id for row in rows])
    package = cycle_facts.package(work, view.cycle)
    changes = versions.changes(work, view.cycle, version) if is_older else None
    first = second_approvals.first_approver(work, view.cycle)
    others = [
        colleague
        for colleague in colleagues(work, address.clock, "programs.approve", view.cycle.proposed_by_id)
        if first is None or colleague.id != first.person_id
    ]
    http.keep_in_address(request, version=version)
    days_possible = days.of_approval(work, view.cycle, coverage.promises, today)
    return http.render(
        request,
        work,
        "programs/approval.html",
        status=409 if pressed else 422 if problems else 200,
        month=view,
        changes=changes,
        pressed=pressed,
        version=view.cycle.version if pressed else version,
        coverage=coverage,
        days=days_possible,
        typed={"on": days_possible.last.isoformat(), **(typed_values or {})},
        problems=problems or {},
        findings=findings,
        plugin_titles=address.plugins.titles(),
        named_households=list_findings.names_of(work, findings),
        list_findings=differing,
        holds=any(found.kind in proposal.MADE_ANEW for found in differing),
        by_hand=beside_the_list.selected_by_hand(work, view.cycle),
        earlier=beside_the_list.earlier_month(work, view.cycle),
        why_excluded=cycle_facts.why_excluded,
        selected=selected,
        places=packages.get("selected", 0),
        listed=table.part(
            rows,
            lambda reading: queries.every_candidate(reading, view.cycle, states=("selected",), order=order),
            total=selected,
            first=start + 1,
            address="" if request.method == "GET" else f"{view.url}/approval?version={version}",
        ),
        shares=tables.shares(coverage.shares),
        package=tables.package(package),
        others=others,
        first=first,
        is_first=first is not None and first.person_id == work.person_id,
        rule=second_approvals.rule_for(work, view.cycle, today, coverage.total, list(spending)),
        is_proposer=work.person_id == view.cycle.proposed_by_id,
        most=view.cycle.most_points,
        points=cycle_facts.points,
        categories=CATEGORIES,
    )


@router.post(f"{CYCLE}/approval")
@http.answers_repeats_itself
def approve(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    read = version_of(form)
    try:
        with work.attempt():
            view = address.plannable()
            proposal.demand_approvable(work, view.cycle, read)
            now = address.clock.now(work)
            coverage = coverage_of(work, view.cycle, now.date())
            possible = days.of_approval(work, view.cycle, coverage.promises, now.date())
            on, at = days.moment_of_approval(view.cycle, day(word(form, "on"), "on"), now, possible)
            findings = proposal.approve(work, address.plugins, view.cycle, on, version=read, at=at)
    except Invalid as refusal:
        if refusal.field != "on":
            raise
        return _page(request, address, read, problems=by_field([refusal]), typed_values=typed(form, "on"))
    except Refusal as refusal:
        if refusal.code == ProgramsRefusal.PROPOSAL_RETURNED:
            return _returned(request, address, refusal)
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _page(request, address, read, pressed=True, typed_values=typed(form, "on"))
    if cycles.of_code(work, view.cycle.code).state == "proposed":
        waits = Text(
            id="Persetujuan pertama tercatat. Dana dicadangkan dan daftar dikunci setelah pejabat lain juga menyetujui.",
            en="The first approval is recorded. The money is reserved and the list frozen once another official approves.",
        )
        return http.redirect(request, f"{view.url}/", Text.join(" ", (waits, *(finding.text for finding in findings))))
    approved = Text(
        id="Disetujui. {rupiah} dicadangkan dan daftarnya terkunci.",
        en="Approved. {rupiah} is reserved, the list frozen.",
    ).format(rupiah=format_rupiah(coverage.total))
    flash = Text.join(" ", (approved, *(finding.text for finding in findings)))
    return http.redirect(request, f"{view.url}/", flash, "warning" if findings else "success")


def _returned(request: Request, address: CycleInAddress, refusal: Refusal) -> Response:
    """Says who returned what was to be approved, and leads to the month."""
    work = address.work
    view = address.readable()
    return http.render(request, work, "programs/returned.html", status=409, month=view, refusal=refusal)

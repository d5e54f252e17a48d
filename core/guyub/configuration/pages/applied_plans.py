"""Pages of the plans that were applied to facilities of a region: the list, one of them in full, and taking it back
after looking."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration import plan_history
from guyub.configuration.change_text import changes_text
from guyub.configuration.many_tables import APPLIED, CHANGES, PLANNED
from guyub.configuration.pages import plan_view
from guyub.configuration.pages.common import names_in
from guyub.configuration.pages.planned import DIGEST, Outcome, carried_out
from guyub.configuration.pages.region_common import applied_before, base_of
from guyub.configuration.plan import Plan
from guyub.configuration.plan_history import AppliedPlan
from guyub.configuration.revert import MOST_REASON, plan_revert, revert
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FormInput, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter(prefix="/region/{region}/configuration/changes")

_NONE_YET: Mapping[str, Text] = {}
_TITLE = Text(id="Batalkan perubahan", en="Take the change back")
_BACK = Text(id="Dibatalkan: {n} nilai kembali seperti semula.", en="Taken back: {n} values are as they were before.")


@router.get("")
def listed(request: Request, work: RegionWork, plugins: Plugins) -> Response:
    office = work.office
    work.require("facilities.configure")
    applied_here = plan_history.applied(work, office.code)
    return http.render(
        request,
        work,
        "configuration/changes.html",
        url=base_of(work.office.code),
        applied=CHANGES.of(
            (applied_plan, changes_text(applied_plan.changes, plugins), _places(applied_plan))
            for applied_plan in applied_here
        ),
    )


@router.get("/{id}")
def detail(request: Request, work: RegionWork, plugins: Plugins, id: str) -> Response:
    office = work.office
    work.require("facilities.configure")
    applied_plan = plan_history.applied_plan(work, id)
    names = names_in(work, office)
    return http.render(
        request,
        work,
        "configuration/applied.html",
        applied=applied_plan,
        url=base_of(work.office.code),
        groups=APPLIED.of(plan_view.of_changes(applied_plan.changes, plugins, names)),
    )


@router.get("/{id}/revert")
def ask(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, id: str) -> Response:
    office = work.office
    work.require("facilities.configure")
    applied_plan = plan_history.applied_plan(work, id)
    plan = plan_revert(work, plugins, id, clock.today(work))
    names = names_in(work, office)
    return _page(request, work, plugins, office, applied_plan, plan, names, None)


@router.post("/{id}/revert")
@http.answers_repeats_itself
def take_back(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, id: str, form: FormInput) -> Response:
    office = work.office
    work.require("facilities.configure")
    applied_plan = plan_history.applied_plan(work, id)
    today, digest = clock.today(work), str(form.get(DIGEST, ""))
    problems: dict[str, Text] = {}
    reason = str(form.get("reason", ""))
    try:
        outcome = carried_out(
            work,
            lambda: revert(work, plugins, id, digest, today, reason=reason),
            lambda: plan_revert(work, plugins, id, today),
        )
    except Invalid as refusal:
        problems = by_field([refusal])
        outcome = Outcome(plan_revert(work, plugins, id, today))
    names = names_in(work, office)
    before = applied_before(work, digest) if not outcome.is_applied else None
    if before is not None:
        return http.render(
            request,
            work,
            "configuration/applied_before.html",
            applied=before,
            title=_TITLE,
            url=base_of(work.office.code),
        )
    if not outcome.is_applied:
        return _page(
            request, work, plugins, office, applied_plan, outcome.plan, names, outcome.refusal, reason, problems
        )
    plan = outcome.plan
    return http.redirect(request, f"{base_of(work.office.code)}/changes/{plan.id}", _BACK.format(n=len(plan.changes)))


def _places(applied: AppliedPlan) -> int:
    return len({change.facility for change in applied.changes if change.facility})


def _page(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    office: RegionInView,
    applied_plan: AppliedPlan,
    plan: Plan,
    names: Mapping[str, str],
    moved: Refusal | None,
    reason: str = "",
    problems: Mapping[str, Text] = _NONE_YET,
) -> Response:
    groups = plan_view.groups(plan, plugins, names)
    return http.render(
        request,
        work,
        "configuration/revert.html",
        status=409 if moved is not None else 422 if problems else 200,
        plan=plan,
        applied=applied_plan,
        reason=reason,
        problems=problems,
        most=MOST_REASON,
        what=changes_text(applied_plan.changes, plugins),
        groups=groups,
        planned=PLANNED.of(groups),
        sentences=plan_view.sentences(plan, names),
        moved=moved,
        url=base_of(office.code),
        digest=DIGEST,
        action=f"{base_of(office.code)}/changes/{applied_plan.id}/revert",
    )

"""A change on its way: planned, read, applied. The same for every page that changes configuration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration.activations import RegionFacility
from guyub.configuration.apply import PlanBlocked, PlanMoved
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.many_tables import PLANNED
from guyub.configuration.pages import plan_view
from guyub.configuration.pages.common import CHANGE, CONFIRMED, FIRST_DAY, REASON
from guyub.configuration.plan import Plan
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.db.unit_of_work import Work
from guyub.http import Clock
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Forbidden, Refusal
from guyub.sdk.text import Text

DIGEST = "_digest"
"""What the form of a plan sends: which plan was read."""

_TAKE_BACK_TO_FORM = {"csrf_token", DIGEST, CONFIRMED, CHANGE, FIRST_DAY}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Holds what came of a change: ``plan`` is what would change, or was changed; ``refusal`` why it could not be
    carried out as it was read."""

    plan: Plan
    is_applied: bool = False
    refusal: Refusal | None = None


def planned(
    work: Work, plugins: PluginRegistry, clock: Clock, requests: Sequence[ChangeRequest], form: FormData
) -> Outcome:
    """Plans the requests; applies them where the form says that this plan was read and is wanted. Raises ``Forbidden``
    for what this reader may not do at all."""
    today = clock.today(work)
    if not form.get(CONFIRMED):
        plan = plan_requests(work, plugins, requests, today)
        for issue in plan.issues:
            if issue.is_blocking and isinstance(issue.refusal, Forbidden):
                raise issue.refusal
        return Outcome(plan)
    digest = str(form.get(DIGEST, ""))
    return carried_out(
        work,
        lambda: apply_requests(work, plugins, requests, digest, today),
        lambda: plan_requests(work, plugins, requests, today),
    )


def carried_out(work: Work, apply: Callable[[], Plan], plan: Callable[[], Plan]) -> Outcome:
    """Carries the plan out whole or not at all: where the world moved or an issue blocks it, that refusal with a fresh
    plan. A plan that changes nothing any more is not applied."""
    try:
        with work.attempt():
            done = apply()
    except (PlanMoved, PlanBlocked) as refusal:
        return Outcome(plan(), refusal=refusal)
    return Outcome(done, is_applied=bool(done.changes))


def preview(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    outcome: Outcome,
    *,
    title: Text,
    crumbs: Sequence[tuple[Text, str]],
    names: Mapping[str, str],
    sent: Sequence[tuple[str, str]],
    form: FormData,
    nothing: Text,
    left_out: Sequence[tuple[RegionFacility, Text]] = (),
) -> Response:
    """Returns the page of a plan. It carries the plan's digest and all that made it, so that applying applies exactly
    this.

    ``names`` of facilities and regions by code; ``sent`` is what the form says beside the first day.
    """
    plan = outcome.plan
    groups = plan_view.groups(plan, plugins, names)
    hidden = [(name, value) for name, value in sent if name not in _TAKE_BACK_TO_FORM]
    return http.render(
        request,
        work,
        "configuration/plan_preview.html",
        status=409 if outcome.refusal is not None else 200,
        plan=plan,
        groups=groups,
        planned=PLANNED.of(groups),
        sentences=plan_view.sentences(plan, names),
        offers=sorted({issue.offered for issue in plan.issues if issue.offered is not None}),
        moved=outcome.refusal,
        title=title,
        crumbs=crumbs,
        left_out=left_out,
        action=request.url.path,
        url=crumbs[-1][1],
        hidden=[*dict.fromkeys(hidden), (FIRST_DAY, str(form.get(FIRST_DAY, ""))), (DIGEST, plan.digest)],
        confirmed=CONFIRMED,
        change=CHANGE,
        first_day=FIRST_DAY,
        reason=str(form.get(REASON, "")),
        nothing=nothing,
    )

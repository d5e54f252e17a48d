"""Switching a plugin on or off at a facility, from a day on and for a reason; what stands against it is said before."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub.access import http
from guyub.access.http import Form
from guyub.db.work import Work
from guyub.facilities.doors import require_web
from guyub.host import activations
from guyub.host.activations import NEVER, Standing
from guyub.host.pages import common, config_view
from guyub.host.pages.common import demand_known, host_of, plugin_url, title_of
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/plugins/{slug}")

_SAID = {
    True: Text(id="{title} aktif mulai {id_day}.", en="{title} is active from {en_day}."),
    False: Text(id="{title} tidak aktif lagi mulai {id_day}.", en="{title} is no longer active from {en_day}."),
}


@router.get("/activate")
def ask_to_activate(request: Request, facility: str, slug: str) -> Response:
    return _ask(request, facility, slug, True)


@router.post("/activate")
def activate(request: Request, facility: str, slug: str, form: Form) -> Response:
    return _switch(request, facility, slug, True, form)


@router.get("/deactivate")
def ask_to_deactivate(request: Request, facility: str, slug: str) -> Response:
    return _ask(request, facility, slug, False)


@router.post("/deactivate")
def deactivate(request: Request, facility: str, slug: str, form: Form) -> Response:
    return _switch(request, facility, slug, False, form)


def _ask(request: Request, facility: str, slug: str, active: bool) -> Response:
    with http.open_work(request, facility) as work:
        standing = _opened(request, work, slug)
        lacking = _lacking(request, work, slug) if active else None
    return _page(request, work, slug, active, standing, lacking)


def _switch(request: Request, facility: str, slug: str, active: bool, form: FormData) -> Response:
    with http.open_work(request, facility) as work:
        standing = _opened(request, work, slug)
        lacking = _lacking(request, work, slug) if active else None
        outcome = _outcome(request, work, slug, active, form)
    if isinstance(outcome, Refusal):
        return _page(request, work, slug, active, standing, lacking, form, outcome)
    said = _SAID[active].format(
        title=title_of(host_of(request), slug), id_day=format_date(outcome), en_day=format_date(outcome, "en")
    )
    return http.redirect(request, plugin_url(work, slug), said)


def _outcome(request: Request, work: Work, slug: str, active: bool, form: FormData) -> date | Refusal:
    """The first day of the switch, or why it was refused: then nothing of it stays. Raises ``Forbidden``."""
    try:
        first_day, reason = common.first_day(form), common.reason(form)
        with work.session.begin_nested():
            host_of(request).set_active(work, slug, work.here.id, active, first_day, reason)
    except Forbidden:
        raise
    except Refusal as refusal:
        return refusal
    return first_day


def _opened(request: Request, work: Work, slug: str) -> Standing:
    """Raises the reason when this reader may not switch it, or nobody may now."""
    work.require("facilities.configure")
    require_web(work)
    standing = activations.at_facility(work, http.today(request, work)).get(slug, NEVER)
    demand_known(host_of(request), slug, standing is not NEVER)
    return standing


def _lacking(request: Request, work: Work, slug: str) -> Refusal | None:
    """Why the plugin would not work here although it is switched on. Raises the reason where it is not even ready."""
    plugin = host_of(request).plugin(slug)
    try:
        return config_view.view(work, plugin, http.today(request, work), http.state(request).protector).refusal
    except Refusal as refusal:
        return refusal


def _page(
    request: Request, work: Work, slug: str, active: bool, standing: Standing, lacking: Refusal | None,
    form: FormData | Mapping[str, str] | None = None, refused: Refusal | None = None,
) -> Response:  # fmt: skip
    host = host_of(request)
    problems = by_field([refused]) if isinstance(refused, Invalid) else {}
    return http.render(
        request, work, "host/switch.html", status=refused.status if refused else 200, slug=slug, active=active,
        title=title_of(host, slug), plugin=host.ready().get(slug), standing=standing, lacking=lacking, given=form or {},
        problems=problems, refused=None if problems else refused, url=plugin_url(work, slug),
    )  # fmt: skip

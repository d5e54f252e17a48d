"""Activates or deactivates a plugin at a facility, from a day on and for a reason; what blocks it is shown first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import activations
from guyub.configuration.activations import NEVER, ActivationState
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.consequences import TouchedPlugins, consequences
from guyub.configuration.pages import common, config_view
from guyub.configuration.pages.common import (
    CHANGE,
    FIRST_DAY,
    PLUGINS,
    REASON,
    plugin_url,
    plugins_url,
    require_known,
    title_of,
)
from guyub.configuration.pages.planned import Outcome, planned, preview
from guyub.db.unit_of_work import Work
from guyub.facilities.editable import require_open, require_web
from guyub.facilities.queries import FacilityProfile
from guyub.http import Clock, FacilityWork, FormInput
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.months import following
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/plugins/{slug}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Holds what the page of a switch shows: ``lacking`` says why the plugin would not work here although it is active;
    ``affected`` what is active that switching it off concerns; ``usual`` is the day that the form begins with."""

    slug: str
    active: bool
    standing: ActivationState
    lacking: Refusal | None
    affected: Sequence[Text]
    usual: date


_SAID = {
    True: Text(id="{title} aktif mulai {id_day}.", en="{title} is active from {en_day}."),
    False: Text(id="{title} tidak aktif lagi mulai {id_day}.", en="{title} is no longer active from {en_day}."),
}
_TITLE = {
    True: Text(id="Aktifkan {title} di {place}", en="Activate {title} at {place}"),
    False: Text(id="Nonaktifkan {title} di {place}", en="Deactivate {title} at {place}"),
}
_ALREADY = {
    True: Text(
        id="{title} sudah aktif di {place} pada hari itu.", en="{title} is active at {place} on that day already."
    ),
    False: Text(
        id="{title} memang tidak aktif di {place} pada hari itu.",
        en="{title} is not active at {place} on that day anyway.",
    ),
}


@router.get("/activate")
def ask_to_activate(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str) -> Response:
    return _ask(request, work, plugins, clock, slug, True)


@router.post("/activate")
def activate(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, form: FormInput
) -> Response:
    return _switch(request, work, plugins, clock, slug, True, form)


@router.get("/deactivate")
def ask_to_deactivate(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str) -> Response:
    return _ask(request, work, plugins, clock, slug, False)


@router.post("/deactivate")
def deactivate(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, form: FormInput
) -> Response:
    return _switch(request, work, plugins, clock, slug, False, form)


def _ask(request: Request, work: Work, plugins: PluginRegistry, clock: Clock, slug: str, active: bool) -> Response:
    asked = _opened(request, work, plugins, clock, slug, active)
    return _page(request, work, plugins, asked)


def _switch(
    request: Request, work: Work, plugins: PluginRegistry, clock: Clock, slug: str, active: bool, form: FormData
) -> Response:
    outcome: Outcome | None = None
    refused: Refusal | None = None
    asked = _opened(request, work, plugins, clock, slug, active)
    if not form.get(CHANGE):
        try:
            change = ChangeRequest(
                slug, common.first_day(form), (work.here.code,), active=active, reason=common.reason(form)
            )
            outcome = planned(work, plugins, clock, [change], form)
        except Forbidden:
            raise
        except Refusal as refusal:
            refused = refusal
    if outcome is None:
        return _page(request, work, plugins, asked, form, refused)
    title, day = title_of(plugins, slug), common.first_day(form)
    if outcome.is_applied:
        message = _SAID[active].format(title=title, id_day=format_date(day), en_day=format_date(day, "en"))
        return http.redirect(request, plugin_url(work, slug), message)
    return preview(
        request,
        work,
        plugins,
        outcome,
        title=_TITLE[active].format(title=title, place=work.here.name),
        crumbs=[(PLUGINS, plugins_url(work)), (title, plugin_url(work, slug))],
        names={work.here.code: work.here.name},
        sent=[(REASON, common.reason(form))],
        form=form,
        nothing=_ALREADY[active].format(title=title, place=work.here.name),
    )


def _opened(request: Request, work: Work, plugins: PluginRegistry, clock: Clock, slug: str, active: bool) -> _Asked:
    """Raises the reason when this reader may not switch it, or nobody may now."""
    work.require("facilities.configure")
    here = require_web(work)
    today = clock.today(work)
    if active:
        require_open(here, today)
    standing = activations.at_facility(work, today).get(slug, NEVER)
    require_known(plugins, slug, standing is not NEVER)
    if active:
        return _Asked(
            slug,
            active,
            standing,
            _lacking(request, work, plugins, clock, slug),
            [],
            _usual_day(plugins, slug, here, standing, today),
        )
    touched = TouchedPlugins({slug: title_of(plugins, slug)}, {(here.code, slug)}, {})
    affected = consequences(work, touched) if not _is_settled(standing, active) else ()
    return _Asked(slug, active, standing, None, [consequence.sentence for consequence in affected], today)


def _usual_day(
    plugins: PluginRegistry, slug: str, here: FacilityProfile, standing: ActivationState, today: date
) -> date:
    """Returns the day that the form begins with. A month opens with what holds on its first day, so a programme begins
    with a month: with this one where nothing was decided in it and the facility worked already."""
    first = today.replace(day=1)
    plugin = plugins.ready().get(slug)
    if plugin is None or not plugin.program_types or (standing.now and standing.now.valid_from > first):
        return today
    return (
        (today if today.day == 1 else following(today))
        if here.opened_on is not None and here.opened_on > first
        else first
    )


def _is_settled(standing: ActivationState, active: bool) -> bool:
    """Returns whether it is like this already, and nothing else is planned."""
    return standing.active == active and standing.next is None


def _lacking(request: Request, work: Work, plugins: PluginRegistry, clock: Clock, slug: str) -> Refusal | None:
    """Returns why the plugin would not work here although it is active. Raises the reason where it is not even
    ready."""
    plugin = plugins.plugin(slug)
    try:
        return config_view.view(work, plugin, clock.today(work), http.state(request).protector).refusal
    except Refusal as refusal:
        return refusal


def _page(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    asked: _Asked,
    form: FormData | Mapping[str, str] | None = None,
    refused: Refusal | None = None,
) -> Response:
    problems = by_field([refused]) if isinstance(refused, Invalid) else {}
    return http.render(
        request,
        work,
        "configuration/switch.html",
        status=refused.status if refused else 200,
        active=asked.active,
        title=title_of(plugins, asked.slug),
        plugin=plugins.ready().get(asked.slug),
        standing=asked.standing,
        is_settled=_is_settled(asked.standing, asked.active),
        lacking=asked.lacking,
        affected=asked.affected,
        typed=form or {FIRST_DAY: asked.usual.isoformat()},
        problems=problems,
        refused=None if problems else refused,
        url=plugin_url(work, asked.slug),
    )

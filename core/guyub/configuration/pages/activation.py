"""Switching a plugin on or off at a facility, from a day on and for a reason; what stands against it is said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import activations
from guyub.configuration.activation_changes import set_active
from guyub.configuration.activations import NEVER, ActivationState
from guyub.configuration.consequences import consequences
from guyub.configuration.pages import common, config_view
from guyub.configuration.pages.common import (
    FIRST_DAY,
    plugin_url,
    require_known,
    title_of,
)
from guyub.db.unit_of_work import Work
from guyub.facilities.editable import require_open, require_web
from guyub.facilities.queries import FacilityProfile
from guyub.http import FormInput
from guyub.plugins.dependencies import host_of
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/plugins/{slug}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """``lacking`` says why the plugin would not work here although it is switched on; ``told`` what is at work that
    switching it off concerns; ``usual`` is the day that the form begins with."""

    slug: str
    active: bool
    standing: ActivationState
    lacking: Refusal | None
    told: Sequence[Text]
    usual: date


_SAID = {
    True: Text(id="{title} aktif mulai {id_day}.", en="{title} is active from {en_day}."),
    False: Text(id="{title} tidak aktif lagi mulai {id_day}.", en="{title} is no longer active from {en_day}."),
}

_ALREADY = {
    True: Text(id="{title} sudah aktif di {place}.", en="{title} is active at {place} already."),
    False: Text(id="{title} memang tidak aktif di {place}.", en="{title} is not active at {place} anyway."),
}
_SINCE = {
    True: Text(
        id="{title} sudah aktif di {place} sejak {id_day}.", en="{title} has been active at {place} since {en_day}."
    ),
    False: Text(
        id="{title} sudah tidak aktif di {place} sejak {id_day}.",
        en="{title} has not been active at {place} since {en_day}.",
    ),
}
_NOTHING_TO_DO = Text(
    id="Tidak ada yang perlu dilakukan, dan tidak ada yang dicatat.",
    en="There is nothing to do, and nothing was recorded.",
)


@router.get("/activate")
def ask_to_activate(request: Request, facility: str, slug: str) -> Response:
    return _ask(request, facility, slug, True)


@router.post("/activate")
def activate(request: Request, facility: str, slug: str, form: FormInput) -> Response:
    return _switch(request, facility, slug, True, form)


@router.get("/deactivate")
def ask_to_deactivate(request: Request, facility: str, slug: str) -> Response:
    return _ask(request, facility, slug, False)


@router.post("/deactivate")
def deactivate(request: Request, facility: str, slug: str, form: FormInput) -> Response:
    return _switch(request, facility, slug, False, form)


def _ask(request: Request, facility: str, slug: str, active: bool) -> Response:
    with http.open_work(request, facility) as work:
        asked = _opened(request, work, slug, active)
    return _page(request, work, asked)


def _switch(request: Request, facility: str, slug: str, active: bool, form: FormData) -> Response:
    with http.open_work(request, facility) as work:
        asked = _opened(request, work, slug, active)
        outcome = _outcome(request, work, slug, active, form)
    if isinstance(outcome, Refusal):
        return _page(request, work, asked, form, outcome)
    said = _SAID[active].format(
        title=title_of(host_of(request), slug), id_day=format_date(outcome), en_day=format_date(outcome, "en")
    )
    return http.redirect(request, plugin_url(work, slug), said)


def _outcome(request: Request, work: Work, slug: str, active: bool, form: FormData) -> date | Refusal:
    """The first day of the switch, or why it was refused: then nothing of it stays. Raises ``Forbidden``."""
    try:
        first_day, reason = common.first_day(form), common.reason(form)
        _demand_switch(request, work, slug, active, first_day)
        with work.session.begin_nested():
            set_active(work, host_of(request), slug, work.here.id, active, first_day, reason)
    except Forbidden:
        raise
    except Refusal as refusal:
        return refusal
    return first_day


def _demand_switch(request: Request, work: Work, slug: str, active: bool, first_day: date) -> None:
    """Raises ``Refusal`` where it is like this already on that day: there is nothing to write."""
    standing = activations.at_facility(work, first_day).get(slug, NEVER)
    if standing.active == active:
        what = _ALREADY[active].format(title=title_of(host_of(request), slug), place=work.here.name)
        if standing.now is not None:
            day = standing.now.valid_from
            what = _SINCE[active].format(
                title=title_of(host_of(request), slug),
                place=work.here.name,
                id_day=format_date(day),
                en_day=format_date(day, "en"),
            )
        raise Refusal("host.already_so", what, _NOTHING_TO_DO)


def _opened(request: Request, work: Work, slug: str, active: bool) -> _Asked:
    """Raises the reason when this reader may not switch it, or nobody may now."""
    work.require("facilities.configure")
    here = require_web(work)
    today = http.today(request, work)
    if active:
        require_open(here, today)
    standing = activations.at_facility(work, today).get(slug, NEVER)
    require_known(host_of(request), slug, standing is not NEVER)
    if active:
        return _Asked(
            slug,
            active,
            standing,
            _lacking(request, work, slug),
            [],
            _usual_day(host_of(request), slug, here, standing, today),
        )
    titles = {slug: title_of(host_of(request), slug)}
    told = consequences(work, titles, {(here.code, slug)}, {}) if not _is_settled(standing, active) else ()
    return _Asked(slug, active, standing, None, [consequence.sentence for consequence in told], today)


def _usual_day(host: PluginRegistry, slug: str, here: FacilityProfile, standing: ActivationState, today: date) -> date:
    """A month of a programme opens with what holds on its first day, so that a programme begins with a month: with this one
    where nothing was decided in it and the facility worked already."""
    first = today.replace(day=1)
    plugin = host.ready().get(slug)
    if plugin is None or not plugin.program_types or (standing.now and standing.now.valid_from > first):
        return today
    return activations.month_from(today) if here.opened_on is not None and here.opened_on > first else first


def _is_settled(standing: ActivationState, active: bool) -> bool:
    """Whether it is like this already, and nothing else is planned."""
    return standing.active == active and standing.next is None


def _lacking(request: Request, work: Work, slug: str) -> Refusal | None:
    """Why the plugin would not work here although it is switched on. Raises the reason where it is not even ready."""
    plugin = host_of(request).plugin(slug)
    try:
        return config_view.view(work, plugin, http.today(request, work), http.state(request).protector).refusal
    except Refusal as refusal:
        return refusal


def _page(
    request: Request,
    work: Work,
    asked: _Asked,
    form: FormData | Mapping[str, str] | None = None,
    refused: Refusal | None = None,
) -> Response:
    host = host_of(request)
    problems = by_field([refused]) if isinstance(refused, Invalid) else {}
    return http.render(
        request,
        work,
        "configuration/switch.html",
        status=refused.status if refused else 200,
        active=asked.active,
        title=title_of(host, asked.slug),
        plugin=host.ready().get(asked.slug),
        standing=asked.standing,
        is_settled=_is_settled(asked.standing, asked.active),
        lacking=asked.lacking,
        told=asked.told,
        given=form or {FIRST_DAY: asked.usual.isoformat()},
        problems=problems,
        refused=None if problems else refused,
        url=plugin_url(work, asked.slug),
    )

"""Changing a plugin's configuration at a facility or for a region: the form, the plan, and only then the change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import goods
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.pages import common, config_form, scope
from guyub.configuration.pages.common import CHANGE, FIRST_DAY, PLUGINS, REASON
from guyub.configuration.pages.config_form import LOCK, SHOWN
from guyub.configuration.pages.config_view import ConfigView, FieldView
from guyub.configuration.pages.planned import Outcome, planned, preview
from guyub.configuration.pages.scope import ConfigScope
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.http import Clock, FacilityWork, FormInput, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.forms import FieldEntry
from guyub.ui.model_fields import FormField
from guyub.ui.problems import by_field

router = APIRouter()

_ORIGIN = Text(id="Asal: {origin}.", en="From: {origin}.")
_INHERITED = Text(id="Warisannya: {value} ({origin}).", en="Inherited: {value} ({origin}).")
_KEPT = Text(id="Kosongkan bila tidak diganti.", en="Leave it empty to keep it.")
_TITLE = Text(id="Konfigurasi {title} di {place}", en="Configuration of {title} at {place}")
_RESET = Text(id="“{field}” diwarisi lagi di {place}", en="“{field}” is inherited again at {place}")
_IS_SO = Text(id="Yang berlaku sudah demikian.", en="It is like this already.")


@router.get("/f/{facility}/plugins/{slug}/configure")
def form(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str) -> Response:
    return _shown(request, plugins, clock, scope.at_facility(work), slug)


@router.get("/region/{region}/plugins/{slug}/configure")
def region_form(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: str) -> Response:
    return _shown(request, plugins, clock, scope.of_region(work), slug)


@router.post("/f/{facility}/plugins/{slug}/configure")
def configure(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, form: FormInput
) -> Response:
    return _configured(request, plugins, clock, scope.at_facility(work), slug, form)


@router.post("/region/{region}/plugins/{slug}/configure")
def configure_region(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: str, form: FormInput
) -> Response:
    return _configured(request, plugins, clock, scope.of_region(work), slug, form)


@router.get("/f/{facility}/plugins/{slug}/reset/{field}")
def ask_to_reset(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, field: str
) -> Response:
    return _reset(request, plugins, clock, scope.at_facility(work), slug, field, FormData())


@router.get("/region/{region}/plugins/{slug}/reset/{field}")
def ask_to_reset_in_region(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: str, field: str
) -> Response:
    return _reset(request, plugins, clock, scope.of_region(work), slug, field, FormData())


@router.post("/f/{facility}/plugins/{slug}/reset/{field}")
def reset(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, field: str, form: FormInput
) -> Response:
    return _reset(request, plugins, clock, scope.at_facility(work), slug, field, form)


@router.post("/region/{region}/plugins/{slug}/reset/{field}")
def reset_in_region(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: str, field: str, form: FormInput
) -> Response:
    return _reset(request, plugins, clock, scope.of_region(work), slug, field, form)


def _shown(request: Request, plugins: PluginRegistry, clock: Clock, config_scope: ConfigScope, slug: str) -> Response:
    plugin, view = _opened(request, plugins, clock, config_scope, slug)
    entry = config_form.shown(plugin, view, partly=config_scope.layer == "region")
    return _form(request, config_scope, plugin, view, entry, {})


def _configured(
    request: Request, plugins: PluginRegistry, clock: Clock, config_scope: ConfigScope, slug: str, form: FormData
) -> Response:
    outcome: Outcome | None = None
    change: ChangeRequest | None = None
    protector = http.state(request).protector
    plugin, view = _opened(request, plugins, clock, config_scope, slug)
    place = Text(id=config_scope.name, en=config_scope.name)
    entry = config_form.read(plugin, view, form, protector, place, partly=config_scope.layer == "region")
    problems = dict(entry.problems)
    goes_back = bool(entry.asks_for_row or form.get(CHANGE))
    if not goes_back:
        try:
            config_form.refuse_locked(plugin, view, form, protector, place)
            if entry.model is not None:
                change = _change(config_scope, slug, entry, view, form)
                outcome = planned(config_scope.work, plugins, clock, [change], form)
        except Invalid as refusal:
            entry, problems = _refused(entry, refusal)
    names = config_scope.names()
    if goes_back:
        return _form(request, config_scope, plugin, view, entry, form)
    if problems or outcome is None or change is None:
        return _form(request, config_scope, plugin, view, entry, form, problems)
    if outcome.is_applied:
        return _done(request, config_scope, plugin, change)
    sent = [*config_form.carried(plugin, entry, change.values, form, protector), (REASON, change.reason)]
    title = _TITLE.format(title=plugin.title, place=config_scope.name)
    return preview(
        request,
        config_scope.work,
        plugins,
        outcome,
        title=title,
        crumbs=[(PLUGINS, config_scope.plugins_url), (plugin.title, config_scope.url(slug))],
        names=names,
        sent=sent,
        form=form,
        nothing=_IS_SO,
    )


def _refused(entry: FieldEntry[Any], refusal: Invalid) -> tuple[FieldEntry[Any], dict[str, Text]]:
    """Returns the form with what is wrong: beside its field, the first day and the reason included."""
    if refusal.field in (FIRST_DAY, REASON):
        return entry, by_field([refusal])
    refused = entry.refused(refusal)
    return refused, {**entry.problems, **refused.problems}


def _reset(
    request: Request,
    plugins: PluginRegistry,
    clock: Clock,
    config_scope: ConfigScope,
    slug: str,
    field: str,
    form: FormData,
) -> Response:
    """Shows the form of the day and the reason, then the plan, then makes the change."""
    outcome: Outcome | None = None
    problems: Mapping[str, Text] = {}
    change: ChangeRequest | None = None
    plugin, view = _opened(request, plugins, clock, config_scope, slug)
    known = _own(view, field, will_be=config_scope.sets(slug, field))
    if form and not form.get(CHANGE):
        try:
            change = config_scope.change(slug, {field: None}, common.first_day(form), common.reason(form), frozenset())
            outcome = planned(config_scope.work, plugins, clock, [change], form)
        except Invalid as refusal:
            problems = by_field([refusal])
    names = config_scope.names()
    if outcome is None or change is None:
        return http.render(
            request,
            config_scope.work,
            "configuration/reset.html",
            status=422 if problems else 200,
            plugin=plugin,
            known=known,
            typed=form,
            problems=problems,
            summary=common.summary(problems),
            url=config_scope.url(slug),
            config_scope=config_scope,
        )
    if outcome.is_applied:
        return _done(request, config_scope, plugin, change)
    return preview(
        request,
        config_scope.work,
        plugins,
        outcome,
        title=_RESET.format(field=known.field.title, place=config_scope.name),
        crumbs=[(PLUGINS, config_scope.plugins_url), (plugin.title, config_scope.url(slug))],
        names=names,
        sent=[(REASON, change.reason)],
        form=form,
        nothing=_IS_SO,
    )


def _opened(
    request: Request, plugins: PluginRegistry, clock: Clock, config_scope: ConfigScope, slug: str
) -> tuple[Plugin, ConfigView]:
    """Raises ``Forbidden`` for those who may not configure, and the reason when nobody may change it here now."""
    config_scope.work.require("facilities.configure")
    plugin = plugins.plugin(slug)
    today = clock.today(config_scope.work)
    config_scope.require_open_for_change(today)
    return plugin, config_scope.view(request, plugin, today)


def _own(view: ConfigView, name: str, *, will_be: bool) -> FieldView:
    """Returns whether a value of its own is recorded here; ``will_be``: be it for a later day."""
    known = view.of(name)
    if known is None or not (known.own or will_be):
        raise ConfigurationRefusal.NOTHING_TO_RESET.not_found(name=name)
    return known


def _change(
    config_scope: ConfigScope, slug: str, entry: FieldEntry[Any], view: ConfigView, form: FormData
) -> ChangeRequest:
    """Raises ``Invalid`` at the first day or the reason, or for a form in which nothing was changed."""
    locks = config_form.locks(view, form) if config_scope.decides else None
    changed = config_form.changes(entry, view, locks)
    common.require_changes(changed)
    locked = frozenset(changed) & (locks or frozenset())
    return config_scope.change(slug, changed, common.first_day(form), common.reason(form), locked)


def _with_origins(entry: FieldEntry[Any], view: ConfigView) -> FieldEntry[Any]:
    """Returns the form with, in the hint of each field, where its value comes from and what would be inherited."""
    return replace(entry, fields=tuple(_with_origin(field, view.of(field.name)) for field in entry.fields))


def _with_origin(field: FormField, known: FieldView | None) -> FormField:
    if known is None:
        return field
    value = Text(id="; ".join(line.id for line in known.inherited), en="; ".join(line.en for line in known.inherited))
    inherited = _INHERITED.format(value=value, origin=known.inherited_origin.sentence)
    parts = [field.help, _ORIGIN.format(origin=known.origin.sentence), *([inherited] if known.own else [])]
    if field.kind == "secret":
        parts.append(_KEPT)
    return replace(field, help=Text(id=" ".join(part.id for part in parts), en=" ".join(part.en for part in parts)))


def _form(
    request: Request,
    config_scope: ConfigScope,
    plugin: Plugin,
    view: ConfigView,
    entry: FieldEntry[Any],
    form: FormData | Mapping[str, str],
    problems: Mapping[str, Text] | None = None,
) -> Response:
    field_problems = problems or {}
    shown = _with_origins(replace(entry, problems=field_problems), view)
    if config_scope.layer == "facility":
        shown = goods.offering(config_scope.work, shown)
    return http.render(
        request,
        config_scope.work,
        "configuration/configure.html",
        status=422 if field_problems else 200,
        plugin=plugin,
        view=view,
        entry=shown,
        summary=common.summary(field_problems, shown),
        typed=form,
        problems=field_problems,
        url=config_scope.url(plugin.slug),
        config_scope=config_scope,
        lock=LOCK,
        locks=config_form.locks(view, form),
        as_shown=(SHOWN, config_form.as_shown(plugin, view, partly=config_scope.layer == "region")),
    )


def _done(request: Request, config_scope: ConfigScope, plugin: Plugin, change: ChangeRequest) -> Response:
    return http.redirect(
        request,
        config_scope.url(plugin.slug),
        Text(
            id="Konfigurasi {title} tersimpan: {n} isian berlaku mulai {id_day}.",
            en="The configuration of {title} is saved: fields changed: {n}, from {en_day}.",
        ).format(
            title=plugin.title,
            n=len(change.values),
            id_day=format_date(change.valid_from),
            en_day=format_date(change.valid_from, "en"),
        ),
    )

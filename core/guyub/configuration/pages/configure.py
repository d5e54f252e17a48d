"""Changing a plugin's configuration at a facility or for a region: the form, what becomes of it, and only then the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import changes as changes_module
from guyub.configuration.change_preview import ConfigChangeRequest
from guyub.configuration.changes import ConfigMoved
from guyub.configuration.consequences import consequences
from guyub.configuration.pages import common, config_form, scope
from guyub.configuration.pages.common import (
    CHANGE,
    CONFIRMED,
    FIRST_DAY,
    REASON,
)
from guyub.configuration.pages.config_form import LOCK
from guyub.configuration.pages.config_view import ConfigView, FieldView
from guyub.configuration.pages.effect_summary import EffectSummary, as_read
from guyub.configuration.pages.scope import ConfigScope
from guyub.configuration.tables import EFFECTS
from guyub.http import FormInput
from guyub.plugins.dependencies import host_of
from guyub.sdk.errors import Invalid, NotFound
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.forms import FieldEntry
from guyub.ui.model_fields import FormField
from guyub.ui.problems import by_field

router = APIRouter()

SEEN = "_seen"
"""What the preview sends: the digest of the effects that were read."""

_ORIGIN = Text(id="Asal: {origin}.", en="From: {origin}.")
_INHERITED = Text(id="Warisannya: {value} ({origin}).", en="Inherited: {value} ({origin}).")
_KEPT = Text(id="Kosongkan bila tidak diganti.", en="Leave it empty to keep it.")


@dataclass(frozen=True, slots=True)
class ConfigPreview:
    """What a change would do, as it is read; ``told`` is what it touches that is at work, ``digest`` names the effects."""

    changes: Sequence[EffectSummary]
    told: Sequence[Text]
    digest: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """``look`` is None once the change is saved."""

    change: ConfigChangeRequest
    look: ConfigPreview | None


@router.get("/f/{facility}/plugins/{slug}/configure")
def form(request: Request, facility: str, slug: str) -> Response:
    return _shown(request, slug, facility=facility)


@router.get("/region/{region}/plugins/{slug}/configure")
def region_form(request: Request, region: str, slug: str) -> Response:
    return _shown(request, slug, region=region)


@router.post("/f/{facility}/plugins/{slug}/configure")
def configure(request: Request, facility: str, slug: str, form: FormInput) -> Response:
    return _configured(request, slug, form, facility=facility)


@router.post("/region/{region}/plugins/{slug}/configure")
def configure_region(request: Request, region: str, slug: str, form: FormInput) -> Response:
    return _configured(request, slug, form, region=region)


@router.get("/f/{facility}/plugins/{slug}/reset/{field}")
def ask_to_reset(request: Request, facility: str, slug: str, field: str) -> Response:
    return _reset(request, slug, field, None, facility=facility)


@router.get("/region/{region}/plugins/{slug}/reset/{field}")
def ask_to_reset_in_region(request: Request, region: str, slug: str, field: str) -> Response:
    return _reset(request, slug, field, None, region=region)


@router.post("/f/{facility}/plugins/{slug}/reset/{field}")
def reset(request: Request, facility: str, slug: str, field: str, form: FormInput) -> Response:
    return _reset(request, slug, field, form, facility=facility)


@router.post("/region/{region}/plugins/{slug}/reset/{field}")
def reset_in_region(request: Request, region: str, slug: str, field: str, form: FormInput) -> Response:
    return _reset(request, slug, field, form, region=region)


def _shown(request: Request, slug: str, **place: str) -> Response:
    with scope.opened(request, **place) as spot:
        plugin, view = _opened(request, spot, slug)
    entry = config_form.shown(plugin, view, partly=spot.layer == "region")
    return _form(request, spot, plugin, view, entry, {})


def _configured(request: Request, slug: str, form: FormData, **where: str) -> Response:
    asked: _Asked | None = None
    moved: ConfigMoved | None = None
    protector = http.state(request).protector
    with scope.opened(request, **where) as spot:
        plugin, view = _opened(request, spot, slug)
        place = Text(id=spot.name, en=spot.name)
        entry = config_form.read(plugin, view, form, protector, place, partly=spot.layer == "region")
        problems = dict(entry.problems)
        if not (entry.asks_for_row or form.get(CHANGE)):
            try:
                config_form.refuse_locked(plugin, view, form, protector, place)
                if entry.model is not None:
                    change = _change(spot, slug, entry, view, form)
                    moved = _apply(request, spot, plugin, change, form) if form.get(CONFIRMED) else None
                    is_saved = bool(form.get(CONFIRMED)) and moved is None
                    asked = _Asked(change, None if is_saved else _looked_at(request, spot, plugin, change))
            except Invalid as refusal:
                asked = None
                entry, problems = _refused(entry, refusal)
    if entry.asks_for_row or form.get(CHANGE):
        return _form(request, spot, plugin, view, entry, form)
    if problems or asked is None:
        return _form(request, spot, plugin, view, entry, form, problems)
    if asked.look is None:
        return _done(request, spot, plugin, asked.change)
    hidden = config_form.carried(plugin, entry, asked.change.values, protector)
    hidden += [(LOCK, name) for name in sorted(asked.change.locked)]
    return _preview(request, spot, plugin, asked.look, asked.change, hidden, moved)


def _refused(entry: FieldEntry[Any], refusal: Invalid) -> tuple[FieldEntry[Any], dict[str, Text]]:
    """The form with what is wrong: beside its field, the first day and the reason included."""
    if refusal.field in (FIRST_DAY, REASON):
        return entry, by_field([refusal])
    refused = entry.refused(refusal)
    return refused, {**entry.problems, **refused.problems}


def _apply(
    request: Request, spot: ConfigScope, plugin: Plugin, change: ConfigChangeRequest, form: FormData
) -> ConfigMoved | None:
    """Whole or not at all: the page of a refusal is made within the same transaction. The refusal where the change does by
    now something else than the reader saw."""
    try:
        with spot.work.attempt():
            changes_module.apply(spot.work, plugin, change, http.state(request).protector, seen=common.word(form, SEEN))
    except ConfigMoved as refusal:
        return refusal
    return None


def _reset(request: Request, slug: str, field: str, form: FormData | None, **place: str) -> Response:
    change: ConfigChangeRequest | None = None
    moved: ConfigMoved | None = None
    problems: Mapping[str, Text] = {}
    with scope.opened(request, **place) as spot:
        plugin, view = _opened(request, spot, slug)
        one = _own(view, field)
        today = http.today(request, spot.work)
        look = _looked_at(request, spot, plugin, spot.change(slug, {field: None}, today, "", frozenset()))
        if form is not None and common.word(form, SEEN) != look.digest:
            moved = ConfigMoved()
        elif form is not None:
            try:
                change = spot.change(slug, {field: None}, common.first_day(form), common.reason(form), frozenset())
                with spot.work.session.begin_nested():
                    changes_module.apply(spot.work, plugin, change, http.state(request).protector)
            except Invalid as refusal:
                change = None
                problems = {
                    refusal.field if refusal.field in (FIRST_DAY, REASON) else "": next(
                        iter(by_field([refusal]).values())
                    )
                }
    if change is not None:
        return _done(request, spot, plugin, change)
    return http.render(
        request,
        spot.work,
        "configuration/reset.html",
        status=409 if moved else 422 if problems else 200,
        plugin=plugin,
        one=one,
        look=look,
        changes=EFFECTS.of(look.changes, without=() if spot.office is not None else ("at",)),
        given=form or {},
        problems=problems,
        moved=moved,
        seen=SEEN,
        url=spot.url(slug),
        spot=spot,
    )


def _opened(request: Request, spot: ConfigScope, slug: str) -> tuple[Plugin, ConfigView]:
    """Raises the reason when nobody may change it here now."""
    plugin = host_of(request).plugin(slug)
    today = http.today(request, spot.work)
    spot.demand_open(today)
    return plugin, spot.view(request, plugin, today)


def _own(view: ConfigView, name: str) -> FieldView:
    one = view.of(name)
    if one is None or not one.own:
        raise NotFound(
            "host.nothing_to_reset",
            Text(id="Isian “{name}” tidak diatur di sini.", en="The field “{name}” is not set here.").format(name=name),
            Text(
                id="Lihat asal nilainya pada halaman plugin.", en="See on the plugin's page where its value comes from."
            ),
        )
    return one


def _change(
    spot: ConfigScope, slug: str, entry: FieldEntry[Any], view: ConfigView, form: FormData
) -> ConfigChangeRequest:
    """Raises ``Invalid`` at the first day or the reason, or for a form in which nothing was changed."""
    locks = config_form.locks(view, form) if spot.decides else None
    changed = config_form.changes(entry, view, locks)
    common.require_changes(changed)
    locked = frozenset(changed) & (locks or frozenset())
    return spot.change(slug, changed, common.first_day(form), common.reason(form), locked)


def _looked_at(request: Request, spot: ConfigScope, plugin: Plugin, change: ConfigChangeRequest) -> ConfigPreview:
    effects = changes_module.preview(spot.work, plugin, change, http.state(request).protector)
    changed = {
        (effect.facility, plugin.slug): effect.on for effect in effects if effect.kind in ("changes", "loses_its_own")
    }
    told = consequences(spot.work, {plugin.slug: plugin.title}, set(), changed)
    return ConfigPreview(
        as_read(plugin, effects), [consequence.sentence for consequence in told], changes_module.digest(effects)
    )


def _with_origins(entry: FieldEntry[Any], view: ConfigView) -> FieldEntry[Any]:
    """The form with, in the hint of each field, where its value comes from and what would be inherited."""
    return replace(entry, fields=tuple(_with_origin(field, view.of(field.name)) for field in entry.fields))


def _with_origin(field: FormField, one: FieldView | None) -> FormField:
    if one is None:
        return field
    inherited = _INHERITED.format(
        value=Text(id="; ".join(line.id for line in one.inherited), en="; ".join(line.en for line in one.inherited)),
        origin=one.inherited_origin.sentence,
    )
    parts = [field.help, _ORIGIN.format(origin=one.origin.sentence), *([inherited] if one.own else [])]
    if field.kind == "secret":
        parts.append(_KEPT)
    return replace(field, help=Text(id=" ".join(part.id for part in parts), en=" ".join(part.en for part in parts)))


def _form(
    request: Request,
    spot: ConfigScope,
    plugin: Plugin,
    view: ConfigView,
    entry: FieldEntry[Any],
    form: FormData | Mapping[str, str],
    problems: Mapping[str, Text] | None = None,
) -> Response:
    found = problems or {}
    shown = _with_origins(replace(entry, problems=found), view)
    return http.render(
        request,
        spot.work,
        "configuration/configure.html",
        status=422 if found else 200,
        plugin=plugin,
        view=view,
        entry=shown,
        summary=shown.summary,
        given=form,
        problems=found,
        url=spot.url(plugin.slug),
        spot=spot,
        lock=LOCK,
        locks=config_form.locks(view, form),
        stood=config_form.stood(plugin, view, partly=spot.layer == "region"),
    )


def _preview(
    request: Request,
    spot: ConfigScope,
    plugin: Plugin,
    look: ConfigPreview,
    change: ConfigChangeRequest,
    hidden: Sequence[tuple[str, str]],
    moved: ConfigMoved | None,
) -> Response:
    """The page carries the digest of what it shows, so that saving does exactly this."""
    beside = [(FIRST_DAY, change.valid_from.isoformat()), (REASON, change.reason), (SEEN, look.digest)]
    return http.render(
        request,
        spot.work,
        "configuration/preview.html",
        status=409 if moved else 200,
        plugin=plugin,
        look=look,
        changes=EFFECTS.of(look.changes, without=() if spot.office is not None else ("at",)),
        asked=change,
        moved=moved,
        hidden=[*hidden, *beside],
        blocked=any(change.blocking for change in look.changes),
        backdated=change.valid_from < http.today(request, spot.work),
        url=spot.url(plugin.slug),
        confirmed=CONFIRMED,
        change=CHANGE,
        spot=spot,
    )


def _done(request: Request, spot: ConfigScope, plugin: Plugin, change: ConfigChangeRequest) -> Response:
    return http.redirect(
        request,
        spot.url(plugin.slug),
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

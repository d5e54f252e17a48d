"""Changing a plugin's configuration at a facility or for a region: the form, what becomes of it, and only then the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub.access import http
from guyub.access.http import Form
from guyub.host import config_changes
from guyub.host.config_changes import Moved
from guyub.host.config_preview import ConfigChange
from guyub.host.consequences import consequences
from guyub.host.pages import common, config_form, spots
from guyub.host.pages.common import CHANGE, CONFIRMED, FIRST_DAY, REASON, host_of
from guyub.host.pages.config_form import LOCK
from guyub.host.pages.config_view import ConfigView, FieldView
from guyub.host.pages.effect_words import Change, as_read
from guyub.host.pages.spots import Spot
from guyub.sdk.errors import Invalid, NotFound
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.forms import Entry
from guyub.ui.model_fields import FormField
from guyub.ui.problems import by_field

router = APIRouter()

SEEN = "_seen"
"""What the preview sends: the digest of the effects that were read."""

_ORIGIN = Text(id="Asal: {origin}.", en="From: {origin}.")
_INHERITED = Text(id="Warisannya: {value} ({origin}).", en="Inherited: {value} ({origin}).")
_KEPT = Text(id="Kosongkan bila tidak diganti.", en="Leave it empty to keep it.")


@dataclass(frozen=True, slots=True)
class Look:
    """What a change would do, as it is read; ``told`` is what it touches that is at work, ``digest`` names the effects."""

    changes: Sequence[Change]
    told: Sequence[Text]
    digest: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """``look`` is None once the change is saved."""

    change: ConfigChange
    look: Look | None


@router.get("/f/{facility}/plugins/{slug}/configure")
def form(request: Request, facility: str, slug: str) -> Response:
    return _shown(request, slug, facility=facility)


@router.get("/region/{region}/plugins/{slug}/configure")
def region_form(request: Request, region: str, slug: str) -> Response:
    return _shown(request, slug, region=region)


@router.post("/f/{facility}/plugins/{slug}/configure")
def configure(request: Request, facility: str, slug: str, form: Form) -> Response:
    return _configured(request, slug, form, facility=facility)


@router.post("/region/{region}/plugins/{slug}/configure")
def configure_region(request: Request, region: str, slug: str, form: Form) -> Response:
    return _configured(request, slug, form, region=region)


@router.get("/f/{facility}/plugins/{slug}/reset/{field}")
def ask_to_reset(request: Request, facility: str, slug: str, field: str) -> Response:
    return _reset(request, slug, field, None, facility=facility)


@router.get("/region/{region}/plugins/{slug}/reset/{field}")
def ask_to_reset_in_region(request: Request, region: str, slug: str, field: str) -> Response:
    return _reset(request, slug, field, None, region=region)


@router.post("/f/{facility}/plugins/{slug}/reset/{field}")
def reset(request: Request, facility: str, slug: str, field: str, form: Form) -> Response:
    return _reset(request, slug, field, form, facility=facility)


@router.post("/region/{region}/plugins/{slug}/reset/{field}")
def reset_in_region(request: Request, region: str, slug: str, field: str, form: Form) -> Response:
    return _reset(request, slug, field, form, region=region)


def _shown(request: Request, slug: str, **place: str) -> Response:
    with spots.opened(request, **place) as spot:
        plugin, view = _opened(request, spot, slug)
    entry = config_form.shown(plugin, view, partly=spot.layer == "region")
    return _form(request, spot, plugin, view, entry, {})


def _configured(request: Request, slug: str, form: FormData, **where: str) -> Response:
    asked: _Asked | None = None
    moved: Moved | None = None
    protector = http.state(request).protector
    with spots.opened(request, **where) as spot:
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


def _refused(entry: Entry[Any], refusal: Invalid) -> tuple[Entry[Any], dict[str, Text]]:
    """The form with what is wrong: beside its field, the first day and the reason included."""
    if refusal.field in (FIRST_DAY, REASON):
        return entry, by_field([refusal])
    refused = entry.refused(refusal)
    return refused, {**entry.problems, **refused.problems}


def _apply(request: Request, spot: Spot, plugin: Plugin, change: ConfigChange, form: FormData) -> Moved | None:
    """Whole or not at all: the page of a refusal is made within the same transaction. The refusal where the change does by
    now something else than the reader saw."""
    try:
        with spot.work.session.begin_nested():
            config_changes.apply(
                spot.work, plugin, change, http.state(request).protector, seen=common.word(form, SEEN)
            )  # fmt: skip
    except Moved as refusal:
        return refusal
    return None


def _reset(request: Request, slug: str, field: str, form: FormData | None, **place: str) -> Response:
    change: ConfigChange | None = None
    moved: Moved | None = None
    problems: Mapping[str, Text] = {}
    with spots.opened(request, **place) as spot:
        plugin, view = _opened(request, spot, slug)
        one = _own(view, field)
        today = http.today(request, spot.work)
        look = _looked_at(request, spot, plugin, spot.change(slug, {field: None}, today, "", frozenset()))
        if form is not None and common.word(form, SEEN) != look.digest:
            moved = Moved()
        elif form is not None:
            try:
                change = spot.change(slug, {field: None}, common.first_day(form), common.reason(form), frozenset())
                with spot.work.session.begin_nested():
                    config_changes.apply(spot.work, plugin, change, http.state(request).protector)
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
        request, spot.work, "host/reset.html", status=409 if moved else 422 if problems else 200, plugin=plugin, one=one,
        look=look, given=form or {}, problems=problems, moved=moved, seen=SEEN, url=spot.url(slug), spot=spot,
    )  # fmt: skip


def _opened(request: Request, spot: Spot, slug: str) -> tuple[Plugin, ConfigView]:
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


def _change(spot: Spot, slug: str, entry: Entry[Any], view: ConfigView, form: FormData) -> ConfigChange:
    """Raises ``Invalid`` at the first day or the reason, or for a form in which nothing was changed."""
    locks = config_form.locks(view, form) if spot.decides else None
    changed = config_form.changes(entry, view, locks)
    common.demand_changes(changed)
    locked = frozenset(changed) & (locks or frozenset())
    return spot.change(slug, changed, common.first_day(form), common.reason(form), locked)


def _looked_at(request: Request, spot: Spot, plugin: Plugin, change: ConfigChange) -> Look:
    effects = config_changes.preview(spot.work, plugin, change, http.state(request).protector)
    changed = {(one.facility, plugin.slug): one.on for one in effects if one.kind in ("changes", "loses_its_own")}
    told = consequences(spot.work, {plugin.slug: plugin.title}, set(), changed)
    return Look(as_read(plugin, effects), [one.sentence for one in told], config_changes.digest(effects))


def _with_origins(entry: Entry[Any], view: ConfigView) -> Entry[Any]:
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
    return replace(field, help=Text(id=" ".join(one.id for one in parts), en=" ".join(one.en for one in parts)))


def _form(
    request: Request, spot: Spot, plugin: Plugin, view: ConfigView, entry: Entry[Any],
    form: FormData | Mapping[str, str], problems: Mapping[str, Text] | None = None,
) -> Response:  # fmt: skip
    found = problems or {}
    shown = _with_origins(replace(entry, problems=found), view)
    return http.render(
        request, spot.work, "host/configure.html", status=422 if found else 200, plugin=plugin, view=view, entry=shown,
        summary=shown.summary, given=form, problems=found, url=spot.url(plugin.slug), spot=spot, lock=LOCK,
        locks=config_form.locks(view, form), stood=config_form.stood(plugin, view, partly=spot.layer == "region"),
    )  # fmt: skip


def _preview(
    request: Request, spot: Spot, plugin: Plugin, look: Look, change: ConfigChange, hidden: Sequence[tuple[str, str]],
    moved: Moved | None,
) -> Response:  # fmt: skip
    """The page carries the digest of what it shows, so that saving does exactly this."""
    beside = [(FIRST_DAY, change.valid_from.isoformat()), (REASON, change.reason), (SEEN, look.digest)]
    return http.render(
        request, spot.work, "host/preview.html", status=409 if moved else 200, plugin=plugin, look=look, asked=change,
        moved=moved, hidden=[*hidden, *beside], blocked=any(one.blocking for one in look.changes),
        backdated=change.valid_from < http.today(request, spot.work),
        url=spot.url(plugin.slug), confirmed=CONFIRMED, change=CHANGE, spot=spot,
    )  # fmt: skip


def _done(request: Request, spot: Spot, plugin: Plugin, change: ConfigChange) -> Response:
    return http.redirect(
        request, spot.url(plugin.slug),
        Text(
            id="Konfigurasi {title} tersimpan: {n} isian berlaku mulai {id_day}.",
            en="The configuration of {title} is saved: fields changed: {n}, from {en_day}.",
        ).format(
            title=plugin.title, n=len(change.values), id_day=format_date(change.valid_from),
            en_day=format_date(change.valid_from, "en"),
        ),
    )  # fmt: skip

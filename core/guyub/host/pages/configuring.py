"""Changing a plugin's configuration at a facility: the form, a preview of what becomes of it, and only then the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub.access import http
from guyub.access.http import Form
from guyub.db.work import Work
from guyub.host import config_changes, config_preview, management
from guyub.host.config_layers import Origin
from guyub.host.config_preview import ConfigChange, Effect
from guyub.host.pages import common, config_form, config_view
from guyub.host.pages.common import CHANGE, CONFIRMED, FIRST_DAY, REASON, host_of, plugin_url
from guyub.host.pages.config_view import ConfigView, FieldView
from guyub.host.pages.value_words import said
from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid, NotFound
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.forms import Entry
from guyub.ui.model_fields import FormField, fields_of
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/plugins/{slug}")

_WHOLE = Text(id="Seluruh konfigurasi", en="The whole configuration")
_ORIGIN = Text(id="Asal: {origin}.", en="From: {origin}.")
_INHERITED = Text(id="Warisannya: {value} ({origin}).", en="Inherited: {value} ({origin}).")
_KEPT = Text(id="Kosongkan bila tidak diganti.", en="Leave it empty to keep it.")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one field: ``before`` and ``after`` in lines to read, each with where it comes from."""

    title: Text
    before: Sequence[Text]
    before_from: Text
    after: Sequence[Text]
    after_from: Text
    effect: Effect


@router.get("/configure")
def form(request: Request, facility: str, slug: str) -> Response:
    with http.open_work(request, facility) as work:
        plugin, view = _opened(request, work, slug)
    return _form(request, work, plugin, view, config_form.shown(plugin, view), {})


@router.post("/configure")
def configure(request: Request, facility: str, slug: str, form: Form) -> Response:
    change: ConfigChange | None = None
    looked: list[Change] = []
    with http.open_work(request, facility) as work:
        plugin, view = _opened(request, work, slug)
        entry = config_form.read(plugin, view, form, http.state(request).protector)
        problems = dict(entry.problems)
        if entry.model is not None and not form.get(CHANGE):
            try:
                change = _change(work, slug, config_form.changes(entry, view), form)
                looked = _looked_at(request, work, plugin, change)
                if form.get(CONFIRMED):
                    _apply(request, work, plugin, change)
            except Invalid as refusal:
                entry, problems = _refused(entry, refusal)
    if entry.asks_for_row or form.get(CHANGE):
        return _form(request, work, plugin, view, entry, form)
    if problems or change is None:
        return _form(request, work, plugin, view, entry, form, problems)
    if form.get(CONFIRMED):
        return _done(request, work, plugin, change)
    hidden = config_form.carried(plugin, entry, change.values, http.state(request).protector)
    return _preview(request, work, plugin, looked, change, hidden)


def _refused(entry: Entry[Config], refusal: Invalid) -> tuple[Entry[Config], dict[str, Text]]:
    """The form with what is wrong: beside its field, the first day and the reason included."""
    if refusal.field in (FIRST_DAY, REASON):
        return entry, by_field([refusal])
    refused = entry.refused(refusal)
    return refused, dict(refused.problems)


def _apply(request: Request, work: Work, plugin: Plugin, change: ConfigChange) -> None:
    """Whole or not at all: the page of a refusal is made within the same transaction."""
    with work.session.begin_nested():
        config_changes.apply(work, plugin, change, http.state(request).protector)


@router.get("/reset/{field}")
def ask_to_reset(request: Request, facility: str, slug: str, field: str) -> Response:
    with http.open_work(request, facility) as work:
        plugin, view = _opened(request, work, slug)
        one = _own(view, field)
        today = http.today(request, work)
        looked = _looked_at(request, work, plugin, ConfigChange(slug, {field: None}, today, "", facility=facility))
    return _reset_page(request, work, plugin, one, looked, {}, {})


@router.post("/reset/{field}")
def reset(request: Request, facility: str, slug: str, field: str, form: Form) -> Response:
    change: ConfigChange | None = None
    problems: Mapping[str, Text] = {}
    with http.open_work(request, facility) as work:
        plugin, view = _opened(request, work, slug)
        one = _own(view, field)
        today = http.today(request, work)
        looked = _looked_at(request, work, plugin, ConfigChange(slug, {field: None}, today, "", facility=facility))
        try:
            change = _change(work, slug, {field: None}, form)
            _apply(request, work, plugin, change)
        except Invalid as refusal:
            change = None
            problems = {
                refusal.field if refusal.field in (FIRST_DAY, REASON) else "": next(iter(by_field([refusal]).values()))
            }
    if change is None:
        return _reset_page(request, work, plugin, one, looked, form, problems)
    return _done(request, work, plugin, change)


def _opened(request: Request, work: Work, slug: str) -> tuple[Plugin, ConfigView]:
    """Raises the reason when this reader may not change it, or nobody may now."""
    work.require("facilities.configure")
    plugin = host_of(request).plugin(slug)
    management.require_web(work)
    return plugin, config_view.view(work, plugin, http.today(request, work), http.state(request).protector)


def _own(view: ConfigView, name: str) -> FieldView:
    one = view.of(name)
    if one is None or not one.own:
        raise NotFound(
            "host.nothing_to_reset",
            Text(
                id="Isian “{name}” tidak diatur oleh UPT ini.", en="The field “{name}” is not set by this facility."
            ).format(name=name),
            Text(
                id="Lihat asal nilainya pada halaman plugin.", en="See on the plugin's page where its value comes from."
            ),
        )
    return one


def _change(work: Work, slug: str, changed: Mapping[str, Any], form: FormData) -> ConfigChange:
    """Raises ``Invalid`` at the first day or the reason, or for a form in which nothing was changed."""
    common.demand_changes(changed)
    return ConfigChange(slug, changed, common.first_day(form), common.reason(form), facility=work.here.code)


def _looked_at(request: Request, work: Work, plugin: Plugin, change: ConfigChange) -> list[Change]:
    effects = config_preview.preview(work, plugin, change, http.state(request).protector)
    return [_as_read(plugin, effect) for effect in effects]


def _as_read(plugin: Plugin, effect: Effect) -> Change:
    field = next((one for one in fields_of(plugin.config) if one.name == effect.field), None)
    return Change(
        field.title if field is not None else _WHOLE,
        said(field, effect.before.value),
        _from(effect.before.origin, effect.name),
        said(field, effect.after.value),
        _from(effect.after.origin, effect.name),
        effect,
    )


def _from(origin: Origin, facility: str) -> Text:
    """A value that is not recorded yet knows its facility by the code alone."""
    here = replace(origin, place=Text(id=facility, en=facility)) if origin.layer == "facility" else origin
    return here.sentence


def _with_origins(entry: Entry[Config], view: ConfigView) -> Entry[Config]:
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
    request: Request, work: Work, plugin: Plugin, view: ConfigView, entry: Entry[Config],
    form: FormData | Mapping[str, str], problems: Mapping[str, Text] | None = None,
) -> Response:  # fmt: skip
    found = problems or {}
    shown = _with_origins(replace(entry, problems=found), view)
    return http.render(
        request, work, "host/configure.html", status=422 if found else 200, plugin=plugin, view=view, entry=shown,
        summary=shown.summary, given=form, problems=found, url=plugin_url(work, plugin.slug),
    )  # fmt: skip


def _preview(
    request: Request, work: Work, plugin: Plugin, looked: Sequence[Change], change: ConfigChange,
    hidden: Sequence[tuple[str, str]],
) -> Response:  # fmt: skip
    return http.render(
        request, work, "host/preview.html", plugin=plugin, looked=looked, asked=change,
        hidden=[*hidden, (FIRST_DAY, change.valid_from.isoformat()), (REASON, change.reason)],
        blocked=any(one.effect.blocking for one in looked), backdated=change.valid_from < http.today(request, work),
        url=plugin_url(work, plugin.slug), confirmed=CONFIRMED, change=CHANGE,
    )  # fmt: skip


def _reset_page(
    request: Request, work: Work, plugin: Plugin, one: FieldView, looked: Sequence[Change],
    form: FormData | Mapping[str, str], problems: Mapping[str, Text],
) -> Response:  # fmt: skip
    return http.render(
        request, work, "host/reset.html", status=422 if problems else 200, plugin=plugin, one=one, looked=looked,
        given=form, problems=problems, url=plugin_url(work, plugin.slug),
    )  # fmt: skip


def _done(request: Request, work: Work, plugin: Plugin, change: ConfigChange) -> Response:
    return http.redirect(
        request, plugin_url(work, plugin.slug),
        Text(
            id="Konfigurasi {title} tersimpan: {n} isian berlaku mulai {id_day}.",
            en="The configuration of {title} is saved: fields changed: {n}, from {en_day}.",
        ).format(
            title=plugin.title, n=len(change.values), id_day=format_date(change.valid_from),
            en_day=format_date(change.valid_from, "en"),
        ),
    )  # fmt: skip

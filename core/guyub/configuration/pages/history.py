"""Pages of what was ever recorded of a plugin's configuration at a facility or for a region, and what applied on a
day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration import activations, value_history
from guyub.configuration.pages import scope
from guyub.configuration.pages.common import (
    require_known,
    title_of,
)
from guyub.configuration.pages.config_view import ConfigView, FieldView
from guyub.configuration.pages.scope import ConfigScope
from guyub.configuration.pages.value_text import value_lines
from guyub.configuration.tables import HISTORY, ON_DAY
from guyub.configuration.value_history import ValueHistoryEntry
from guyub.http import Clock, FacilityWork, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of
from guyub.ui.problems import by_field
from guyub.ui.typed_values import day_if_any

router = APIRouter()


@dataclass(frozen=True, slots=True)
class HistoryEntryView:
    """One entry of the history, with its field and value as they are read."""

    entry: ValueHistoryEntry
    title: Text
    value: tuple[Text, ...]


@router.get("/f/{facility}/plugins/{slug}/history")
def history(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, field: str = "", on: str = ""
) -> Response:
    return _history(request, plugins, clock, scope.at_facility(work), slug, field, on)


@router.get("/region/{region}/plugins/{slug}/history")
def history_of_region(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: str, field: str = "", on: str = ""
) -> Response:
    return _history(request, plugins, clock, scope.of_region(work), slug, field, on)


def _history(
    request: Request, plugins: PluginRegistry, clock: Clock, config_scope: ConfigScope, slug: str, field: str, on: str
) -> Response:
    """Shows the history; with ``on``, a day, what applied on it stands above."""
    problems: dict[str, Text] = {}
    day: date | None = None
    ready_plugin = plugins.ready().get(slug)
    require_known(plugins, slug, _was_ever_here(clock, config_scope, slug))
    try:
        day = day_if_any(on, "on")
    except Invalid as refused:
        problems = by_field([refused])
    view, refusal = _view(request, config_scope, ready_plugin, day)
    entries = value_history.history(
        config_scope.work,
        slug,
        field=field or None,
        model=ready_plugin.config if ready_plugin else None,
        **{config_scope.layer: config_scope.code},
    )
    return http.render(
        request,
        config_scope.work,
        "configuration/history.html",
        status=422 if problems else 200,
        lines=HISTORY.of(_lines(ready_plugin, entries)),
        day_asked=day,
        title=title_of(plugins, slug),
        url=config_scope.url(slug),
        field_title=_title(plugins, slug, field),
        field_name=field,
        view=view,
        on_day=ON_DAY.of(_of_field(view, field if _title(plugins, slug, field) else "") if view else ()),
        refusal=refusal,
        on=on or clock.today(config_scope.work),
        problems=problems,
        config_scope=config_scope,
    )


def _was_ever_here(clock: Clock, config_scope: ConfigScope, slug: str) -> bool:
    today = clock.today(config_scope.work)
    if config_scope.office is None:
        return slug in activations.at_facility(config_scope.work, today)
    return any(
        slug in place.plugins for place in activations.in_region(config_scope.work, config_scope.office.id, today)
    )


def _view(
    request: Request, config_scope: ConfigScope, plugin: Plugin | None, day: date | None
) -> tuple[ConfigView | None, Refusal | None]:
    if plugin is None or day is None:
        return None, None
    try:
        view = config_scope.view(request, plugin, day)
    except Refusal as refusal:
        return None, refusal
    return view, view.refusal


def _of_field(view: ConfigView, name: str) -> list[FieldView]:
    """Returns the fields of a view, or the one that is asked for."""
    return [row for row in view.fields if not name or row.field.name == name]


def _lines(plugin: Plugin | None, entries: Any) -> list[HistoryEntryView]:
    fields: dict[str, Any] = {field.name: field for field in fields_of(plugin.config)} if plugin else {}
    return [
        HistoryEntryView(
            entry,
            fields[entry.field].title if entry.field in fields else Text(id=entry.field, en=entry.field),
            value_lines(fields.get(entry.field), entry.value),
        )
        for entry in entries
    ]


def _title(plugins: PluginRegistry, slug: str, field: str) -> Text | None:
    plugin = plugins.ready().get(slug)
    return (
        next((form_field.title for form_field in fields_of(plugin.config) if form_field.name == field), None)
        if plugin
        else None
    )

"""Templates of configuration: the list, making one of what a facility has, editing, taking off the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic_core import to_jsonable_python
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import config_templates
from guyub.configuration.activations import RegionFacility, region_facilities
from guyub.configuration.change_text import field_of
from guyub.configuration.config_templates import ConfigTemplate, Replaced, TemplateSource, TemplateValues
from guyub.configuration.many_tables import TEMPLATE_VALUES, TEMPLATES
from guyub.configuration.pages.bulk_actions import entry_sent, fields_for_many
from guyub.configuration.pages.common import (
    title_of,
)
from guyub.configuration.pages.config_form import alone
from guyub.configuration.pages.region_common import base_of
from guyub.configuration.pages.value_text import value_lines
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FormInput, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.forms import FieldEntry
from guyub.ui.problems import by_field

router = APIRouter(prefix="/region/{region}/configuration/templates")

_SAVED = Text(id="Templat “{name}” tersimpan.", en="The template “{name}” is saved.")
_NEWER = Text(
    id="Templat “{name}” sudah diubah oleh {who}; inilah versi terbarunya.",
    en="The template “{name}” was changed by {who}; this is its newest version.",
)
_RETIRED = Text(id="Templat “{name}” tidak dipakai lagi.", en="The template “{name}” is no longer used.")


@dataclass(frozen=True, slots=True)
class TemplateValue:
    """One value of a template; ``key`` is "plugin.field"."""

    key: str
    plugin: Text
    title: Text
    value: tuple[Text, ...]

    @property
    def in_one_line(self) -> Text:
        return Text(
            id="; ".join(sentence.id for sentence in self.value), en="; ".join(sentence.en for sentence in self.value)
        )


@router.get("")
def listed(request: Request, work: RegionWork, plugins: Plugins, clock: Clock) -> Response:
    office = work.office
    work.require("facilities.configure")
    templates = config_templates.templates(work, office.id)
    places = region_facilities(work, office.id, clock.today(work))
    return http.render(
        request,
        work,
        "configuration/templates.html",
        url=base_of(work.office.code),
        places=places,
        templates=TEMPLATES.of((template, _parts(plugins, template.values)) for template in templates),
    )


@router.get("/new")
def make(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, facility: str = "") -> Response:
    """Shows the form of a template made from what a facility has: its own values are ticked, the others in effect can
    be."""
    office = work.office
    work.require("facilities.configure")
    place, source = _source(work, plugins, clock, office, facility)
    for_all = config_templates.decides_nation(work)
    return _new_page(request, work, plugins, work.office.code, place, source, None, {}, for_all=for_all)


@router.post("/new")
def keep(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    refused: Invalid | None = None
    office = work.office
    work.require("facilities.configure")
    place, source = _source(work, plugins, clock, office, str(form.get("facility", "")))
    ticked = {str(item) for item in form.getlist("values")}
    kept = {
        slug: {name: value for name, value in fields.items() if f"{slug}.{name}" in ticked}
        for slug, fields in source.values.items()
    }
    name = str(form.get("name", ""))
    for_all = config_templates.decides_nation(work)
    keeper = None if for_all and form.get("for_all") else office.id
    try:
        config_templates.keep(
            work, keeper, name, str(form.get("note", "")), {slug: values for slug, values in kept.items() if values}
        )
    except Invalid as refusal:
        refused = refusal
    if refused is not None:
        return _new_page(
            request, work, plugins, work.office.code, place, source, form, by_field([refused]), for_all=for_all
        )
    return http.redirect(request, f"{base_of(work.office.code)}/templates", _SAVED.format(name=name.strip()))


@router.get("/{id}")
def detail(request: Request, work: RegionWork, plugins: Plugins, id: str, key: str = "") -> Response:
    """Returns a template, with the form of the value ``key`` where one is to be changed; of a former version the
    newest."""
    office = work.office
    work.require("facilities.configure")
    template, replaced = _newest(work, office, id)
    if replaced is not None:
        return http.redirect(
            request, _address(work.office.code, template, key), _NEWER.format(name=template.name, who=template.actor)
        )
    entry = _entry(plugins, template, key, None)
    return _page(request, work, plugins, work.office.code, template, key, entry)


@router.post("/{id}")
def edit(request: Request, work: RegionWork, plugins: Plugins, id: str, form: FormInput) -> Response:
    """Sets the value ``key``, adds it, or takes it out ("remove"). The other values stay.

    A form of a former version saves nothing: what it is about may be another by now; its field is shown in the newest.
    """
    office = work.office
    work.require("facilities.configure")
    template, replaced = _newest(work, office, id)
    key = str(form.get("key", ""))
    slug, _, name = key.partition(".")
    values = {plugin: dict(fields) for plugin, fields in template.values.items()}
    entry = None if form.get("remove") else _entry(plugins, template, key, form)
    if replaced is not None:
        return _page(request, work, plugins, work.office.code, template, key, entry, replaced)
    if form.get("remove"):
        values.get(slug, {}).pop(name, None)
    elif entry is None:
        raise ConfigurationRefusal.TEMPLATE_FIELD.invalid("key")
    elif entry.model is None:
        return _page(request, work, plugins, work.office.code, template, key, entry)
    else:
        values.setdefault(slug, {})[name] = to_jsonable_python(getattr(entry.model, name))
    keeper = None if template.is_national and config_templates.decides_nation(work) else office.id
    kept = {plugin: fields for plugin, fields in values.items() if fields}
    config_templates.keep(work, keeper, template.name, template.note, kept)
    known = config_templates.templates(work, office.id)
    newest = next(
        current for current in known if current.name == template.name and current.is_national == (keeper is None)
    )
    return http.redirect(request, _address(work.office.code, newest), _SAVED.format(name=template.name))


@router.post("/{id}/retire")
def retire(request: Request, work: RegionWork, plugins: Plugins, id: str) -> Response:
    office = work.office
    work.require("facilities.configure")
    template, replaced = _newest(work, office, id)
    if replaced is not None:
        return _page(request, work, plugins, work.office.code, template, "", None, replaced)
    config_templates.retire(work, office.id, template)
    return http.redirect(request, f"{base_of(work.office.code)}/templates", _RETIRED.format(name=template.name))


def _newest(work: Work, office: RegionInView, id: str) -> tuple[ConfigTemplate, Replaced | None]:
    """Returns the template, or the newest version of a former one and what is said of that. Raises ``NotFound``."""
    try:
        return config_templates.template(work, office.id, id), None
    except Replaced as refusal:
        return refusal.newest, refusal


def _address(region: str, template: ConfigTemplate, key: str = "") -> str:
    return f"{base_of(region)}/templates/{template.id}" + (f"?{urlencode({'key': key})}" if key else "")


def _source(
    work: Work, plugins: PluginRegistry, clock: Clock, office: RegionInView, code: str
) -> tuple[RegionFacility, TemplateSource]:
    """Raises ``NotFound`` for a facility that is not of this region."""
    today = clock.today(work)
    place = next((place for place in region_facilities(work, office.id, today) if place.code == code), None)
    if place is None:
        raise ConfigurationRefusal.NO_SOURCE.not_found()
    return place, config_templates.values_at(work, plugins, place.id, today)


def _parts(plugins: PluginRegistry, values: TemplateValues) -> list[TemplateValue]:
    lines = []
    for slug, fields in values.items():
        for name, value in fields.items():
            field = field_of(plugins, slug, name)
            title = field.title if field is not None else Text(id=name, en=name)
            lines.append(TemplateValue(f"{slug}.{name}", title_of(plugins, slug), title, value_lines(field, value)))
    return lines


def _entry(
    plugins: PluginRegistry, template: ConfigTemplate, key: str, form: FormData | None
) -> FieldEntry[Any] | None:
    """Returns the form of the field; None where the key names no field that a template may hold."""
    slug, _, name = key.partition(".")
    plugin = plugins.ready().get(slug)
    if plugin is None or name not in {field.name for field in fields_for_many(plugin)}:
        return None
    model = alone(plugin.config, name)
    if form is not None:
        return entry_sent(plugin, name, form, Text(id=template.name, en=template.name))
    known = template.values.get(slug, {})
    try:
        held = model.model_validate({name: known[name]}) if name in known else None
    except ValueError:
        held = None
    return forms.filled(model, {name: getattr(held, name)} if held is not None else {})


def _new_page(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    region: str,
    place: RegionFacility,
    source: TemplateSource,
    form: FormData | None,
    problems: Mapping[str, Text],
    *,
    for_all: bool,
) -> Response:
    parts = _parts(plugins, source.values)
    ticked = frozenset(str(item) for item in form.getlist("values")) if form is not None else source.own
    return http.render(
        request,
        work,
        "configuration/template_new.html",
        status=422 if problems else 200,
        place=place,
        parts_of=parts,
        ticked=ticked,
        typed=form or {},
        problems=problems,
        url=base_of(region),
        for_all=for_all,
    )


def _page(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    region: str,
    template: ConfigTemplate,
    key: str,
    entry: FieldEntry[Any] | None,
    replaced: Refusal | None = None,
) -> Response:
    status = 409 if replaced is not None else 422 if entry is not None and entry.problems else 200
    return http.render(
        request,
        work,
        "configuration/template.html",
        status=status,
        template=template,
        values=TEMPLATE_VALUES.of(_parts(plugins, template.values)),
        key=key,
        entry=entry,
        url=base_of(region),
        here=_address(region, template),
        keys=_keys(plugins, template),
        replaced=replaced,
    )


def _keys(plugins: PluginRegistry, template: ConfigTemplate) -> Sequence[tuple[str, Text]]:
    """Returns what could be added."""
    return [
        (
            f"{slug}.{field.name}",
            Text(id=f"{plugin.title.id}: {field.title.id}", en=f"{plugin.title.en}: {field.title.en}"),
        )
        for slug, plugin in plugins.ready().items()
        for field in fields_for_many(plugin)
        if field.name not in template.values.get(slug, {})
    ]

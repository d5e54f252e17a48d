"""The actions on many facilities at once, and the requests that a filled form means."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic_core import to_jsonable_python
from starlette.datastructures import FormData

from guyub.configuration.activations import RegionFacility
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.config_templates import ConfigTemplate
from guyub.configuration.merge import MergedValues, merged, shown
from guyub.configuration.pages import common as forms_of_plugins
from guyub.configuration.pages.config_form import alone
from guyub.configuration.pages.config_view import python_values
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.state import configuration_state
from guyub.configuration.validation import read_form
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.forms import FieldEntry
from guyub.ui.model_fields import FormField, fields_of

ACTIONS: Mapping[str, Text] = {
    "field": Text(id="Ubah satu isian", en="Change one field"),
    "on": Text(id="Aktifkan", en="Activate"),
    "off": Text(id="Nonaktifkan", en="Deactivate"),
    "lock": Text(id="Kunci nilai yang berlaku", en="Lock the values in effect"),
    "unlock": Text(id="Buka kunci", en="Unlock"),
    "reset": Text(id="Kembalikan ke nilai warisan", en="Back to the inherited value"),
    "template": Text(id="Terapkan templat", en="Apply a template"),
    "web": Text(id="Alihkan ke pengelolaan web", en="Hand over to the web"),
}
WITHOUT_PLUGIN = frozenset({"template", "web"})


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Holds what a form asks for: an action for some facilities; ``name`` is the field of ``plugin`` that is
    changed."""

    action: str
    places: Sequence[RegionFacility]
    plugin: Plugin | None
    slug: str
    name: str


def place_of(places: Sequence[RegionFacility]) -> Text:
    if len(places) == 1:
        return Text(id=places[0].name, en=places[0].name)
    return Text(id="{n} UPT", en="{n} facilities", en_one="{n} facility").format(n=len(places))


def fields_for_many(plugin: Plugin) -> tuple[FormField, ...]:
    """Returns all fields but secrets, which no page repeats and each facility has its own."""
    return tuple(field for field in fields_of(plugin.config) if field.kind != "secret")


def entry_of(
    work: Work, plugins: PluginRegistry, asked: BulkAction, form: FormData | None, on: date
) -> FieldEntry[Any]:
    """Returns the form of the one field: as it was sent, or with the value that is in effect at most of the
    facilities."""
    plugin, name = asked.plugin, asked.name
    assert plugin is not None
    if form is not None:
        return entry_sent(plugin, name, form, place_of(asked.places))
    values = [shown(plugin, state, name).value for state in _states(work, plugins, asked, on).values()]
    counted = Counter(json.dumps(value, sort_keys=True) for value in values)
    usual = [json.loads(text) for text, _ in counted.most_common(1)]
    known = python_values(plugin, {name: usual[0]})[0] if usual and usual[0] is not None else {}
    entry: FieldEntry[Any] = forms.blank(alone(plugin.config, name))
    if name in known:
        entry = forms.filled(alone(plugin.config, name), {name: known[name]})
    hint = _ALIKE if len(counted) < 2 else _MOST.format(n=counted.most_common(1)[0][1], all=len(values))
    return replace(entry, fields=tuple(_with_hint(field, hint) for field in entry.fields))


def entry_sent(plugin: Plugin, name: str, form: FormData, place: Text) -> FieldEntry[Any]:
    """Returns the one field as it was sent; ``place`` is named where it is wrong."""
    own = [(key, value) for key, value in form.multi_items() if key.partition(".")[0] in (name, forms.ONE_MORE)]
    return read_form(plugin, alone(plugin.config, name), FormData(own), place)


def _with_hint(field: FormField, hint: Text) -> FormField:
    return replace(field, help=Text(id=f"{field.help.id} {hint.id}", en=f"{field.help.en} {hint.en}"))


def _states(work: Work, plugins: PluginRegistry, asked: BulkAction, on: date) -> dict[str, MergedValues]:
    """Returns what holds at each of the facilities on a day, by its code."""
    assert asked.plugin is not None
    state = configuration_state(work, plugins)
    units = [state.units[place.code] for place in asked.places]
    return {unit.code: merged(asked.plugin, state.layers(unit, asked.slug).on(on), on) for unit in units}


def requests_of(
    work: Work,
    plugins: PluginRegistry,
    asked: BulkAction,
    form: FormData,
    entry: FieldEntry[Any] | None,
    template: ConfigTemplate | None,
) -> list[ChangeRequest]:
    """Raises ``Invalid`` at the first day, the reason, or the choice of fields."""
    since, reason = forms_of_plugins.first_day(form), forms_of_plugins.reason(form)
    codes = tuple(place.code for place in asked.places)
    if asked.action in ("on", "off"):
        return [
            ChangeRequest(asked.slug, facilities=codes, active=asked.action == "on", valid_from=since, reason=reason)
        ]
    if asked.action == "template":
        if template is None:
            raise ConfigurationRefusal.NO_TEMPLATE.invalid("template")
        return [
            ChangeRequest(slug, facilities=codes, values=values, valid_from=since, reason=reason)
            for slug, values in sorted(template.values.items())
        ]
    assert asked.plugin is not None
    if asked.action == "field":
        assert entry is not None
        assert entry.model is not None
        value = to_jsonable_python(getattr(entry.model, asked.name))
        locked = frozenset({asked.name}) if form.get("_locked") else frozenset[str]()
        return [
            ChangeRequest(
                asked.slug, facilities=codes, values={asked.name: value}, locked=locked, valid_from=since, reason=reason
            )
        ]
    names = _names(asked.plugin, form)
    if asked.action == "reset":
        values = dict.fromkeys(names)
        return [ChangeRequest(asked.slug, facilities=codes, values=values, valid_from=since, reason=reason)]
    return _held(work, plugins, asked, names, since, reason)


def _names(plugin: Plugin, form: FormData) -> list[str]:
    known = [field.name for field in fields_for_many(plugin)]
    names = [name for name in known if name in {str(item) for item in form.getlist("fields")}]
    if not names:
        raise ConfigurationRefusal.NO_FIELD.invalid("fields")
    return names


def _held(
    work: Work, plugins: PluginRegistry, asked: BulkAction, names: Sequence[str], since: date, reason: str
) -> list[ChangeRequest]:
    """Returns requests by which each facility keeps the value that it has on that day, locked, or without the lock that
    it has itself: one wish for all that have the same."""
    assert asked.plugin is not None
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for code, state in _states(work, plugins, asked, since).items():
        values = {
            name: value
            for name in names
            if (asked.action == "lock" or _is_locked_here(state, name))
            and (value := state.values.get(name, shown(asked.plugin, state, name).value)) is not None
        }
        alike[json.dumps(values, sort_keys=True)].append(code)
    places_by_values = [(json.loads(values), tuple(codes)) for values, codes in alike.items()]
    return [
        ChangeRequest(
            asked.slug,
            facilities=codes,
            values=values,
            valid_from=since,
            reason=reason,
            locked=frozenset(values if asked.action == "lock" else ()),
            unlocked=frozenset(values if asked.action == "unlock" else ()),
        )
        for values, codes in places_by_values
        if values
    ]


_ALIKE = Text(id="Terisi nilai yang kini berlaku.", en="Filled with the value now in effect.")
_MOST = Text(
    id="Terisi nilai yang kini berlaku di {n} dari {all} UPT; yang lain berbeda.",
    en="Filled with the value now in effect at {n} of the {all} selected; the others differ.",
)


def _is_locked_here(state: MergedValues, name: str) -> bool:
    """Returns whether the facility itself locks the field; a lock of its region or of the nation is not the facility's
    to lose."""
    origin = state.origins.get(name)
    return origin is not None and origin.locked and origin.layer == "facility"

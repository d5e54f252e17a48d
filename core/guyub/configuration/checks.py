"""Checks a plan at a facility: locks above, values that are not valid, values that hide."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guyub.configuration.issues import Issue
from guyub.configuration.layer_resolution import PluginAtFacility
from guyub.configuration.merge import stacked, values_of_layer
from guyub.configuration.refusals import locked_field
from guyub.configuration.resolution import invalid_at, why_invalid
from guyub.configuration.secret_values import opened, secret_fields
from guyub.configuration.state import ConfigurationState
from guyub.configuration.store import LAYERS
from guyub.configuration.validation import ValueProblem, problems
from guyub.db.keys import Protector
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import title_of


@dataclass(slots=True)
class ValidationCache:
    """Keeps what was checked: facilities that inherit everything have the same values, which are not checked again."""

    protector: Protector | None
    known: dict[tuple[str, str], list[ValueProblem]] = field(default_factory=dict)

    def problems(self, plugin: Plugin, values: Mapping[str, Any]) -> list[ValueProblem]:
        key = (plugin.slug, json.dumps(values, sort_keys=True, default=str))
        if key not in self.known:
            self.known[key] = problems(plugin, self._opened(plugin, values))
        return self.known[key]

    def _opened(self, plugin: Plugin, values: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.protector is None:  # a host without keys: that there is a secret is all it can tell
            hidden = secret_fields(plugin.config)
            return {
                name: "" if name in hidden and isinstance(value, Mapping) else value for name, value in values.items()
            }
        return opened(self.protector, plugin.config, values)


def locked(at: PluginAtFacility, state: ConfigurationState, _: ValidationCache) -> Iterator[Issue]:
    """Yields values that a lock above, or one of the regional office at the facility, would keep from counting."""
    for planned_row in at.planned_rows():
        row = planned_row.row
        was = at.state(planned_row.day, planned=False).origins.get(row.field)
        becomes = at.state(planned_row.day, planned=True).origins.get(row.field)
        held = None
        if becomes and becomes.locked and row.value is not None and LAYERS.index(becomes.layer) < planned_row.depth:
            held = becomes
        elif was and was.locked and was.layer == "facility" == row.layer and not _decides(state, at):
            held = was
        if held is not None:
            assert held.since is not None
            refusal = locked_field(
                field=row.field,
                title=title_of(at.plugin.config, row.field),
                place=row.place_name,
                locked_at=held.kept_by,
                locked_by=held.actor,
                since=held.since,
            )
            without_name = _LOCKED.format(what=titled(at.plugin, row.field), origin=held.sentence)
            yield Issue.of(planned_row.place, refusal, at.plugin.slug, row.field, without_name=without_name)


def _decides(state: ConfigurationState, at: PluginAtFacility) -> bool:
    office = state.regions.get(at.unit.region)
    return office is None or office.decides


def invalid(at: PluginAtFacility, world: ConfigurationState, checked: ValidationCache) -> Iterator[Issue]:
    """Yields the first day on which it is not valid; only what the plan spoils, where the plugin runs, blocks it."""
    for day in at.days(world.today):
        if not at.is_active(day) and not any(row.valid_from <= day for row in at.added.own):
            continue
        after = at.state(day, planned=True)
        problems = checked.problems(at.plugin, after.values)
        if not problems:
            continue
        before = at.state(day, planned=False)
        known = (
            {problem.sentence for problem in checked.problems(at.plugin, before.values)}
            if at.was_active(day)
            else set()
        )
        for problem in problems:
            if problem.only_missing and not at.is_active(day):
                continue
            sentence = invalid_at(at.unit.name, at.plugin, after, problem).what
            without_name = _INVALID.format(plugin=at.plugin.title, why=why_invalid(after, problem))
            new = at.is_changed and problem.sentence not in known
            yield Issue(
                at.unit.code,
                sentence,
                "blocks" if new else "notes",
                at.plugin.slug,
                problem.field,
                without_name,
                code="host.config_value",
            )
        return


def hidden(at: PluginAtFacility, world: ConfigurationState, checked: ValidationCache) -> Iterator[Issue]:
    """Yields values of a facility's own that do not count, as the field is locked above; of all fields that ``locked``
    does not name."""
    above = (at.after.nation, *at.after.regions)
    under_lock = {row.field for rows in above for row in rows if row.locked}
    # A value of an earlier version may have another name by now.
    earlier = any(row.config_version != at.plugin.config_version for rows in (*above, at.after.own) for row in rows)
    if not under_lock or not (earlier or any(row.field in under_lock for row in at.after.own)):
        return
    refused_fields = {issue.field for issue in locked(at, world, checked)}
    for day in at.days(world.today):
        state = at.state(day, planned=True)
        own = stacked([values_of_layer(at.plugin, at.after.own, day)])
        for name in sorted(own.values.keys() - refused_fields):
            origin = state.origins[name]
            if origin.layer != "facility":
                refused_fields.add(name)
                sentence = _HIDDEN.format(what=titled(at.plugin, name), origin=origin.sentence)
                yield Issue(at.unit.code, sentence, plugin=at.plugin.slug, field=name)


CHECKS: Sequence[Callable[[PluginAtFacility, ConfigurationState, ValidationCache], Iterable[Issue]]] = (
    locked,
    invalid,
    hidden,
)
"""Asked of every plugin at every facility that a plan touches."""


def titled(plugin: Plugin, name: str) -> Text:
    """Returns what people call a field: its plugin and its title."""
    return Text(id="{plugin}: {field}", en="{plugin}: {field}").format(
        plugin=plugin.title, field=title_of(plugin.config, name)
    )


_LOCKED = Text(
    id="“{what}” tidak dapat diubah: {origin}. Yang menguncinya dapat membuka kunci itu atau mengubah nilainya.",
    en="“{what}” cannot be changed: {origin}. Whoever locked it may unlock it or change its value.",
)
_INVALID = Text(
    id="Konfigurasi {plugin} tidak sah. {why}",
    en="The configuration of {plugin} is not valid. {why}",
)
_HIDDEN = Text(
    id="“{what}” dikunci pada lapisan di atasnya ({origin}), sehingga nilainya di sini tidak berlaku.",
    en="“{what}” is locked at a layer above ({origin}), so its value here does not count.",
)

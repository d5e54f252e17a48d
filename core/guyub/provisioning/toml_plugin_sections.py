"""The tables of plugins in a file, made of what is recorded: what holds, and what will hold.

A table begins on the day since which everything in it holds as it does now; what changes on later days stands in its later
tables. What held before stays in the database, and needs no file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.configuration.secret_values import secret_fields
from guyub.configuration.settings import Setting, Target, without_null
from guyub.configuration.state import ConfigurationState
from guyub.configuration.store import LayerName
from guyub.configuration.timelines import on_day
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.toml_merging import Data, DefaultValue, KeepValue, KeyedRows
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

Timelines = Mapping[str, Sequence[Setting]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Holds what a file cannot say: ``what`` is a secret ("slug.field"), or a plugin that cannot be asked ("slug"), and
    ``why``."""

    place: str
    what: str
    is_secret: bool
    why: Text


def tables_at(
    plugins: PluginRegistry, world: ConfigurationState, layer: str, place: str, there: Data, left_out: list[LeftOut]
) -> dict[str, Data | KeepValue]:
    """Returns the tables by slug. ``there`` are the tables that the file has, for their days and reasons.

    A table stays as it is where the plugin cannot be asked, and where it says what holds without it.
    """
    above = _above(world, layer, place)
    by_slug: dict[str, dict[str, Sequence[Setting]]] = {}
    for target, timeline in world.timelines.items():
        if (target.layer, target.place) == (layer, place):
            by_slug.setdefault(target.plugin, {})[target.field] = timeline
    tables: dict[str, Data | KeepValue] = {
        slug: KeepValue() for slug, section in there.items() if _says_nothing(section, layer)
    }
    for slug, timelines in sorted(by_slug.items(), key=lambda pair: _order(there, pair[0])):
        try:
            secrets = secret_fields(plugins.plugin(slug).config)
        except Refusal as refusal:
            left_out.append(LeftOut(place, slug, is_secret=False, why=refusal.what))
            continue
        hidden = [name for name, timeline in timelines.items() if name in secrets and timeline[-1].value is not None]
        left_out += [LeftOut(place, f"{slug}.{name}", is_secret=True, why=_SECRET) for name in hidden]
        shown = {name: timeline for name, timeline in timelines.items() if name not in secrets}
        known = there.get(slug)
        if shown or hidden:
            locks = [{name: world.timelines.get(Target(*upper, slug, name), ()) for name in shown} for upper in above]
            days = _days(shown, world.today, locks)
            tables[slug] = _table(shown, days, layer == "facility", known if isinstance(known, Mapping) else {})
    return tables | {slug: KeepValue() for slug in there if slug not in tables and not _is_ready(plugins, slug)}


_SECRET = Text(id="rahasia", en="a secret")


def _above(world: ConfigurationState, layer: str, place: str) -> list[tuple[LayerName, str]]:
    """Returns the layers whose locks count at a place."""
    layers: list[tuple[LayerName, str]] = []
    if layer != "national":
        layers.append(("national", ""))
    if layer == "facility":
        layers.append(("region", world.units[place].region))
    return layers


def _says_nothing(section: object, layer: str) -> bool:
    """Returns whether a table gives no value and switches nothing on: planned where nothing is recorded, it changes
    nothing."""
    if not isinstance(section, Mapping):
        return False
    later = section.get("later")
    parts = [section, *(item for item in (later if isinstance(later, list) else []) if isinstance(item, Mapping))]
    runs = layer == "facility" and (
        section.get("active", True) is True or any(part.get("active") is True for part in parts)
    )
    return not runs and not any(part.get("config") for part in parts)


def _is_ready(plugins: PluginRegistry, slug: str) -> bool:
    try:
        return bool(plugins.plugin(slug))
    except Refusal:
        return False


def _order(there: Data, slug: str) -> tuple[int, str]:
    return (list(there).index(slug) if slug in there else len(there), slug)


def _table(timelines: Timelines, days: tuple[date, list[date]], at_facility: bool, there: Data) -> Data:
    since, later_days = days
    values = {name: held for name, held in _held(timelines, since).items() if name and held.value is not None}
    table: dict[str, Any] = {"from": since}
    if at_facility:
        running = _held(timelines, since).get("")
        table["active"] = DefaultValue(bool(running and running.value), True)
    table["reason"] = DefaultValue(there.get("reason", _reason(timelines, since)), "")
    locked = [name for name, held in values.items() if held.locked]
    if locked:
        table["locked"] = _in_order(locked, there.get("locked"))
    if values or "config" in there:
        order = [name for name in there.get("config", {}) if name in values]
        table["config"] = {name: without_null(values[name].value) for name in dict.fromkeys((*order, *sorted(values)))}
    later = [_later(timelines, day) for day in later_days]
    table["later"] = KeyedRows(later, ("from",))
    return table


def _days(timelines: Timelines, today: date, above: Sequence[Timelines]) -> tuple[date, list[date]]:
    """Returns since when all holds as it does today (or will first), and the days on which something changes after it.

    A value that a lock above has put to sleep is written for its own day, before that lock: a table that begins under the
    lock cannot name it.
    """
    begins = {day for timeline in timelines.values() for day in _changes(timeline)}
    if not begins:
        return today, []
    past = [day for day in begins if day <= today]
    since = max(past) if past else min(begins)
    while dormant := [day for day in _begin_before_a_lock(timelines, since, above) if day < since]:
        since = min(dormant)
    return since, sorted(day for day in begins if day > since)


def _begin_before_a_lock(timelines: Timelines, on: date, above: Sequence[Timelines]) -> Iterator[date]:
    """Yields the first days of the values that a lock above keeps from counting on a day."""
    for name, held in _held(timelines, on).items():
        locks = [on_day(upper[name], on) for upper in above]
        if held.value is not None and any(lock is not None and lock.locked for lock in locks):
            yield max(day for day in _changes(timelines[name]) if day <= on)


def _changes(timeline: Sequence[Setting]) -> Iterator[date]:
    before: Setting | None = None
    for setting in timeline:
        if before is None or not before.is_like(setting):
            yield setting.valid_from
        before = setting


def _held(timelines: Timelines, day: date) -> dict[str, Setting]:
    held = {name: on_day(timeline, day) for name, timeline in timelines.items()}
    return {name: value for name, value in held.items() if value is not None}


def _later(timelines: Timelines, day: date) -> Data:
    begun = {
        name: held
        for name, timeline in timelines.items()
        if day in set(_changes(timeline)) and (held := on_day(timeline, day)) is not None
    }
    table: dict[str, Any] = {"from": day}
    if "" in begun:
        table["active"] = bool(begun[""].value)
    values = {name: held for name, held in sorted(begun.items()) if name}
    table["reason"] = DefaultValue(
        next((written for setting in begun.values() if (written := _written_reason(setting))), ""), ""
    )
    if inherited := [name for name, held in values.items() if held.value is None]:
        table["inherit"] = inherited
    if locked := [name for name, held in values.items() if held.locked]:
        table["locked"] = locked
    values_set = {name: without_null(held.value) for name, held in values.items() if held.value is not None}
    if values_set:
        table["config"] = values_set
    return table


def _reason(timelines: Timelines, since: date) -> str:
    """Returns the reason of what came last of all that holds from a day on; what changes later has its own."""
    latest = max(_held(timelines, since).values(), key=lambda item: item.valid_from, default=None)
    return _written_reason(latest) if latest is not None else ""


def _written_reason(setting: Setting) -> str:
    """Returns what somebody gave as the reason; where nobody did, the name of the file stands there."""
    return "" if setting.reason.endswith(".toml") else setting.reason


def _in_order(names: Sequence[str], there: object) -> list[str]:
    first = [name for name in there if name in names] if isinstance(there, list) else []
    return list(dict.fromkeys((*first, *names)))


def is_secret(plugins: PluginRegistry, target: Target) -> bool:
    """Returns whether files must not speak of it."""
    try:
        return target.field in secret_fields(plugins.plugin(target.plugin).config)
    except Refusal:
        return False

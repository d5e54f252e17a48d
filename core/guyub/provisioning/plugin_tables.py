"""The tables of plugins in a file, made of what is recorded: what holds, and what will hold.

A table begins on the day since which everything in it holds as it does now; what changes on later days stands in its later
tables. What held before stays in the database, and needs no file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.host.plugin_host import PluginHost
from guyub.host.secret_values import secret_fields
from guyub.provisioning.configured import Configured
from guyub.provisioning.declared import Field, Setting, without_null
from guyub.provisioning.timelines import on_day
from guyub.provisioning.toml_merging import Data, Rows, Unless
from guyub.sdk.errors import Refusal

Timelines = Mapping[str, Sequence[Setting]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a file cannot say: ``what`` is a secret ("slug.field"), or a plugin that is not installed ("slug")."""

    place: str
    what: str
    is_secret: bool


def tables_at(
    host: PluginHost, world: Configured, layer: str, place: str, there: Data, left_out: list[LeftOut]
) -> dict[str, Data]:
    """By slug. ``there`` are the tables that the file has, for their days and reasons."""
    by_slug: dict[str, dict[str, Sequence[Setting]]] = {}
    for one, timeline in world.timelines.items():
        if (one.layer, one.place) == (layer, place):
            by_slug.setdefault(one.plugin, {})[one.name] = timeline
    tables: dict[str, Data] = {}
    for slug, timelines in sorted(by_slug.items(), key=lambda pair: _order(there, pair[0])):
        try:
            secrets = secret_fields(host.plugin(slug).config)
        except Refusal:
            left_out.append(LeftOut(place, slug, is_secret=False))
            continue
        hidden = [name for name, timeline in timelines.items() if name in secrets and timeline[-1].value is not None]
        left_out += [LeftOut(place, f"{slug}.{name}", is_secret=True) for name in hidden]
        shown = {name: timeline for name, timeline in timelines.items() if name not in secrets}
        known = there.get(slug)
        if shown or hidden:
            tables[slug] = _table(shown, world.today, layer == "facility", known if isinstance(known, Mapping) else {})
    return tables


def _order(there: Data, slug: str) -> tuple[int, str]:
    return (list(there).index(slug) if slug in there else len(there), slug)


def _table(timelines: Timelines, today: date, at_facility: bool, there: Data) -> Data:
    since, later_days = _days(timelines, today)
    kept = there.get("from")
    if isinstance(kept, date) and since <= kept and all(kept < day for day in later_days):
        since = kept
    values = {name: held for name, held in _held(timelines, since).items() if name and held.value is not None}
    table: dict[str, Any] = {"from": since}
    if at_facility:
        running = _held(timelines, since).get("")
        table["active"] = Unless(bool(running and running.value), True)
    table["reason"] = Unless(there.get("reason", _reason(timelines)), "")
    locked = [name for name, held in values.items() if held.locked]
    table["locked"] = Unless(_in_order(locked, there.get("locked")), [])
    if values or "config" in there:
        order = [name for name in there.get("config", {}) if name in values]
        table["config"] = {name: without_null(values[name].value) for name in dict.fromkeys((*order, *sorted(values)))}
    later = [_later(timelines, day) for day in later_days]
    table["later"] = Rows(later, ("from",))
    return table


def _days(timelines: Timelines, today: date) -> tuple[date, list[date]]:
    """Since when all holds as it does today (or will first), and the days on which something changes after it."""
    begins = {day for timeline in timelines.values() for day in _changes(timeline)}
    if not begins:
        return today, []
    past = [day for day in begins if day <= today]
    since = max(past) if past else min(begins)
    return since, sorted(day for day in begins if day > since)


def _changes(timeline: Sequence[Setting]) -> Iterator[date]:
    before: Setting | None = None
    for one in timeline:
        if before is None or not before.is_like(one):
            yield one.valid_from
        before = one


def _held(timelines: Timelines, day: date) -> dict[str, Setting]:
    held = {name: on_day(timeline, day) for name, timeline in timelines.items()}
    return {name: one for name, one in held.items() if one is not None}


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
    table["reason"] = Unless(next((said for one in begun.values() if (said := _said(one))), ""), "")
    table["inherit"] = Unless([name for name, held in values.items() if held.value is None], [])
    table["locked"] = Unless([name for name, held in values.items() if held.locked], [])
    given = {name: without_null(held.value) for name, held in values.items() if held.value is not None}
    if given:
        table["config"] = given
    return table


def _reason(timelines: Timelines) -> str:
    latest = max(
        (one for timeline in timelines.values() for one in timeline), key=lambda one: one.valid_from, default=None
    )
    return _said(latest) if latest is not None else ""


def _said(setting: Setting) -> str:
    """What somebody gave as the reason; where nobody did, the name of the file stands there."""
    return "" if setting.reason.endswith(".toml") else setting.reason


def _in_order(names: Sequence[str], there: object) -> list[str]:
    first = [name for name in there if name in names] if isinstance(there, list) else []
    return list(dict.fromkeys((*first, *names)))


def is_secret(host: PluginHost, one: Field) -> bool:
    """Whether files must not speak of it."""
    try:
        return one.name in secret_fields(host.plugin(one.plugin).config)
    except Refusal:
        return False

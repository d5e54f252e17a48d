"""What stands against a plan at a facility, or is worth telling: locks above, values that are not valid, values that hide."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guyub.db.errors import locked_field
from guyub.db.keys import Protector
from guyub.host.config_checks import Problem, problems
from guyub.host.config_layers import said_by, stacked
from guyub.host.config_rows import LAYERS
from guyub.host.configuration import invalid_at
from guyub.host.secret_values import opened, secret_fields
from guyub.provisioning.configured import Configured
from guyub.provisioning.findings import Finding
from guyub.provisioning.layered import At
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


@dataclass(slots=True)
class Checked:
    """Facilities that inherit everything have the same values, so that what was checked once is not checked again."""

    protector: Protector | None
    known: dict[tuple[str, str], list[Problem]] = field(default_factory=dict)

    def problems(self, plugin: Plugin, values: Mapping[str, Any]) -> list[Problem]:
        key = (plugin.slug, json.dumps(values, sort_keys=True, default=str))
        if key not in self.known:
            self.known[key] = problems(plugin.config, self._opened(plugin, values))
        return self.known[key]

    def _opened(self, plugin: Plugin, values: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.protector is None:  # a host without keys: that there is a secret is all it can tell
            hidden = secret_fields(plugin.config)
            return {name: "" if name in hidden and isinstance(one, Mapping) else one for name, one in values.items()}
        return opened(self.protector, plugin.config, values)


def locked(at: At, world: Configured) -> Iterator[Finding]:
    """Values that a lock above, or one of the regional office at the facility, would keep from counting."""
    for depth, rows in enumerate(at.added):
        for row in rows:
            was = at.state(row.valid_from, planned=False).origins.get(row.field)
            becomes = at.state(row.valid_from, planned=True).origins.get(row.field)
            held = None
            if becomes and becomes.locked and row.value is not None and LAYERS.index(becomes.layer) < depth:
                held = becomes
            elif was and was.locked and was.layer == "facility" == row.layer and not _decides(world, at):
                held = was
            if held is not None:
                assert held.since is not None
                refusal = locked_field(
                    field=row.field,
                    place=row.place_name,
                    locked_at=held.kept_by,
                    locked_by=held.actor,
                    since=held.since,
                )
                place = at.unit.code if depth == len(LAYERS) - 1 else at.unit.region
                yield Finding(place, refusal.what, is_blocking=True, plugin=at.plugin.slug, field=row.field)


def _decides(world: Configured, at: At) -> bool:
    office = world.regions.get(at.unit.region)
    return office is None or office.decides


def invalid(at: At, today: date, checked: Checked) -> Iterator[Finding]:
    """The first day on which it is not valid; only what the plan spoils, where the plugin runs, stands against it."""
    for day in at.days(today):
        if not at.is_active(day) and not any(row.valid_from <= day for row in at.added[-1]):
            continue
        after = at.state(day, planned=True)
        found = checked.problems(at.plugin, after.values)
        if not found:
            continue
        before = at.state(day, planned=False)
        known = {one.sentence for one in checked.problems(at.plugin, before.values)} if at.was_active(day) else set()
        for problem in found:
            if problem.only_missing and not at.is_active(day):
                continue
            sentence = invalid_at(at.unit.name, at.plugin, after, problem).what
            new = at.is_changed and problem.sentence not in known
            yield Finding(at.unit.code, sentence, is_blocking=new, plugin=at.plugin.slug, field=problem.field)
        return


def hidden(at: At, world: Configured) -> Iterator[Finding]:
    """Values of a facility's own that do not count, as the field is locked above."""
    locked = {row.field for rows in at.after[:-1] for row in rows if row.locked}
    # A value of an earlier version may have another name by now.
    earlier = any(row.config_version != at.plugin.config_version for rows in at.after for row in rows)
    if not locked or not (earlier or any(row.field in locked for row in at.after[-1])):
        return
    for day in at.days(world.today):
        state = at.state(day, planned=True)
        own = stacked([said_by(at.plugin, at.after[-1], day)])
        for name in own.values:
            origin = state.origins[name]
            if origin.layer != "facility":
                yield Finding(at.unit.code, _HIDDEN.format(slug=at.plugin.slug, name=name, origin=origin.sentence))
        if own.values:
            return


_HIDDEN = Text(
    id="{slug}.{name} dikunci pada lapisan di atasnya ({origin}), sehingga nilainya di sini tidak berlaku.",
    en="{slug}.{name} is locked at a layer above ({origin}), so its value here does not count.",
)

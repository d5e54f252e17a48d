"""Computes the configuration at every facility after a plan, by the same layers and checks that resolve it at run time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from guyub.configuration.checks import CHECKS, ValidationCache
from guyub.configuration.issues import Issue
from guyub.configuration.layer_resolution import PluginAtFacility, places, rows_added
from guyub.configuration.merge import EffectiveValue, ValueOrigin, shown
from guyub.configuration.settings import Setting, Target
from guyub.configuration.state import ConfigurationState, FacilityRef
from guyub.configuration.steps import Step
from guyub.configuration.store import LAYERS
from guyub.configuration.timelines import first_month
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal

SettingEffectKind = Literal["changes", "same", "keeps_its_own", "loses_its_own"]


@dataclass(frozen=True, slots=True)
class SettingEffect:
    """Holds what becomes of one field at one facility from a day on: the value in effect and its origin, before and
    after.

    ``active``: whether the plugin runs there on that day or on a later one while that holds, the plan applied; ``counts_from``
    is the first such day, and before and after are of it. Secrets are masked.

    ``month`` is the first month of a programme that the change counts for; None where there is none. ``missed`` is the month
    of the day, where the change comes too late for it, ``offered`` its first day, where the change would count from then.
    """

    facility: str
    region: str
    plugin: str
    field: str
    on: date
    before: EffectiveValue
    after: EffectiveValue
    kind: SettingEffectKind
    active: bool
    counts_from: date
    month: date | None = None
    missed: date | None = None
    offered: date | None = None

    @property
    def is_change(self) -> bool:
        return self.kind in ("changes", "loses_its_own")

    def as_json(self) -> dict[str, Any]:
        return {
            "facility": self.facility,
            "region": self.region,
            "what": f"config.{self.plugin}.{self.field}",
            "valid_from": self.on.isoformat(),
            "kind": self.kind,
            "active": self.active,
            "counts_from": self.counts_from.isoformat(),
            "old": self.before.value,
            "new": self.after.value,
            "old_origin": _origin_as_json(self.before.origin),
            "new_origin": _origin_as_json(self.after.origin),
        }


def _origin_as_json(origin: ValueOrigin) -> dict[str, Any]:
    return {
        "layer": origin.layer,
        "place": origin.place.id,
        "since": origin.since.isoformat() if origin.since else None,
        "locked": origin.locked,
        "by": origin.actor,
    }


def effects(
    plugins: PluginRegistry,
    state: ConfigurationState,
    units: Mapping[str, FacilityRef],
    steps: Sequence[Step],
    actor: str,
    *,
    everywhere: bool,
) -> tuple[list[SettingEffect], list[Issue]]:
    """Returns the effects by facility, plugin, day and field, with what the checks find there. No query.

    ``units`` are the facilities as the plan leaves them. ``everywhere`` also tells what was wrong before, at facilities
    that the plan does not touch; that blocks nothing.
    """
    checked = ValidationCache(plugins.protector)
    added = rows_added(plugins, state, steps, actor)
    switched: defaultdict[Target, list[Setting]] = defaultdict(list)
    for step in steps:
        if not step.target.field:
            switched[step.target].append(step.after)
    becomes: list[SettingEffect] = []
    issues: list[Issue] = []
    for at in places(plugins, state, units, added, switched):
        if not at.is_changed and not (everywhere and at.is_active(state.today)):
            continue
        try:
            if at.is_changed:
                becomes += _of(at)
            for check in CHECKS:
                issues += check(at, state, checked)
        except Refusal as refusal:
            issues.append(Issue(at.unit.code, refusal.what, remedy=refusal.remedy, plugin=at.plugin.slug))
    # What blocks a value of a region is found at each of its facilities.
    return becomes, list(dict.fromkeys(issues))


def _of(at: PluginAtFacility) -> Iterator[SettingEffect]:
    depths = {(value.day, value.row.field): value.depth for value in at.planned_rows()}
    for (day, name), depth in sorted({**_elsewhere(at), **depths}.items(), key=lambda item: item[0][0]):
        first = _first_active_day(at, day, name)
        counts_from = first or day
        before, after = at.state(counts_from, planned=False), at.state(counts_from, planned=True)
        was, becomes = shown(at.plugin, before, name), shown(at.plugin, after, name)
        effect = SettingEffect(
            at.unit.code,
            at.unit.region,
            at.plugin.slug,
            name,
            day,
            was,
            becomes,
            _kind(was, becomes, depth),
            first is not None,
            counts_from,
        )
        yield _with_month(at, effect) if effect.active and effect.is_change and at.plugin.program_types else effect


def _with_month(at: PluginAtFacility, effect: SettingEffect) -> SettingEffect:
    name, day, first = effect.field, effect.on, effect.on.replace(day=1)
    opened = {month for slug, month in at.unit.opened if slug == at.plugin.slug}
    holds = at.state(day, planned=True).origins.get(name)

    def counts(month: date) -> bool:
        before, after = at.state(month, planned=False), at.state(month, planned=True)
        is_other = shown(at.plugin, before, name).value != shown(at.plugin, after, name).value
        return at.is_active(month) and after.origins.get(name) == holds and is_other

    begin = {run.valid_from for run in at.runs} | at.before.days_after(day) | at.after.days_after(day)
    month = first_month(effect.counts_from, begin, opened, counts)
    if month is None or day == first or not at.is_active(first):
        return replace(effect, month=month)
    was, on_first = (at.state(item, planned=False).origins.get(name) for item in (day, first))
    is_free = first not in opened and was == on_first
    return replace(effect, month=month, missed=first, offered=first if is_free else None)


def _first_active_day(at: PluginAtFacility, day: date, name: str) -> date | None:
    """Returns the day, or the first one after it on which the plugin runs while the same still holds; None where there
    is none."""
    if at.is_active(day):
        return day
    begins = next((run.valid_from for run in at.runs if run.valid_from > day and run.value), None)
    if begins is None:
        return None
    then, holds = (at.state(item, planned=True).origins.get(name) for item in (begins, day))
    return begins if then == holds else None


def _elsewhere(at: PluginAtFacility) -> dict[tuple[date, str], int]:
    """Returns what another region brings a facility that moves, or that is new: by day and field, the layer that brings
    it."""
    first = at.moves_on
    if at.is_new:
        first = next((run.valid_from for run in at.runs if run.value), None)
    if first is None:
        return {}
    rows = (*at.before.regions, *at.after.regions, *([at.after.nation] if at.is_new else []))
    begin = {(max(first, row.valid_from), row.field) for some in rows for row in some}
    # The fields of an earlier version have other names by now.
    begin |= {(first, name) for planned in (False, True) for name in at.state(first, planned=planned).values}
    effects_found = {}
    for day, name in sorted(begin):
        was = at.state(day, planned=False).origins.get(name)
        becomes = at.state(day, planned=True).origins.get(name)
        if name in at.plugin.config.model_fields and was != becomes:
            effects_found[day, name] = LAYERS.index(becomes.layer) if becomes is not None else 0
    return effects_found


def _kind(was: EffectiveValue, becomes: EffectiveValue, depth: int) -> SettingEffectKind:
    if becomes.origin.layer in LAYERS[depth + 1 :]:
        return "keeps_its_own"
    if was.origin.layer in LAYERS[depth + 1 :] and becomes.origin.locked and was.value != becomes.value:
        return "loses_its_own"
    return "same" if was.value == becomes.value else "changes"

"""Change requests: the settings that a request means, and what blocks it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import SecretStr
from pydantic_core import to_jsonable_python

from guyub.configuration.issues import Issue
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import sealed, secret_fields
from guyub.configuration.settings import Setting, Target
from guyub.configuration.state import ConfigurationState
from guyub.configuration.store import LayerName
from guyub.configuration.timelines import on_day
from guyub.configuration.validation import AT, problems
from guyub.db.unit_of_work import Work
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.ui.validation_messages import unknown

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Asks that one plugin becomes something from a day on: at ``facilities`` (codes), or as the value of a ``region``
    for all of them; for the whole nation where neither is named.

    ``values`` are JSON or as the plugin's model has them, None inherits again; ``written`` ones are JSON that somebody wrote,
    where "5" is no number. ``locked`` names those of them that nobody below may change from then on, ``unlocked`` those whose
    lock is taken off: any other lock that holds on the day stays. ``active`` switches the plugin on or off at the facilities,
    None leaves it as it is.
    """

    plugin: str
    valid_from: date
    facilities: tuple[str, ...] = ()
    region: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    locked: frozenset[str] = _NOBODY
    unlocked: frozenset[str] = _NOBODY
    active: bool | None = None
    reason: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Holds a setting that somebody wants: its target, and what it should be from its day on."""

    target: Target
    after: Setting


Place = tuple[LayerName, str]


def changes_of(
    work: Work, plugins: PluginRegistry, state: ConfigurationState, asked: ChangeRequest, issues: list[Issue]
) -> Iterator[Change]:
    """Returns the changes that a request may make; what blocks the others is added to ``issues``."""
    places = list(_places(work, state, asked, issues))
    plugin = _plugin(plugins, asked)
    values: dict[str, Any] = {}
    if isinstance(plugin, Refusal):
        if asked.active is not False or asked.values:
            place = asked.region or next(iter(asked.facilities), "")
            issues.append(Issue.of(place, plugin, asked.plugin))
            return
    else:
        values = _as_stored(asked.values)
        faults = list(_faults(state, plugin, asked, values, places))
        issues += faults
        wrong = {fault.field for fault in faults}
        values = {name: value for name, value in values.items() if name not in wrong}
        if secret_fields(plugin.config) & values.keys() and plugins.protector is not None:
            values = sealed(plugins.protector, plugin.config, values)
    for layer, place in places:
        if asked.active is not None and layer == "facility":
            switch = Setting(asked.active, asked.valid_from, reason=asked.reason)
            yield Change(Target("facility", place, asked.plugin, ""), switch)
        for name, value in values.items():
            target = Target(layer, place, asked.plugin, name)
            timeline = state.timelines.get(target, ())
            locked = value is not None and _is_locked(asked, name, timeline)
            setting = Setting(value, asked.valid_from, locked, reason=asked.reason)
            yield Change(target, setting)
            yield from (Change(target, later) for later in _lasting(asked, target, setting, timeline))


def _as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values as JSON; secrets stand open, to be sealed."""
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else to_jsonable_python(value)
        for name, value in values.items()
    }


def _is_locked(asked: ChangeRequest, name: str, timeline: Sequence[Setting]) -> bool:
    known = on_day(timeline, asked.valid_from)
    return name in asked.locked or (known is not None and known.locked and name not in asked.unlocked)


def _lasting(asked: ChangeRequest, target: Target, setting: Setting, timeline: Sequence[Setting]) -> Iterator[Setting]:
    """Yields what takes the place of settings recorded for later days: a value of the facility would end its lock, and
    a lock that was set to last would come back where one is taken off."""
    held = on_day(timeline, asked.valid_from)
    takes_a_lock_off = target.field in asked.unlocked and held is not None and held.locked
    for known in timeline:
        if known.valid_from <= asked.valid_from or target.layer != "facility":
            continue
        if target.field in asked.locked and setting.locked:
            yield replace(setting, valid_from=known.valid_from)
        elif takes_a_lock_off and known.locked:
            yield Setting(known.value, known.valid_from, reason=asked.reason)


def _places(work: Work, state: ConfigurationState, asked: ChangeRequest, issues: list[Issue]) -> Iterator[Place]:
    if asked.facilities and asked.region:
        issues.append(Issue.of(asked.region, ConfigurationRefusal.PLACES_OR_REGION.invalid(), asked.plugin))
        return
    if asked.region:
        issues += _against_region(work, state, asked)
        office = state.regions.get(asked.region)
        if office is not None and office.decides:
            yield "region", asked.region
    elif not asked.facilities:
        if asked.active is not None:
            issues.append(Issue.of("", ConfigurationRefusal.ACTIVE_AT_FACILITIES.invalid(), asked.plugin))
        yield "national", ""
    for code in dict.fromkeys(asked.facilities):
        unit = state.units.get(code)
        if unit is None:
            issues.append(_out_of_reach(code, asked))
            continue
        if unit.managed_by != "web" and not work.is_system:
            issues.append(Issue.of(code, FacilitiesRefusal.MANAGED_BY_FILES.refusal(name=unit.name), asked.plugin))
        yield "facility", code


def _against_region(work: Work, state: ConfigurationState, asked: ChangeRequest) -> Iterator[Issue]:
    office = state.regions.get(asked.region)
    if office is None:
        yield _out_of_reach(asked.region, asked)
    elif not office.decides:
        yield Issue.of(asked.region, ConfigurationRefusal.REGION_NOT_YOURS.forbidden(office=office.name), asked.plugin)
    elif office.managed_by != "web" and not work.is_system:
        by_files = FacilitiesRefusal.REGION_VALUES_MANAGED_BY_FILES.refusal(name=office.name)
        yield Issue.of(asked.region, by_files, asked.plugin)
    if asked.active is not None:
        yield Issue.of(asked.region, ConfigurationRefusal.ACTIVE_AT_FACILITIES.invalid(), asked.plugin)


def _out_of_reach(code: str, asked: ChangeRequest) -> Issue:
    return Issue.of(code, ConfigurationRefusal.UNKNOWN_PLACE.not_found(code=code), asked.plugin)


def _plugin(plugins: PluginRegistry, asked: ChangeRequest) -> Plugin | Refusal:
    try:
        return plugins.plugin(asked.plugin)
    except Refusal as refusal:
        return refusal


def _faults(
    state: ConfigurationState,
    plugin: Plugin,
    asked: ChangeRequest,
    values: Mapping[str, Any],
    places: Sequence[Place],
) -> Iterator[Issue]:
    """Returns what is wrong whatever holds elsewhere, once for each field; the rest shows at the facilities."""
    layer, place = places[0] if places else ("region", asked.region)
    wrong: dict[str, Refusal] = {}
    for name, refusal in _wrong(state, plugin, asked, values, places):
        wrong.setdefault(name, refusal)
    set_values = {name: value for name, value in values.items() if value is not None and name not in wrong}
    for problem in problems(plugin, set_values, written=asked.written):
        if problem.field in set_values and not problem.of_the_whole and not problem.only_missing:
            sentence = AT.format(place=state.name_of(layer, place), plugin=plugin.title, sentence=problem.sentence)
            wrong.setdefault(problem.field, ConfigurationRefusal.CONFIG_VALUE.invalid(problem.field, sentence=sentence))
    if asked.active and plugin.availability == "regional" and not _may_lock(state, places):
        wrong[""] = ConfigurationRefusal.REGIONAL_ONLY.forbidden(title=plugin.title)
    return (Issue.of(place, refusal, plugin.slug, name) for name, refusal in wrong.items())


def _wrong(
    state: ConfigurationState,
    plugin: Plugin,
    asked: ChangeRequest,
    values: Mapping[str, Any],
    places: Sequence[Place],
) -> Iterator[tuple[str, Refusal]]:
    """Yields the field, and what blocks it."""
    for name in values:
        if name not in plugin.config.model_fields:
            yield (
                name,
                ConfigurationRefusal.CONFIG_FIELD.invalid(name, sentence=unknown(name, plugin.config.model_fields)),
            )
        elif name in secret_fields(plugin.config) and len(places) > 1:
            yield name, ConfigurationRefusal.SECRET_OF_MANY.invalid(name, field=name)
    for name in sorted(asked.locked):
        if values.get(name) is None:
            yield name, ConfigurationRefusal.LOCK_WITHOUT_VALUE.invalid(name, field=name)
        elif not _may_lock(state, places):
            yield name, ConfigurationRefusal.LOCK_IS_REGIONAL.forbidden(field=name)


def _may_lock(state: ConfigurationState, places: Sequence[Place]) -> bool:
    """Returns whether the actor decides over the region of each of these facilities."""
    units = [state.units[code] for layer, code in places if layer == "facility"]
    return all(state.regions[unit.region].decides for unit in units)

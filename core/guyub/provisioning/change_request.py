"""What people ask for through the web: the settings that a wish means, and what stands against it wherever it is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic_core import to_jsonable_python

from guyub.configuration.secret_values import secret_fields
from guyub.configuration.validation import problems
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.current_configuration import CurrentConfiguration
from guyub.provisioning.desired import Setting, SettingKey
from guyub.provisioning.plan_findings import PlanFinding
from guyub.provisioning.timelines import on_day
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.validation_messages import unknown

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What one plugin should be from a day on: at ``facilities`` (codes), or as the value of a ``region`` for all of them.

    ``values`` are JSON or as the plugin's model has them, None inherits again; ``locked`` names those of them that nobody
    below may change from then on, ``unlocked`` those whose lock is taken off: any other lock that holds on the day stays.
    ``active`` switches the plugin on or off at the facilities, None leaves it as it is.
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


RequestedSetting = tuple[SettingKey, Setting]


def settings_of(
    host: PluginRegistry, world: CurrentConfiguration, wish: ChangeRequest, findings: list[PlanFinding]
) -> Iterator[RequestedSetting]:
    """What a wish asks for where it may; what stands against it is added to ``findings``."""
    places = list(_places(world, wish, findings))
    plugin = _plugin(host, wish)
    if isinstance(plugin, Refusal):
        if wish.active is not False or wish.values:
            what = Text(id=f"{plugin.what.id} {plugin.remedy.id}", en=f"{plugin.what.en} {plugin.remedy.en}")
            findings.append(PlanFinding(wish.region, what, is_blocking=True, plugin=wish.plugin))
            return
        values: dict[str, Any] = {}
    else:
        values = {name: to_jsonable_python(value) for name, value in wish.values.items()}
        faults = list(_faults(world, plugin, wish, values, places))
        findings += faults
        values = {name: value for name, value in values.items() if not any(fault.field == name for fault in faults)}
    for layer, place in places:
        if wish.active is not None and layer == "facility":
            yield (
                SettingKey("facility", place, wish.plugin, ""),
                Setting(wish.active, wish.valid_from, reason=wish.reason),
            )
        for name, value in values.items():
            one = SettingKey(layer, place, wish.plugin, name)  # type: ignore[arg-type]
            timeline = world.timelines.get(one, ())
            locked = value is not None and _is_locked(wish, name, timeline)
            setting = Setting(value, wish.valid_from, locked, reason=wish.reason)
            yield one, setting
            yield from ((one, later) for later in _lasting(wish, one, setting, timeline))


def _is_locked(wish: ChangeRequest, name: str, timeline: Sequence[Setting]) -> bool:
    known = on_day(timeline, wish.valid_from)
    return name in wish.locked or (known is not None and known.locked and name not in wish.unlocked)


def _lasting(wish: ChangeRequest, one: SettingKey, setting: Setting, timeline: Sequence[Setting]) -> Iterator[Setting]:
    """What takes the place of settings recorded for later days: a value of the facility would end its lock, and a lock that
    was set to last would come back."""
    for known in timeline:
        if known.valid_from <= wish.valid_from or one.layer != "facility":
            continue
        if one.name in wish.locked and setting.locked:
            yield replace(setting, valid_from=known.valid_from)
        elif one.name in wish.unlocked and known.locked:
            yield Setting(known.value, known.valid_from, reason=wish.reason)


def _places(world: CurrentConfiguration, wish: ChangeRequest, findings: list[PlanFinding]) -> Iterator[tuple[str, str]]:
    if bool(wish.facilities) == bool(wish.region):
        findings.append(PlanFinding(wish.region, _WHERE, is_blocking=True, plugin=wish.plugin))
        return
    if wish.region:
        findings += _against_region(world, wish)
        office = world.regions.get(wish.region)
        if office is not None and office.decides:
            yield "region", wish.region
    for code in dict.fromkeys(wish.facilities):
        unit = world.units.get(code)
        if unit is None:
            findings.append(PlanFinding(code, _OUT_OF_REACH.format(code=code), is_blocking=True, plugin=wish.plugin))
            continue
        if unit.managed_by != "web":
            findings.append(PlanFinding(code, by_files(unit.name), is_blocking=True, plugin=wish.plugin))
        yield "facility", code


def _against_region(world: CurrentConfiguration, wish: ChangeRequest) -> Iterator[PlanFinding]:
    office = world.regions.get(wish.region)
    if office is None or not office.decides:
        yield PlanFinding(wish.region, _OUT_OF_REACH.format(code=wish.region), is_blocking=True, plugin=wish.plugin)
    elif office.managed_by != "web":
        yield PlanFinding(wish.region, by_files(office.name), is_blocking=True, plugin=wish.plugin)
    if wish.active is not None:
        yield PlanFinding(wish.region, _ACTIVE_AT_FACILITIES, is_blocking=True, plugin=wish.plugin)


def _plugin(host: PluginRegistry, wish: ChangeRequest) -> Plugin | Refusal:
    try:
        return host.plugin(wish.plugin)
    except Refusal as refusal:
        return refusal


def _faults(
    world: CurrentConfiguration,
    plugin: Plugin,
    wish: ChangeRequest,
    values: Mapping[str, Any],
    places: Sequence[tuple[str, str]],
) -> Iterator[PlanFinding]:
    """What is wrong whatever holds elsewhere; the rest shows at the facilities."""
    layer, place = places[0] if places else ("region", wish.region)
    name_of = world.name_of(layer, place)
    secrets = secret_fields(plugin.config)
    wrong: dict[str, Text] = {}
    for name in values:
        if name not in plugin.config.model_fields:
            wrong[name] = unknown(name, plugin.config.model_fields)
        elif name in secrets:
            wrong[name] = _SECRET.format(field=name)
    for name in sorted(wish.locked):
        if values.get(name) is None:
            wrong.setdefault(name, _LOCK_WITHOUT_VALUE.format(field=name))
        elif layer == "facility" and not _may_lock(world, places):
            wrong.setdefault(name, _LOCK_IS_REGIONAL.format(field=name))
    given = {name: value for name, value in values.items() if value is not None and name not in wrong}
    for problem in problems(plugin.config, given):
        if problem.field in given and not problem.of_the_whole and not problem.only_missing:
            wrong[problem.field] = Text(id="{place}, {plugin}: {sentence}", en="{place}, {plugin}: {sentence}").format(
                place=name_of, plugin=plugin.title, sentence=problem.sentence
            )
    for name, sentence in wrong.items():
        yield PlanFinding(place, sentence, is_blocking=True, plugin=plugin.slug, field=name)
    if wish.active and plugin.availability == "regional" and not _may_lock(world, places):
        yield PlanFinding(place, _REGIONAL_ONLY.format(title=plugin.title), is_blocking=True, plugin=plugin.slug)


def _may_lock(world: CurrentConfiguration, places: Sequence[tuple[str, str]]) -> bool:
    """Whether the actor decides over the region of each of these facilities."""
    units = [world.units[code] for layer, code in places if layer == "facility"]
    return all(world.regions[unit.region].decides for unit in units)


def by_files(name: str) -> Text:
    return _BY_FILES.format(name=name)


_WHERE = Text(
    id="Sebutkan UPT yang dimaksud, atau satu wilayah.", en="Name the facilities that are meant, or one region."
)
_OUT_OF_REACH = Text(
    id="Tidak ada UPT atau wilayah “{code}” yang boleh Anda atur; periksa kodenya.",
    en="There is no facility or region “{code}” that you may configure; check its code.",
)
_ACTIVE_AT_FACILITIES = Text(
    id="Program dan sumber dana diaktifkan pada setiap UPT, bukan pada wilayah; pilih UPT-nya.",
    en="Programmes and funding sources are switched on at facilities, not at a region; choose the facilities.",
)
_BY_FILES = Text(
    id="{name} dikelola melalui berkas. Ubah berkasnya lalu jalankan guyub facilities apply, atau alihkan pengelolaannya ke web.",
    en="{name} is managed through files. Change its file and run guyub facilities apply, or hand it over to the web.",
)
_SECRET = Text(
    id="“{field}” adalah rahasia; isi pada halaman Plugin setiap UPT.",
    en="“{field}” is a secret; enter it on the Plugins page of each facility.",
)
_LOCK_WITHOUT_VALUE = Text(
    id="“{field}” hanya dapat dikunci bersama nilainya; isi nilainya atau lepaskan kuncinya.",
    en="“{field}” can only be locked together with a value; give it one or take the lock off.",
)
_LOCK_IS_REGIONAL = Text(
    id="“{field}” hanya dapat dikunci oleh pusat atau kantor wilayah; simpan tanpa kunci.",
    en="“{field}” can only be locked by the nation or a regional office; save it without a lock.",
)
_REGIONAL_ONLY = Text(
    id="{title} hanya dapat diaktifkan oleh kantor wilayah.", en="{title} is activated by a regional office only."
)

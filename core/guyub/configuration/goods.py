"""Offers the goods of a facility in forms of configuration and checks those in values: packages are made of a catalogue's goods.

The catalogue is kept by a room above this one, which registers what it answers (``guyub.operations.consequences``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guyub.configuration.effects import SettingEffect
from guyub.configuration.issues import Issue
from guyub.configuration.steps import Step
from guyub.configuration.store import LayerName
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.ui.forms import FieldEntry, PickList
from guyub.ui.model_fields import FormField, fields_of
from guyub.ui.validation_messages import label_of


@dataclass(frozen=True, slots=True)
class GoodsInValue:
    """Names goods in a value: their code and unit as written, and the paths of both ("package.0.code"); ``unit`` is None where
    the field asks for none. The catalogue is that of ``place``: a facility, a region, or the nation (""); of a
    place that is not there yet, that of its ``region``."""

    layer: LayerName
    place: str
    region: str
    plugin: str
    code: str
    unit: str | None
    path: tuple[str | int, ...]
    unit_path: tuple[str | int, ...]


GoodsRefusals = Callable[[Work, Sequence[GoodsInValue]], Iterable[tuple[GoodsInValue, tuple[str | int, ...], Refusal]]]
"""Answers which goods no catalogue has, or has in another unit: the goods, the path that is wrong, and what to do."""
_OFFERS: list[Callable[[Work], PickList]] = []
_CHECKS: list[GoodsRefusals] = []


def register(offer: Callable[[Work], PickList], check: GoodsRefusals) -> None:
    """Registers who answers what is in the catalogue of the facility in view, and what is in none."""
    if offer not in _OFFERS:
        _OFFERS.append(offer)
        _CHECKS.append(check)


def offering(work: Work, entry: FieldEntry[Any]) -> FieldEntry[Any]:
    """Returns the form with goods and units to pick from, where it asks for some."""
    kinds = {column.kind for field in entry.fields for column in (field, *field.columns)}
    for offer in _OFFERS if kinds & {"goods", "unit"} else ():
        entry = entry.offering(offer(work))
    return entry


def goods_issues(
    work: Work, plugins: PluginRegistry, steps: Sequence[Step], becomes: Sequence[SettingEffect]
) -> Iterator[Issue]:
    """Yields goods that the values of a plan name and no catalogue has, or in a unit that they are not counted in: by the
    catalogue of the place that the value is of, and of each facility where it comes into effect. No query where a plan names no
    goods."""
    written = [goods for step in steps for goods in _of_step(plugins, step)]
    named = {(goods.plugin, goods.path[0]) for goods in written}
    reached = [
        goods
        for effect in becomes
        if effect.is_change and (effect.plugin, effect.field) in named
        for goods in _of_effect(plugins, effect)
    ]
    every = list(dict.fromkeys([*written, *reached]))
    known: set[tuple[str, tuple[str | int, ...], str]] = set()
    for check in _CHECKS if every else ():
        for goods, path, refusal in check(work, every):
            key = (goods.plugin, path, refusal.what.id)
            if goods.layer == "facility" and (goods not in written) and key in known:
                continue  # said of the value of the office already
            known.add(key)
            plugin = plugins.plugin(goods.plugin)
            what = _WRONG.format(plugin=plugin.title, label=label_of(plugin.config, path), why=refusal.what)
            worded = type(refusal)(refusal.code, what, refusal.remedy)
            yield Issue.of(goods.place, worded, goods.plugin, str(path[0]))


def _of_effect(plugins: PluginRegistry, effect: SettingEffect) -> Iterator[GoodsInValue]:
    value = effect.after.value
    return _in_value(plugins, "facility", effect.facility, effect.region, effect.plugin, effect.field, value)


def _of_step(plugins: PluginRegistry, step: Step) -> Iterator[GoodsInValue]:
    target = step.target
    if target.field and step.after.value is not None and not step.is_secret:
        yield from _in_value(
            plugins, target.layer, target.place, step.region, target.plugin, target.field, step.after.value
        )


def _in_value(
    plugins: PluginRegistry, layer: LayerName, place: str, region: str, slug: str, name: str, value: Any
) -> Iterator[GoodsInValue]:
    plugin = plugins.ready().get(slug)
    field = _fields(plugin.config).get(name) if plugin is not None else None
    if field is None:
        return
    if field.kind == "goods" and isinstance(value, str):
        yield GoodsInValue(layer, place, region, slug, value, None, (name,), (name,))
    code = next((column.name for column in field.columns if column.kind == "goods"), None)
    unit = next((column.name for column in field.columns if column.kind == "unit"), None)
    if code is None or not isinstance(value, list | tuple):
        return
    for row, line in enumerate(value):
        if isinstance(line, Mapping) and isinstance(line.get(code), str):
            said = line.get(unit) if unit is not None else None
            yield GoodsInValue(
                layer,
                place,
                region,
                slug,
                line[code],
                said if isinstance(said, str) else None,
                (name, row, code),
                (name, row, unit or code),
            )


def _fields(model: type[Config]) -> dict[str, FormField]:
    return {field.name: field for field in fields_of(model)}


_WRONG = Text(id="{plugin}: {label}. {why}", en="{plugin}: {label}. {why}")

"""Layers, field by field: national -> region -> facility; a layer above may lock; every value keeps its origin."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guyub.configuration.secret_values import masked
from guyub.configuration.store import StoredValue
from guyub.configuration.version_migration import carried
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

DEFAULT = Text(id="Bawaan plugin", en="Plugin default")
_SINCE = Text(id="{place} · sejak {day}", en="{place} · since {day}")
_LOCKED = Text(id="{place} · dikunci oleh {actor}", en="{place} · locked by {actor}")
_LOCKED_SINCE = Text(
    id="{place} · dikunci sejak {day} oleh {actor}",
    en="{place} · locked since {day} by {actor}",
)
_LOCKED_BY_OFFICE = Text(
    id="{place} · dikunci oleh {office} sejak {day} ({actor})",
    en="{place} · locked by {office} since {day} ({actor})",
)


@dataclass(frozen=True, slots=True)
class ValueOrigin:
    """Holds where a value comes from: ``layer`` is "default", "national", "region" or "facility", ``place`` its name.

    ``since`` is the first day on which it holds, ``actor`` the login or label of who recorded it, when and why. Where
    ``locked``, that actor locked it for all below from that day on; at a facility, ``keeper`` did: its regional office.
    """

    layer: str
    since: date | None = None
    locked: bool = False
    actor: str = ""
    reason: str = ""
    place: Text = DEFAULT
    recorded_at: datetime | None = None
    keeper: Text | None = None

    @property
    def kept_by(self) -> Text:
        """Returns who may release the lock."""
        return self.keeper or self.place

    @property
    def sentence(self) -> Text:
        """Returns ``Rutan Contoh · sejak 1 Januari 2025``; who set a free value is in its history.

        Of a lock it says whose it is: ``Kanwil Contoh · dikunci sejak 1 Januari 2025 oleh budi``, and at a facility
        ``Rutan Contoh · dikunci oleh Kanwil Contoh sejak ...``.
        """
        if not self.locked:
            return self.place if self.since is None else _SINCE.format(place=self.place, day=self.since)
        if self.since is None:
            return _LOCKED.format(place=self.place, actor=self.actor)
        if self.layer == "facility" and self.keeper is not None:
            return _LOCKED_BY_OFFICE.format(place=self.place, office=self.keeper, day=self.since, actor=self.actor)
        return _LOCKED_SINCE.format(place=self.place, day=self.since, actor=self.actor)


ORIGIN_DEFAULT = ValueOrigin("default")


@dataclass(frozen=True, slots=True)
class MergedValues:
    """Values as they are stored (JSON, secrets sealed) and their origins, by field; what is not there is the default."""

    values: Mapping[str, Any]
    origins: Mapping[str, ValueOrigin]


@dataclass(frozen=True, slots=True)
class LayerValue:
    """Holds what one layer says of a field; None takes back what the layer said before."""

    value: Any
    origin: ValueOrigin
    order: tuple[date, int]


LayerValues = Mapping[str, LayerValue]
"""By field. Many facilities lie below one region: what it says need be found out once only."""


def merged(plugin: Plugin, layers: Sequence[Sequence[StoredValue]], on: date) -> MergedValues:
    """Returns what the ``layers`` say together, from the nation down, each with any rows of this plugin. The highest
    lock wins.

    Raises ``Refusal`` when a row is of another version of the configuration and cannot be carried to the present one.
    """
    return stacked([values_of_layer(plugin, rows, on) for rows in layers])


def stacked(layers: Sequence[LayerValues]) -> MergedValues:
    """Returns what several layers say, from the nation down, on top of one another."""
    values: dict[str, Any] = {}
    origins: dict[str, ValueOrigin] = {}
    for layer_values in layers:
        for field, pick in layer_values.items():
            if pick.value is None or (field in origins and origins[field].locked):
                continue
            values[field] = pick.value
            origins[field] = pick.origin
    return MergedValues(values, origins)


def values_of_layer(plugin: Plugin, rows: Sequence[StoredValue], on: date) -> LayerValues:
    """Returns what one layer says on a day, of any rows of this plugin at it. Raises as ``merged``."""
    by_version: defaultdict[int, list[StoredValue]] = defaultdict(list)
    for row in rows:
        if row.valid_from <= on:
            by_version[row.config_version].append(row)
    picks: dict[str, LayerValue] = {}
    for version, version_rows in by_version.items():
        layer_values = (
            _said(version_rows) if version == plugin.config_version else _said_earlier(plugin, version, version_rows)
        )
        for field, pick in layer_values.items():
            if field not in picks or picks[field].order < pick.order:
                picks[field] = pick
    return picks


def _said(rows: Sequence[StoredValue]) -> dict[str, LayerValue]:
    return {field: LayerValue(row.value, _origin(row), row.order) for field, row in _newest(rows).items()}


def _said_earlier(plugin: Plugin, version: int, rows: Sequence[StoredValue]) -> dict[str, LayerValue]:
    """Returns the same under the names of today; a field that was taken back takes back what would be made from it."""
    newest = _newest(rows)
    values = _newest([row for row in rows if row.value is not None])
    alive = {field: row.value for field, row in values.items() if newest[field] is row}
    picks = {
        field: _from([newest[name] for name in sources], value)
        for field, (value, sources) in (carried(plugin, version, alive).items() if alive else ())
    }
    if len(alive) < len(newest):
        behind = {field: row.value for field, row in values.items()}
        for field, (_, sources) in carried(plugin, version, behind).items():
            if field not in picks:
                gone = [newest[name] for name in sources if name not in alive]
                picks[field] = _from(gone or [newest[name] for name in sources], None)
    return picks


def _from(sources: Sequence[StoredValue], value: Any) -> LayerValue:
    latest = max(sources, key=lambda row: row.order)
    return LayerValue(value, _origin(latest, locked=any(row.locked for row in sources)), latest.order)


def _newest(rows: Sequence[StoredValue]) -> dict[str, StoredValue]:
    newest: dict[str, StoredValue] = {}
    for row in rows:
        if row.field not in newest or newest[row.field].order < row.order:
            newest[row.field] = row
    return newest


def _origin(row: StoredValue, *, locked: bool | None = None) -> ValueOrigin:
    return ValueOrigin(
        row.layer,
        row.valid_from,
        row.locked if locked is None else locked,
        row.actor,
        row.reason,
        row.place_name,
        row.recorded_at,
        row.keeper,
    )


@dataclass(frozen=True, slots=True)
class EffectiveValue:
    """A value in effect (JSON, a secret masked, the plugin's default where nothing is stored) and its origin."""

    value: Any
    origin: ValueOrigin


def shown(plugin: Plugin, state: MergedValues, name: str) -> EffectiveValue:
    origin = state.origins.get(name, ORIGIN_DEFAULT)
    value = state.values[name] if name in state.values else _default_of(plugin.config, name)
    return EffectiveValue(masked(plugin.config, name, value), origin)


def _default_of(model: type[Config], name: str) -> Any:
    """Returns the default as JSON; None where the field must be filled."""
    info = model.model_fields.get(name)
    if info is None or info.is_required():
        return None
    return model.__pydantic_serializer__.to_python(
        model.model_construct(**{name: info.get_default(call_default_factory=True, validated_data={})}),
        mode="json",
        include={name},
    )[name]

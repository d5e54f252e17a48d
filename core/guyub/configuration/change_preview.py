"""What a change of configuration would do at every facility below it, before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import SecretStr
from pydantic_core import to_jsonable_python

from guyub.configuration.activations import month_from
from guyub.configuration.config_steps import own_rows, steps_of
from guyub.configuration.merge import MergedValues, ValueOrigin, merged
from guyub.configuration.refusals import locked_field
from guyub.configuration.resolution import invalid_at
from guyub.configuration.secret_values import masked, opened
from guyub.configuration.store import LAYERS, NATIONAL, FacilityLayers, InheritableRows, LayerName, StoredValue, stay_on
from guyub.configuration.validation import ValueProblem, validated
from guyub.db.keys import Protector
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, period_name
from guyub.ui.model_fields import title_of

ConfigEffectKind = Literal["changes", "same", "keeps_its_own", "loses_its_own", "locked", "invalid"]
_LATEST = 2**63 - 1
_DEFAULT = ValueOrigin("default")


@dataclass(frozen=True, slots=True)
class ConfigChangeRequest:
    """Values of a plugin at one layer from a day on (None: inherit again), and which of them nobody below may change.

    Values are JSON or as the plugin's model has them; ``written`` ones are JSON that somebody wrote, where "5" is no number.
    Without ``region`` and ``facility`` (codes; at most one of them) the change is for the whole nation.
    """

    plugin: str
    values: Mapping[str, Any]
    valid_from: date
    reason: str
    region: str = ""
    facility: str = ""
    locked: frozenset[str] = field(default=frozenset())
    written: bool = False

    @property
    def layer(self) -> LayerName:
        return "facility" if self.facility else "region" if self.region else "national"

    def as_stored(self) -> "ConfigChangeRequest":
        """With its values as JSON; secrets stand open, to be sealed."""
        values = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else to_jsonable_python(value)
            for name, value in self.values.items()
        }
        return replace(self, values=values)


@dataclass(frozen=True, slots=True)
class EffectiveValue:
    """A value in effect (JSON, a secret masked, the plugin's default where nothing is stored) and its origin."""

    value: Any
    origin: ValueOrigin


@dataclass(frozen=True, slots=True)
class ConfigEffect:
    """What becomes of one field at one facility on a day; a ``blocking`` one stands against the change.

    ``active``: whether the plugin runs there on that day. ``field`` is "" where the whole configuration is meant.
    """

    facility: str
    name: str
    active: bool
    field: str
    before: EffectiveValue
    after: EffectiveValue
    kind: ConfigEffectKind
    consequence: Text
    blocking: bool
    on: date


def effects_at(
    places: Sequence[FacilityLayers],
    plugin: Plugin,
    change: ConfigChangeRequest,
    actor: str,
    protector: Protector | None,
) -> list[ConfigEffect]:
    """By facility and field, for facilities that were read before. No query.

    A change that is invalid stands against facilities where the plugin runs, and always against the one that it is for.
    Every later day on which a recorded value begins is looked at as well: what would be invalid only then is told now.
    Raises ``Refusal`` where rows of another version of the configuration cannot be carried to the present one.
    """
    return [
        effect
        for place in places
        for effect in _effects(plugin, place, change, _rows_of(change, plugin, place, actor), protector)
    ]


def _effects(
    plugin: Plugin,
    place: FacilityLayers,
    change: ConfigChangeRequest,
    added: Sequence[StoredValue],
    protector: Protector | None,
) -> Iterator[ConfigEffect]:
    changed = place.layers.with_added(change.layer, change.region, added)
    first = _first_day(place, change)
    before, after = merged(plugin, place.layers.on(first), first), merged(plugin, changed.on(first), first)
    for name in change.values:
        yield _of_field(plugin, place, change, name, before, after, first, added)
    blocks = place.active or change.layer == "facility"
    for day in (first, *sorted(changed.days_after(first))):
        new = list(_new_problems(plugin, place, changed, day, protector))
        for found, problem in new:
            was, becomes = (
                shown(plugin, state, problem.field) for state in (merged(plugin, place.layers.on(day), day), found)
            )
            refusal = invalid_at(place.name, plugin, found, problem)
            yield ConfigEffect(
                place.code,
                place.name,
                place.active,
                problem.field,
                was,
                becomes,
                "invalid",
                refusal.what,
                blocks,
                day,
            )
        if new:
            return


def _new_problems(
    plugin: Plugin, place: FacilityLayers, changed: InheritableRows, day: date, protector: Protector | None
) -> Iterator[tuple[MergedValues, ValueProblem]]:
    after = merged(plugin, changed.on(day), day)
    found = validated(plugin.config, opened(protector, plugin.config, after.values))[1]
    if found:
        before = merged(plugin, place.layers.on(day), day)
        known = {
            problem.sentence for problem in validated(plugin.config, opened(protector, plugin.config, before.values))[1]
        }
        yield from ((after, problem) for problem in found if problem.sentence not in known)


def _first_day(place: FacilityLayers, change: ConfigChangeRequest) -> date:
    """From when the change can count there: a region's only from the day on which the facility came under it."""
    stays = place.layers.stays
    if change.layer != "region":
        return change.valid_from
    under = (stay.since for stay in stays[stay_on(stays, change.valid_from) :] if stay.region == change.region)
    return max(change.valid_from, next(under, change.valid_from))


def _of_field(
    plugin: Plugin,
    place: FacilityLayers,
    change: ConfigChangeRequest,
    name: str,
    before: MergedValues,
    after: MergedValues,
    on: date,
    added: Sequence[StoredValue],
) -> ConfigEffect:
    was, becomes = shown(plugin, before, name), shown(plugin, after, name)
    held = was.origin
    depth = LAYERS.index(change.layer)
    kind: ConfigEffectKind
    if is_kept_from(place, change, name, held):
        kind = "locked"
        assert held.since is not None
        said = locked_field(
            field=name,
            title=title_of(plugin.config, name),
            place=_place(place, change),
            locked_at=held.kept_by,
            locked_by=held.actor,
            since=held.since,
        ).what
    elif becomes.origin.layer in LAYERS[depth + 1 :]:
        kind, said = "keeps_its_own", _KEEPS.format(origin=becomes.origin.sentence)
    elif held.layer in LAYERS[depth + 1 :] and becomes.origin.locked:
        kind, said = "loses_its_own", _LOSES.format(origin=held.sentence)
    elif becomes.value == was.value:
        kind, said = "same", _NOTHING if becomes.origin == held else _SAME
    else:
        kind, said = "changes", _changes(plugin, on)
    lock = _of_the_lock(added, name, held, becomes.origin) if kind != "locked" else None
    if lock is not None:
        said = lock if said is _SAME else Text(id=f"{said.id} {lock.id}", en=f"{said.en} {lock.en}")
    return ConfigEffect(place.code, place.name, place.active, name, was, becomes, kind, said, kind == "locked", on)


def _changes(plugin: Plugin, on: date) -> Text:
    """A month of a programme takes what holds on its first day, so that a later day counts from the next month."""
    said = _CHANGES.format(id_day=format_date(on), en_day=format_date(on, "en"))
    try:
        month = month_from(on)
    except ValueError:  # the calendar ends
        return said
    if not plugin.program_types:
        return said
    return Text(id="{said} {counts}", en="{said} {counts}").format(
        said=said, counts=_COUNTS.format(id_month=period_name(month), en_month=period_name(month, "en"))
    )


def is_kept_from(place: FacilityLayers, change: ConfigChangeRequest, name: str, held: ValueOrigin) -> bool:
    """Whether a lock stands against it: one above, or one that the regional office set at the facility itself."""
    if not held.locked:
        return False
    if held.layer == "facility":
        return change.layer == "facility" and not place.decides
    return LAYERS.index(held.layer) < LAYERS.index(change.layer) and change.values[name] is not None


def shown(plugin: Plugin, state: MergedValues, name: str) -> EffectiveValue:
    origin = state.origins.get(name, _DEFAULT)
    value = state.values[name] if name in state.values else _default_of(plugin.config, name)
    return EffectiveValue(masked(plugin.config, name, value), origin)


def _default_of(model: type[Config], name: str) -> Any:
    """As JSON; None where the field must be filled."""
    info = model.model_fields.get(name)
    if info is None or info.is_required():
        return None
    return model.__pydantic_serializer__.to_python(
        model.model_construct(**{name: info.get_default(call_default_factory=True, validated_data={})}),
        mode="json",
        include={name},
    )[name]


def _place(place: FacilityLayers, change: ConfigChangeRequest) -> Text:
    if change.layer == "facility":
        return Text(id=place.name, en=place.name)
    return NATIONAL if change.layer == "national" else place.region_name


def _rows_of(change: ConfigChangeRequest, plugin: Plugin, place: FacilityLayers, actor: str) -> list[StoredValue]:
    own = own_rows(place, change.layer, change.region)
    return [
        StoredValue(
            _LATEST,
            change.layer,
            change.plugin,
            step.field,
            step.value,
            step.config_version,
            step.locked,
            step.valid_from,
            datetime.max.replace(tzinfo=UTC),
            actor,
            change.reason,
            _place(place, change).id,
            place.region_name.id,
        )
        for step in steps_of(change.values, change.locked, change.valid_from, plugin.config_version, own)
    ]


def _of_the_lock(added: Sequence[StoredValue], name: str, before: ValueOrigin, after: ValueOrigin) -> Text | None:
    """What is said beside the value where a lock goes, on this day or on later ones."""
    if not before.locked or after.locked:
        return None
    later = sorted(row.valid_from for row in added if row.field == name)[1:]
    if not later:
        return _RELEASED
    return _RELEASED_LATER.format(
        id_days=", ".join(format_date(day) for day in later), en_days=", ".join(format_date(day, "en") for day in later)
    )


_CHANGES = Text(id="Berubah sejak {id_day}.", en="Changes from {en_day} on.")
_COUNTS = Text(id="Terhitung mulai bulan {id_month}.", en="It counts from the month of {en_month} on.")
_SAME = Text(
    id="Nilainya tetap sama, hanya asalnya yang berubah.", en="The value stays the same, only its origin changes."
)
_NOTHING = Text(id="Tidak ada yang berubah.", en="Nothing changes.")
_KEEPS = Text(id="Tetap memakai nilai di bawahnya: {origin}.", en="Keeps the value set below: {origin}.")
_LOSES = Text(
    id="Nilai di bawahnya tidak berlaku lagi karena dikunci: {origin}.",
    en="The value set below no longer holds, as it is locked: {origin}.",
)
_RELEASED = Text(id="Kuncinya dilepas.", en="Its lock is taken off.")
_RELEASED_LATER = Text(
    id="Kuncinya dilepas, juga pada nilai yang berlaku mulai {id_days}.",
    en="Its lock is taken off, also from the value that holds from {en_days}.",
)

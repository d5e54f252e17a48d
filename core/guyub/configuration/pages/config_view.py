"""The configuration of a plugin at a place as a page shows it: what is in effect, what is inherited, and what is locked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import SecretStr, TypeAdapter
from pydantic_core import to_jsonable_python

from guyub.configuration.merge import ORIGIN_DEFAULT, MergedValues, ValueOrigin, merged
from guyub.configuration.pages.value_text import value_lines
from guyub.configuration.resolution import invalid_at
from guyub.configuration.secret_values import masked, opened
from guyub.configuration.store import INHERITED, LAYERS, StoredValue, decides, stored_at
from guyub.configuration.validation import validated_for
from guyub.configuration.value_history import ValueHistoryEntry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.plugins.crash import Broke, unless
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import FormField, fields_of

_SEVERAL = Text(id="{count} baris", en="{count} lines", en_one="{count} line")
_LATER = Text(id="mulai {day}: {value} ({place})", en="from {day}: {value} ({place})")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. ``value`` and ``inherited`` are lines to read; ``own``: this place has set it itself, ``own_lock`` with a
    lock for all below, or at a facility for whoever configures only that; ``locked``: a lock keeps the reader from it."""

    field: FormField
    value: Sequence[Text]
    origin: ValueOrigin
    inherited: Sequence[Text]
    inherited_origin: ValueOrigin
    layer: str
    decides: bool
    later: Sequence[Text] = ()
    """What is recorded for days to come."""

    @property
    def own(self) -> bool:
        return self.origin.layer == self.layer

    @property
    def own_lock(self) -> bool:
        return self.own and self.origin.locked

    @property
    def locked(self) -> bool:
        return self.origin.locked and not (self.own and self.decides)


@dataclass(frozen=True, slots=True)
class ConfigView:
    """Holds a configuration as a page shows it: ``values`` are python values by field, with secrets open, as far as
    they fit; ``unfit`` what does not, as it is stored.

    ``refusal`` says why this configuration cannot be used as it stands.
    """

    fields: Sequence[FieldView]
    values: Mapping[str, Any]
    unfit: Mapping[str, Any]
    refusal: Refusal | None

    def of(self, name: str) -> FieldView | None:
        return next((field for field in self.fields if field.field.name == name), None)


def with_later(view: ConfigView, plugin: Plugin, entries: Iterable[ValueHistoryEntry], on: date) -> ConfigView:
    """Returns the same with what ``entries`` of the history say of days to come, the nearest first."""
    later: defaultdict[str, list[Text]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.valid_from):
        known = view.of(entry.field)
        if known is not None and entry.valid_from > on and not entry.overruled:
            lines = value_lines(known.field, entry.value) if entry.value is not None else (INHERITED,)
            first, *others = lines if len(lines) == 1 else (_SEVERAL.format(count=len(lines)), *lines)
            later[entry.field] += [_LATER.format(day=entry.valid_from, value=first, place=entry.place), *others]
    return replace(view, fields=[replace(field, later=later.get(field.field.name, ())) for field in view.fields])


def view(work: Work, plugin: Plugin, on: date, protector: Protector | None) -> ConfigView:
    """Returns the view at the facility of this work on a day; two queries. Raises ``Refusal`` as ``view_of``."""
    stored = stored_at(work, work.here.id, on)
    return view_of(
        plugin, stored.facility, stored.of(plugin.slug), on, protector, decides=decides(work, work.here.region)
    )


def view_of(
    plugin: Plugin,
    place: str,
    layers: Sequence[Sequence[StoredValue]],
    on: date,
    protector: Protector | None,
    *,
    decides: bool,
) -> ConfigView:
    """Returns the view made of rows that were read before: three layers for a facility, two for a region. No query.

    Raises ``Refusal`` where stored rows cannot be carried to the present version of the configuration.
    """
    now, above = merged(plugin, layers, on), merged(plugin, (*layers[:-1], ()), on)
    plain = opened(protector, plugin.config, now.values)
    own = LAYERS[len(layers) - 1]
    # A region may leave to its facilities what has no default.
    problems = [problem for problem in validated_for(plugin, plain)[1] if own == "facility" or not problem.only_missing]
    values, unfit = python_values(plugin, plain)
    return ConfigView(
        [_field_view(plugin, field, now, above, own, decides) for field in fields_of(plugin.config)],
        values,
        unfit,
        invalid_at(place, plugin, now, problems[0]) if problems else None,
    )


def _field_view(
    plugin: Plugin, field: FormField, now: MergedValues, above: MergedValues, layer: str, decides: bool
) -> FieldView:
    return FieldView(
        field,
        _shown(plugin, field, now),
        now.origins.get(field.name, ORIGIN_DEFAULT),
        _shown(plugin, field, above),
        above.origins.get(field.name, ORIGIN_DEFAULT),
        layer,
        decides,
    )


def _shown(plugin: Plugin, field: FormField, state: MergedValues) -> Sequence[Text]:
    value = state.values.get(field.name, to_jsonable_python(field.default))
    return value_lines(field, masked(plugin.config, field.name, value))


def python_values(plugin: Plugin, stored: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns stored values (secrets open) as the model has them, defaults where nothing is stored; and those that do
    not fit."""
    values = {field.name: field.default for field in fields_of(plugin.config) if not field.needed}
    unfit = {}
    for name, value in stored.items():
        info = plugin.config.model_fields.get(name)
        if info is None:
            continue
        kind: Any = info.annotation
        try:
            with unless():
                values[name] = TypeAdapter(kind).validate_python(value)
        except Broke:  # no value of this field, or a check of the plugin's own lines that breaks
            values.pop(name, None)
            unfit[name] = value
    return values, unfit


def plain(value: Any) -> str:
    """Returns the text of a secret."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

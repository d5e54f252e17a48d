"""The configuration of a plugin at a facility as a page shows it: what is in effect, what is inherited, and what is locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import SecretStr, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from guyub.db.keys import Protector
from guyub.db.work import Work
from guyub.host.config_checks import validated
from guyub.host.config_layers import Merged, Origin, merged
from guyub.host.config_rows import stored_at
from guyub.host.configuration import invalid_at
from guyub.host.pages.value_words import said
from guyub.host.secret_values import masked, opened
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import FormField, fields_of

_DEFAULT = Origin("default")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. ``value`` and ``inherited`` are lines to read; ``own``: the facility has set it itself; ``locked``: a layer
    above keeps the facility from setting it."""

    field: FormField
    value: Sequence[Text]
    origin: Origin
    inherited: Sequence[Text]
    inherited_origin: Origin

    @property
    def own(self) -> bool:
        return self.origin.layer == "facility"

    @property
    def locked(self) -> bool:
        return self.origin.locked


@dataclass(frozen=True, slots=True)
class ConfigView:
    """``values`` are python values by field, with secrets open, as far as they fit; ``unfit`` what does not, as it is stored.

    ``refusal`` says why this configuration cannot be used as it stands.
    """

    fields: Sequence[FieldView]
    values: Mapping[str, Any]
    unfit: Mapping[str, Any]
    refusal: Refusal | None

    def of(self, name: str) -> FieldView | None:
        return next((one for one in self.fields if one.field.name == name), None)


def view(work: Work, plugin: Plugin, on: date, protector: Protector | None) -> ConfigView:
    """At the facility of this work on a day; one query. Raises ``Refusal`` where stored rows cannot be carried to the
    present version of the configuration."""
    stored = stored_at(work, work.here.id, on)
    layers = stored.of(plugin.slug)
    now, above = merged(plugin, layers, on), merged(plugin, (*layers[:-1], ()), on)
    plain = opened(protector, plugin.config, now.values)
    problems = validated(plugin.config, plain)[1]
    values, unfit = _python(plugin, plain)
    return ConfigView(
        [_field_view(plugin, field, now, above) for field in fields_of(plugin.config)],
        values,
        unfit,
        invalid_at(stored.facility, plugin, now, problems[0]) if problems else None,
    )


def _field_view(plugin: Plugin, field: FormField, now: Merged, above: Merged) -> FieldView:
    return FieldView(
        field,
        _shown(plugin, field, now),
        now.origins.get(field.name, _DEFAULT),
        _shown(plugin, field, above),
        above.origins.get(field.name, _DEFAULT),
    )


def _shown(plugin: Plugin, field: FormField, state: Merged) -> Sequence[Text]:
    value = state.values.get(field.name, to_jsonable_python(field.default))
    return said(field, masked(plugin.config, field.name, value))


def _python(plugin: Plugin, stored: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    values = {field.name: field.default for field in fields_of(plugin.config) if not field.needed}
    unfit = {}
    for name, value in stored.items():
        info = plugin.config.model_fields.get(name)
        if info is None:
            continue
        kind: Any = info.annotation
        try:
            values[name] = TypeAdapter(kind).validate_python(value)
        except ValidationError:
            values.pop(name, None)
            unfit[name] = value
    return values, unfit


def plain(value: Any) -> str:
    """The text of a secret."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

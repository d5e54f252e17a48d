"""The value of a field in effect, as it may be shown: a secret masked, the plugin's default where nothing is stored."""

from dataclasses import dataclass
from typing import Any

from guyub.configuration.merge import MergedValues, ValueOrigin
from guyub.configuration.secret_values import masked
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin

_DEFAULT = ValueOrigin("default")


@dataclass(frozen=True, slots=True)
class EffectiveValue:
    """A value in effect (JSON, a secret masked, the plugin's default where nothing is stored) and its origin."""

    value: Any
    origin: ValueOrigin


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

"""Targets (what can be set) and settings (what it is set to): the words of every change, plan and history."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guyub.configuration.store import LayerName


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a plugin at one layer; ``place`` is the code of the region or facility, ``field`` "" the plugin itself."""

    layer: LayerName
    place: str
    plugin: str
    field: str

    @property
    def what(self) -> str:
        """Returns the dotted name under which changes know it."""
        return f"config.{self.plugin}.{self.field}" if self.field else f"plugin.{self.plugin}"

    @property
    def table(self) -> "Target":
        return Target(self.layer, self.place, self.plugin, "")


@dataclass(frozen=True, slots=True)
class Setting:
    """Holds a value from a day on: of a field as JSON (None: as inherited), of a plugin whether it runs.

    What is recorded knows who recorded it, when and why.
    """

    value: Any
    valid_from: date
    locked: bool = False
    actor: str = field(default="", compare=False)
    recorded_at: datetime | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)

    def is_like(self, other: "Setting") -> bool:
        """Returns whether both say the same, from whatever day. As JSON: to Python true is 1 and 5 is 5.0. Null within
        a value is what files cannot say, and the same as nothing."""
        if type(self.value) is type(other.value) and isinstance(self.value, bool | int | str | None):
            return self.locked == other.locked and bool(self.value == other.value)
        return self.locked == other.locked and _as_text(self.value) == _as_text(other.value)


def _as_text(value: Any) -> str:
    return json.dumps(without_null(value), sort_keys=True)


def without_null(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: without_null(item) for name, item in value.items() if item is not None}
    return [without_null(item) for item in value] if isinstance(value, list) else value

"""What a change of configuration records: its own day, and the later days on which a lock would end or come back.

The page of many facilities records the same: see ``guyub.provisioning.change_request`` and ``wishes``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.configuration.store import FacilityLayers, LayerName, StoredValue


@dataclass(frozen=True, slots=True)
class Step:
    """A field from a day on, at one place of a layer; ``before`` is the row that held there on that day until now."""

    field: str
    value: Any
    locked: bool
    valid_from: date
    config_version: int
    before: StoredValue | None

    @property
    def changes_the_lock_alone(self) -> bool:
        held = self.before.value if self.before is not None else None
        return _is_alike(self.value, held)


def steps_of(
    values: Mapping[str, Any], locked: frozenset[str], on: date, config_version: int, own: Sequence[StoredValue]
) -> list[Step]:
    """``own`` are the rows of the layer and place at which the values are set. What holds there already is not recorded again.

    A facility's later values would end a lock that begins now, and a lock that was set to last would come back after it was
    taken off: both are overruled on their own days.
    """
    steps = [
        step
        for name, value in sorted(values.items())
        for step in _steps(name, value, name in locked, on, config_version, [row for row in own if row.field == name])
    ]
    # What an earlier version of the plugin recorded may stand under another name, and is not compared.
    is_of_one_version = all(row.config_version == config_version for row in own)
    return [step for step in steps if not (is_of_one_version and _is_recorded(step))]


def _steps(name: str, value: Any, locked: bool, on: date, version: int, rows: Sequence[StoredValue]) -> list[Step]:
    timeline = {row.valid_from: row for row in sorted(rows, key=lambda row: row.order)}
    days = sorted(timeline)
    held = next((timeline[day] for day in reversed(days) if day <= on), None)
    steps = [Step(name, value, locked, on, version, held)]
    takes_a_lock_off = held is not None and held.locked and not locked
    for known in (timeline[day] for day in days if day > on and timeline[day].layer == "facility"):
        if locked:
            steps.append(Step(name, value, True, known.valid_from, version, known))
        elif takes_a_lock_off and known.locked:
            steps.append(Step(name, known.value, False, known.valid_from, known.config_version, known))
    return steps


def _is_recorded(step: Step) -> bool:
    before = step.before
    if before is None:
        return step.value is None and not step.locked
    return before.locked == step.locked and _is_alike(before.value, step.value)


def _is_alike(one: Any, other: Any) -> bool:
    """As JSON: to Python true is 1 and 5 is 5.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def own_rows(place: FacilityLayers, layer: LayerName, region: str) -> Sequence[StoredValue]:
    """The rows of one layer, of those that a facility may inherit or hold; ``region`` is the code of the region meant."""
    if layer == "facility":
        return place.layers.own
    if layer == "national":
        return place.layers.nation
    stays = zip(place.layers.stays, place.layers.regions, strict=True)
    return next((rows for stay, rows in stays if stay.region == region), ())

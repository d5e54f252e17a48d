"""The steps of a plan, what each would record, each with what held before; and how a change is read."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.configuration.secret_values import MASK
from guyub.configuration.settings import Setting, Target
from guyub.configuration.store import LayerName


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One thing that would become another.

    ``what`` is a dotted name ("facility.paper", "official.head", "plugin.bansos", "config.bansos.quota"); ``origin`` is
    the layer that says so; ``facility`` and ``region`` are codes, or ""; ``valid_from`` is None for what has no date.
    """

    origin: LayerName
    region: str
    facility: str
    what: str
    old: Any
    new: Any
    valid_from: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "origin": self.origin,
            "region": self.region,
            "facility": self.facility,
            "what": self.what,
            "old": _plain(self.old),
            "new": _plain(self.new),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
        }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return json.loads(json.dumps(value, default=str))


@dataclass(frozen=True, slots=True)
class Step:
    """A setting that would be recorded. ``region`` is the code of the region of its place.

    ``before`` is what is recorded for its day so far, which a revert records anew; ``replaces`` what it takes the place of once
    the steps before it are recorded. A secret is shown to nobody.
    """

    target: Target
    region: str
    before: Setting | None
    after: Setting
    replaces: Setting | None
    is_secret: bool = False

    @property
    def switches_off(self) -> bool:
        return not self.target.field and self.after.value is False

    @property
    def change(self) -> PlannedChange:
        """Returns the change as it is read; where the value stays, the change of its lock."""
        target, after, held = self.target, self.after, self.replaces
        facility = target.place if target.layer == "facility" else ""
        what, old, new = target.what, held.value if held is not None else None, after.value
        if held is not None and Setting(old, after.valid_from, after.locked).is_like(after):
            what, old, new = f"{what}.locked", held.locked, after.locked
        elif self.is_secret:
            old, new = _masked(old), _masked(new)
        return PlannedChange(target.layer, self.region, facility, what, old, new, after.valid_from)


def _masked(value: Any) -> str | None:
    return None if value is None else MASK

"""A plan: what would change, what that does, and what stands against it. Every door makes the same kind of plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Literal

from guyub.access.roles import RoleRecord
from guyub.configuration.consequences import Consequence
from guyub.facilities.records import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.provisioning.desired import DesiredLayer, LetterDefault, Setting, SettingKey
from guyub.provisioning.impact import SettingEffect
from guyub.provisioning.plan_findings import PlanFinding

PlanDoor = Literal["files", "web"]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One thing that would become another.

    ``what`` is a dotted name ("facility.paper", "official.head", "plugin.bansos", "config.bansos.quota"); ``origin`` is
    the layer that says so; ``facility`` and ``region`` are codes, or ""; ``valid_from`` is None for what has no date.
    """

    origin: DesiredLayer
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


@dataclass(slots=True)
class WriteSet:
    """The records and settings to write, whole; ``settings`` in the order of days within a field."""

    themes: list[ThemeRecord] = field(default_factory=list)
    roles: list[RoleRecord] = field(default_factory=list)
    duties: list[tuple[str, str]] = field(default_factory=list)
    regions: list[RegionRecord] = field(default_factory=list)
    letters: list[LetterDefault] = field(default_factory=list)
    facilities: list[FacilityRecord] = field(default_factory=list)
    officials: list[OfficialRecord] = field(default_factory=list)
    settings: list[tuple[SettingKey, Setting]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """``digest`` names exactly these changes to exactly this state of the world on this day, by this door.

    ``effects`` is what becomes of the configuration at each facility, ``reverts`` the applied plan that this one takes back.
    """

    digest: str
    door: PlanDoor
    today: date
    changes: tuple[PlannedChange, ...]
    findings: tuple[PlanFinding, ...]
    writes: WriteSet
    effects: tuple[SettingEffect, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    reverts: str = ""
    id: str = ""
    """Under which it is kept, once it was applied and changed something."""
    have: tuple[Setting | None, ...] = ()
    """For each of the settings to write, what is recorded for its day so far: what a revert records anew."""

    @property
    def is_blocked(self) -> bool:
        """Whether a finding stands against applying it."""
        return any(finding.is_blocking for finding in self.findings)


def digest_of(
    door: PlanDoor,
    today: date,
    epoch: int,
    changes: Sequence[PlannedChange],
    consequences: Sequence[Consequence],
    findings: Sequence[PlanFinding],
) -> str:
    """All that a reader of the plan was shown; what it touches and what is said against it in whatever order it was found."""
    touched = [consequence.as_json() for consequence in consequences] + [finding.as_json() for finding in findings]
    told = sorted(json.dumps(entry, sort_keys=True) for entry in touched)
    canonical = json.dumps(
        [door, today.isoformat(), epoch, [change.as_json() for change in changes], told], sort_keys=True
    )
    return sha256(canonical.encode()).hexdigest()


def change_of(region: str, one: SettingKey, have: Setting | None, want: Setting) -> PlannedChange:
    """``region`` is that of the place."""
    facility = one.place if one.layer == "facility" else ""
    old = have.value if have is not None else None
    if have is not None and Setting(old, want.valid_from, want.locked).is_like(want):
        return PlannedChange(
            one.layer, region, facility, f"{one.what}.locked", have.locked, want.locked, want.valid_from
        )
    return PlannedChange(one.layer, region, facility, one.what, old, want.value, want.valid_from)

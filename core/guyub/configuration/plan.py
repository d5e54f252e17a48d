"""A plan: what would change, what that does, and what blocks it. Every door makes the same kind of plan."""

import json
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal

from guyub.configuration.consequences import Consequence
from guyub.configuration.effects import SettingEffect
from guyub.configuration.issues import Issue
from guyub.configuration.steps import PlannedChange, Step
from guyub.facilities.record_set import RecordWrites

PlanDoor = Literal["files", "web"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Holds what would change, what that does, and what blocks it: ``digest`` names exactly these changes to exactly
    this state of the world on this day, by this door.

    ``records`` are the changes of places, officials and what else files declare, ``writes`` those records whole. ``effects``
    is what becomes of the configuration at each facility, ``reverts`` the applied plan that this one takes back.
    """

    digest: str
    door: PlanDoor
    today: date
    steps: tuple[Step, ...]
    issues: tuple[Issue, ...]
    effects: tuple[SettingEffect, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    records: tuple[PlannedChange, ...] = ()
    writes: RecordWrites = field(default_factory=RecordWrites)
    reverts: str = ""
    id: str = ""
    """Under which it is kept, once it was applied and changed something."""

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        """Returns all of them as they are read, in the order in which they are made."""
        return (*self.records, *(step.change for step in self.steps))

    @property
    def is_blocked(self) -> bool:
        """Returns whether an issue blocks it."""
        return any(issue.is_blocking for issue in self.issues)


def digest_of(plan: Plan) -> str:
    """Returns a digest of all that a reader of the plan was shown; what it touches and its issues count in any order.
    Two plans may have changed the same: taking back the one is not taking back the other.

    What changes elsewhere meanwhile is not part of it.
    """
    touched = [item.as_json() for item in plan.consequences] + [issue.as_json() for issue in plan.issues]
    touched_entries = sorted(json.dumps(entry, sort_keys=True) for entry in touched)
    changed = [change.as_json() for change in plan.changes]
    becomes = [effect.as_json() for effect in plan.effects]
    canonical = json.dumps(
        [plan.door, plan.today.isoformat(), changed, becomes, touched_entries, plan.reverts], sort_keys=True
    )
    return sha256(canonical.encode()).hexdigest()

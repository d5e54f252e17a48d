"""The plans that were applied: what each changed and what held before, by which door, by whom, when and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Insert, Integer, Select, and_, func, insert, literal, select
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.configuration.models import AppliedChange, AppliedPlanModel
from guyub.configuration.plan import Plan, PlanDoor
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.settings import Setting, Target
from guyub.configuration.steps import PlannedChange, Step
from guyub.configuration.timelines import replaced_value
from guyub.db.bulk import recordset
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class AppliedPlan:
    """A plan that was applied: ``who`` is a login or the label of the command line. ``records`` and ``steps`` are those
    within reach, of ``size`` in all.

    ``reverts`` and ``reverted_by`` are ids of other applied plans, or "".
    """

    id: str
    digest: str
    when: datetime
    who: str
    door: PlanDoor
    reason: str
    size: int
    records: tuple[PlannedChange, ...]
    steps: tuple[Step, ...]
    reverts: str
    reverted_by: str

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        """Returns the changes as they were planned; a lock that came or went together with a value stands beside it."""
        return (*self.records, *(change for step in self.steps for change in _with_its_lock(step)))


def _with_its_lock(step: Step) -> Iterator[PlannedChange]:
    change = step.change
    yield change
    was_locked = step.replaces is not None and step.replaces.locked
    if step.target.field and was_locked != step.after.locked and not change.what.endswith(".locked"):
        yield replace(change, what=f"{change.what}.locked", old=was_locked, new=step.after.locked)


def note(work: Work, planned: Plan, reason: str) -> str:
    """Writes down what was changed, so that it can be read and taken back; its id, "" where there is nothing but secrets,
    which stand in no history. Two statements; the database stamps who and when."""
    rows = [*(change.as_json() | _OF_A_RECORD for change in planned.records)]
    rows += [_row(step) for step in planned.steps if not step.is_secret]
    if not rows:
        return ""
    kept = insert(AppliedPlanModel).values(
        digest=planned.digest,
        managed_by=planned.door,
        reason=reason,
        changes=len(rows),
        reverts=UUID(planned.reverts) if planned.reverts else None,
    )
    plan_id = work.session.execute(kept.returning(col(AppliedPlanModel.id))).scalar_one()
    work.change(_changes_of(plan_id, rows))
    return str(plan_id)


_WHERE_TYPES = {"number": Integer, "origin": SqlText, "region": SqlText, "facility": SqlText}
_WHAT_TYPES = {
    "what": SqlText,
    "plugin": SqlText,
    "field": SqlText,
    "old": JSONB,
    "new": JSONB,
    "was_locked": Boolean,
    "locked": Boolean,
    "valid_from": Date,
}


def _changes_of(plan_id: UUID, rows: Sequence[dict[str, Any]]) -> Insert:
    """Returns the insert of what a plan changed, in its order; places are named by their codes."""
    change = recordset([row | {"number": number} for number, row in enumerate(rows)], _WHERE_TYPES | _WHAT_TYPES)
    of_region = and_(change.c.origin == "region", col(RegionModel.code) == change.c.region)
    of_facility = and_(change.c.origin == "facility", col(FacilityModel.code) == change.c.facility)
    where = (literal(plan_id), change.c.origin, col(RegionModel.id), col(FacilityModel.id))
    changes = (
        select(*where, *(change.c[name] for name in _WHAT_TYPES))
        .select_from(change)
        .outerjoin(RegionModel, of_region)
        .outerjoin(FacilityModel, of_facility)
        .order_by(change.c.number)
    )
    names = ["plan_id", "layer", "region_id", "facility_id", *_WHAT_TYPES]
    return insert(AppliedChange).from_select(names, changes, include_defaults=False)


_OF_A_RECORD = {"plugin": "", "field": "", "was_locked": False, "locked": False}


def _row(step: Step) -> dict[str, Any]:
    target, before = step.target, step.before
    return step.change.as_json() | {
        "plugin": target.plugin,
        "field": target.field,
        "old": before.value if before is not None else None,
        "new": step.after.value,
        "was_locked": before.locked if before is not None else False,
        "locked": step.after.locked,
    }


def _plans() -> Select[*tuple[Any, ...]]:
    plan, other = AppliedPlanModel, aliased(AppliedPlanModel)
    reverted_by = select(col(other.id)).where(col(other.reverts) == col(plan.id)).scalar_subquery()
    return select(
        col(plan.id),
        col(plan.digest),
        col(plan.applied_at),
        col(plan.actor),
        col(plan.managed_by),
        col(plan.reason),
        col(plan.changes),
        col(plan.reverts),
        reverted_by.label("reverted_by"),
    )


def _read(work: Work, plans: Sequence[Any]) -> list[AppliedPlan]:
    """Returns the plans with what each of them changed; one query."""
    change, office = AppliedChange, aliased(RegionModel)
    statement = (
        select(
            col(change.plan_id),
            col(change.layer),
            func.coalesce(col(RegionModel.code), col(office.code), "").label("region"),
            func.coalesce(col(FacilityModel.code), "").label("facility"),
            col(change.what),
            col(change.old),
            col(change.new),
            col(change.valid_from),
            col(change.plugin),
            col(change.field),
            col(change.was_locked),
            col(change.locked),
        )
        .select_from(change)
        .outerjoin(RegionModel, col(RegionModel.id) == col(change.region_id))
        .outerjoin(FacilityModel, col(FacilityModel.id) == col(change.facility_id))
        .outerjoin(office, col(office.id) == col(FacilityModel.region_id))
        .where(among(col(change.plan_id), [plan.id for plan in plans]))
        .order_by(col(change.seq))
    )
    rows: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in work.all(statement):
        rows[row.plan_id].append(row)
    return [_applied(plan, rows[plan.id]) for plan in plans]


def applied(work: Work, region: str = "", limit: int = 50) -> list[AppliedPlan]:
    """Returns plans, the latest first: those that changed something of a region (its code) or of its facilities, or
    any; two queries."""
    plans = _plans()
    if region:
        change = AppliedChange
        of_region = func.coalesce(col(change.region_id), col(FacilityModel.region_id)) == col(RegionModel.id)
        there = (
            select(col(change.id))
            .outerjoin(FacilityModel, col(FacilityModel.id) == col(change.facility_id))
            .join(RegionModel, of_region)
            .where(col(change.plan_id) == col(AppliedPlanModel.id), col(RegionModel.code) == region)
        )
        plans = plans.where(there.exists())
    return _read(work, work.all(plans.order_by(col(AppliedPlanModel.seq).desc()).limit(limit)))


def applied_as(work: Work, digest: str) -> AppliedPlan | None:
    """Returns what was applied under this digest, within reach; None where nothing was."""
    plan = AppliedPlanModel
    plans = work.all(_plans().where(col(plan.digest) == digest).order_by(col(plan.seq).desc()).limit(1))
    return _read(work, plans)[0] if plans else None


def applied_plan(work: Work, applied_id: str) -> AppliedPlan:
    """Returns one plan. Raises ``NotFound`` where there is none, or none within reach."""
    try:
        plans = work.all(_plans().where(col(AppliedPlanModel.id) == UUID(applied_id)))
    except ValueError:
        plans = []
    if not plans:
        raise ConfigurationRefusal.UNKNOWN_PLAN.not_found(id=applied_id)
    return _read(work, plans)[0]


def _applied(row: Any, changes: Sequence[Any]) -> AppliedPlan:
    return AppliedPlan(
        id=str(row.id),
        digest=row.digest,
        when=row.applied_at,
        who=row.actor,
        door=row.managed_by,
        reason=row.reason,
        size=row.changes,
        records=tuple(_record(change) for change in changes if not change.plugin),
        steps=tuple(_steps(change for change in changes if change.plugin)),
        reverts=str(row.reverts or ""),
        reverted_by=str(row.reverted_by or ""),
    )


def _record(row: Any) -> PlannedChange:
    return PlannedChange(row.layer, row.region, row.facility, row.what, row.old, row.new, row.valid_from)


def _steps(rows: Iterable[Any]) -> Iterator[Step]:
    """Yields the steps; of one field on several days each takes the place of the one before."""
    earlier: dict[Target, tuple[Setting | None, Setting]] = {}
    for row in rows:
        place = row.facility or (row.region if row.layer == "region" else "")
        target = Target(row.layer, place, row.plugin, row.field)
        is_new = row.old is None and not row.was_locked
        before = None if is_new else Setting(row.old, row.valid_from, row.was_locked)
        after = Setting(row.new, row.valid_from, row.locked)
        held = replaced_value(earlier.get(target), before, after)
        earlier[target] = before, after
        yield Step(target, row.region, before, after, held)

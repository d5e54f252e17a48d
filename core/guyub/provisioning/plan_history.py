"""The plans that were applied: what each changed and what held before, by which door, by whom, when and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from guyub.configuration import applied_plans
from guyub.db.unit_of_work import Work
from guyub.provisioning.desired import DesiredLayer, Setting, SettingKey
from guyub.provisioning.plan_model import Plan, PlanDoor, PlannedChange
from guyub.provisioning.timelines import replaced_value
from guyub.sdk.errors import NotFound
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class AppliedPlan:
    """``who`` is a login or the label of the command line. ``changes`` are those within reach, of ``size`` in all; a lock
    that came or went together with a value stands beside it.

    ``reverts`` and ``reverted_by`` are ids of other applied plans, or "".
    """

    id: str
    digest: str
    when: datetime
    who: str
    door: PlanDoor
    reason: str
    size: int
    changes: tuple[PlannedChange, ...]
    reverts: str
    reverted_by: str


@dataclass(frozen=True, slots=True)
class RevertStep:
    """One change of an applied plan, with what held before: of a plugin (``field``), or of a record (None)."""

    field: SettingKey | None
    change: PlannedChange
    before: Setting | None
    after: Setting | None


def note(work: Work, planned: Plan, reason: str) -> str:
    """Its id."""
    return applied_plans.note(work, planned.digest, planned.door, reason, _rows(planned), planned.reverts)


def _rows(planned: Plan) -> list[dict[str, Any]]:
    """The settings are the last of the changes, in the same order."""
    records = len(planned.changes) - len(planned.writes.settings)
    rows = [
        change.as_json() | {"plugin": "", "field": "", "was_locked": False, "locked": False}
        for change in planned.changes[:records]
    ]
    settings = zip(planned.changes[records:], planned.writes.settings, planned.have, strict=True)
    for change, (one, setting), have in settings:
        rows.append(
            change.as_json()
            | {"plugin": one.plugin, "field": one.name, "locked": setting.locked, "new": setting.value}
            | {"old": have.value if have else None, "was_locked": have.locked if have else False}
        )
    return rows


_PLANS = """
    SELECT p.id::text, p.digest, p.applied_at, p.actor, p.managed_by AS door,
           p.reason, p.changes, COALESCE(p.reverts::text, '') AS reverts,
           COALESCE((SELECT r.id::text FROM guyub.applied_plan r WHERE r.reverts = p.id), '') AS reverted_by
    FROM guyub.applied_plan p"""
_CHANGES = """
    SELECT c.plan_id::text AS plan, c.layer, COALESCE(g.code, o.code, '') AS region, COALESCE(f.code, '') AS facility, c.what,
           c.old, c.new, c.valid_from, c.plugin, c.field, c.was_locked, c.locked
    FROM guyub.applied_change c LEFT JOIN guyub.region g ON g.id = c.region_id
    LEFT JOIN guyub.facility f ON f.id = c.facility_id LEFT JOIN guyub.region o ON o.id = f.region_id"""


def applied(work: Work, region: str = "", limit: int = 50) -> list[AppliedPlan]:
    """The latest first: those that changed something of a region (its code) or of its facilities, or any; two queries."""
    plans = work.run(
        f"""{_PLANS} WHERE :region = '' OR EXISTS (
                SELECT FROM guyub.applied_change c LEFT JOIN guyub.facility f ON f.id = c.facility_id
                JOIN guyub.region g ON g.id = COALESCE(c.region_id, f.region_id)
                WHERE c.plan_id = p.id AND g.code = :region)
            ORDER BY p.seq DESC LIMIT :limit""",
        region=region,
        limit=limit,
    ).all()
    rows: dict[str, list[Any]] = {}
    ids = [row.id for row in plans]
    for row in work.run(f"{_CHANGES} WHERE c.plan_id = ANY (CAST(:ids AS uuid[])) ORDER BY c.seq", ids=ids):
        rows.setdefault(row.plan, []).append(row)
    return [
        AppliedPlan(
            row.id,
            row.digest,
            row.applied_at,
            row.actor,
            row.door,
            row.reason,
            row.changes,
            tuple(_changes(rows.get(row.id, ()))),
            row.reverts,
            row.reverted_by,
        )
        for row in plans
    ]


def applied_as(work: Work, digest: str) -> AppliedPlan | None:
    """What was applied under this digest, within reach; None where nothing was."""
    known = (
        work.run(
            "SELECT p.id::text FROM guyub.applied_plan p WHERE p.digest = :digest ORDER BY p.seq DESC", digest=digest
        )
        .scalars()
        .first()
    )
    return undoings(work, known)[0] if known is not None else None


def undoings(work: Work, applied_id: str) -> tuple[AppliedPlan, list[RevertStep]]:
    """An applied plan with what to put back. Raises ``NotFound`` where there is none, or none within reach."""
    try:
        known = str(UUID(applied_id))
    except ValueError:
        raise _unknown(applied_id) from None
    row = work.run(f"{_PLANS} WHERE p.id = CAST(:id AS uuid)", id=known).one_or_none()
    if row is None:
        raise _unknown(applied_id)
    found: Sequence[Any] = work.run(f"{_CHANGES} WHERE c.plan_id = CAST(:id AS uuid) ORDER BY c.seq", id=known).all()
    plan = AppliedPlan(
        row.id,
        row.digest,
        row.applied_at,
        row.actor,
        row.door,
        row.reason,
        row.changes,
        tuple(_changes(found)),
        row.reverts,
        row.reverted_by,
    )
    return plan, [_undoing(item) for item in found]


def _change(row: Any) -> PlannedChange:
    layer: DesiredLayer = row.layer
    if row.what.endswith(".locked") and row.plugin:
        return PlannedChange(layer, row.region, row.facility, row.what, row.was_locked, row.locked, row.valid_from)
    return PlannedChange(layer, row.region, row.facility, row.what, row.old, row.new, row.valid_from)


def _changes(rows: Iterable[Any]) -> Iterator[PlannedChange]:
    """As they were planned: of one field on several days each after the one before; and beside a value its lock, where that
    came or went with it."""
    earlier: dict[SettingKey, tuple[Setting, Setting]] = {}
    for row in rows:
        one = _undoing(row)
        change, was_locked = one.change, row.was_locked
        if one.field is not None:
            assert one.before is not None
            assert one.after is not None
            held = replaced_value(earlier.get(one.field), one.before, one.after)
            if held is not None and held is not one.before:
                was_locked = held.locked
                change = replace(change, old=held.locked if change.what.endswith(".locked") else held.value)
            earlier[one.field] = one.before, one.after
        yield change
        if row.field and was_locked != row.locked and not change.what.endswith(".locked"):
            yield replace(change, what=f"{row.what}.locked", old=was_locked, new=row.locked)


def _undoing(row: Any) -> RevertStep:
    if not row.plugin:
        return RevertStep(None, _change(row), None, None)
    place = row.facility or (row.region if row.layer == "region" else "")
    unset = None if row.field else False
    before = Setting(unset if row.old is None else row.old, row.valid_from, row.was_locked)
    return RevertStep(
        SettingKey(row.layer, place, row.plugin, row.field),
        _change(row),
        before,
        Setting(row.new, row.valid_from, row.locked),
    )


def _unknown(applied_id: str) -> NotFound:
    return NotFound(
        "provisioning.unknown_plan",
        Text(
            id="Tidak ada rencana “{id}” yang pernah diterapkan dalam jangkauan Anda.",
            en="No plan “{id}” was ever applied within your reach.",
        ).format(id=applied_id),
        Text(
            id="Pilih dari daftar perubahan yang pernah diterapkan.",
            en="Choose from the list of changes that were applied.",
        ),
    )

"""The plans that were applied: what each changed and what held before, by which door, by whom, when and why."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from guyub.configuration.plan import Plan, PlanDoor
from guyub.configuration.settings import Setting, Target
from guyub.configuration.steps import PlannedChange, Step
from guyub.configuration.timelines import replaced_value
from guyub.db.unit_of_work import Work
from guyub.sdk.errors import NotFound
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class AppliedPlan:
    """``who`` is a login or the label of the command line. ``records`` and ``steps`` are those within reach, of ``size`` in all.

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
        """As they were planned; a lock that came or went together with a value stands beside it."""
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
    plan_id: UUID = work.run(
        """INSERT INTO guyub.applied_plan (digest, managed_by, reason, changes, reverts)
           VALUES (:digest, :door, :reason, :changes, CAST(NULLIF(:reverts, '') AS uuid)) RETURNING id""",
        digest=planned.digest,
        door=planned.door,
        reason=reason,
        changes=len(rows),
        reverts=planned.reverts,
    ).scalar_one()
    work.run(
        """INSERT INTO guyub.applied_change
               (plan_id, layer, region_id, facility_id, what, plugin, field, old, new, was_locked, locked, valid_from)
           SELECT :plan, r.origin, g.id, f.id, r.what, r.plugin, r.field, NULLIF(r.old, 'null'), NULLIF(r.new, 'null'),
                  r.was_locked, r.locked, r.valid_from
           FROM ROWS FROM (jsonb_to_recordset(CAST(:rows AS jsonb))
                AS (origin text, region text, facility text, what text, plugin text, field text, old jsonb, new jsonb,
                    was_locked boolean, locked boolean, valid_from date)) WITH ORDINALITY
                AS r (origin, region, facility, what, plugin, field, old, new, was_locked, locked, valid_from, number)
           LEFT JOIN guyub.region g ON r.origin = 'region' AND g.code = r.region
           LEFT JOIN guyub.facility f ON r.origin = 'facility' AND f.code = r.facility
           ORDER BY r.number""",
        plan=plan_id,
        rows=json.dumps(rows, default=str),
    )
    return str(plan_id)


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
    return [_applied(row, rows.get(row.id, ())) for row in plans]


def applied_as(work: Work, digest: str) -> AppliedPlan | None:
    """What was applied under this digest, within reach; None where nothing was."""
    known = (
        work.run(
            "SELECT p.id::text FROM guyub.applied_plan p WHERE p.digest = :digest ORDER BY p.seq DESC", digest=digest
        )
        .scalars()
        .first()
    )
    return applied_plan(work, known) if known is not None else None


def applied_plan(work: Work, applied_id: str) -> AppliedPlan:
    """Raises ``NotFound`` where there is none, or none within reach."""
    try:
        known = str(UUID(applied_id))
    except ValueError:
        raise _unknown(applied_id) from None
    row = work.run(f"{_PLANS} WHERE p.id = CAST(:id AS uuid)", id=known).one_or_none()
    if row is None:
        raise _unknown(applied_id)
    return _applied(row, work.run(f"{_CHANGES} WHERE c.plan_id = CAST(:id AS uuid) ORDER BY c.seq", id=known).all())


def _applied(row: Any, changes: Sequence[Any]) -> AppliedPlan:
    return AppliedPlan(
        id=row.id,
        digest=row.digest,
        when=row.applied_at,
        who=row.actor,
        door=row.door,
        reason=row.reason,
        size=row.changes,
        records=tuple(_record(change) for change in changes if not change.plugin),
        steps=tuple(_steps(change for change in changes if change.plugin)),
        reverts=row.reverts,
        reverted_by=row.reverted_by,
    )


def _record(row: Any) -> PlannedChange:
    return PlannedChange(row.layer, row.region, row.facility, row.what, row.old, row.new, row.valid_from)


def _steps(rows: Iterable[Any]) -> Iterator[Step]:
    """Of one field on several days each takes the place of the one before."""
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


def _unknown(applied_id: str) -> NotFound:
    return NotFound(
        "configuration.unknown_plan",
        Text(
            id="Tidak ada rencana “{id}” yang pernah diterapkan dalam jangkauan Anda.",
            en="No plan “{id}” was ever applied within your reach.",
        ).format(id=applied_id),
        Text(
            id="Pilih dari daftar perubahan yang pernah diterapkan.",
            en="Choose from the list of changes that were applied.",
        ),
    )

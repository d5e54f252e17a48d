"""Holds what was changed by another door since the files were last applied: what, by whom and when.

The plan would change it back.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from guyub.access.models import AuditEntryModel
from guyub.configuration.issues import Issue
from guyub.configuration.models import AppliedChange, AppliedPlanModel
from guyub.configuration.settings import Setting, Target
from guyub.configuration.steps import PlannedChange, Step
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.provisioning.plan_findings import Called
from guyub.sdk.text import Text
from guyub.sdk.words import format_moment

_ZONE = "Asia/Jakarta"
_CHANGE, _PLAN, _ENTRY = AppliedChange, AppliedPlanModel, AuditEntryModel


def drift(
    work: Work,
    records: Sequence[PlannedChange],
    steps: Sequence[Step],
    called: Called,
    undeclared: Sequence[tuple[Target, Setting]] = (),
) -> Iterator[Issue]:
    """Yields an issue for each thing that the plan would change back. ``undeclared`` is recorded and in no file.

    Three queries at most, none where nothing would change and nothing is undeclared.
    """
    replaced = [(step.target, step.before) for step in steps if step.before is not None]
    recorded = [(target, setting) for target, setting in (*replaced, *undeclared) if setting.recorded_at is not None]
    if recorded:
        by_files = _last_set_by_files(work, [target for target, _ in recorded])
        reported: set[Target] = set()
        for target, setting in recorded:
            assert setting.recorded_at is not None
            last = by_files.get((target.layer, target.place, target.plugin, target.field))
            if target not in reported and (last is None or setting.recorded_at > last):
                reported.add(target)
                what = called(target.what)
                yield _issue(target.place, what, setting.actor, setting.recorded_at, target.plugin, target.field)
    dateless = [change for change in records if change.valid_from is None and change.facility and "." in change.what]
    if dateless:
        yield from _of_records(work, dateless, called)


def _last_set_by_files(work: Work, targets: Sequence[Target]) -> dict[tuple[str, ...], datetime]:
    """Returns when the files last changed each target, by its layer, place, plugin and field."""
    place = func.coalesce(col(RegionModel.code), col(FacilityModel.code), "")
    key = (col(_CHANGE.layer), place, col(_CHANGE.plugin), col(_CHANGE.field))
    statement = (
        select(*key, func.max(col(_PLAN.applied_at)))
        .select_from(_CHANGE)
        .join(_PLAN, col(_PLAN.id) == col(_CHANGE.plan_id))
        .outerjoin(RegionModel, col(RegionModel.id) == col(_CHANGE.region_id))
        .outerjoin(FacilityModel, col(FacilityModel.id) == col(_CHANGE.facility_id))
        .where(
            col(_PLAN.managed_by) == "files",
            among(col(_CHANGE.plugin), sorted({target.plugin for target in targets})),
            among(col(_CHANGE.field), sorted({target.field for target in targets})),
        )
        .group_by(*key)
    )
    return {
        (layer, place_code, plugin, field): applied_at
        for layer, place_code, plugin, field, applied_at in work.all(statement)
    }


def _of_records(work: Work, records: Sequence[PlannedChange], called: Called) -> Iterator[Issue]:
    """Yields the drift of facilities themselves. A record keeps no author of its own: another door was here where it is no
    longer what the files last wrote, and the facility's audit log has who that was."""
    codes = sorted({change.facility for change in records})
    by_files = _last_written_by_files(work, codes)
    authors = _last_authors(work, codes)
    for change in records:
        key, author = (change.facility, change.what), authors.get(change.facility)
        if author is not None and key in by_files and by_files[key] != change.as_json()["old"]:
            yield _issue(change.facility, called(change.what), *author)


def _last_written_by_files(work: Work, codes: Sequence[str]) -> dict[tuple[str, str], Any]:
    """Returns what the files last wrote about each facility, by its code and the dotted name."""
    statement = (
        select(col(FacilityModel.code), col(_CHANGE.what), col(_CHANGE.new))
        .join(_PLAN, col(_PLAN.id) == col(_CHANGE.plan_id))
        .join(FacilityModel, col(FacilityModel.id) == col(_CHANGE.facility_id))
        .where(
            col(_PLAN.managed_by) == "files",
            col(_CHANGE.plugin) == "",
            col(_CHANGE.valid_from).is_(None),
            among(col(FacilityModel.code), codes),
        )
        .order_by(col(_PLAN.seq))
    )
    written: dict[tuple[str, str], Any] = {}
    for code, what, new in work.all(statement):
        whole = new if what == "facility" else {what.partition(".")[2]: new}
        written |= {(code, f"facility.{name}"): value for name, value in (whole or {}).items()}
    return written


def _last_authors(work: Work, codes: Sequence[str]) -> dict[str, tuple[str, datetime]]:
    """Returns who last changed each facility by another door, and when."""
    statement = (
        select(col(FacilityModel.code), col(_ENTRY.actor_label), col(_ENTRY.at))
        .ext(distinct_on(col(FacilityModel.code)))
        .join(_ENTRY, col(_ENTRY.facility_id) == col(FacilityModel.id))
        .where(
            among(col(FacilityModel.code), codes),
            col(_ENTRY.action).startswith("facilities."),
            col(_ENTRY.action) != "facilities.apply",
        )
        .order_by(col(FacilityModel.code), col(_ENTRY.seq).desc())
    )
    return {code: (label, at) for code, label, at in work.all(statement)}


def _issue(place: str, what: Text, actor: str, at: datetime, plugin: str = "", field: str = "") -> Issue:
    sentence = _DRIFTED.format(
        what=what, actor=actor, at_id=format_moment(at, _ZONE), at_en=format_moment(at, _ZONE, "en")
    )
    return Issue(place, sentence, plugin=plugin, field=field)


_DRIFTED = Text(
    id="{what} diubah di luar berkas oleh {actor} pada {at_id}; berkas mengatakan lain. Perbarui berkasnya"
    " (guyub facilities export) bila perubahan itu tetap berlaku.",
    en="{what} was changed outside the files by {actor} on {at_en}; the files say otherwise. Bring them up to date"
    " (guyub facilities export) if that change stands.",
)

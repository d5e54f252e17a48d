"""Writing regions, facilities, officials and programmes: whole sets, one statement each; whoever calls audits it."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Label, Text, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from guyub.db.base import TableModel
from guyub.db.bulk import recordset, save_rows, table_of
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.unit_of_work import Work
from guyub.facilities.models import LetterDefaultModel, Official, Theme
from guyub.facilities.records import FacilityRecord, LetterDefault, OfficialRecord, RegionRecord, ThemeRecord

Record = RegionRecord | FacilityRecord | OfficialRecord | ThemeRecord | LetterDefault


def save_regions(work: Work, regions: Sequence[RegionRecord]) -> None:
    """Inserts the new ones and brings the others up to date."""
    work.require("facilities.configure")
    if regions:
        rows = _given(RegionModel, regions)
        save_rows(work, RegionModel, select(*rows.c), ["code"])


def save_facilities(work: Work, facilities: Sequence[FacilityRecord]) -> None:
    """Inserts the new ones, which are then managed by files, and brings the others up to date. Their regions exist.

    The database keeps the history of names. Raises ``Refusal`` for a day that has not come, and for closing a facility
    with a cycle under way or with money or goods left.
    """
    work.require("facilities.configure")
    if not facilities:
        return
    rows = _given(FacilityModel, facilities, region=Text, merged_into=Text)
    own = [column for column in rows.c if column.name not in ("region", "closed_on", "merged_into")]
    region_id: Label[UUID] = col(RegionModel.id).label("region_id")
    named = select(region_id, *own).join(rows, rows.c.region == col(RegionModel.code))
    save_rows(work, FacilityModel, named, ["code"])
    # Of the same folder: what a facility is merged into may be as new as its own closing.
    successor = aliased(FacilityModel)
    closing = (
        select(rows.c.code, rows.c.closed_on, col(successor.id).label("merged_into"))
        .select_from(rows)
        .outerjoin(successor, col(successor.code) == rows.c.merged_into)
        .subquery("closing")
    )
    differs = or_(
        col(FacilityModel.closed_on).is_distinct_from(closing.c.closed_on),
        col(FacilityModel.merged_into).is_distinct_from(closing.c.merged_into),
    )
    work.change(
        update(FacilityModel)
        .where(col(FacilityModel.code) == closing.c.code, differs)
        .values(closed_on=closing.c.closed_on, merged_into=closing.c.merged_into)
    )


def save_officials(work: Work, officials: Sequence[OfficialRecord]) -> None:
    """Inserts the new ones and brings the others up to date; none is ever removed: a post ends by its last day."""
    work.require("facilities.configure")
    if officials:
        rows = _given(Official, officials, facility=Text)
        own = [column for column in rows.c if column.name != "facility"]
        facility_id: Label[UUID] = col(FacilityModel.id).label("facility_id")
        named = select(facility_id, *own).join(rows, rows.c.facility == col(FacilityModel.code))
        save_rows(work, Official, named, ["facility_id", "role_code", "valid_from"])


def save_themes(work: Work, themes: Sequence[ThemeRecord]) -> None:
    """Inserts the new ones and brings the others up to date."""
    work.require("facilities.configure")
    if themes:
        save_rows(work, Theme, select(*_given(Theme, themes).c), ["code"])


def save_letters(work: Work, letters: Sequence[LetterDefault]) -> None:
    """Inserts the new ones and brings the others up to date."""
    work.require("facilities.configure")
    if letters:
        rows = _given(LetterDefaultModel, letters, place=Text)
        region_id: Label[UUID] = col(RegionModel.id).label("region_id")
        placed = select(region_id, rows.c.letterhead, rows.c.letter_template).select_from(rows)
        of_region = placed.outerjoin(RegionModel, col(RegionModel.code) == rows.c.place)
        save_rows(work, LetterDefaultModel, of_region, ["region_id"])


def set_managed_by(work: Work, door: Literal["files", "web"]) -> None:
    """Decides by which door the facility of this work is changed from now on. Raises ``Forbidden`` for all but its
    regional office, the nation and the system."""
    work.scalar(select(func.guyub.set_managed_by(work.here.id, door)))


def set_region_managed_by(work: Work, region: str, door: Literal["files", "web"]) -> None:
    """Decides by which door a region (its code) is changed from now on. Raises ``Forbidden`` for all but its own
    office, the nation and the system."""
    work.scalar(
        select(func.guyub.set_region_managed_by(col(RegionModel.id), door)).where(col(RegionModel.code) == region)
    )


def _given(model: type[TableModel], records: Sequence[Record], **others: type[TypeEngine[Any]]) -> TableValuedAlias:
    """Returns records as a table of a statement, with the types of the model's columns or of ``others``."""
    kept = table_of(model).c
    types = {field.name: others.get(field.name) or kept[field.name].type for field in fields(records[0])}
    return recordset([asdict(record) for record in records], types)

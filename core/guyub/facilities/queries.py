"""Reads about facilities: identity and letterhead, officials on a day, the ministry's programme on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import (
    ARRAY,
    Date,
    FromClause,
    Function,
    Select,
    SQLColumnExpression,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access.acting import PLH
from guyub.db.bulk import table_of
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.facilities.models import FacilityName, Official, Theme
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.http import RegionInView


@dataclass(frozen=True, slots=True)
class Region:
    id: UUID
    code: str
    name: str
    office_name: str
    letter_code: str
    capital: str
    provinces: tuple[str, ...] = ()
    managed_by: str = "files"


@dataclass(frozen=True, slots=True)
class FacilityProfile:
    """``letter_place`` is where its letters are dated; ``letterhead`` holds the lines from top to bottom.

    ``closed_on`` is its last day, ``successor`` the name of the facility that it was merged into.
    """

    id: UUID
    code: str
    name: str
    long_name: str
    facility_type: str
    facility_class: str
    city: str
    city_code: str
    letter_place: str
    zone: str
    paper: str
    letterhead: tuple[str, ...]
    letter_template: str
    managed_by: str
    region: Region
    variant: str = ""
    province: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    successor: str = ""
    successor_code: str = ""


@dataclass(frozen=True, slots=True)
class OfficialOnDay:
    """The official who holds a post; ``title`` is printed as it stands, in Indonesian."""

    role: str
    title: str
    name: str
    nip: str
    acting: str

    @property
    def heading(self) -> str:
        """Returns ``Plh. Kepala Rutan``: the title with its prefix, as it stands above a signature."""
        return f"{self.acting} {self.title}".lstrip()


@dataclass(frozen=True, slots=True)
class ThemeOnDay:
    code: str
    label: str
    detail: str


def _profile(lateral: FromClause | None = None) -> Select[*tuple[Any, ...]]:
    """Returns the columns of a facility's name and region: its own, or those of ``lateral``."""
    facilities, offices = table_of(FacilityModel), table_of(RegionModel)
    own, office = facilities.c, offices.c
    named = own if lateral is None else lateral.c
    successor = aliased(FacilityModel)
    return (
        select(
            own.id,
            own.code,
            named.name,
            named.long_name,
            named.facility_type,
            named.facility_class,
            own.city,
            own.city_code,
            own.letter_place,
            own.zone,
            own.paper,
            named.letterhead,
            own.letter_template,
            own.managed_by,
            named.variant,
            own.province,
            own.opened_on,
            own.closed_on,
            func.coalesce(col(successor.name), "").label("successor"),
            func.coalesce(col(successor.code), "").label("successor_code"),
            *_office(office),
        )
        .select_from(facilities if lateral is None else facilities.join(lateral, true()))
        .join(offices, office.id == named.region_id)
        .outerjoin(successor, col(successor.id) == own.merged_into)
    )


def _office(office: Any) -> tuple[SQLColumnExpression[Any], ...]:
    return (
        office.id.label("region_id"),
        office.code.label("region_code"),
        office.name.label("region_name"),
        office.office_name,
        office.letter_code,
        office.capital,
        office.provinces,
        office.managed_by.label("region_managed_by"),
    )


def _profile_on(on: date) -> Select[*tuple[Any, ...]]:
    """Returns what it was on a day; before its first name it has that name, since documents must say something."""
    since, seq = col(FacilityName.valid_from), col(FacilityName.seq)
    has_begun = since <= on
    named = (
        select(table_of(FacilityName))
        .where(col(FacilityName.facility_id) == table_of(FacilityModel).c.id)
        .order_by(has_begun.desc(), case((has_begun, since)).desc().nulls_last(), since, seq.desc())
        .limit(1)
        .lateral("named")
    )
    return _profile(named)


def facility(work: Work, on: date | None = None) -> FacilityProfile:
    """Returns the facility of this work, all that its letters say of it. One query.

    With ``on`` its name, class, letterhead and region are those of that day: a document of a past month names who sent it.
    """
    kept = table_of(FacilityModel).c
    profile = _profile() if on is None else _profile_on(on)
    (row,) = work.all(profile.where(kept.id == work.here.id))
    return part_of(row, FacilityProfile, letterhead=tuple(row.letterhead), region=_region(row))


def region_in_view(work: Work, code: str) -> RegionInView:
    """Returns what the pages of a region stand on. Raises ``LookupError`` for an unknown code. One query."""
    kept = (col(RegionModel.id), col(RegionModel.code), col(RegionModel.name), col(RegionModel.office_name))
    return work.one(RegionInView, select(*kept).where(col(RegionModel.code) == code))


def region(work: Work, code: str) -> Region:
    """Raises ``NotFound``."""
    office = table_of(RegionModel).c
    for row in work.all(select(*_office(office)).where(office.code == code)):
        return _region(row)
    raise FacilitiesRefusal.UNKNOWN_REGION.not_found(code=code)


def officials(work: Work, on: date) -> Mapping[str, OfficialOnDay]:
    """Returns who signs for the facility of this work on a day, by role code: while a holder is away, who stands in
    (Plh.).

    The usual title of a role is that of what the facility was on that day, whoever began when it was of another type.
    """
    return officials_on_days(work, [on])[on]


def officials_on_days(work: Work, days: Sequence[date]) -> dict[date, Mapping[str, OfficialOnDay]]:
    """Returns the same for each of these days. One query."""
    official, role, title = Official, col(Official.role_code), col(Official.title)
    since, until = col(official.valid_from), col(official.valid_until)
    asked = (
        func.unnest(literal(sorted(set(days)), ARRAY(Date))).table_valued(column("day", Date)).render_derived("asked")
    )
    on = asked.c.day

    def usual(day: Any) -> Function[str]:
        return func.guyub.role_title(role, func.guyub.type_on(col(official.facility_id), day), type_=sqlalchemy.Text)

    statement: Select[*tuple[Any, ...]] = (
        select(
            on.label("on"),
            role.label("role"),
            case((title == usual(since), usual(on)), else_=title).label("title"),
            col(official.name),
            col(official.nip),
            col(official.acting),
        )
        .ext(distinct_on(on, role))
        .select_from(official)
        .join(asked, and_(since <= on, or_(until.is_(None), until >= on)))
        .where(col(official.facility_id) == work.here.id)
        .order_by(on, role, (col(official.acting) == PLH).desc(), since.desc())
    )
    found: Mapping[date, dict[str, OfficialOnDay]] = {day: {} for day in days}
    for row in work.all(statement):
        found[row.on][row.role] = part_of(row, OfficialOnDay)
    return dict(found)


def theme(work: Work, on: date) -> ThemeOnDay | None:
    """Returns the ministry's programme that letters of that day refer to; of two at once the later one."""
    since, until = col(Theme.valid_from), col(Theme.valid_until)
    return work.first(
        ThemeOnDay,
        select(col(Theme.code), col(Theme.label), col(Theme.detail))
        .where(since <= on, or_(until.is_(None), until >= on))
        .order_by(since.desc(), col(Theme.code))
        .limit(1),
    )


def _region(row: Any) -> Region:
    return Region(
        id=row.region_id,
        code=row.region_code,
        name=row.region_name,
        office_name=row.office_name,
        letter_code=row.letter_code,
        capital=row.capital,
        provinces=tuple(row.provinces),
        managed_by=row.region_managed_by,
    )

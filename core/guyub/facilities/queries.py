"""Reads about facilities: identity and letterhead, officials on a day, the ministry's programme on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.facilities.models import RegionModel, Theme
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
        """``Plh. Kepala Rutan``: the title with its prefix, as it stands above a signature."""
        return f"{self.acting} {self.title}".lstrip()


@dataclass(frozen=True, slots=True)
class ThemeOnDay:
    code: str
    label: str
    detail: str


_REGION = (
    "g.id AS region_id, g.code AS region_code, g.name AS region_name, g.office_name, g.letter_code, g.capital, "
    "g.provinces, g.managed_by AS region_managed_by"
)

_FACILITY = f"""
    SELECT f.id, f.code, f.name, f.long_name, f.facility_type, f.facility_class, f.city, f.city_code, f.letter_place, f.zone,
           f.paper, f.letterhead, f.letter_template, f.managed_by, f.variant, f.province, f.opened_on, f.closed_on,
           COALESCE(s.name, '') AS successor, COALESCE(s.code, '') AS successor_code, {_REGION}
    FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id LEFT JOIN guyub.facility s ON s.id = f.merged_into
"""

# What it was on a day: before its first name that name, as documents must say something.
_FACILITY_ON = f"""
    SELECT f.id, f.code, n.name, n.long_name, n.facility_type, n.facility_class, f.city, f.city_code, f.letter_place, f.zone,
           f.paper, n.letterhead, f.letter_template, f.managed_by, n.variant, f.province, f.opened_on, f.closed_on,
           COALESCE(s.name, '') AS successor, COALESCE(s.code, '') AS successor_code, {_REGION}
    FROM guyub.facility f
    CROSS JOIN LATERAL (SELECT n.* FROM guyub.facility_name n WHERE n.facility_id = f.id
                        ORDER BY n.valid_from <= :on DESC, CASE WHEN n.valid_from <= :on THEN n.valid_from END DESC NULLS LAST,
                                 n.valid_from, n.seq DESC LIMIT 1) n
    JOIN guyub.region g ON g.id = n.region_id LEFT JOIN guyub.facility s ON s.id = f.merged_into
"""


def facility(work: Work, on: date | None = None) -> FacilityProfile:
    """Returns the facility of this work, all that its letters say of it. One query.

    With ``on`` its name, class, letterhead and region are those of that day: a document of a past month names who sent it.
    """
    if on is None:
        return _facility(work.run(f"{_FACILITY} WHERE f.id = :here", here=work.here.id).one())
    return _facility(work.run(f"{_FACILITY_ON} WHERE f.id = :here", here=work.here.id, on=on).one())


def region_in_view(work: Work, code: str) -> RegionInView:
    """Returns what the pages of a region stand on. Raises ``LookupError`` for an unknown code. One query."""
    kept = (col(RegionModel.id), col(RegionModel.code), col(RegionModel.name), col(RegionModel.office_name))
    return work.one(RegionInView, select(*kept).where(col(RegionModel.code) == code))


def region(work: Work, code: str) -> Region:
    """Raises ``NotFound``."""
    row = work.run(f"SELECT {_REGION} FROM guyub.region g WHERE g.code = :code", code=code).one_or_none()
    if row is None:
        raise FacilitiesRefusal.UNKNOWN_REGION.not_found(code=code)
    return _region(row)


def officials(work: Work, on: date) -> Mapping[str, OfficialOnDay]:
    """Who signs for the facility of this work on a day, by role code: while a holder is away, who stands in (Plh.).

    The usual title of a role is that of what the facility was on that day, whoever began when it was of another type.
    """
    found = work.rows(
        OfficialOnDay,
        """SELECT DISTINCT ON (o.role_code) o.role_code AS role,
                  CASE WHEN o.title = guyub.role_title(o.role_code, guyub.type_on(o.facility_id, o.valid_from))
                       THEN guyub.role_title(o.role_code, guyub.type_on(o.facility_id, :on)) ELSE o.title END AS title,
                  o.name, o.nip, o.acting
           FROM guyub.official o
           WHERE o.facility_id = :here AND o.valid_from <= :on AND (o.valid_until IS NULL OR o.valid_until >= :on)
           ORDER BY o.role_code, o.acting = 'Plh.' DESC, o.valid_from DESC""",
        here=work.here.id,
        on=on,
    )
    return {official.role: official for official in found}


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


def _facility(row: Any) -> FacilityProfile:
    return part_of(row, FacilityProfile, letterhead=tuple(row.letterhead), region=_region(row))


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

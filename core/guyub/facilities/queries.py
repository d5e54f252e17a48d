"""Reads about facilities: identity and letterhead, officials on a day, the ministry's programme on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guyub.db.work import Work
from guyub.sdk.errors import NotFound
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Region:
    id: UUID
    code: str
    name: str
    office_name: str
    letter_code: str
    capital: str


@dataclass(frozen=True, slots=True)
class Facility:
    """``place`` is where its letters are dated; ``letterhead`` holds the lines from top to bottom."""

    id: UUID
    code: str
    name: str
    long_name: str
    facility_type: str
    facility_class: str
    city: str
    city_code: str
    place: str
    zone: str
    paper: str
    letterhead: tuple[str, ...]
    letter_template: str
    managed_by: str
    region: Region


@dataclass(frozen=True, slots=True)
class Official:
    """Who holds a post; ``title`` is printed as it stands, in Indonesian."""

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
class Theme:
    code: str
    label: str
    detail: str


_FACILITY = """
    SELECT f.id, f.code, f.name, f.long_name, f.facility_type, f.facility_class, f.city, f.city_code, f.place, f.zone,
           f.paper, f.letterhead, f.letter_template, f.managed_by,
           g.id AS region_id, g.code AS region_code, g.name AS region_name, g.office_name, g.letter_code, g.capital
    FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
"""


def facility(work: Work) -> Facility:
    """The facility of this work, all that its letters say of it. One query."""
    return _facility(work.run(f"{_FACILITY} WHERE f.id = :here", here=work.here.id).one())


def all_facilities(work: Work, region: str = "") -> list[Facility]:
    """Every facility, or those of one region (its code), by region and name: names are public, records are not."""
    rows = work.run(
        f"{_FACILITY} WHERE :region = '' OR g.code = :region ORDER BY g.name, f.name, f.code", region=region
    )
    return [_facility(row) for row in rows]


def region(work: Work, code: str) -> Region:
    """Raises ``NotFound``."""
    row = work.run(
        "SELECT id, code, name, office_name, letter_code, capital FROM guyub.region WHERE code = :code", code=code
    ).one_or_none()
    if row is None:
        raise NotFound(
            "facilities.unknown_region",
            Text(id="Tidak ada wilayah dengan kode “{code}”.", en="There is no region “{code}”.").format(code=code),
            Text(id="Periksa kodenya pada folder facilities/.", en="Check the code against the folder facilities/."),
        )
    return Region(*row)


def officials(work: Work, on: date) -> Mapping[str, Official]:
    """Who signs for the facility of this work on a day, by role code; of two at once the later appointed."""
    rows = work.run(
        """SELECT DISTINCT ON (o.role_code) o.role_code, o.title, o.name, o.nip, o.acting FROM guyub.official o
           WHERE o.facility_id = :here AND o.valid_from <= :on AND (o.valid_until IS NULL OR o.valid_until >= :on)
           ORDER BY o.role_code, o.valid_from DESC""",
        here=work.here.id, on=on,
    )  # fmt: skip
    return {row.role_code: Official(*row) for row in rows}


def theme(work: Work, on: date) -> Theme | None:
    """The ministry's programme that letters of that day refer to; of two at once the later one."""
    row = work.run(
        """SELECT code, label, detail FROM guyub.theme
           WHERE valid_from <= :on AND (valid_until IS NULL OR valid_until >= :on)
           ORDER BY valid_from DESC, code LIMIT 1""",
        on=on,
    ).one_or_none()  # fmt: skip
    return Theme(*row) if row is not None else None


def _facility(row: Any) -> Facility:
    (
        id_, code, name, long_name, facility_type, facility_class, city, city_code, place, zone, paper, lines, template,
        managed_by, *region_columns,
    ) = row  # fmt: skip
    return Facility(
        id_, code, name, long_name, facility_type, facility_class, city, city_code, place, zone, paper, tuple(lines), template,
        managed_by, Region(*region_columns),
    )  # fmt: skip

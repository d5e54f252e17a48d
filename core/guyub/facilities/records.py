"""Records of regions, facilities, their officials and the ministry's programmes, as services take and return them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FacilityType = Literal["rutan", "cabang_rutan", "lapas", "lpp", "lpka", "lpas", "bapas", "rupbasan"]
"""``cabang_rutan`` is of the past; its documents stay."""
Variant = Literal["", "narkotika", "khusus", "terbuka", "pemuda"]
Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
PaperSize = Literal["F4", "A4"]

REGION_CODE = r"^[a-z][a-z0-9-]{1,39}$"
FACILITY_CODE = r"^[a-z][a-z0-9-]{1,59}$"
CITY_CODE = r"^[0-9]{2}\.[0-9]{2}$"
"""Kemendagri's code of a kota or kabupaten, with its dot: 33.75."""
NIP = r"^([0-9]{18})?$"


@dataclass(frozen=True, slots=True)
class RegionRecord:
    code: str
    name: str
    office_name: str
    letter_code: str
    capital: str
    provinces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacilityRecord:
    """``region`` is the code of the region; ``letterhead`` holds its lines from top to bottom.

    ``name_from`` is the day since which the present name, class, region and letterhead hold, None where nobody said:
    a change then holds from the day on which it is recorded. ``closed_on`` is the last day, ``merged_into`` the code of
    the facility that goes on.
    """

    code: str
    region: str
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
    variant: str = ""
    province: str = ""
    name_from: date | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class OfficialRecord:
    """One person in one post of a facility (its code) from a day on; known by facility, role and that day."""

    facility: str
    role_code: str
    title: str
    name: str
    nip: str
    acting: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ThemeRecord:
    """A ministerial programme as letters quote it: ``label`` is its name, ``detail`` the words about welfare."""

    code: str
    label: str
    detail: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class LetterDefault:
    """Holds what the nation (``place`` "") or a region gives to letters of facilities without lines of their own."""

    place: str
    letterhead: tuple[str, ...]
    letter_template: str

"""Changes what a facility is called and prints through the web: checks what was typed, previews it and records it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any

import sqlalchemy
from sqlalchemy import Select, func, or_, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db import limits
from guyub.db.bulk import as_jsonb
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.facilities.classes import is_class_of
from guyub.facilities.editable import require_web
from guyub.facilities.labels import TYPES, VARIANTS, ZONES
from guyub.facilities.letter_numbers import letter_number
from guyub.facilities.records import CITY_CODE
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class FacilityDetails:
    """The columns of a facility that the web may change. ``name_from``: since when its present name holds, where known."""

    name: str
    long_name: str
    facility_type: str
    facility_class: str
    variant: str
    city: str
    city_code: str
    province: str
    letter_place: str
    zone: str
    paper: str
    letterhead: tuple[str, ...]
    letter_template: str
    opened_on: date | None
    name_from: date | None = None


LABELS: Mapping[str, Text] = {
    "name": Text(id="Nama", en="Name"),
    "long_name": Text(id="Nama lengkap", en="Full name"),
    "facility_type": Text(id="Jenis", en="Type"),
    "facility_class": Text(id="Kelas", en="Class"),
    "variant": Text(id="Kekhususan", en="Variant"),
    "city": Text(id="Kota/kabupaten", en="City"),
    "city_code": Text(id="Kode kota/kabupaten", en="City code"),
    "province": Text(id="Provinsi", en="Province"),
    "letter_place": Text(id="Tempat surat", en="Place of letters"),
    "zone": Text(id="Zona waktu", en="Time zone"),
    "paper": Text(id="Kertas", en="Paper size"),
    "letterhead": Text(id="Kepala surat", en="Letterhead"),
    "letter_template": Text(id="Pola nomor surat", en="Pattern of letter numbers"),
    "opened_on": Text(id="Mulai bekerja", en="Opened"),
    "name_from": Text(id="Nama berlaku sejak", en="Name holds since"),
}
"""By field, in the order of the page."""

_DATED = ("name", "long_name", "facility_type", "facility_class", "variant", "letterhead")
"""Kept by days: a document of a past day has what held then."""
_MOST = {
    "name": limits.NAME,
    "long_name": limits.LONG_NAME,
    "city": limits.PLACE,
    "letter_place": limits.PLACE,
    "letter_template": limits.PLACE,
}
_NEEDED = ("name", "long_name", "facility_type", "city", "city_code", "letter_place", "zone", "paper")
_CHOICES = {"facility_type": TYPES, "variant": VARIANTS, "zone": ZONES, "paper": ("F4", "A4")}


@dataclass(frozen=True, slots=True)
class DetailChange:
    label: Text
    before: Text
    after: Text


class SavedAlready(Refusal):
    """Refuses to save what holds already: the form was sent twice, or somebody else saved the very same."""


def present(work: Work) -> FacilityDetails:
    """Returns what holds for the facility of this work. One query."""
    columns = [getattr(FacilityModel, field.name) for field in fields(FacilityDetails)]
    held = work.one(FacilityDetails, select(*columns).where(col(FacilityModel.id) == work.here.id))
    return replace(held, letterhead=tuple(held.letterhead))


def digest(held: FacilityDetails) -> str:
    """Tells whether a preview was made of what holds still."""
    return sha256(as_json(held).encode()).hexdigest()[:16]


def as_json(held: FacilityDetails) -> str:
    return json.dumps(asdict(held), default=str)


def problems_of(details: FacilityDetails, provinces: Sequence[str]) -> list[Invalid]:
    """Returns all that can be said without asking the database, each at its field."""
    problems = [FacilitiesRefusal.MISSING.invalid(name) for name in _NEEDED if not getattr(details, name)]
    problems += [
        FacilitiesRefusal.CHOICE.invalid(name)
        for name, known in _CHOICES.items()
        if (value := getattr(details, name)) and value not in known
    ]
    problems += [
        FacilitiesRefusal.TOO_LONG.invalid(name, n=len(getattr(details, name)), most=most)
        for name, most in _MOST.items()
        if len(getattr(details, name)) > most
    ]
    if (letters := len("".join(details.letterhead))) > limits.LETTERHEAD:
        problems.append(FacilitiesRefusal.TOO_LONG.invalid("letterhead", n=letters, most=limits.LETTERHEAD))
    if details.city_code and not re.fullmatch(CITY_CODE, details.city_code):
        problems.append(FacilitiesRefusal.CITY_CODE.invalid("city_code"))
    if details.facility_type in TYPES and not is_class_of(details.facility_type, details.facility_class):
        problems.append(FacilitiesRefusal.CLASS.invalid("facility_class"))
    if details.variant and details.facility_type != "lapas":
        problems.append(FacilitiesRefusal.VARIANT.invalid("variant"))
    if provinces and details.province not in provinces:
        problems.append(FacilitiesRefusal.PROVINCE.invalid("province"))
    try:
        letter_number(details.letter_template, classification="UM.01.01", sequence=1, year=2026)
    except ValueError:
        problems.append(FacilitiesRefusal.LETTER_TEMPLATE.invalid("letter_template"))
    return problems


def settled(held: FacilityDetails, details: FacilityDetails, today: date) -> FacilityDetails:
    """Returns ``details`` with the day since which its name holds: the one that was typed, else today where the name
    changes.

    Raises ``Invalid`` where nothing changes, or where another name is to hold since the very day of the present one: documents
    of that day may be out already.
    """
    renames = any(getattr(held, name) != getattr(details, name) for name in _DATED)
    since = details.name_from or (today if renames else held.name_from)
    if renames and since == held.name_from and since != today:
        assert since is not None
        raise FacilitiesRefusal.NAME_OF_THAT_DAY.invalid("name_from", day=since)
    settled_details = replace(details, name_from=since)
    if settled_details == held:
        raise FacilitiesRefusal.UNCHANGED.invalid()
    return settled_details


def changes(held: FacilityDetails | None, details: FacilityDetails) -> list[DetailChange]:
    """Returns what differs, field by field; of a new facility all that is filled in."""
    return [
        DetailChange(
            label, value_text(name, getattr(held, name)) if held else _NOTHING, value_text(name, getattr(details, name))
        )
        for name, label in LABELS.items()
        if (getattr(held, name) != getattr(details, name) if held else getattr(details, name))
    ]


def change(
    work: Work, seen: str, details: FacilityDetails, reason: str, today: date, *, keep: bool
) -> list[DetailChange]:
    """Changes the facility of this work and answers what that is; without ``keep`` it is tried and taken back.

    ``seen`` is the ``digest`` of what the reader saw. Raises ``Invalid``, ``SavedAlready`` where all of it holds since, and
    ``Refusal`` for what the database refuses.
    """
    require_web(work)
    reason = required_reason.require_reason(FacilitiesRefusal.REASON, reason)
    if details.opened_on is not None and details.opened_on > today:
        raise FacilitiesRefusal.OPENS_AHEAD.invalid("opened_on")
    held = present(work)
    if keep and seen != digest(held):
        if replace(details, name_from=details.name_from or held.name_from) == held:
            raise FacilitiesRefusal.SAVED_ALREADY.of(SavedAlready)
        raise FacilitiesRefusal.CHANGED_MEANWHILE.invalid()
    settles = settled(held, details, today)
    tried = work.session.begin_nested()
    work.scalar(select(func.guyub.change_facility(work.here.id, as_jsonb(asdict(held)), as_jsonb(asdict(settles)))))
    detail_changes = changes(held, settles)
    if not keep:
        tried.rollback()
        return detail_changes
    tried.commit()
    before, after = asdict(held), asdict(settles)
    audit.record(
        work,
        "facilities.identity",
        work.here.code,
        reason=reason,
        details={name: [before[name], after[name]] for name in LABELS if before[name] != after[name]},
    )
    return detail_changes


def namesakes(work: Work, code: str, names: Sequence[str]) -> list[Text]:
    """Returns a warning for each other facility that has one of these names: lists and documents could not be told apart."""
    lowered = [name.lower() for name in names]
    others: Select[*tuple[Any, ...]] = (
        select(col(FacilityModel.name), col(FacilityModel.code), col(RegionModel.name).label("region"))
        .join(RegionModel, col(RegionModel.id) == col(FacilityModel.region_id))
        .where(
            col(FacilityModel.code) != code,
            or_(
                among(func.lower(col(FacilityModel.name), type_=sqlalchemy.Text), lowered),
                among(func.lower(col(FacilityModel.long_name), type_=sqlalchemy.Text), lowered),
            ),
        )
        .order_by(col(RegionModel.name), col(FacilityModel.code))
    )
    return [_NAMESAKE.format(**row._mapping) for row in work.all(others)]


def value_text(name: str, value: Any) -> Text:
    """Returns a value as a reader reads it."""
    if value is None or value in ("", ()):
        return _NOTHING
    if isinstance(value, date):
        return Text.same(value)
    if name == "facility_type":
        return TYPES.get(value, Text.same(value))
    if name == "variant":
        return VARIANTS.get(value, Text.same(value))
    words = {"zone": f"{ZONES.get(value, '')} ({value})", "letterhead": " / ".join(value)}.get(name, str(value))
    return Text.same(words)


_NAMESAKE = Text(
    id="Perhatian: nama ini sudah dipakai {name} ({code}, wilayah {region}). Lanjutkan hanya bila memang dua UPT yang berbeda.",
    en="Beware: {name} ({code}, region {region}) has this name already. Go on only if these are two facilities.",
)
_NOTHING = Text(id="–", en="–")
OPENS_AHEAD = (
    Text(id="Hari itu belum tiba.", en="That day is still to come."),
    Text(
        id="Isi hari mulai bekerja pada harinya atau sesudahnya.", en="Enter the day of opening on that day or later."
    ),
)

"""Reads the forms about facilities, and places refusals of the database on them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from guyub.facilities.classes import normal_class
from guyub.facilities.details import FacilityDetails
from guyub.facilities.labels import TYPES, VARIANTS, ZONES
from guyub.facilities.queries import Region
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import CollectedRefusals
from guyub.ui.typed_values import day_at

_FIELD_OF: Mapping[str, str] = {
    FacilitiesRefusal.CLASS: "facility_class",
    FacilitiesRefusal.VARIANT: "variant",
    FacilitiesRefusal.SAME_CODE: "code",
    FacilitiesRefusal.NO_SUCCESSOR: "successor",
    FacilitiesRefusal.SUCCESSOR: "successor",
    FacilitiesRefusal.CHANGED_BEFORE: "",
    FacilitiesRefusal.OPEN_CYCLE: "",
    FacilitiesRefusal.MONEY_LEFT: "",
}
"""By code of the refusal; the days' own field depends on the form."""
_DAYS = (
    FacilitiesRefusal.NAME_AHEAD,
    FacilitiesRefusal.BEFORE_KNOWN_NAME,
    FacilitiesRefusal.CLOSING_BEFORE_NAME,
    FacilitiesRefusal.OPENING_AHEAD,
    FacilitiesRefusal.CLOSING_AHEAD,
    FacilitiesRefusal.CLOSED_BEFORE_OPENED,
)


def text_of(form: Mapping[str, Any], name: str) -> str:
    upload = form.get(name)
    return upload.strip() if isinstance(upload, str) else ""


def needed_day(form: Mapping[str, Any], name: str) -> date:
    """Raises ``Invalid`` for what is no date."""
    return day_at(text_of(form, name), name)


def identity_of(form: Mapping[str, Any], region: Region, province: str, problems: CollectedRefusals) -> FacilityDetails:
    """Returns what was typed; ``province`` is that of a region with only one. Adds to ``problems`` what is no date."""

    def day(name: str) -> date | None:
        if text_of(form, name):
            with problems.collected():
                return needed_day(form, name)
        return None

    def line(name: str) -> str:
        return " ".join(text_of(form, name).split())

    return FacilityDetails(
        name=line("name"),
        long_name=line("long_name"),
        facility_type=line("facility_type"),
        facility_class=normal_class(line("facility_class")),
        variant=line("variant"),
        city=line("city"),
        city_code=line("city_code"),
        province=line("province") if len(region.provinces) > 1 else province,
        letter_place=line("letter_place"),
        zone=line("zone"),
        paper=line("paper"),
        letterhead=tuple(line.strip() for line in text_of(form, "letterhead").splitlines() if line.strip()),
        letter_template=line("letter_template").replace("{kanwil_code}", region.letter_code),
        opened_on=day("opened_on"),
        name_from=day("name_from"),
    )


def typed(held: FacilityDetails) -> dict[str, str]:
    """Returns how a form shows what holds. The day of the name is asked anew: it belongs to the change."""
    values = {name: "" if value is None else str(value) for name, value in asdict(held).items()}
    return values | {"letterhead": "\n".join(held.letterhead), "name_from": ""}


def at_field(refusal: Refusal, day: str) -> Invalid:
    """Returns a refusal that a form can fix, at its field; any other is raised again. ``day`` is the field of a refused
    day."""
    if isinstance(refusal, Invalid):
        return refusal
    field = day if refusal.code in _DAYS else _FIELD_OF.get(refusal.code)
    if field is None:
        raise refusal
    return Invalid(refusal.code, refusal.what, refusal.remedy, field)


def options(region: Region) -> dict[str, Sequence[tuple[str, Text | str]]]:
    """Returns what a form about a facility of this region offers, by field."""
    return {
        "facility_type": list(TYPES.items()),
        "facility_class": [(item, item) for item in ("I", "II", "IIA", "IIB", "III")],
        "variant": list(VARIANTS.items()),
        "zone": [(zone, f"{name} ({zone})") for zone, name in ZONES.items()],
        "paper": [("F4", "F4"), ("A4", "A4")],
        "province": [(province, province) for province in region.provinces] if len(region.provinces) > 1 else [],
    }


def kept(form: Mapping[str, Any], names: Sequence[str]) -> list[tuple[str, str]]:
    """Returns what a preview carries along, so that nothing that was typed is lost."""
    return [(name, text_of(form, name)) for name in names]

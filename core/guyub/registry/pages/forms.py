"""Turns the forms of these pages into commands, fills forms from a household, and reads what a person confirmed."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import ValidationError

from guyub.registry.household_detail import HouseholdDetail, InmateLinkDetail, Person
from guyub.registry.labels import AGE_BANDS
from guyub.registry.schemas import Command, RegistrationWarning
from guyub.sdk.errors import Invalid
from guyub.ui.problems import problems_of
from guyub.ui.seen import Seen

SentForm = Mapping[str, Any]
"""A form as it was sent, or what a form shows at first, by the names of the fields."""

C = TypeVar("C", bound=Command)

_PLACES = ("rt", "rw", "village", "district", "city")
_SIZES = (*AGE_BANDS, "disabled")
_PERSON = ("full_name", "nik", "sex", "relation")
_LINK_FIELDS = ("full_name", "status", "relationship", "register_number")
_SECRETS = ("family_card", "phone", "street")
UNCOUNTED = "none"
"""The choice of an age group that leaves the number of people as it is."""


def field_text(form: SentForm, name: str) -> str:
    """Returns one value without surrounding space; empty where the form has none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def checked(model: type[C], values: Mapping[str, Any]) -> tuple[C | None, list[Invalid]]:
    """Returns the command, or every invalid field of it."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        return None, problems_of(error, model)


def registration(form: SentForm) -> dict[str, Any]:
    """Returns the values of ``RegisterHousehold``."""
    secrets = {name: field_text(form, name) for name in _SECRETS}
    packages = whole(form, "packages") or "1"
    return {
        **_home(form),
        **secrets,
        "packages": packages,
        "recipient": {name: field_text(form, f"recipient.{name}") for name in _PERSON},
    }


def change(form: SentForm, before: HouseholdDetail) -> dict[str, Any]:
    """Returns the values of ``ChangeHousehold``; the code of a village goes with its name."""
    is_same_village = field_text(form, "village") == before.address["village"]
    return {
        **_home(form, status=before.links[0].status if before.links else ""),
        **{name: _secret(form, name) for name in _SECRETS},
        **({"family_card": None} if _is_shown(form, "family_card", before.family_card_masked) else {}),
        "village_code": before.address["village_code"] if is_same_village else "",
    }


def _is_shown(form: SentForm, name: str, masked: str) -> bool:
    """Returns whether what was typed is what the page shows of a number that is kept."""
    return bool(masked) and field_text(form, name) == masked


def inmate(form: SentForm) -> dict[str, str]:
    """Returns the values of ``NewInmateLink``."""
    return {name: field_text(form, f"inmate.{name}") for name in _LINK_FIELDS}


def new_member(form: SentForm) -> dict[str, Any]:
    """Returns the values of ``NewMember``."""
    return {name: field_text(form, name) for name in _PERSON}


def changed_member(form: SentForm, masked: str) -> dict[str, Any]:
    """Returns the values of ``ChangeMember``; ``masked`` is what the page shows of the NIK that is kept: typed back, it stays."""
    nik = None if _is_shown(form, "nik", masked) else _secret(form, "nik")
    return new_member(form) | {"nik": nik}


def act(form: SentForm) -> dict[str, Any]:
    """Returns the day and the reason of an act."""
    return {name: field_text(form, name) for name in ("occurred_on", "reason")}


def age_band(form: SentForm) -> dict[str, str]:
    """Returns the age group of an act; one has to be selected, be it the one that leaves the number of people as it is."""
    band = field_text(form, "age_band")
    return {"age_band": "" if band == UNCOUNTED else band or "?"}


def seen_of_household(household: HouseholdDetail) -> Seen:
    """Returns what the form of a change shows, as its hidden field says it."""
    return Seen(household.revision, of_household(household))


def seen_of_member(person: Person) -> Seen:
    return Seen(person.revision, of_member(person) | {"is_recipient": "yes" if person.is_recipient else ""})


def of_household(household: HouseholdDetail) -> dict[str, str]:
    """Returns what the form of a change shows at first; what is kept encrypted stays out of it."""
    shown = {name: household.address[name] for name in _PLACES}
    shown |= {name: str(count) for name, count in household.sizes.items()}
    shown |= {"category": household.category, "disabled": str(household.disabled)}
    if household.people_served:
        shown |= {"institution_name": household.institution_name, "people_served": str(household.people_served)}
    if household.photo_consent:
        shown["photo_consent"] = "yes"
    for link in household.links[:1]:
        shown |= of_inmate(link)
    return shown


def of_inmate(link: InmateLinkDetail) -> dict[str, str]:
    """Returns what the form of an inmate shows at first."""
    number = link.registers[0][0] if link.registers else ""
    kept = (link.full_name, link.status, link.relationship, number)
    return {f"inmate.{name}": value for name, value in zip(_LINK_FIELDS, kept, strict=True)}


def of_member(person: Person) -> dict[str, str]:
    return {"full_name": person.full_name, "sex": person.sex, "relation": person.relation}


def unconfirmed(form: SentForm, warnings: Sequence[RegistrationWarning]) -> list[RegistrationWarning]:
    """Returns what looks odd and was not confirmed yet: a confirmation counts for exactly what was shown with it."""
    is_confirmed = field_text(form, "confirmed") == "yes" and field_text(form, "shown") == mark(warnings)
    return [] if is_confirmed else list(warnings)


def mark(warnings: Sequence[RegistrationWarning]) -> str:
    """Returns a digest that tells one set of warnings from another."""
    return sha256("\n".join(f"{warning.field} {warning.text.id}" for warning in warnings).encode()).hexdigest()


def whole(form: SentForm, name: str) -> str:
    """Returns a whole number without the dots between its thousands."""
    return re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", field_text(form, name))


def _home(form: SentForm, *, status: str = "") -> dict[str, Any]:
    """Reads the fields of a home. ``status`` is that of the inmate whom the household is tied to already."""
    return {
        "category": field_text(form, "category"),
        **{name: field_text(form, name) for name in _PLACES},
        **{name: field_text(form, name) or "0" for name in _SIZES},
        "photo_consent": field_text(form, "photo_consent") == "yes",
        "institution_name": field_text(form, "institution_name"),
        "people_served": whole(form, "people_served") or "0",
        "inmate": _link(
            form, bool(status) or field_text(form, "category") in ("inmate_family", "probation_client"), status
        ),
    }


def _link(form: SentForm, is_needed: bool, status: str) -> dict[str, str] | None:
    """Returns what was typed of the inmate; an empty part is passed on where it is needed, so that every empty field of it
    is named."""
    typed = inmate(form)
    if not (is_needed or any(typed.values())):
        return None
    return typed | {"status": typed["status"] or status}


def _secret(form: SentForm, name: str) -> str | None:
    """Returns a new value; else None to keep what there is, or empty to remove it."""
    return field_text(form, name) or ("" if field_text(form, f"remove_{name}") == "yes" else None)

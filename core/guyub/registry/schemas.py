"""Commands of the registry: they check and normalise what people typed, and refuse all invalid fields at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from guyub.access.required_reason import require_reason
from guyub.db import limits
from guyub.registry import labels
from guyub.registry.contact import check_name, normalise_neighbourhood, normalise_phone, one_line, split_neighbourhood
from guyub.registry.nik import check_family_card, check_nik
from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.sdk.unseen import is_blank
from guyub.ui.refusals import UiRefusal
from guyub.ui.typed_values import day_at

MOST_SERVED = 30_000
"""People whom one institution serves, at most."""
MOST_PACKAGES = 10_000
"""Packages that one institution receives in a month, at most."""


def _by(check: Callable[[str], str]) -> AfterValidator:
    """Returns a pydantic validator from a check that raises ``Invalid``; the sentences travel in the error's context."""

    def validate(value: str) -> str:
        try:
            return check(value)
        except Invalid as refusal:
            raise _error(refusal) from refusal

    return AfterValidator(validate)


def _one_of(label: Text, choices: Mapping[str, Text], *, optional: bool = False) -> AfterValidator:
    def validate(value: str) -> str:
        if value in choices or (optional and value == ""):
            return value
        offered = Text.join(", ", choices.values())
        raise _error(RegistryRefusal.CHOICE.invalid("", label=label, offered=offered))

    return AfterValidator(validate)


_SEX = Text(id="Jenis kelamin", en="Sex")
_RELATION = Text(id="Hubungan dalam KK", en="Relation on the card")
_RELATIONSHIP = Text(id="Hubungan dengan warga binaan", en="Relationship to the inmate")
_STATUS = Text(id="Status warga binaan", en="Status of the inmate")
_CATEGORY = Text(id="Kategori", en="Category")
_AGE_BAND = Text(id="Kelompok umur", en="Age group")


def _error(refusal: Invalid, field: str = "") -> PydanticCustomError:
    """Returns the refusal as an error of pydantic at ``field``, "" for the field that is checked."""
    context = {"what": refusal.what, "remedy": refusal.remedy, "field": field}
    return PydanticCustomError(refusal.code, refusal.what.en, context)


def _read_day(value: Any) -> Any:
    """Reads a day that was typed, as every form does."""
    if not isinstance(value, str):
        return value
    try:
        return day_at(value, "")
    except Invalid as refusal:
        raise _error(refusal) from refusal


def _plausible(day: date) -> date:
    if not limits.is_plausible(day):
        raise _error(UiRefusal.DATE_OUTSIDE.invalid())
    return day


Name = Annotated[str, _by(check_name)]
Nik = Annotated[str, _by(lambda text: text and check_nik(text).normalised)]
FamilyCard = Annotated[str, _by(lambda text: text and check_family_card(text).normalised)]
Phone = Annotated[str, _by(normalise_phone)]
Rt = Annotated[str, _by(normalise_neighbourhood)]
Rw = Annotated[str, _by(lambda text: normalise_neighbourhood(text, "rw"))]
PlaceName = Annotated[str, Field(max_length=80), AfterValidator(one_line)]
Street = Annotated[str, Field(max_length=160), AfterValidator(one_line)]
Reason = Annotated[str, _by(lambda text: require_reason(RegistryRefusal.NO_REASON, text))]
Day = Annotated[date, BeforeValidator(_read_day), AfterValidator(_plausible)]
Children = Annotated[int, Field(ge=0, le=30)]
Grown = Annotated[int, Field(ge=0, le=60)]
Packages = Annotated[int, Field(ge=1, le=MOST_PACKAGES)]


class Command(BaseModel):
    """Frozen, strict about unknown names, and silent about what was typed when it complains."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class NewMember(Command):
    """A person of a household; an empty NIK is one that is not known yet."""

    full_name: Name
    nik: Nik = ""
    sex: Annotated[str, _one_of(_SEX, labels.SEXES, optional=True)] = ""
    relation: Annotated[str, _one_of(_RELATION, labels.HOUSEHOLD_RELATIONS, optional=True)] = ""


class NewInmateLink(Command):
    """The inmate whom a household belongs to; the register number is free text, as registers differ and change."""

    full_name: Name
    relationship: Annotated[str, _one_of(_RELATIONSHIP, labels.RELATIONSHIPS)]
    status: Annotated[str, _one_of(_STATUS, labels.INMATE_STATUSES)]
    register_number: Annotated[str, Field(max_length=30), AfterValidator(one_line)] = ""


class ChangeInmateLink(Command):
    """The new name of an inmate and what the recipient is to them; a new register number is added to the history."""

    full_name: Name
    relationship: Annotated[str, _one_of(_RELATIONSHIP, labels.RELATIONSHIPS)]
    register_number: Annotated[str, Field(max_length=30), AfterValidator(one_line)] = ""


class _Home(Command):
    """Holds what registering and changing have in common: category, address, sizes."""

    category: Annotated[str, _one_of(_CATEGORY, labels.CATEGORIES)]
    rt: Rt = ""
    rw: Rw = ""
    village: PlaceName = ""
    village_code: Annotated[str, Field(max_length=13)] = ""
    district: PlaceName = ""
    city: PlaceName = ""
    children_under_5: Children = 0
    children_of_school_age: Children = 0
    adults: Grown = 1
    elderly: Grown = 0
    disabled: Grown = 0
    photo_consent: bool = False
    institution_name: Annotated[str, Field(max_length=limits.NAME), AfterValidator(one_line)] = ""
    people_served: Annotated[int, Field(ge=0, le=MOST_SERVED)] = 0
    inmate: NewInmateLink | None = None

    @model_validator(mode="before")
    @classmethod
    def _rt_and_rw_in_one(cls, values: Any) -> Any:
        """Reads ``RT 007/RW 02``, which in the field of the RT fills both, unless the other says something else."""
        if not isinstance(values, Mapping) or not isinstance(values.get("rt"), str):
            return values
        both = split_neighbourhood(values["rt"])
        if both is None or values.get("rw", "") not in ("", *both[1:]):
            return values
        return {**values, "rt": both[0], "rw": both[1]}

    @model_validator(mode="after")
    def _holds_together(self) -> "_Home":
        if self.inmate is None and self.category in ("inmate_family", "probation_client"):
            raise _error(RegistryRefusal.INMATE_MISSING.invalid(""), "inmate.full_name")
        if self.inmate is not None and self.category not in labels.LINKED_CATEGORIES:
            raise _error(RegistryRefusal.INMATE_NOT_NEEDED.invalid(""), "inmate.full_name")
        if self.category == "institution":
            if is_blank(self.institution_name):
                raise _error(RegistryRefusal.INSTITUTION_NAME.invalid(""), "institution_name")
            if not self.people_served:
                raise _error(RegistryRefusal.PEOPLE_SERVED.invalid(""), "people_served")
            return self
        if self.institution_name or self.people_served:
            raise _error(RegistryRefusal.NO_INSTITUTION.invalid(""), "institution_name")
        if self.children_under_5 + self.children_of_school_age + self.adults + self.elderly == 0:
            raise _error(RegistryRefusal.NOBODY.invalid(""), "adults")
        return self


class RegisterHousehold(_Home):
    """A new household with the person who receives for it. ``disabled`` counts people already in an age band; ``packages`` is how
    many an institution receives."""

    recipient: NewMember
    members: tuple[NewMember, ...] = ()
    family_card: FamilyCard = ""
    phone: Phone = ""
    street: Street = ""
    packages: Packages = 1

    @model_validator(mode="after")
    def _packages_of_institutions(self) -> "RegisterHousehold":
        if self.packages != 1 and self.category != "institution":
            raise _error(RegistryRefusal.PACKAGES_OF_INSTITUTIONS.invalid(""), "packages")
        return self


class ChangeHousehold(_Home):
    """The new state of a household. Of what is kept encrypted, ``None`` keeps the value and empty removes it.

    ``inmate`` replaces name, status and relationship of the link; a new register number is added to its history. Where
    ``packages`` are named they are those that the household has: another number is an act (``guyub.registry.packages``).
    """

    family_card: FamilyCard | None = None
    phone: Phone | None = None
    street: Street | None = None
    packages: Packages | None = None


class ChangeMember(Command):
    """The new state of a member; ``nik`` as in ``ChangeHousehold``."""

    full_name: Name
    nik: Nik | None = None
    sex: Annotated[str, _one_of(_SEX, labels.SEXES, optional=True)] = ""
    relation: Annotated[str, _one_of(_RELATION, labels.HOUSEHOLD_RELATIONS, optional=True)] = ""


class FamilyAct(Command):
    """The day on which something happened to a person or an inmate, and why it is recorded."""

    occurred_on: Day
    reason: Reason


class NewPackageNumber(FamilyAct):
    """How many packages an institution receives from a day on."""

    packages: Packages


class MemberAct(FamilyAct):
    """``age_band`` is where the household counts the person; empty where the number of people stays as it is."""

    age_band: Annotated[str, _one_of(_AGE_BAND, labels.AGE_BANDS, optional=True)] = ""


class NewRecipient(FamilyAct):
    """Holds who receives from a day on, is asked anew: what they are to each inmate (by the inmate's id), and about photos."""

    relationships: Mapping[UUID, Annotated[str, _one_of(_RELATIONSHIP, labels.RELATIONSHIPS)]] = {}
    photo_consent: bool = False


class ChangeInmateStatus(FamilyAct):
    """``destination`` is the facility or the Bapas that an inmate goes to."""

    status: Annotated[str, _one_of(_STATUS, labels.INMATE_STATUSES)]
    destination: Annotated[str, Field(max_length=120), AfterValidator(one_line)] = ""


class RecordSurvey(Command):
    """The answers of a home visit, by question key; checked against the questionnaire of that code and version."""

    household_id: UUID
    answers: Mapping[str, Any]
    surveyed_on: date
    questionnaire: str = "rumah-tangga"
    version: int = 1


@dataclass(frozen=True, slots=True)
class RegistrationWarning:
    """Holds what looks odd but is accepted once a person confirms it."""

    field: str
    text: Text


def registration_warnings(command: RegisterHousehold) -> list[RegistrationWarning]:
    """Returns what to show before saving: soft checks of every NIK and of the family card number."""
    people = [("recipient", command.recipient), *((f"members.{n}", m) for n, m in enumerate(command.members))]
    warnings = [warning for prefix, person in people for warning in member_warnings(person, f"{prefix}.")]
    if not command.recipient.nik and command.category != "institution":
        warnings.append(
            RegistrationWarning(
                "recipient.nik",
                Text(
                    id="NIK penerima kosong: bantuan ganda tidak dapat diperiksa.",
                    en="The recipient has no NIK: double aid cannot be checked.",
                ),
            )
        )
    if command.family_card:
        card = check_family_card(command.family_card, command.recipient.nik)
        warnings += [RegistrationWarning("family_card", text) for text in card.warnings]
    return warnings


def member_warnings(person: NewMember | ChangeMember, prefix: str = "") -> list[RegistrationWarning]:
    if not person.nik:
        return []
    return [RegistrationWarning(f"{prefix}nik", text) for text in check_nik(person.nik, person.sex).warnings]

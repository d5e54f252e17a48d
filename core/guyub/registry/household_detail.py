"""Reads all that is known of one household: people, the inmate behind it, home visits. Secrets stay masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped
from sqlmodel import col

from guyub.access.models import PersonModel
from guyub.db.bulk import table_of
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.registry.labels import AGE_BANDS
from guyub.registry.models import Household, Inmate, InmateLink, InmateRegister, Member, QuestionnaireModel, Survey
from guyub.registry.service import unknown_household
from guyub.sdk.text import Text

_ADDRESS = ("rt", "rw", "village", "village_code", "district", "city")
_MOST_VISITS = 24


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    full_name: str
    nik_masked: str
    sex: str
    relation: str
    is_recipient: bool
    gone_as: str
    gone_on: date | None
    revision: int


@dataclass(frozen=True, slots=True)
class InmateLinkDetail:
    """The inmate and every register number so far, the newest first, as (number, since)."""

    inmate_id: UUID
    full_name: str
    status: str
    status_since: date | None
    relationship: str
    registers: list[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class SurveyVisit:
    """A survey with the questionnaire that was asked: answers as (label, kind, value) in its order, and by question key."""

    surveyed_on: date
    surveyed_by: str
    questionnaire: Text
    version: int
    stands: bool
    answers: list[tuple[Text, str, Any]]
    by_key: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HouseholdDetail:
    """One household. ``kept`` names which secrets it has; their values are not here."""

    id: UUID
    category: str
    active: bool
    revision: int
    created_at: datetime
    family_card_masked: str
    kept: frozenset[str]
    address: Mapping[str, str]
    sizes: Mapping[str, int]
    disabled: int
    photo_consent: bool
    institution_name: str
    people_served: int
    packages: int
    members: list[Person]
    gone: list[Person]
    links: list[InmateLinkDetail]
    visits: list[SurveyVisit]

    @property
    def recipient(self) -> Person | None:
        return next((person for person in self.members if person.is_recipient), None)

    @property
    def people(self) -> int:
        return self.people_served or sum(self.sizes.values())

    @property
    def name(self) -> str:
        """Returns that of the institution, else the recipient's, by which an officer knows a household."""
        return self.institution_name or (self.recipient.full_name if self.recipient else "–")


def detail(work: Work, household_id: UUID) -> HouseholdDetail:
    """Returns a household with its members. Four queries. Raises ``NotFound`` for what is not there or not within reach."""
    row = _household(work, household_id)
    people = work.rows(
        Person,
        select(
            col(Member.id),
            col(Member.full_name),
            col(Member.nik_masked),
            col(Member.sex),
            col(Member.relation),
            col(Member.is_recipient),
            col(Member.gone_as),
            col(Member.gone_on),
            col(Member.revision),
        )
        .where(
            col(Member.facility_id) == work.here.id,
            col(Member.household_id) == household_id,
            col(Member.gone_as) != "mistaken",
        )
        .order_by(col(Member.is_recipient).desc(), col(Member.id)),
    )
    members = [person for person in people if not person.gone_as]
    secrets = {
        "nik": any(person.nik_masked for person in members),
        "family_card": row.has_family_card,
        "phone": row.has_phone,
        "street": row.has_street,
    }
    return HouseholdDetail(
        id=row.id,
        category=row.category,
        active=row.active,
        revision=row.revision,
        created_at=row.created_at,
        family_card_masked=row.family_card_masked,
        kept=frozenset(what for what, there in secrets.items() if there),
        address={part: getattr(row, part) for part in _ADDRESS},
        sizes={band: getattr(row, band) for band in AGE_BANDS},
        disabled=row.disabled,
        photo_consent=row.photo_consent,
        institution_name=row.institution_name,
        people_served=row.people_served,
        packages=row.packages,
        members=members,
        gone=[person for person in people if person.gone_as],
        links=_inmate_links(work, household_id),
        visits=_visits(work, household_id),
    )


def _household(work: Work, household_id: UUID) -> Row[*tuple[Any, ...]]:
    """Returns the columns that may be seen, and which of the secrets are there."""
    kept = table_of(Household).c
    seen = (
        "id",
        "category",
        "active",
        "revision",
        "created_at",
        "family_card_masked",
        "disabled",
        "photo_consent",
        "institution_name",
        "people_served",
        "packages",
    )
    secrets = [kept[f"{name}_cipher"].is_not(None).label(f"has_{name}") for name in ("family_card", "phone", "street")]
    statement = select(*(kept[name] for name in (*seen, *_ADDRESS, *AGE_BANDS)), *secrets)
    for row in work.all(statement.where(kept.facility_id == work.here.id, kept.id == household_id)):
        return row
    raise unknown_household()


def _inmate_links(work: Work, household_id: UUID) -> list[InmateLinkDetail]:
    def newest_first(column: Mapped[Any]) -> ColumnElement[Any]:
        numbers = select(func.array_agg(aggregate_order_by(column, col(InmateRegister.seq).desc())))
        of_inmate = numbers.where(col(InmateRegister.inmate_id) == col(Inmate.id)).correlate(Inmate)
        return of_inmate.scalar_subquery()

    links = (
        select(
            col(InmateLink.inmate_id),
            col(Inmate.full_name),
            col(Inmate.status),
            col(Inmate.status_since),
            col(InmateLink.relationship),
            newest_first(col(InmateRegister.number)).label("numbers"),
            newest_first(col(InmateRegister.since)).label("since"),
        )
        .select_from(InmateLink)
        .join(Inmate, col(Inmate.id) == col(InmateLink.inmate_id))
        .where(
            col(InmateLink.facility_id) == work.here.id,
            col(InmateLink.household_id) == household_id,
            col(InmateLink.ended_on).is_(None),
        )
        .order_by(col(InmateLink.id))
    )
    return [
        part_of(row, InmateLinkDetail, registers=list(zip(row.numbers or (), row.since or (), strict=True)))
        for row in work.all(links)
    ]


def _visits(work: Work, household_id: UUID) -> list[SurveyVisit]:
    asked = QuestionnaireModel
    visits = (
        select(
            col(Survey.surveyed_on),
            func.coalesce(col(PersonModel.full_name), "").label("surveyed_by"),
            col(asked.title),
            col(asked.version),
            col(asked.questions),
            col(Survey.answers),
            col(Survey.superseded),
        )
        .select_from(Survey)
        .join(asked, col(asked.id) == col(Survey.questionnaire_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(Survey.surveyed_by))
        .where(col(Survey.facility_id) == work.here.id, col(Survey.household_id) == household_id)
        .order_by(col(Survey.surveyed_on).desc(), col(Survey.seq).desc())
        .limit(_MOST_VISITS)
    )
    return [
        SurveyVisit(
            row.surveyed_on,
            row.surveyed_by,
            Text(**row.title),
            row.version,
            not row.superseded,
            [
                (Text(**question["label"]), question["kind"], row.answers.get(question["key"]))
                for question in row.questions
            ],
            row.answers,
        )
        for row in work.all(visits)
    ]

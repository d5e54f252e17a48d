"""The tables of households, their members, inmates, the links between them, and surveys."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Integer, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key, references


class Household(TableModel, table=True):
    """A household: where it lives and how many people it has; street, phone and card number are ciphers."""

    __tablename__ = "household"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    category: str = Field(sa_type=Text)
    active: bool = made_by_database(Boolean)
    family_card_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    family_card_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    family_card_masked: str = made_by_database(Text)
    phone_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    street_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    rt: str = made_by_database(Text)
    rw: str = made_by_database(Text)
    village: str = made_by_database(Text)
    village_code: str = made_by_database(Text)
    district: str = made_by_database(Text)
    city: str = made_by_database(Text)
    children_under_5: int = made_by_database(SmallInteger)
    children_of_school_age: int = made_by_database(SmallInteger)
    adults: int = made_by_database(SmallInteger)
    elderly: int = made_by_database(SmallInteger)
    disabled: int = made_by_database(SmallInteger)
    photo_consent: bool = made_by_database(Boolean)
    institution_name: str = made_by_database(Text)
    people_served: int = made_by_database(Integer)
    created_at: datetime = made_by_database(MOMENT)
    revision: int = made_by_database(Integer)
    read_revision: int | None = Field(default=None, sa_type=Integer)
    registered_on: date = Field(sa_type=Date)
    packages: int = made_by_database(Integer)


class Member(TableModel, table=True):
    """A person of a household; one of them receives for all."""

    __tablename__ = "member"
    __table_args__ = (references("household", facility_id="facility_id", household_id="id"),)

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    full_name: str = Field(sa_type=Text)
    nik_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    nik_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    nik_masked: str = made_by_database(Text)
    sex: str = made_by_database(Text)
    relation: str = made_by_database(Text)
    is_recipient: bool = made_by_database(Boolean)
    active: bool = made_by_database(Boolean)
    gone_as: str = made_by_database(Text)
    gone_on: date | None = Field(default=None, sa_type=Date)
    revision: int = made_by_database(Integer)
    read_revision: int | None = Field(default=None, sa_type=Integer)


class NameWord(TableModel, table=True):
    """One word of a member's name, folded; written by the database alone."""

    __tablename__ = "name_word"
    __table_args__ = (references("member", facility_id="facility_id", member_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    member_id: UUID = Field(sa_type=Uuid, primary_key=True)
    word: str = Field(sa_type=Text, primary_key=True)


class Inmate(TableModel, table=True):
    """Detainee, convict or juvenile: name and status, nothing about the case."""

    __tablename__ = "inmate"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    full_name: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    status_since: date | None = Field(default=None, sa_type=Date)


class InmateNameWord(TableModel, table=True):
    """One word of an inmate's name, folded; written by the database alone."""

    __tablename__ = "inmate_name_word"
    __table_args__ = (references("inmate", facility_id="facility_id", inmate_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    inmate_id: UUID = Field(sa_type=Uuid, primary_key=True)
    word: str = Field(sa_type=Text, primary_key=True)


class InmateRegister(TableModel, table=True):
    """A register number that an inmate has had since a day."""

    __tablename__ = "inmate_register"
    __table_args__ = (references("inmate", facility_id="facility_id", inmate_id="id"),)

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    inmate_id: UUID = Field(sa_type=Uuid)
    number: str = Field(sa_type=Text)
    since: date = Field(sa_type=Date)


class InmateLink(TableModel, table=True):
    """Holds what the recipient of a household is to an inmate."""

    __tablename__ = "inmate_link"
    __table_args__ = (
        references("household", facility_id="facility_id", household_id="id"),
        references("inmate", facility_id="facility_id", inmate_id="id"),
    )

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    inmate_id: UUID = Field(sa_type=Uuid)
    relationship: str = Field(sa_type=Text)
    ended_on: date | None = Field(default=None, sa_type=Date)
    end_reason: str = made_by_database(Text)
    ended_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")


class PackageNumber(TableModel, table=True):
    """Holds from which day on an institution receives so many packages, and why: append-only; the household follows."""

    __tablename__ = "package_number"
    __table_args__ = (references("household", facility_id="facility_id", household_id="id"),)

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    packages: int = Field(sa_type=Integer)
    before: int = made_by_database(Integer)
    occurred_on: date = Field(sa_type=Date)
    reason: str = Field(sa_type=Text)
    recorded_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    recorded_at: datetime = made_by_database(MOMENT)


class HouseholdEvent(TableModel, table=True):
    """Holds what happened to a person of a household: append-only, and the tables of people follow it by triggers."""

    __tablename__ = "household_event"
    __table_args__ = (
        references("household", facility_id="facility_id", household_id="id"),
        references("member", facility_id="facility_id", member_id="id"),
        references("household", facility_id="facility_id", to_household_id="id"),
        references("household_event", facility_id="facility_id", reverses="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    kind: str = Field(sa_type=Text)
    member_id: UUID = Field(sa_type=Uuid)
    to_household_id: UUID | None = Field(default=None, sa_type=Uuid)
    age_band: str = made_by_database(Text)
    relationships: dict[str, str] = made_by_database(JSONB)
    photo_consent: bool | None = Field(default=None, sa_type=Boolean)
    reverses: UUID | None = Field(default=None, sa_type=Uuid)
    occurred_on: date = Field(sa_type=Date)
    reason: str = Field(sa_type=Text)
    recorded_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    recorded_at: datetime = made_by_database(MOMENT)


class InmateEvent(TableModel, table=True):
    """Holds what an inmate became on a day: append-only; the status of the inmate follows it by triggers."""

    __tablename__ = "inmate_event"
    __table_args__ = (
        references("inmate", facility_id="facility_id", inmate_id="id"),
        references("inmate_event", facility_id="facility_id", reverses="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    inmate_id: UUID = Field(sa_type=Uuid)
    status: str = Field(sa_type=Text)
    destination: str = made_by_database(Text)
    status_before: str = Field(sa_type=Text)
    since_before: date | None = Field(default=None, sa_type=Date)
    reverses: UUID | None = Field(default=None, sa_type=Uuid)
    occurred_on: date = Field(sa_type=Date)
    reason: str = Field(sa_type=Text)
    recorded_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    recorded_at: datetime = made_by_database(MOMENT)


class QuestionnaireModel(TableModel, table=True):
    """One version of the questions of a home visit."""

    __tablename__ = "questionnaire"

    id: UUID = primary_key()
    code: str = Field(sa_type=Text)
    version: int = Field(sa_type=Integer)
    title: dict[str, str] = Field(sa_type=JSONB)
    questions: list[dict[str, Any]] = Field(sa_type=JSONB)


class Survey(TableModel, table=True):
    """The answers of one home visit; the newest one stands, who asked is stamped by the database."""

    __tablename__ = "survey"
    __table_args__ = (references("household", facility_id="facility_id", household_id="id"),)

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    questionnaire_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.questionnaire.id")
    answers: dict[str, Any] = Field(sa_type=JSONB)
    surveyed_on: date = Field(sa_type=Date)
    surveyed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    superseded: bool = made_by_database(Boolean)
    recorded_at: datetime = made_by_database(MOMENT)

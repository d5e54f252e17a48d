"""The tables of the registry that sets of rows are written to, and the columns that pages select."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import TableModel, made_by_database, primary_key


class Household(TableModel, table=True):
    """Who is served together, where they live, and how many they are; street, phone and card number are ciphers."""

    __tablename__ = "household"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    category: str = Field(sa_type=Text)
    active: bool = made_by_database(Boolean)
    family_card_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    family_card_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    family_card_masked: str = Field(default="", sa_type=Text)
    phone_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    street_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    rt: str = Field(default="", sa_type=Text)
    rw: str = Field(default="", sa_type=Text)
    village: str = Field(default="", sa_type=Text)
    village_code: str = Field(default="", sa_type=Text)
    district: str = Field(default="", sa_type=Text)
    city: str = Field(default="", sa_type=Text)
    children_under_5: int = Field(default=0, sa_type=SmallInteger)
    children_of_school_age: int = Field(default=0, sa_type=SmallInteger)
    adults: int = Field(default=1, sa_type=SmallInteger)
    elderly: int = Field(default=0, sa_type=SmallInteger)
    disabled: int = Field(default=0, sa_type=SmallInteger)
    photo_consent: bool = Field(default=False, sa_type=Boolean)
    created_at: datetime = made_by_database()


class Member(TableModel, table=True):
    """A person of a household; one of them receives for all."""

    __tablename__ = "member"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    full_name: str = Field(sa_type=Text)
    nik_cipher: bytes | None = Field(default=None, sa_type=LargeBinary)
    nik_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    nik_masked: str = Field(default="", sa_type=Text)
    sex: str = Field(default="", sa_type=Text)
    relation: str = Field(default="", sa_type=Text)
    is_recipient: bool = Field(default=False, sa_type=Boolean)
    active: bool = made_by_database(Boolean)


class NameWord(TableModel, table=True):
    """One word of a member's name, folded; written by the database alone."""

    __tablename__ = "name_word"

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    word: str = Field(sa_type=Text, primary_key=True)
    member_id: UUID = Field(sa_type=Uuid, primary_key=True)


class Inmate(TableModel, table=True):
    """Detainee, convict or juvenile: name and status, nothing about the case."""

    __tablename__ = "inmate"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    full_name: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)


class InmateRegister(TableModel, table=True):
    """A register number that an inmate has had since a day."""

    __tablename__ = "inmate_register"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    inmate_id: UUID = Field(sa_type=Uuid)
    number: str = Field(sa_type=Text)
    since: date = Field(sa_type=Date)


class InmateLink(TableModel, table=True):
    """What the recipient of a household is to an inmate."""

    __tablename__ = "inmate_link"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    inmate_id: UUID = Field(sa_type=Uuid)
    relationship: str = Field(sa_type=Text)


class Survey(TableModel, table=True):
    """The answers of one home visit; the newest one stands, who asked is stamped by the database."""

    __tablename__ = "survey"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    questionnaire_id: UUID = Field(sa_type=Uuid)
    answers: dict[str, Any] = Field(sa_type=JSONB)
    surveyed_on: date = Field(sa_type=Date)
    superseded: bool = made_by_database(Boolean)

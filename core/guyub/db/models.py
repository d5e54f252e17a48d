"""The tables of the installation itself, and the places that a scope is made of."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, LargeBinary, Text, Uuid
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key


class InstallationModel(TableModel, table=True):
    """The one row of an installation: what signs its scopes and tells a wrong key."""

    __tablename__ = "installation"

    only_one: bool = made_by_database(Boolean, primary_key=True)
    scope_secret: bytes = Field(sa_type=LargeBinary)
    service_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    key_check: str | None = Field(default=None, sa_type=Text)
    upgraded_by: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = made_by_database(MOMENT)


class RepeatableFile(TableModel, table=True):
    """The contents with which a file of functions, triggers and views ran last."""

    __tablename__ = "repeatable_file"

    name: str = Field(sa_type=Text, primary_key=True)
    sha256: str = Field(sa_type=Text)
    applied_at: datetime = made_by_database(MOMENT)


class RegionModel(TableModel, table=True):
    """A regional office and what its letters carry."""

    __tablename__ = "region"

    id: UUID = primary_key()
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    office_name: str = Field(sa_type=Text)
    letter_code: str = made_by_database(Text)
    capital: str = made_by_database(Text)
    provinces: list[str] = made_by_database(ARRAY(Text))
    managed_by: str = made_by_database(Text)


class FacilityModel(TableModel, table=True):
    """A facility as it is at present."""

    __tablename__ = "facility"

    id: UUID = primary_key()
    region_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.region.id")
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    long_name: str = Field(sa_type=Text)
    facility_type: str = Field(sa_type=Text)
    facility_class: str = made_by_database(Text)
    variant: str = made_by_database(Text)
    city: str = Field(sa_type=Text)
    city_code: str = made_by_database(Text)
    province: str = made_by_database(Text)
    letter_place: str = Field(sa_type=Text)
    zone: str = Field(sa_type=Text)
    paper: str = made_by_database(Text)
    letterhead: list[str] = made_by_database(ARRAY(Text))
    letter_template: str = made_by_database(Text)
    managed_by: str = made_by_database(Text)
    created_at: datetime = made_by_database(MOMENT)
    name_from: date | None = Field(default=None, sa_type=Date)
    opened_on: date | None = Field(default=None, sa_type=Date)
    closed_on: date | None = Field(default=None, sa_type=Date)
    merged_into: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.facility.id")

"""The tables of what a facility was called, its officials and the ministerial programmes.

Regions and facilities themselves stand in ``guyub.db.models``: a scope is made of them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Date, Text, Uuid
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key


class FacilityName(TableModel, table=True):
    """Holds what a facility was from a day on; written by a trigger of ``facility`` alone."""

    __tablename__ = "facility_name"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    valid_from: date = Field(sa_type=Date)
    region_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.region.id")
    name: str = Field(sa_type=Text)
    long_name: str = Field(sa_type=Text)
    facility_type: str = Field(sa_type=Text)
    facility_class: str = Field(sa_type=Text)
    variant: str = Field(sa_type=Text)
    letterhead: list[str] = Field(sa_type=ARRAY(Text))
    recorded_at: datetime = made_by_database(MOMENT)
    actor: str = Field(sa_type=Text)


class Official(TableModel, table=True):
    """One person in one post of a facility from a day on."""

    __tablename__ = "official"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    role_code: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    name: str = made_by_database(Text)
    nip: str = made_by_database(Text)
    acting: str = made_by_database(Text)
    valid_from: date = Field(sa_type=Date)
    valid_until: date | None = Field(default=None, sa_type=Date)
    post_key: int = made_by_database(BigInteger)


class Theme(TableModel, table=True):
    """A ministerial programme as letters quote it, from a day on."""

    __tablename__ = "theme"

    code: str = Field(sa_type=Text, primary_key=True)
    label: str = Field(sa_type=Text)
    detail: str = made_by_database(Text)
    valid_from: date = Field(sa_type=Date)
    valid_until: date | None = Field(default=None, sa_type=Date)


class LetterDefaultModel(TableModel, table=True):
    """Letterhead for the facilities without lines of their own, kept so that files can be written again."""

    __tablename__ = "letter_default"

    id: UUID = primary_key()
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    letterhead: list[str] = Field(sa_type=ARRAY(Text))
    letter_template: str = made_by_database(Text)

"""The tables of kept documents and of numbers without gaps."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key, references


class NumberSeries(TableModel, table=True):
    """The last number of a series of a facility in a year."""

    __tablename__ = "number_series"

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True, foreign_key="guyub.facility.id")
    series: str = Field(sa_type=Text, primary_key=True)
    year: int = Field(sa_type=Integer, primary_key=True)
    last: int = made_by_database(Integer)


class DocumentModel(TableModel, table=True):
    """A document of a cycle, or of an entry of the books, as it was made."""

    __tablename__ = "document"
    __table_args__ = (
        references("cycle", facility_id="facility_id", cycle_id="id"),
        references("journal", facility_id="facility_id", journal_id="id"),
        references("fund", facility_id="facility_id", book_fund_id="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID | None = Field(default=None, sa_type=Uuid)
    kind: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    number: str = made_by_database(Text)
    file_name: str = Field(sa_type=Text)
    media_type: str = Field(sa_type=Text)
    sha256: str = made_by_database(Text)
    content: bytes = Field(sa_type=LargeBinary)
    personal: bool = Field(sa_type=Boolean)
    made_by: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=MOMENT)
    stated_on: date | None = Field(default=None, sa_type=Date)
    basis: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    book_fund_id: UUID | None = Field(default=None, sa_type=Uuid)
    book_until: date | None = Field(default=None, sa_type=Date)
    journal_id: UUID | None = Field(default=None, sa_type=Uuid)

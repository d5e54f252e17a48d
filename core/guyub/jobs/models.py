"""The tables of the outbox."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key, references


class EventListener(TableModel, table=True):
    """A plugin that receives events."""

    __tablename__ = "event_listener"

    plugin: str = Field(sa_type=Text, primary_key=True)


class EventModel(TableModel, table=True):
    """Something that happened, for plugins to act on."""

    __tablename__ = "event"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    kind: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    occurred_on: date = Field(sa_type=Date)
    at: datetime = made_by_database(MOMENT)
    details: dict[str, Any] = made_by_database(JSONB)


class DeliveryModel(TableModel, table=True):
    """An event on its way to one plugin."""

    __tablename__ = "delivery"
    __table_args__ = (references("event", event_id="id", facility_id="facility_id"),)

    event_id: UUID = Field(sa_type=Uuid, primary_key=True)
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    plugin: str = Field(sa_type=Text, primary_key=True)
    state: str = made_by_database(Text)
    attempts: int = made_by_database(Integer)
    due_at: datetime = made_by_database(MOMENT)
    last_error: str = made_by_database(Text)

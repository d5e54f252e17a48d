"""The tables of the programmes that are written by expressions; the others are written by the statements of this room."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import TableModel, primary_key


class Entitlement(TableModel, table=True):
    """A household in a cycle: judged, chosen or not and why, and what became of it."""

    __tablename__ = "entitlement"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    category: str = Field(sa_type=Text)
    area: str = Field(sa_type=Text)
    members: int = Field(sa_type=SmallInteger)
    score: Decimal = Field(sa_type=Numeric(10, 3))
    reasons: dict[str, Any] = Field(sa_type=JSONB)
    state: str = Field(sa_type=Text)
    state_reason: str = Field(sa_type=Text)

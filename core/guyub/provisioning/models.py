"""The tables of what only files and their pages need."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key


class ConfigTemplateModel(TableModel, table=True):
    """A named set of values of plugins; the newest row of a name counts."""

    __tablename__ = "config_template"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    name: str = Field(sa_type=Text)
    note: str = made_by_database(Text)
    plugin_values: dict[str, Any] = Field(sa_type=JSONB)
    retired: bool = made_by_database(Boolean)
    recorded_at: datetime = made_by_database(MOMENT)
    actor: str = made_by_database(Text)

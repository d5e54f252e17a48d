"""The table of the plugins that are disabled for the whole installation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Text
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key


class PluginSwitch(TableModel, table=True):
    """A plugin was disabled, or enabled again, for the whole installation."""

    __tablename__ = "plugin_switch"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    plugin: str = Field(sa_type=Text)
    disabled: bool = Field(sa_type=Boolean)
    recorded_at: datetime = made_by_database(MOMENT)
    actor: str = Field(sa_type=Text)
    reason: str = made_by_database(Text)
    exported_to: str = made_by_database(Text)

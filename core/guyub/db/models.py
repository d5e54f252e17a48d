"""The tables of the installation itself."""

from datetime import datetime

from sqlalchemy import Boolean, LargeBinary, Text
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database


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

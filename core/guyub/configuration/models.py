"""The tables of what runs where, with which values, and of the plans that changed it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, Xid8, made_by_database, primary_key


class ConfigurationEpoch(TableModel, table=True):
    """The one row that counts the changes of the configuration."""

    __tablename__ = "configuration_epoch"

    only_one: bool = made_by_database(Boolean, primary_key=True)
    epoch: int = made_by_database(BigInteger)
    plugin_generation: int = made_by_database(BigInteger)


class PluginActivation(TableModel, table=True):
    """A plugin is active, or no longer active, at a facility from a day on."""

    __tablename__ = "plugin_activation"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    plugin: str = Field(sa_type=Text)
    active: bool = Field(sa_type=Boolean)
    valid_from: date = Field(sa_type=Date)
    recorded_at: datetime = made_by_database(MOMENT)
    actor: str = Field(sa_type=Text)
    reason: str = made_by_database(Text)


class ConfigValue(TableModel, table=True):
    """A value of one field in one layer from a day on; without a value the field is inherited again."""

    __tablename__ = "config_value"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    layer: str = Field(sa_type=Text)
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    facility_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.facility.id")
    plugin: str = Field(sa_type=Text)
    field: str = Field(sa_type=Text)
    value: Any | None = Field(default=None, sa_type=JSONB)
    config_version: int = made_by_database(Integer)
    locked: bool = made_by_database(Boolean)
    valid_from: date = Field(sa_type=Date)
    recorded_at: datetime = made_by_database(MOMENT)
    actor: str = Field(sa_type=Text)
    reason: str = made_by_database(Text)


class AppliedPlanModel(TableModel, table=True):
    """A plan that was applied, by files or through the web."""

    __tablename__ = "applied_plan"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    digest: str = Field(sa_type=Text)
    managed_by: str = Field(sa_type=Text)
    reason: str = made_by_database(Text)
    changes: int = Field(sa_type=Integer)
    reverts: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.applied_plan.id")
    applied_at: datetime = made_by_database(MOMENT)
    applied_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    actor: str = made_by_database(Text)
    made_in: str = made_by_database(Xid8)


class AppliedChange(TableModel, table=True):
    """One thing that a plan changed, with what held before."""

    __tablename__ = "applied_change"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    plan_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.applied_plan.id")
    layer: str = Field(sa_type=Text)
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    facility_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.facility.id")
    what: str = Field(sa_type=Text)
    plugin: str = made_by_database(Text)
    field: str = made_by_database(Text)
    old: Any | None = Field(default=None, sa_type=JSONB)
    new: Any | None = Field(default=None, sa_type=JSONB)
    was_locked: bool = made_by_database(Boolean)
    locked: bool = made_by_database(Boolean)
    valid_from: date | None = Field(default=None, sa_type=Date)


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

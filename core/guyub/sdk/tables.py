"""Tables of a plugin: they stand in a PostgreSQL schema named after its slug, are made by its migrations and protected by
the host."""

from typing import Any

from sqlalchemy import Column, Date, DateTime, ForeignKey, MetaData, Table, Uuid, text

PUBLISHED = "guyub"
"""Key of ``Table.info`` of the tables of the core that a plugin may refer to."""

_NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}


def plugin_tables(slug: str) -> MetaData:
    """Returns the ``tables`` of a plugin: ``Table("collection", tables, row_id(), facility_id(), Column(...))``.

    It knows ``guyub.facility``, ``guyub.region`` and ``guyub.household`` as far as keys may refer to them.
    """
    tables = MetaData(schema=slug, naming_convention=_NAMES)
    for name in ("facility", "region", "household"):
        Table(name, tables, Column("id", Uuid, primary_key=True), schema="guyub", info={PUBLISHED: True})
    return tables


def row_id() -> Column[Any]:
    """Returns the column ``id``: a uuid (version 7) that the database makes."""
    return Column("id", Uuid, primary_key=True, server_default=text("uuidv7()"))


def facility_id() -> Column[Any]:
    """Returns the column ``facility_id``: the facility that the row belongs to. A table with this column gets row-level
    security from the host; every table has this column or ``region_id``."""
    return Column("facility_id", Uuid, ForeignKey("guyub.facility.id"), nullable=False, index=True)


def region_id() -> Column[Any]:
    """Returns the column ``region_id``: the regional office that the row belongs to; facilities do not see it."""
    return Column("region_id", Uuid, ForeignKey("guyub.region.id"), nullable=False, index=True)


def household_id(*, nullable: bool = False) -> Column[Any]:
    """Returns the column ``household_id``: the household that a row is about; declare it in ``personal_data``."""
    return Column("household_id", Uuid, ForeignKey("guyub.household.id"), nullable=nullable, index=True)


def day(name: str, *, nullable: bool = False) -> Column[Any]:
    """Returns a column for a date in the facility's zone."""
    return Column(name, Date, nullable=nullable)


def created_at() -> Column[Any]:
    """Returns the column ``created_at``: the moment, made by the database."""
    return Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()"))

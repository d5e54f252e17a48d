"""Brings a schema to this version: migrations, then repeatable files, then a look at the result; all in one transaction, so
that a failure leaves the database as it was."""

from importlib.metadata import version

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import DBAPIError

from guyub.db import catalogue, repeatable
from guyub.db.errors import Busy, refusal_of
from guyub.db.migration_sql import MIGRATIONS, first_line
from guyub.db.models import InstallationModel
from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

_NAMED = 3
"""How many of the objects that differ the refusal names."""


def run(connection: Connection, roles: str, revision: str = "head", *, verify: bool = True) -> None:
    """Upgrades within the caller's transaction, one process at a time; a second one finds nothing left to do.

    ``roles`` is what the names of the installation's roles begin with. Raises ``Refusal``; ``verify`` also where the result
    is not what this version makes.
    """
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("guyub.upgrade", 0))))
    try:
        command.upgrade(_alembic(connection), revision)
    except CommandError as error:
        raise _failed(str(error)) from error
    except DBAPIError as error:
        if isinstance(refusal_of(error), Busy):
            raise
        raise _failed(first_line(error)) from error
    repeatable.run_changed(connection)
    connection.execute(update(InstallationModel).values(upgraded_by=version("guyub")))
    if verify:
        _verify(connection, roles)


def _verify(connection: Connection, roles: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    objects = catalogue.read(driver, roles)
    problems = catalogue.differences(objects, catalogue.expected(), driver.info.server_version // 10000)
    if problems:
        named = Text.join("; ", problems[:_NAMED])
        raise DbRefusal.UPGRADE_DIFFERS.refusal(named=named, count=len(problems))


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["schema"] = "guyub"
    return config


def _failed(reason: str) -> Refusal:
    return DbRefusal.UPGRADE_FAILED.refusal(reason=reason.rstrip("."))

"""One installation: which database it is, with which roles and keys, and how it is opened for work."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from guyub.db import time_limits
from guyub.db.errors import Busy, refusal_of
from guyub.db.keeper import Keeper
from guyub.db.keys import Keys
from guyub.db.refusals import DbRefusal
from guyub.db.time_limits import PAGES, Limits
from guyub.db.unit_of_work import Database

_LONGEST_NAME = 53
"""PostgreSQL cuts names after 63 letters, and the longest role adds ``_migrator`` to the database's."""
_NAME = re.compile(rf"(?!pg_)[a-z_][a-z0-9_]{{0,{_LONGEST_NAME - 1}}}")
"""Names of roles that begin with ``pg_`` belong to the server."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation. ``admin_url`` names the database with a role that may create roles; all else follows from it and the
    keys.

    ``roles`` is the prefix of the three roles: the database's own name, or its template's where it is a copy.
    """

    admin_url: URL
    keys: Keys
    roles: str
    keeper: Keeper | None = None
    """Of an embedded server: it starts the server again, and knows its port by then."""

    @property
    def app_url(self) -> URL:
        return self.admin_url.set(username=f"{self.roles}_app", password=self.keys.app_password)

    @property
    def migrator_url(self) -> URL:
        return self.admin_url.set(username=f"{self.roles}_migrator", password=self.keys.migrator_password)

    def database(self, limits: Limits = PAGES) -> Database:
        """Opens the database for the application's work; close it at the end."""
        url = self.app_url.render_as_string(hide_password=False)
        return Database(url, self.keys.service_key, limits, self.keeper)

    def restore_time_limits(self) -> None:
        """Restores the time limits of the application's role, where somebody has changed them."""
        time_limits.restore(self.app_url.set(drivername="postgresql").render_as_string(hide_password=False))


def installation_at(url: str, keys: Keys) -> Installation:
    """Returns the installation at a URL. Raises ``Refusal`` for one that names no PostgreSQL database."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql" or not parsed.database:
            raise ValueError(url)
    except Exception as error:  # SQLAlchemy's own kinds of refusal are many
        raise DbRefusal.URL.refusal() from error
    name = parsed.database
    if not _NAME.fullmatch(name):
        raise DbRefusal.NAME.refusal(name=name, most=_LONGEST_NAME)
    return Installation(parsed.set(drivername="postgresql+psycopg"), keys, name)


@contextmanager
def as_owner(installation: Installation) -> Iterator[Connection]:
    """Opens a transaction as the owner of the schema, entered through the migrator."""
    options = {"options": time_limits.MIGRATIONS.options}
    engine = create_engine(installation.migrator_url, hide_parameters=True, connect_args=options)
    try:
        with engine.begin() as connection:
            owner = f"{installation.roles}_owner"
            connection.execute(text(f'SET LOCAL ROLE "{owner}"'))
            yield connection
    except DBAPIError as error:
        if isinstance(refusal := refusal_of(error), Busy):
            raise refusal from error
        raise
    finally:
        engine.dispose()

"""Describes how long the database works, waits and keeps silent for us: nobody holds a connection or a lock for ever.

The limits of a process are options of its connections, so they outrank whatever somebody has set for the role or the
database. The roles have those of pages as well, for whoever else signs in as them; ``restore`` puts those right at a start.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: of one statement, of waiting for a lock, and of an open transaction that asks nothing."""

    statement: int
    lock: int
    idle: int

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "statement_timeout": f"{self.statement}s",
            "lock_timeout": f"{self.lock}s",
            "idle_in_transaction_session_timeout": f"{self.idle}s",
        }

    @property
    def options(self) -> str:
        """Returns the options of a connection."""
        return " ".join(f"-c {name}={value}" for name, value in self.settings.items())


PAGES = Limits(30, 5, MINUTE)
"""Somebody waits for the answer, and others for the thread. A lock of five seconds is one that is held for long."""
LONG_PAGES = Limits(10 * MINUTE, 5, 10 * MINUTE)
"""What a page does to thousands of rows at once, and what it prints (``Work.take_time``)."""
JOBS = Limits(HOUR, MINUTE, HOUR)
"""Commands and the worker: nobody else waits for their connection."""
MIGRATIONS = Limits(6 * HOUR, MINUTE, HOUR)
"""A change of the schema waits for readers no longer than this, as everybody else then waits behind it."""

# Text: PostgreSQL's catalogue has no models.
_OF_ROLE = "SELECT setconfig FROM pg_db_role_setting WHERE setrole = current_user::regrole AND setdatabase = 0"


def set_for_role(connection: psycopg.Connection, role: sql.Composable, limits: Limits) -> None:
    """Sets the limits of a role; ``role`` is an identifier, or CURRENT_USER: a role may do so for itself."""
    for name, value in limits.settings.items():
        connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(name), value))


def restore(conninfo: str, limits: Limits = PAGES) -> None:
    """Sets the limits of the role that signs in, where somebody has changed them. Where it cannot (a standby, two that start
    at once), our own connections have their limits all the same."""
    with suppress(psycopg.Error), psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
        row = connection.execute(_OF_ROLE).fetchone()
        there = dict(setting.split("=", 1) for setting in (row[0] if row else ()))
        if not limits.settings.items() <= there.items():
            set_for_role(connection, sql.SQL("CURRENT_USER"), limits)

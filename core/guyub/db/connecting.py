"""Makes connections beside the application's pool; a failure becomes a refusal with its remedy."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import URL

from guyub.db.refusals import DbRefusal

OLDEST_SERVER = 180000


def conninfo(url: URL) -> str:
    """Returns what psycopg connects to."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def connected(url: URL) -> Iterator[psycopg.Connection]:
    """Gives a connection with autocommit. Raises ``Refusal`` when no server answers, or one that is too old or too strict."""
    try:
        with psycopg.connect(conninfo(url), autocommit=True, connect_timeout=10) as connection:
            require_version(connection)
            yield connection
    except psycopg.OperationalError as error:
        raise DbRefusal.UNREACHABLE.refusal(host=f"{url.host}:{url.port or 5432}", reason=reason_of(error)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise DbRefusal.PRIVILEGE.refusal() from error


def has_database(connection: psycopg.Connection, name: str | None) -> bool:
    # Text: PostgreSQL's catalogue has no models.
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def has_role(connection: psycopg.Connection, name: str) -> bool:
    # Text: PostgreSQL's catalogue has no models.
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None


def reason_of(error: psycopg.Error) -> str:
    """Returns the first line of what the server answered."""
    return (str(error).strip().splitlines() or ["?"])[0]


def require_version(connection: psycopg.Connection) -> None:
    """Raises ``Refusal`` for a server that lacks what the schema is built on."""
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise DbRefusal.SERVER_VERSION.refusal(version=version // 10000)

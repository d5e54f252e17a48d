"""Connections that are made beside the application's pool: what goes wrong is told with its remedy."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import URL

from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

OLDEST_SERVER = 180000


def conninfo(url: URL) -> str:
    """Returns what psycopg connects to."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def connected(url: URL) -> Iterator[psycopg.Connection]:
    """A connection with autocommit. Raises ``Refusal`` when no server answers, or one that is too old or too strict."""
    try:
        with psycopg.connect(conninfo(url), autocommit=True, connect_timeout=10) as connection:
            require_version(connection)
            yield connection
    except psycopg.OperationalError as error:
        raise Refusal(
            "db.unreachable",
            Text(
                id="Basis data di {host} tidak dapat dihubungi: {reason}",
                en="The database at {host} cannot be reached: {reason}",
            ).format(host=f"{url.host}:{url.port or 5432}", reason=reason_of(error)),
            Text(
                id="Periksa alamat, nama pengguna dan sandi pada GUYUB_DATABASE_URL.",
                en="Check address, user and password in GUYUB_DATABASE_URL.",
            ),
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refusal(
            "db.privilege",
            Text(
                id="Pengguna pada GUYUB_DATABASE_URL tidak boleh membuat peran atau skema.",
                en="The user of GUYUB_DATABASE_URL may not create roles or schemas.",
            ),
            Text(id="Beri hak CREATEROLE dan CREATEDB, lalu jalankan lagi.", en="Give it CREATEROLE and CREATEDB."),
        ) from error


def reason_of(error: psycopg.Error) -> str:
    """Returns the first line of what the server answered."""
    return (str(error).strip().splitlines() or ["?"])[0]


def require_version(connection: psycopg.Connection) -> None:
    """Raises ``Refusal`` for a server that lacks what the schema is built on."""
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise Refusal(
            "db.server_version",
            Text(
                id="Server PostgreSQL versi {version} terlalu lama.", en="The PostgreSQL server {version} is too old."
            ).format(version=version // 10000),
            Text(
                id="Gunakan PostgreSQL 18 atau lebih baru, atau kosongkan GUYUB_DATABASE_URL untuk memakai yang tertanam.",
                en="Use PostgreSQL 18 or newer, or leave GUYUB_DATABASE_URL empty for the embedded one.",
            ),
        )

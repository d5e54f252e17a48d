"""The worlds that tests of several rooms share: the story's facility with its people, and an attacker with raw SQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from guyub.access import sign_in
from guyub.cli.demonstration.month import Rutan
from guyub.cli.opening import Opened
from guyub.db.installation import Installation
from guyub.db.work import Database
from guyub.host.plugin_host import PluginHost

PEKALONGAN = "rutan-pekalongan"
KEBUMEN = "rutan-kebumen"


def pekalongan(cluster: Any, installation: Installation, database: Database, host: PluginHost) -> Rutan:
    """Rutan Pekalongan run by the people of ``tests/conftest.py``."""
    opened = Opened(cluster.home, cluster.keys, installation, database, host, cluster.keys.protector())
    return Rutan(opened, PEKALONGAN, "kasubsi", "karutan", "pengelola", "pengamanan", "Pengamanan Contoh Empat")


class Attacker:
    """Someone who speaks raw SQL as the application's role; ``enter`` is a real sign-in, all else is an attempt."""

    def __init__(self, connection: psycopg.Connection[TupleRow], database: Database) -> None:
        self.connection = connection
        self.database = database

    def enter(self, login: str, facility: str | None = None) -> None:
        """Begins a transaction of a person, as the application would."""
        self.connection.rollback()
        token = sign_in.session_for(self.database, login, "tests")
        self.connection.execute("SELECT guyub.enter(%s, %s)", (token, facility))

    def enter_service(self, *facilities: str) -> None:
        self.connection.rollback()
        self.connection.execute(
            "SELECT guyub.enter_service(%s, 'tests', %s)", (self.database.service_key, list(facilities) or None)
        )

    def leave(self) -> None:
        self.connection.rollback()

    def tries(self, statement: str, values: Mapping[str, Any] | None = None) -> str:
        """What came of it: the error's code, or how many rows; whatever succeeded stands until ``leave``."""
        try:
            with self.connection.transaction():
                cursor = self.connection.execute(statement.encode(), values)
                outcome = f"{max(cursor.rowcount, 0)} rows"
                self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        return outcome

    def sees(self, query: str, values: Mapping[str, Any] | None = None) -> list[TupleRow]:
        return self.connection.execute(query.encode(), values).fetchall()


@contextmanager
def attacker(installation: Installation, database: Database) -> Iterator[Attacker]:
    url = installation.app_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        yield Attacker(connection, database)
        connection.rollback()

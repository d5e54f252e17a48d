"""How a schema is brought to this version: migrations, then repeatable files, then a look at what came of it; all in one
transaction, so that a failure leaves the database as it was.
"""

from importlib.metadata import version

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from guyub.db import catalogue, repeatable
from guyub.db.errors import Busy, refusal_of
from guyub.db.migration_sql import MIGRATIONS, first_line
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

_NAMED = 3
"""How many of the objects that differ the refusal names."""
_REMEDY = Text(
    id="Tidak ada yang diubah; versi sebelumnya masih dapat dijalankan. Pasang ulang versi ini dan ulangi; bila tetap gagal, "
    "laporkan kepada pengembang.",
    en="Nothing was changed; the version before still runs. Install this version again and repeat; if it fails again, tell "
    "its developers.",
)


def run(connection: Connection, roles: str, revision: str = "head", *, verify: bool = True) -> None:
    """Upgrades within the caller's transaction, one process at a time; a second one finds nothing left to do.

    ``roles`` is what the names of the installation's roles begin with. Raises ``Refusal``; ``verify`` also where the result
    is not what this version makes.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('guyub.upgrade', 0))"))
    try:
        command.upgrade(_alembic(connection), revision)
    except CommandError as error:
        raise _failed(str(error)) from error
    except DBAPIError as error:
        if isinstance(refusal_of(error), Busy):
            raise
        raise _failed(first_line(error)) from error
    repeatable.run_changed(connection)
    connection.execute(text("UPDATE guyub.installation SET upgraded_by = :version"), {"version": version("guyub")})
    if verify:
        _verify(connection, roles)


def _verify(connection: Connection, roles: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    found = catalogue.read(driver, roles)
    problems = catalogue.differences(found, catalogue.expected(), driver.info.server_version // 10000)
    if problems:
        named = Text(
            id="; ".join(problem.id for problem in problems[:_NAMED]),
            en="; ".join(problem.en for problem in problems[:_NAMED]),
        )
        raise Refusal(
            "db.upgrade_differs",
            Text(
                id="Setelah pembaruan, skema bukan yang dibuat versi ini: {named} ({count} perbedaan).",
                en="After the upgrade the schema is not what this version makes: {named} ({count} differences).",
            ).format(named=named, count=len(problems)),
            Text(
                id="Tidak ada yang diubah. Pulihkan cadangan yang cocok, atau jalankan versi yang membuat basis data itu.",
                en="Nothing was changed. Restore a backup that fits, or run the version that made the database.",
            ),
        )


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["schema"] = "guyub"
    return config


def _failed(reason: str) -> Refusal:
    return Refusal(
        "db.upgrade_failed",
        Text(
            id="Pembaruan skema gagal: {reason}.",
            en="The upgrade of the schema failed: {reason}.",
        ).format(reason=reason.rstrip(".")),
        _REMEDY,
    )

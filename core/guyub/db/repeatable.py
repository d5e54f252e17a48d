"""Functions, triggers and views: files that run again when their contents change, after the migrations, in the order of their
numbers. What a file no longer makes, a migration drops.
"""

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from guyub.db.errors import Busy, refusal_of
from guyub.db.migration_sql import MIGRATIONS, first_line, run
from guyub.db.models import RepeatableFile
from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal

FOLDER = MIGRATIONS / "repeatable"


def hashes() -> dict[str, str]:
    """Returns the digest of each file, by its name and in the order in which they run."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.sql"))}


def run_changed(connection: Connection) -> list[str]:
    """Runs each file whose contents did not run last, and returns their names. Raises ``Refusal`` where one fails."""
    ran = applied(connection)
    wanted = hashes()
    changed = [name for name, digest in wanted.items() if ran.get(name) != digest]
    for name in changed:
        try:
            run(connection, (FOLDER / name).read_text(encoding="utf-8"))
        except DBAPIError as error:
            if isinstance(refusal_of(error), Busy):
                raise
            raise _failed(name, error) from error
    if changed:
        ran_now = insert(RepeatableFile).values([{"name": name, "sha256": wanted[name]} for name in changed])
        newest = {"sha256": ran_now.excluded.sha256, "applied_at": func.clock_timestamp()}
        connection.execute(ran_now.on_conflict_do_update(index_elements=["name"], set_=newest))
    connection.execute(delete(RepeatableFile).where(col(RepeatableFile.name).not_in(wanted)))
    return changed


def applied(connection: Connection) -> Mapping[str, str]:
    """Returns the digest with which each file ran last."""
    files = select(col(RepeatableFile.name), col(RepeatableFile.sha256))
    return {row.name: row.sha256 for row in connection.execute(files)}


def _failed(name: str, error: DBAPIError) -> Refusal:
    return DbRefusal.REPEATABLE_FAILED.refusal(name=name, error=first_line(error))

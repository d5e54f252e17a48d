"""SQL files of migrations: run as the owner of the schema, with the names of its roles put in."""

from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

MIGRATIONS = Path(__file__).parent / "migrations"


def run_files(connection: Connection, revision: str) -> None:
    """Runs the files ``sql/<revision>_*.sql`` in the order of their names."""
    for path in sorted((MIGRATIONS / "sql").glob(f"{revision}_*.sql")):
        run(connection, path.read_text(encoding="utf-8"))


def run(connection: Connection, sql: str) -> None:
    """Runs a file's statements; ``{{owner}}`` and ``{{app}}`` are the roles of this installation."""
    owner: str = connection.exec_driver_sql("SELECT current_user").scalar_one()
    app = f"{owner.removesuffix('_owner')}_app"
    named = sql.replace("{{owner}}", owner).replace("{{app}}", app)
    connection.execution_options(no_parameters=True).exec_driver_sql(named)


def first_line(error: DBAPIError) -> str:
    """Returns the first line of what the server said."""
    return (str(error.orig).strip().splitlines() or [""])[0].rstrip(".")

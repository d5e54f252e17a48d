"""Makes the roles, the database and the schema of an installation, once, and brings the schema up to date."""

import psycopg
from psycopg import sql
from sqlalchemy import Connection, func, select, update
from sqlmodel import col

from guyub.db import schema_upgrade, time_limits
from guyub.db.connecting import connected, has_database, has_role
from guyub.db.installation import Installation, as_owner
from guyub.db.keys import wrong_key
from guyub.db.models import InstallationModel
from guyub.db.schema_state import schema_state
from guyub.db.time_limits import PAGES


def make(installation: Installation) -> None:
    """Makes roles, database and schema where they are missing; what is there is left as it is.

    Raises ``Refusal``: before any change when the database is one of other keys or its schema is not this version's.
    """
    require_upgradable(installation)
    database = installation.admin_url.database
    assert database is not None
    with connected(installation.admin_url.set(database="postgres")) as connection:
        _make_roles(connection, installation)
        _, migrator, app = _role_names(installation)
        time_limits.set_for_role(connection, migrator, time_limits.MIGRATIONS)
        time_limits.set_for_role(connection, app, PAGES)
        if not has_database(connection, database):
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin "
                    "BUILTIN_LOCALE 'PG_UNICODE_FAST' LOCALE 'C'"
                ).format(sql.Identifier(database))
            )
    with connected(installation.admin_url) as connection:
        owner, migrator, app = _role_names(installation)
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        connection.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}, {}").format(sql.Identifier(database), app, migrator)
        )
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS guyub AUTHORIZATION {}").format(owner))


def upgrade(installation: Installation, *, revision: str = "head", verify: bool = True) -> None:
    """Brings the schema up to date, in one transaction, and ties the keys to it. Raises ``Refusal``; nothing is changed then.

    ``revision`` is the last migration to run; ``verify`` compares the result with what this version makes.
    """
    require_upgradable(installation)
    with as_owner(installation) as connection:
        schema_upgrade.run(connection, installation.roles, revision, verify=verify)
        keys, kept = installation.keys, InstallationModel
        connection.execute(
            update(kept).values(
                service_key=func.coalesce(col(kept.service_key), keys.service_digest()),
                key_check=func.coalesce(col(kept.key_check), keys.check_value()),
            )
        )
        _check_keys(connection, installation)


def require_upgradable(installation: Installation) -> None:
    """Raises ``Refusal`` for a database of other keys, or whose schema no upgrade leads to this version's."""
    state = schema_state(installation)
    if state.refusal is not None and not state.upgrade_helps:
        raise state.refusal


def _check_keys(connection: Connection, installation: Installation) -> None:
    """Checks the keys once more, as another process may have tied its own meanwhile."""
    kept = connection.execute(select(col(InstallationModel.key_check), col(InstallationModel.service_key))).one()
    keys = installation.keys
    if not keys.is_check_value(kept.key_check) or kept.service_key != keys.service_digest():
        raise wrong_key()


def _make_roles(connection: psycopg.Connection, installation: Installation) -> None:
    owner, migrator, app = _role_names(installation)
    keys = installation.keys
    for role, name, options in (
        (owner, "owner", sql.SQL("NOLOGIN")),
        (migrator, "migrator", sql.SQL("LOGIN NOINHERIT PASSWORD {}").format(keys.migrator_password)),
        (app, "app", sql.SQL("LOGIN NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}").format(keys.app_password)),
    ):
        is_there = has_role(connection, f"{installation.roles}_{name}")
        verb = sql.SQL("ALTER ROLE" if is_there else "CREATE ROLE")
        connection.execute(sql.SQL("{} {} {}").format(verb, role, options))
    for member in (migrator, sql.SQL("CURRENT_USER")):
        connection.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(owner, member))


def _role_names(installation: Installation) -> tuple[sql.Identifier, sql.Identifier, sql.Identifier]:
    prefix = installation.roles
    return sql.Identifier(f"{prefix}_owner"), sql.Identifier(f"{prefix}_migrator"), sql.Identifier(f"{prefix}_app")

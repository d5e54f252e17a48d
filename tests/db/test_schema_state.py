"""Nothing starts on a schema that is not this version's or with keys of another installation, and nothing is changed by that."""

import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory
from typer.testing import CliRunner

from guyub.cli.main import app
from guyub.db import catalogue
from guyub.db.connecting import conninfo
from guyub.db.home import find_home
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make, upgrade
from guyub.db.keys import Keys, WrongKey, load_keys
from guyub.db.migration_sql import MIGRATIONS
from guyub.db.schema_state import schema_state
from guyub.operations.context import open_app
from guyub.plugins.table_schemas import drop, entered
from guyub.sdk.errors import Refusal
from tests.damaged_rows import ROWS_OF_THE_SCHEMA, check_of_the_key_is, schema_is_of, service_key_is_another
from tests.schema_state import is_current
from tests.worlds import superuser

LAST = ScriptDirectory(str(MIGRATIONS)).get_current_head()


def one_in_six(cases: Iterable[str]) -> list[Any]:
    """Each takes a second to compare the whole schema; the others are cross-checks."""
    return [case if place % 6 == 0 else pytest.param(case, marks=pytest.mark.deep) for place, case in enumerate(cases)]


DRIFTS: Mapping[str, tuple[str, str]] = {
    "a table that is gone": ("DROP TABLE guyub.reminder_seen CASCADE", "table reminder_seen is missing"),
    "a table more": ("CREATE TABLE guyub.more (id int)", "table more is not known to this version"),
    "a view that is gone": ("DROP VIEW guyub.counted_fund CASCADE", "view counted_fund is missing"),
    "a function that is gone": (
        "DROP FUNCTION guyub.campaign_handed_over CASCADE",
        "function campaign_handed_over(uuid) is missing",
    ),
    "a function more": (
        "CREATE FUNCTION guyub.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "function more() is not known to this version",
    ),
    "another body": (
        "CREATE OR REPLACE FUNCTION guyub.append_only() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NEW; END'",
        "function append_only() differs",
    ),
    "a body with the rights of the caller": (
        "ALTER FUNCTION guyub.actor() SECURITY INVOKER",
        "function actor() differs",
    ),
    "a function of another owner": ("ALTER FUNCTION guyub.actor() OWNER TO CURRENT_USER", "function actor() differs"),
    "a trigger that is gone": (
        "DROP TRIGGER append_only ON guyub.reminder_seen",
        "trigger reminder_seen.append_only is missing",
    ),
    "a trigger that is switched off": (
        "ALTER TABLE guyub.reminder_seen DISABLE TRIGGER append_only",
        "trigger reminder_seen.append_only differs",
    ),
    "a trigger more": (
        "CREATE TRIGGER more BEFORE INSERT ON guyub.item FOR EACH ROW EXECUTE FUNCTION guyub.append_only()",
        "trigger item.more is not known to this version",
    ),
    "keys that are switched off": (
        "ALTER TABLE guyub.reminder_seen DISABLE TRIGGER ALL",
        "constraint reminder_seen.reminder_seen_seen_by_fkey differs",
    ),
    "a policy that is gone": (
        "DROP POLICY in_scope ON guyub.reminder_seen",
        "policy reminder_seen.in_scope is missing",
    ),
    "a policy for everybody": (
        "ALTER POLICY in_scope ON guyub.reminder_seen TO PUBLIC",
        "policy reminder_seen.in_scope differs",
    ),
    "a policy more": (
        "CREATE POLICY more ON guyub.household USING (true)",
        "policy household.more is not known to this version",
    ),
    "no row-level security": ("ALTER TABLE guyub.household DISABLE ROW LEVEL SECURITY", "table household differs"),
    "row-level security but for the owner": (
        "ALTER TABLE guyub.household NO FORCE ROW LEVEL SECURITY",
        "table household differs",
    ),
    "a table that a crash empties": ("ALTER TABLE guyub.reminder_seen SET UNLOGGED", "table reminder_seen differs"),
    "a grant more": (
        "GRANT DELETE ON guyub.household TO {app}",
        "what is granted on table household differs",
    ),
    "a grant to everybody": (
        "GRANT SELECT ON guyub.person TO PUBLIC",
        "what is granted on table person differs",
    ),
    "a grant on a column": (
        "GRANT UPDATE (name) ON guyub.item TO {app}",
        "what is granted on column item.name is not known to this version",
    ),
    "a grant that is gone": (
        "REVOKE SELECT ON guyub.household FROM {app}",
        "what is granted on table household differs",
    ),
    "a column that may be empty": ("ALTER TABLE guyub.item ALTER unit DROP NOT NULL", "column item.unit differs"),
    "a column of another type": (
        "ALTER TABLE guyub.reminder_seen ALTER seen_at TYPE timestamp",
        "column reminder_seen.seen_at differs",
    ),
    "a column of another default": (
        "ALTER TABLE guyub.reminder_seen ALTER seen_at SET DEFAULT '2024-01-01'",
        "column reminder_seen.seen_at differs",
    ),
    "a column more": ("ALTER TABLE guyub.item ADD more text", "column item.more is not known to this version"),
    "a constraint that is gone": (
        "ALTER TABLE guyub.reminder_seen DROP CONSTRAINT reminder_seen_pkey",
        "constraint reminder_seen.reminder_seen_pkey is missing",
    ),
    "a constraint that old rows need not keep": (
        "ALTER TABLE guyub.reminder_seen DROP CONSTRAINT reminder_seen_seen_by_fkey; ALTER TABLE guyub.reminder_seen "
        "ADD CONSTRAINT reminder_seen_seen_by_fkey FOREIGN KEY (seen_by) REFERENCES guyub.person NOT VALID",
        "constraint reminder_seen.reminder_seen_seen_by_fkey differs",
    ),
    "a rule": (
        "CREATE RULE more AS ON DELETE TO guyub.item DO INSTEAD NOTHING",
        "rule item.more is not known to this version",
    ),
    "an event trigger": (
        "CREATE FUNCTION public.more() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; "
        "CREATE EVENT TRIGGER more ON ddl_command_end EXECUTE FUNCTION public.more()",
        "event-trigger more is not known to this version",
    ),
    "a type": ("CREATE TYPE guyub.more AS ENUM ('a')", "type more is not known to this version"),
    "rows of a table elsewhere": (
        "CREATE TABLE public.more () INHERITS (guyub.reminder_seen)",
        "table reminder_seen differs",
    ),
    "no table of versions": ("DROP TABLE guyub.schema_version", "table schema_version is missing"),
    **ROWS_OF_THE_SCHEMA,
}


def test_a_migrated_database_is_current(installation: Installation):
    state = schema_state(installation)
    assert (state.revision, state.schema, state.problems, state.refusal) == (LAST, "current", (), None)
    assert is_current(installation)


@pytest.mark.parametrize("kind", one_in_six(DRIFTS))
def test_a_schema_that_differs_is_named_and_no_upgrade_touches_it(installation: Installation, kind: str):
    statement, problem = DRIFTS[kind]
    change(installation, statement.replace("{app}", f"{installation.roles}_app"))
    before = everything(installation)
    state = schema_state(installation)
    assert state.schema == "differs"
    assert problem in [text.en for text in state.problems]
    assert state.refusal is not None
    assert not is_current(installation)
    for step in (make, upgrade):
        with pytest.raises(Refusal) as refused:
            step(installation)
        assert refused.value.code == "db.differs"
    assert everything(installation) == before


def test_a_table_that_is_missing_is_named_once_and_not_by_its_parts(installation: Installation):
    change(installation, "DROP TABLE guyub.reminder_seen")
    assert [text.en for text in schema_state(installation).problems] == ["table reminder_seen is missing"]
    change(installation, "CREATE TABLE guyub.more (id int PRIMARY KEY)")
    assert len(schema_state(installation).problems) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX more ON guyub.household (id)",
        "ANALYZE guyub.household",
        "CREATE STATISTICS guyub.more ON facility_id, id FROM guyub.household",
        "ALTER TABLE guyub.household ALTER facility_id SET STATISTICS 1000",
        "ALTER TABLE guyub.household SET (autovacuum_vacuum_scale_factor = 0.01)",
        "COMMENT ON TABLE guyub.household IS 'contoh'",
        "CREATE SCHEMA others; CREATE TABLE others.more (id int); CREATE TABLE public.more (id int)",
        "ALTER DATABASE {database} SET DateStyle = 'German'; ALTER DATABASE {database} SET search_path = guyub, public; "
        "ALTER DATABASE {database} SET quote_all_identifiers = on",
    ],
)
def test_what_an_administrator_may_do_beside_it_is_no_difference(installation: Installation, statement: str):
    change(installation, statement.replace("{database}", f'"{installation.admin_url.database}"'))
    assert schema_state(installation).problems == ()


def test_a_plugin_with_tables_that_point_at_the_core_is_no_difference(installation: Installation):
    with entered(installation, "kas_contoh") as plugin, psycopg.connect(conninfo(plugin.url)) as connection:
        connection.execute("CREATE TABLE kas_contoh.visit (facility_id uuid REFERENCES guyub.facility)")
    assert schema_state(installation).problems == ()
    change(installation, f"GRANT SELECT ON guyub.person TO {installation.roles}_plugin_kas_contoh")
    assert [text.en for text in schema_state(installation).problems] == ["what is granted on table person differs"]
    drop(installation, "kas_contoh")


def test_a_schema_of_before_the_first_release_differs_and_no_upgrade_touches_it(installation: Installation):
    change(installation, "DROP TABLE guyub.repeatable_file")
    schema_is_of(installation, "0001")
    state = schema_state(installation)
    assert (state.revision, state.schema, state.upgrade_helps) == ("0001", "differs", False)
    with pytest.raises(Refusal) as refused:
        upgrade(installation)
    assert refused.value.code == "db.differs"


def test_a_missing_index_differs(installation: Installation):
    change(installation, "DROP INDEX guyub.api_token_person")
    assert [text.en for text in schema_state(installation).problems] == ["index api_token_person is missing"]


def test_a_later_version_has_its_own_sentence(installation: Installation):
    schema_is_of(installation, "0999")
    state = schema_state(installation)
    assert (state.revision, state.schema, state.upgrade_helps) == ("0999", "differs", False)
    assert state.refusal is not None
    assert state.refusal.code == "db.newer"
    with pytest.raises(Refusal, match="0999"):
        upgrade(installation)


def test_a_database_without_the_schema_is_behind(cluster, installation: Installation):
    change(installation, "DROP SCHEMA guyub CASCADE")
    state = schema_state(installation)
    assert (state.revision, state.schema, state.upgrade_helps) == (None, "behind", True)
    nowhere = Installation(installation.admin_url.set(database="nowhere_contoh"), installation.keys, "nowhere_contoh")
    assert schema_state(nowhere).schema == "behind"


# Keys -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def other_keys(home_folder: Path) -> Keys:
    home = find_home({"GUYUB_HOME": str(home_folder)})
    home.prepare()
    return load_keys(home)


def test_other_keys_change_nothing_and_the_running_application_goes_on(installation, database, other_keys: Keys):
    stolen = Installation(installation.admin_url, other_keys, installation.roles)
    before = everything(installation)
    state = schema_state(stolen)
    assert isinstance(state.refusal, WrongKey)
    assert not state.upgrade_helps
    assert state.schema == "current"
    for step in (make, upgrade, is_current):
        with pytest.raises(WrongKey):
            step(stolen)
    assert everything(installation) == before
    with database.work(database.as_service("tests")) as work:
        assert work.run("SELECT count(*) FROM guyub.facility").scalar_one() > 0
    assert is_current(installation)


def test_a_check_value_that_was_damaged_is_no_fitting_key(installation: Installation):
    for damaged in ("", "nonsense", ":", "00:zz"):
        check_of_the_key_is(installation, damaged)
        with pytest.raises(WrongKey):
            is_current(installation)


def test_roles_with_other_passwords_are_set_right_by_an_upgrade(cluster, external: Installation):
    for role in ("app", "migrator"):
        cluster.run(f"ALTER ROLE {external.roles}_{role} PASSWORD 'other'")
        state = schema_state(external)
        assert (state.schema, state.upgrade_helps) == ("current", True)
        assert state.refusal is not None
        assert state.refusal.code == "db.roles"
        make(external)
        upgrade(external)
        assert is_current(external)


SECRETS = ("admin_password", "migrator_password", "app_password", "service_key")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_file_with_one_other_secret_changes_nothing(installation: Installation, secret: str):
    stolen = replace(installation, keys=replace(installation.keys, **{secret: "another-secret-contoh"}))
    before = everything(installation)
    assert isinstance(schema_state(stolen).refusal, WrongKey)
    for step in (make, upgrade, is_current):
        with pytest.raises(WrongKey):
            step(stolen)
    assert everything(installation) == before
    assert is_current(installation)


def test_a_service_key_that_was_changed_in_the_database_is_seen(installation: Installation):
    service_key_is_another(installation)
    with pytest.raises(WrongKey):
        is_current(installation)


# Roles ------------------------------------------------------------------------------------------------------------------


RIGHTS: Mapping[str, tuple[str, str]] = {
    "SUPERUSER": ("ALTER ROLE {app} SUPERUSER", "ALTER ROLE {app} NOSUPERUSER"),
    "BYPASSRLS": ("ALTER ROLE {app} BYPASSRLS", "ALTER ROLE {app} NOBYPASSRLS"),
    "CREATEROLE": ("ALTER ROLE {owner} CREATEROLE", "ALTER ROLE {owner} NOCREATEROLE"),
    "CREATEDB": ("ALTER ROLE {migrator} CREATEDB", "ALTER ROLE {migrator} NOCREATEDB"),
    "IN ROLE": ("GRANT {owner} TO {app}", "REVOKE {owner} FROM {app}"),
    "pg_read_all_data": ("GRANT pg_read_all_data TO {migrator}", "REVOKE pg_read_all_data FROM {migrator}"),
    "ON SCHEMA public": ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE ALL ON SCHEMA public FROM PUBLIC"),
    "DEFAULT PRIVILEGES": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA guyub GRANT SELECT ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA guyub REVOKE SELECT ON TABLES FROM {app}",
    ),
    "DEFAULT PRIVILEGES t_": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE ALL ON TABLES FROM {app}",
    ),
    "OWNS DATABASE": (
        "ALTER DATABASE {base} OWNER TO {app}",
        "ALTER DATABASE {base} OWNER TO CURRENT_USER; GRANT CONNECT, TEMPORARY ON DATABASE {base} TO {app}",
    ),
    "CREATE ON DATABASE": (
        "GRANT CREATE ON DATABASE {base} TO {app}",
        "REVOKE CREATE ON DATABASE {base} FROM {app}",
    ),
    "SET ON PARAMETER session_replication_role": (
        "GRANT SET ON PARAMETER session_replication_role TO {app}",
        "REVOKE SET ON PARAMETER session_replication_role FROM {app}",
    ),
    "EXECUTE ON pg_read_file(text)": (
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {app}",
        "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM {app}",
    ),
    "PUBLIC EXECUTE ON pg_ls_dir(text)": (
        "GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO PUBLIC",
        "REVOKE EXECUTE ON FUNCTION pg_ls_dir(text) FROM PUBLIC",
    ),
    "SET session_replication_role=replica": (
        "ALTER ROLE {app} SET session_replication_role = replica",
        "ALTER ROLE {app} RESET session_replication_role",
    ),
    "DATABASE SET session_replication_role=replica": (
        "ALTER DATABASE {base} SET session_replication_role = replica",
        "ALTER DATABASE {base} RESET session_replication_role",
    ),
}


@pytest.mark.parametrize("right", one_in_six(RIGHTS))
def test_a_role_that_may_more_than_it_should_is_named(external: Installation, right: str):
    roles = {name: f"{external.roles}_{name}" for name in ("app", "owner", "migrator")}
    roles["base"] = f'"{external.admin_url.database}"'
    given, taken = RIGHTS[right]
    change(external, given.format(**roles))
    try:
        state = schema_state(external)
        assert state.refusal is not None
        assert (state.refusal.code, state.upgrade_helps) == ("db.role_rights", False)
        assert any(right.removesuffix(" t_") in problem.en for problem in state.problems)
    finally:
        change(external, taken.format(**roles))
    assert is_current(external)


# Restored elsewhere -----------------------------------------------------------------------------------------------------


@pytest.fixture
def external(cluster) -> Iterator[Installation]:
    """A database of its own with roles of its own."""
    name = "tempat_contoh"
    made = installation_at(str(cluster.server.url(name, "guyub_admin", cluster.keys.admin_password)), cluster.keys)
    make(made)
    upgrade(made)
    yield made
    cluster.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    for role in ("app", "migrator", "owner"):
        cluster.run(f"DROP ROLE {name}_{role}")


def test_the_names_of_database_and_roles_make_no_difference(external: Installation):
    assert schema_state(external).problems == ()


def test_a_backup_under_another_name_is_reported_by_its_owner(cluster, external: Installation):
    other = "tempat_lain_contoh"
    cluster.run(f'CREATE DATABASE {other} TEMPLATE "{external.roles}"')
    try:
        restored = installation_at(
            str(cluster.server.url(other, "guyub_admin", cluster.keys.admin_password)), cluster.keys
        )
        for step in (make, upgrade):
            with pytest.raises(Refusal) as refused:
                step(restored)
            assert refused.value.code == "db.other_roles"
            assert external.roles in refused.value.remedy.id
        assert schema_state(restored).schema == "differs"
    finally:
        cluster.run(f"DROP DATABASE {other} WITH (FORCE)")


def test_a_backup_without_its_owners_is_reported(cluster, external: Installation):
    change(external, "ALTER SCHEMA guyub OWNER TO CURRENT_USER")
    refusal = schema_state(external).refusal
    assert refusal is not None
    assert refusal.code == "db.missing_role"
    assert "--no-owner" in refusal.remedy.en


def test_a_name_that_no_role_can_carry_is_refused_at_once(cluster):
    for name in ("Guyub", "guyub-satu", "g" * 60, "1guyub", "pg_x"):
        with pytest.raises(Refusal) as refused:
            installation_at(str(cluster.server.url(name, "guyub_admin", "x")), cluster.keys)
        assert refused.value.code == "db.name"


def test_the_status_names_the_first_objects_and_counts_the_others(external: Installation, cluster, monkeypatch):
    change(external, "".join(f"CREATE TABLE guyub.more{number} (id int);" for number in range(30)))
    monkeypatch.setenv("GUYUB_HOME", str(cluster.home.path))
    monkeypatch.setenv("GUYUB_DATABASE_URL", conninfo(external.admin_url))
    status = json.loads(CliRunner().invoke(app, ("db", "status", "--json")).output)
    assert (status["revision"], status["schema"], status["current"]) == (LAST, "differs", False)
    assert status["problems"][0] == "table more0 is not known to this version"
    assert len(status["problems"]) == len(status["problems_id"]) == 21
    assert status["problems"][-1] == "and 10 more"


# Every command ----------------------------------------------------------------------------------------------------------


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


COMMANDS = [
    ("serve", "--port", free_port()),
    ("worker", "--once"),
    ("doctor",),
    ("doctor", "--json"),
    ("audit", "verify"),
    ("plugin", "disable", "bansos"),
    ("plugin", "upgrade"),
    ("plugin", "run", "bansos"),
    ("facilities", "plan", "facilities"),
    ("facilities", "apply", "facilities"),
    ("cycle", "open", "--facility", "rutan-pekalongan", "--period", "2025-01", "--as", "kasubsi"),
    ("db", "upgrade"),
]


@pytest.mark.parametrize(
    "fault", ["keys", pytest.param("drift", marks=pytest.mark.deep), pytest.param("name", marks=pytest.mark.deep)]
)
def test_every_command_refuses_with_the_same_sentence(
    cluster, external: Installation, home_folder: Path, monkeypatch: pytest.MonkeyPatch, fault: str
):
    url, home, code = external.admin_url, cluster.home.path, "db.differs"
    if fault == "drift":
        change(external, "DROP TABLE guyub.reminder_seen CASCADE; DROP FUNCTION guyub.campaign_handed_over CASCADE")
    elif fault == "keys":
        home, code = home_folder, "db.wrong_key"
    else:
        cluster.run("DROP DATABASE IF EXISTS tempat_lain_contoh")
        cluster.run(f'CREATE DATABASE tempat_lain_contoh TEMPLATE "{external.roles}"')
        url, code = url.set(database="tempat_lain_contoh"), "db.other_roles"
    monkeypatch.setenv("GUYUB_HOME", str(home))
    monkeypatch.setenv("GUYUB_DATABASE_URL", url.set(drivername="postgresql").render_as_string(hide_password=False))
    before = everything(external)
    try:
        for command in COMMANDS:
            result = CliRunner().invoke(app, command)
            assert isinstance(result.exception, Refusal), (command, result.output, result.exception)
            assert result.exception.code == code, command
        # It lists what is installed whatever state the database is in, and says why it cannot ask it.
        refusal = schema_state(installation_at(str(os.environ["GUYUB_DATABASE_URL"]), load_keys(find_home()))).refusal
        assert refusal is not None
        assert refusal.what.en in CliRunner().invoke(app, ("plugin", "list")).output
        status = CliRunner().invoke(app, ("db", "status", "--json"))
        assert status.exit_code == 1
        assert '"current": false' in status.output
        assert CliRunner().invoke(app, ("db", "status")).exit_code == 1
    finally:
        if fault == "name":
            cluster.run("DROP DATABASE tempat_lain_contoh WITH (FORCE)")
    assert everything(external) == before


def test_the_embedded_server_of_a_data_folder_that_differs_does_not_start_the_pages(home_folder: Path):
    home = find_home({"GUYUB_HOME": str(home_folder / "rumah")})
    with open_app(home, settings=("fsync=off",)) as here:
        change(here.installation, "DROP TABLE guyub.reminder_seen CASCADE")
    with pytest.raises(Refusal) as refused, open_app(home, settings=("fsync=off",)):
        pass
    assert refused.value.code == "db.differs"
    home.keys.unlink()
    load_other(home_folder, home.keys)
    with pytest.raises(WrongKey), open_app(home, settings=("fsync=off",)):
        pass
    assert not (home.data / "postmaster.pid").exists()


def load_other(folder: Path, keys: Path) -> None:
    other = find_home({"GUYUB_HOME": str(folder / "lain")})
    other.prepare()
    load_keys(other)
    keys.write_bytes(other.keys.read_bytes())


def change(installation: Installation, statement: str) -> None:
    with superuser(installation) as root:
        root.execute(statement.encode())


def everything(installation: Installation) -> tuple[object, ...]:
    """Passwords of its roles and of the administrators, the whole catalogue, and who may connect where.

    Other tests make roles of their own on the same server meanwhile.
    """
    ours = {"roles": f"{installation.roles}\\_%"}
    with superuser(installation) as root:
        return (
            root.execute(
                """SELECT rolname, rolpassword, rolcanlogin FROM pg_authid
                   WHERE rolname LIKE %(roles)s OR rolsuper ORDER BY rolname""",
                ours,
            ).fetchall(),
            root.execute(
                """SELECT r.rolname, s.setconfig FROM pg_db_role_setting s JOIN pg_authid r ON r.oid = s.setrole
                   WHERE r.rolname LIKE %(roles)s OR r.rolsuper ORDER BY r.rolname, s.setdatabase""",
                ours,
            ).fetchall(),
            root.execute("SELECT datname, datacl::text FROM pg_database WHERE datname = current_database()").fetchall(),
            root.execute("SELECT xmin::text, service_key, key_check FROM guyub.installation").fetchall(),
            catalogue.read(root, installation.roles),
        )

"""Tables that plugins keep: made by their own role, kept at their facility by the database, exported, dropped, restored."""

import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import installation_at
from guyub.db.installing import make as make_installation
from guyub.db.installing import upgrade as upgrade_installation
from guyub.demo import families
from guyub.plugins import plugin_tables, startup, table_archive
from guyub.plugins.global_disable import switch
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.table_schemas import drop, is_there, role_name
from guyub.sdk.errors import Forbidden, Refusal
from tests import worlds
from tests.plugin_with_tables import ALL, COLLECTION, SLUG, Kas
from tests.worlds import Attacker, attacker

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Kas]]:
    made: list[Kas] = []

    def new(slug: str = SLUG) -> Kas:
        made.append(Kas(tmp_path, slug))
        monkeypatch.syspath_prepend(str(made[-1].root))
        return made[-1]

    yield new
    for item in made:
        sys.modules.pop(item.module, None)


@pytest.fixture
def superuser(installation) -> Iterator[psycopg.Connection[Any]]:
    url = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def kas(make, installation, superuser) -> Iterator[PluginRegistry]:
    """All tables, made."""
    plugins = make().with_migrations(*ALL)
    plugin_tables.upgrade(installation, plugins, SLUG)
    return plugins


@pytest.fixture
def intruder(installation, database) -> Iterator[Attacker]:
    with attacker(installation, database) as one:
        yield one


def one_collection(intruder: Attacker, login: str, facility: str) -> Any:
    """Added by a person at their own facility; committed."""
    intruder.enter(login, facility)
    ((added,),) = intruder.sees(
        "INSERT INTO kas_contoh.collection (facility_id, amount, note) "
        f"SELECT id, 1000, 'contoh' FROM guyub.facility WHERE code = '{facility}' RETURNING id"
    )
    intruder.connection.commit()
    return added


# --- what the database keeps -------------------------------------------------------------------------------------


def test_the_schema_belongs_to_a_role_that_owns_nothing_else_and_cannot_sign_in(kas, installation, superuser):
    role = role_name(installation, SLUG)
    owned = superuser.execute(
        "SELECT DISTINCT relnamespace::regnamespace::text FROM pg_class WHERE relowner = %s::regrole", [role]
    ).fetchall()
    assert [schema for (schema,) in owned if not schema.startswith("pg_toast")] == [SLUG]
    flags = superuser.execute(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
        [role],
    ).fetchone()
    assert flags == (False,) * 5


def test_every_table_has_forced_row_level_security(kas, superuser):
    rows = superuser.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
        "WHERE relnamespace = 'kas_contoh'::regnamespace AND relkind = 'r' ORDER BY 1"
    ).fetchall()
    assert [name for name, *_ in rows] == ["a_line", "allotment", "collection", "schema_version", "visit", "visit_note"]
    assert all(enabled and forced for _, enabled, forced in rows)


def test_no_row_is_read_changed_or_made_from_another_facility(kas, intruder):
    mine = one_collection(intruder, "kasubsi", PEKALONGAN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(0,)], "without a door"
    intruder.enter("kasubsi.kebumen", KEBUMEN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(0,)]
    assert intruder.tries("UPDATE kas_contoh.collection SET amount = 1") == "0 rows"
    assert intruder.tries("DELETE FROM kas_contoh.collection") == "0 rows"
    at = "SELECT id, 1 FROM guyub.facility WHERE code = '{code}'"
    into = "INSERT INTO kas_contoh.collection (facility_id, amount) "
    assert intruder.tries(into + at.format(code=PEKALONGAN)) == "42501"
    assert intruder.tries(into + at.format(code=KEBUMEN)) == "1 rows"
    move = (
        "UPDATE kas_contoh.collection SET facility_id = (SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan')"
    )
    assert intruder.tries(move) == "42501"
    point = (
        "INSERT INTO kas_contoh.a_line (facility_id, collection_id) "
        f"SELECT id, '{mine}' FROM guyub.facility WHERE code = 'rutan-kebumen'"
    )
    assert intruder.tries(point) == "23503", "a key may not point into another facility"
    intruder.enter("kasubsi", PEKALONGAN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE kas_contoh.collection",
        "ALTER TABLE kas_contoh.collection DISABLE ROW LEVEL SECURITY",
        "DROP POLICY in_scope ON kas_contoh.collection",
        "CREATE TABLE kas_contoh.loot (facility_id uuid)",
        "UPDATE kas_contoh.schema_version SET version_num = 'x'",
        "SET ROLE t_plugin_kas_contoh",
        "CREATE TRIGGER t BEFORE INSERT ON kas_contoh.collection EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_the_application_role_can_weaken_nothing(kas, intruder, installation, statement):
    intruder.enter("kasubsi", PEKALONGAN)
    wanted = statement.replace("t_plugin_kas_contoh", f'"{role_name(installation, SLUG)}"')
    assert intruder.tries(wanted) == "42501"


def test_what_points_at_a_household_follows_the_personal_scope(
    kas, intruder, superuser, cluster, installation, database, plugins
):
    worlds.pekalongan(cluster, installation, database, plugins).register(families.PEKALONGAN[:1], worlds.SURVEYED)
    ((household,),) = superuser.execute("SELECT id FROM guyub.household").fetchall()
    intruder.enter("kasubsi", PEKALONGAN)
    here = "SELECT id, '{}' FROM guyub.facility WHERE code = 'rutan-pekalongan'"
    assert (
        intruder.tries("INSERT INTO kas_contoh.visit (facility_id, household_id) " + here.format(household)) == "1 rows"
    )
    intruder.connection.commit()
    one_collection(intruder, "kasubsi", PEKALONGAN)
    intruder.enter("kanwil", PEKALONGAN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(1,)]
    assert intruder.sees("SELECT count(*) FROM kas_contoh.visit") == [(0,)]
    intruder.enter("kasubsi.kebumen", KEBUMEN)
    there = "SELECT id, '{}' FROM guyub.facility WHERE code = 'rutan-kebumen'"
    assert (
        intruder.tries("INSERT INTO kas_contoh.visit (facility_id, household_id) " + there.format(household)) == "23503"
    )


def test_a_table_of_a_table_about_households_is_personal_too(kas, superuser):
    doors = dict(
        superuser.execute(
            "SELECT tablename, qual FROM pg_policies WHERE schemaname = 'kas_contoh' AND policyname = 'in_scope'"
        ).fetchall()
    )
    assert "personal_scope" in doors["visit_note"]
    assert "personal_scope" not in doors["collection"]


def test_rows_of_a_region_are_seen_by_its_office_and_by_no_facility(kas, intruder):
    intruder.enter("kanwil")
    region = "INSERT INTO kas_contoh.allotment (region_id) SELECT id FROM guyub.region WHERE code = 'jawa-tengah'"
    assert intruder.tries(region) == "1 rows"
    intruder.connection.commit()
    intruder.enter("kanwil")
    assert intruder.sees("SELECT count(*) FROM kas_contoh.allotment") == [(1,)]
    intruder.enter("karutan", PEKALONGAN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.allotment") == [(0,)]
    assert intruder.tries(region) == "42501"


def test_an_operator_of_the_plugins_own_does_not_slip_into_the_policy(make, installation, intruder):
    sly = (
        COLLECTION
        + """
        CREATE FUNCTION always(uuid, uuid) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
        CREATE OPERATOR kas_contoh.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = always);
        SET search_path = kas_contoh, pg_catalog;"""
    )
    plugin_tables.upgrade(installation, make().with_migrations(sly), SLUG)
    one_collection(intruder, "kasubsi", PEKALONGAN)
    intruder.enter("kasubsi.kebumen", KEBUMEN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(0,)]


# --- what is refused ---------------------------------------------------------------------------------------------

SCOPED = "id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("CREATE TABLE loose (id uuid PRIMARY KEY)", "“loose” has no column facility_id or region_id"),
        ("CREATE TABLE loose (facility_id uuid)", "“loose” has no column facility_id or region_id"),
        ("CREATE TABLE loose (facility_id text NOT NULL)", "“loose” has no column facility_id or region_id"),
        ("CREATE TABLE public.elsewhere (facility_id uuid NOT NULL)", "outside its schema: permission denied"),
        ("CREATE TABLE guyub.elsewhere (facility_id uuid NOT NULL)", "outside its schema: permission denied"),
        ("CREATE SCHEMA another", "outside its schema: permission denied"),
        ("SELECT * FROM guyub.household", "outside its schema: permission denied"),
        ("SELECT * FROM guyub.installation", "outside its schema: permission denied"),
        ("CREATE ROLE thief", "outside its schema: permission denied"),
        (
            COLLECTION
            + "CREATE FUNCTION peek() RETURNS bigint SECURITY DEFINER RETURN (SELECT count(*) FROM collection)",
            "“peek” is SECURITY DEFINER",
        ),
        (COLLECTION + "GRANT SELECT ON collection TO PUBLIC", "“collection” is granted to PUBLIC"),
        (COLLECTION + "GRANT SELECT (amount) ON collection TO PUBLIC", "“collection.amount” is granted to PUBLIC"),
        ("GRANT USAGE ON SCHEMA kas_contoh TO PUBLIC", "“kas_contoh” is granted to PUBLIC"),
        ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", "is granted to PUBLIC"),
        (COLLECTION + "CREATE VIEW every AS SELECT * FROM collection", "“every” must be made WITH (security_invoker"),
        (COLLECTION + "CREATE MATERIALIZED VIEW every AS SELECT * FROM collection", "“every” is no plain table"),
        (COLLECTION + "CREATE POLICY open ON collection USING (true)", "“collection” brings a POLICY or RULE"),
        (
            COLLECTION + "CREATE RULE r AS ON INSERT TO collection DO ALSO NOTHING",
            "“collection” brings a POLICY or RULE",
        ),
        (f"CREATE TABLE spy ({SCOPED}, member_id uuid REFERENCES guyub.member)", "permission denied for table member"),
        (f"CREATE TABLE spy ({SCOPED}, fund_id uuid REFERENCES guyub.fund)", "permission denied for table fund"),
        (
            "CREATE TABLE spy (id uuid PRIMARY KEY, region_id uuid NOT NULL, household_id uuid REFERENCES guyub.household)",
            "may point at a row of another facility",
        ),
        (
            f"CREATE TABLE spy ({SCOPED}, a uuid, b uuid, FOREIGN KEY (a, b) REFERENCES guyub.household (facility_id, id))",
            "may point at a row of another facility",
        ),
        (
            f"CREATE TABLE spy ({SCOPED}, h uuid CONSTRAINT guyub_here_x REFERENCES guyub.household)",
            "“guyub_here_x” begins with guyub_here_",
        ),
        ("!op.execute('CREATE TABLE broken (')", "failed: SyntaxError"),
        ("!raise RuntimeError('setengah jalan')", "failed: RuntimeError: setengah jalan"),
        ("!op.get_bind().commit()", "ends its transaction itself"),
        ("COMMIT; BEGIN", "ends its transaction itself"),
    ],
)
def test_what_a_plugin_may_not_have_is_refused_with_a_sentence_and_nothing_is_left(
    make, installation, superuser, sql, sentence
):
    plugins = make().with_migrations(sql)
    with pytest.raises(Refusal) as refused:
        plugin_tables.upgrade(installation, plugins, SLUG)
    assert sentence in refused.value.what.en
    assert not is_there(installation, SLUG)
    left = superuser.execute(
        "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = %s), "
        "(SELECT count(*) FROM pg_class WHERE relname IN ('loose', 'elsewhere', 'spy', 'collection'))",
        [role_name(installation, SLUG)],
    ).fetchone()
    assert left == (0, 0)


@pytest.mark.parametrize("spelt", ["kas_contoh.collection", '"kas_contoh" . collection', "KAS_CONTOH.collection"])
def test_a_function_that_reads_the_tables_of_another_plugin_is_refused(kas, make, installation, spelt):
    body = f"CREATE FUNCTION peek() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM {spelt}); END $$"
    with pytest.raises(Refusal) as refused:
        plugin_tables.upgrade(installation, make("zakat_contoh").with_migrations(body), "zakat_contoh")
    assert "“peek” names “kas_contoh”" in refused.value.what.en


def test_a_later_migration_that_is_refused_leaves_the_tables_as_they_were(make, installation, superuser, intruder):
    made = make()
    plugin_tables.upgrade(installation, made.with_migrations(*ALL), SLUG)
    one_collection(intruder, "kasubsi", PEKALONGAN)
    made.with_migrations(*ALL, "DELETE FROM collection; CREATE TABLE loose (id integer)")
    with pytest.raises(Refusal, match="“loose”"):
        plugin_tables.upgrade(installation, made.plugins(), SLUG)
    intruder.enter("kasubsi", PEKALONGAN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(1,)]
    assert superuser.execute("SELECT version_num FROM kas_contoh.schema_version").fetchall() == [("k3",)]


def test_a_data_migration_meets_every_row_and_the_keys_that_the_host_added_do_not_stand_in_its_way(
    make, installation, intruder, superuser
):
    made = make()
    plugin_tables.upgrade(installation, made.with_migrations(*ALL), SLUG)
    for login, facility in (("kasubsi", PEKALONGAN), ("kasubsi.kebumen", KEBUMEN)):
        one_collection(intruder, login, facility)
    made.with_migrations(
        *ALL,
        "UPDATE collection SET amount = 7; ALTER TABLE a_line DROP CONSTRAINT a_line_collection_id_fkey; "
        "ALTER TABLE collection DROP CONSTRAINT collection_pkey; ALTER TABLE collection ADD PRIMARY KEY (id)",
    )
    plugin_tables.upgrade(installation, made.plugins(), SLUG)
    assert superuser.execute("SELECT count(*) FROM kas_contoh.collection WHERE amount = 7").fetchone() == (2,)


def test_a_schema_of_that_name_that_is_not_the_plugins_is_left_alone(make, installation, superuser):
    superuser.execute("CREATE SCHEMA kas_contoh; CREATE TABLE kas_contoh.mine (a integer)")
    with pytest.raises(Refusal, match="does not belong to the plugin"):
        plugin_tables.upgrade(installation, make().with_migrations(*ALL), SLUG)
    assert superuser.execute("SELECT count(*) FROM kas_contoh.mine").fetchone() == (0,)


# --- out of service ----------------------------------------------------------------------------------------------


def test_a_plugin_whose_tables_are_behind_is_set_aside_with_the_command_that_fixes_it(make, installation, database):
    made = make()
    plugins = made.with_migrations(*ALL)
    startup.prepare(installation, database, plugins, run_pending=False)
    status = plugins.status(SLUG)
    assert (status.state, status.reason.en) == ("quarantined", "Its tables are at version none; the plugin needs k3.")
    assert status.remedy.en == "Run: guyub plugin upgrade kas_contoh"
    plugin_tables.upgrade(installation, made.plugins(), SLUG)
    plugins = made.plugins()
    startup.prepare(installation, database, plugins, run_pending=False)
    assert plugins.status(SLUG).state == "ready"


def test_pending_migrations_run_at_the_start_where_they_may_and_a_bad_one_stops_only_its_plugin(
    make, installation, database
):
    good, bad = make(), make("kas_lain")
    good.with_migrations(*ALL)
    bad.with_migrations("CREATE TABLE loose (id uuid)")
    entries = [
        entry for item in (good, bad) for found in distributions(path=[str(item.root)]) for entry in found.entry_points
    ]
    plugins = plugin_registry(entries)
    startup.prepare(installation, database, plugins, run_pending=True)
    assert plugins.status(SLUG).state == "ready"
    assert "“loose”" in plugins.status("kas_lain").reason.en


def test_tables_of_a_newer_version_ask_for_it(make, installation, database):
    plugin_tables.upgrade(installation, make().with_migrations(*ALL), SLUG)
    older = make().with_migrations(*ALL[:2])
    startup.prepare(installation, database, older, run_pending=True)
    assert older.status(SLUG).reason.en == "Its tables are at version k3, which the installed plugin does not know."


def test_a_disabled_plugin_is_set_aside_by_name_and_its_data_stays(kas, make, installation, database, intruder):
    one_collection(intruder, "kasubsi", PEKALONGAN)
    with database.work(database.as_service("pusat")) as work:
        switch(work, SLUG, disabled=True, reason="Menunggu perbaikan.")
    startup.prepare(installation, database, kas, run_pending=True)
    assert kas.status(SLUG).state == "quarantined"
    assert kas.status(SLUG).reason.en.startswith("Disabled by pusat on ")
    assert kas.status(SLUG).reason.en.endswith(": Menunggu perbaikan.")
    intruder.enter("kasubsi", PEKALONGAN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(1,)]


def test_only_the_nation_switches_a_plugin_off(acting):
    with pytest.raises(Forbidden), acting("kanwil") as work:
        switch(work, "bansos", disabled=True, reason="")


# --- purge and restore -------------------------------------------------------------------------------------------

NOTES = ["", None, 'kutip "ganda", koma; titik', "dua\nbaris", "\\N", "ꦱꦸꦒꦼꦁ", " tepi "]


def filled(superuser) -> dict[str, list[Any]]:
    for facility in (PEKALONGAN, KEBUMEN):
        for note in NOTES:
            superuser.execute(
                """WITH added AS (INSERT INTO kas_contoh.collection (facility_id, note, amount)
                                  SELECT id, %(note)s, 12345678901 FROM guyub.facility WHERE code = %(code)s
                                  RETURNING id, facility_id)
                   INSERT INTO kas_contoh.a_line (facility_id, collection_id, payload, share)
                   SELECT facility_id, id, '\\x00ff22', 0.125 FROM added""",
                {"note": note, "code": facility},
            )
    return contents(superuser)


def contents(superuser) -> dict[str, list[Any]]:
    return {
        table: superuser.execute(f"SELECT * FROM kas_contoh.{table} ORDER BY id").fetchall()
        for table in ("collection", "a_line", "visit", "allotment")
    }


def test_a_purge_exports_every_row_and_leaves_neither_schema_nor_role(kas, installation, superuser, tmp_path):
    filled(superuser)
    manifest = table_archive.purge(installation, SLUG, tmp_path / "ekspor")
    assert {table.name: table.rows for table in manifest.tables} == {
        "a_line": 14,
        "allotment": 0,
        "collection": 14,
        "visit": 0,
        "visit_note": 0,
    }
    assert manifest.schema_version == ("k3",)
    assert not is_there(installation, SLUG)
    role = role_name(installation, SLUG)
    assert superuser.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role]).fetchone() == (0,)
    kept = json.loads((tmp_path / "ekspor" / "manifest.json").read_text())
    assert kept["tables"][0]["columns"] == ["id", "region_id"] or kept["plugin"] == SLUG
    assert superuser.execute("SELECT count(*) FROM guyub.config_value").fetchone()[0] > 0


def test_what_was_exported_comes_back_row_by_row_and_is_protected_again(
    kas, installation, superuser, tmp_path, intruder
):
    before = filled(superuser)
    table_archive.purge(installation, SLUG, tmp_path / "ekspor")
    scripts = plugin_tables.with_tables(kas)[SLUG]
    table_archive.restore(installation, SLUG, scripts, tmp_path / "ekspor")
    assert contents(superuser) == before
    one_collection(intruder, "kasubsi", PEKALONGAN)
    assert superuser.execute("SELECT max(number) FROM kas_contoh.collection").fetchone() == (15,)
    intruder.enter("kasubsi.kebumen", KEBUMEN)
    assert intruder.sees("SELECT count(*) FROM kas_contoh.collection") == [(7,)]


def test_an_export_of_an_older_version_is_restored_and_brought_up_to_date(make, installation, superuser, tmp_path):
    made = make()
    plugin_tables.upgrade(installation, made.with_migrations(*ALL), SLUG)
    before = filled(superuser)
    table_archive.purge(installation, SLUG, tmp_path / "ekspor")
    newer = made.with_migrations(*ALL, "ALTER TABLE collection ADD COLUMN place text NOT NULL DEFAULT 'aula'")
    table_archive.restore(installation, SLUG, plugin_tables.with_tables(newer)[SLUG], tmp_path / "ekspor")
    after = contents(superuser)
    assert [row[:-1] for row in after["collection"]] == before["collection"]
    assert {row[-1] for row in after["collection"]} == {"aula"}


CIRCLE = (
    """CREATE TABLE box (id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
                         last_id uuid)""",
    """CREATE TABLE entry (id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
                           box_id uuid NOT NULL REFERENCES box);
       ALTER TABLE box ADD CONSTRAINT box_last FOREIGN KEY (last_id) REFERENCES entry;
       CREATE TABLE "a/b" (id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
                           next_id uuid REFERENCES "a/b" DEFERRABLE)""",
)


def test_rows_that_point_at_one_another_in_a_circle_come_back_and_so_do_tables_of_any_name(
    make, installation, superuser, tmp_path
):
    def rows() -> list[Any]:
        tables = ("box", "entry", '"a/b"')
        return [superuser.execute(f"SELECT * FROM kas_contoh.{name} ORDER BY id").fetchall() for name in tables]

    def keys() -> list[Any]:
        return superuser.execute(
            "SELECT conname, condeferrable, condeferred FROM pg_constraint WHERE contype = 'f' "
            "AND connamespace = 'kas_contoh'::regnamespace ORDER BY conname, conrelid::regclass::text"
        ).fetchall()

    plugins = make().with_migrations(*CIRCLE)
    plugin_tables.upgrade(installation, plugins, SLUG)
    for statement in (
        "INSERT INTO kas_contoh.box (facility_id) SELECT id FROM guyub.facility",
        "INSERT INTO kas_contoh.entry (facility_id, box_id) SELECT facility_id, id FROM kas_contoh.box",
        "UPDATE kas_contoh.box b SET last_id = (SELECT e.id FROM kas_contoh.entry e WHERE e.box_id = b.id)",
        'INSERT INTO kas_contoh."a/b" (facility_id) SELECT id FROM guyub.facility',
        'UPDATE kas_contoh."a/b" SET next_id = id',
    ):
        superuser.execute(statement)
    before, kept = rows(), keys()
    assert all(before)
    table_archive.purge(installation, SLUG, tmp_path / "ekspor")
    table_archive.restore(installation, SLUG, plugin_tables.with_tables(plugins)[SLUG], tmp_path / "ekspor")
    assert rows() == before
    assert keys() == kept


def test_an_export_that_was_changed_or_belongs_to_another_plugin_is_refused(kas, installation, superuser, tmp_path):
    folder = tmp_path / "ekspor"
    filled(superuser)
    table_archive.purge(installation, SLUG, folder)
    scripts = plugin_tables.with_tables(kas)[SLUG]
    with pytest.raises(Refusal, match="is no export of the plugin"):
        table_archive.restore(installation, "kas_lain", scripts, folder)
    with (folder / "collection.csv").open("a") as file:
        file.write(f"{uuid4()},{uuid4()},1,sisipan,5\n")
    with pytest.raises(Refusal, match="was changed"):
        table_archive.restore(installation, SLUG, scripts, folder)
    assert not is_there(installation, SLUG)


def test_nothing_is_overwritten_by_an_export_or_a_restore(kas, installation, superuser, tmp_path):
    full = tmp_path / "penuh"
    full.mkdir()
    (full / "catatan.txt").write_text("jangan ditimpa")
    filled(superuser)
    with pytest.raises(Refusal, match="is not empty"):
        table_archive.purge(installation, SLUG, full)
    before = contents(superuser)
    table_archive.purge(installation, SLUG, tmp_path / "ekspor")
    scripts = plugin_tables.with_tables(kas)[SLUG]
    plugin_tables.upgrade(installation, kas, SLUG)
    table_archive.restore(installation, SLUG, scripts, tmp_path / "ekspor")
    with pytest.raises(Refusal, match="hold rows already"):
        table_archive.restore(installation, SLUG, scripts, tmp_path / "ekspor")
    assert contents(superuser) == before


def test_a_database_administrator_who_is_no_superuser_can_do_all_of_it(cluster, make):
    cluster.run("DROP DATABASE IF EXISTS pusat_contoh")
    cluster.run("CREATE ROLE dba_contoh LOGIN CREATEROLE CREATEDB PASSWORD 'contoh'")
    plugins = make().with_migrations(*ALL)
    external = installation_at(cluster.server.url("pusat_contoh", "dba_contoh", "contoh"), cluster.keys)
    make_installation(external)
    upgrade_installation(external)
    plugin_tables.upgrade(external, plugins, SLUG)
    assert is_there(external, SLUG)
    drop(external, SLUG)
    assert not is_there(external, SLUG)
    cluster.run("DROP DATABASE pusat_contoh")

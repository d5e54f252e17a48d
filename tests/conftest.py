"""One cluster for the run, a migrated template for each worker, a database of its own for each test, and people in it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

import psycopg
import pytest

import guyub.operations.consequences
import guyub.operations.database_refusals
import guyub.operations.household_history  # noqa: F401  rooms answer: refusals of the database, timelines of households
from guyub.access import people, sign_in
from guyub.configuration.assembly import plugin_registry
from guyub.db import embedded
from guyub.db.home import Home, find_home
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make, upgrade
from guyub.db.keys import Keys, Protector, load_keys
from guyub.db.unit_of_work import Database, SessionCredential, Work
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.registry.questionnaire import ensure_questionnaire
from tests import temporary_folder, worlds
from tests.distributions import Shelf, shelf_in
from tests.filled import Filled
from tests.months import Step, month_until
from tests.read_once import _read_once  # noqa: F401  a fixture for every test
from tests.worlds import KEBUMEN, PEKALONGAN

HOME_OF_RUN = "GUYUB_TEST_HOME"
PASSWORD = "kata sandi contoh"
NOT_DURABLE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "max_wal_size=256MB",
    "scram_iterations=1",
)
SINCE = date(2024, 1, 1)

STAFF = {
    "kasubsi": ("Kasubsi Contoh Satu", "detainee_services", PEKALONGAN),
    "karutan": ("Karutan Contoh Dua", "head", PEKALONGAN),
    "pengelola": ("Pengelola Contoh Tiga", "management", PEKALONGAN),
    "pengamanan": ("Pengamanan Contoh Empat", "security", PEKALONGAN),
    "kasubsi.kebumen": ("Kasubsi Contoh Lima", "detainee_services", KEBUMEN),
    "karutan.kebumen": ("Karutan Contoh Enam", "head", KEBUMEN),
}
"""Login: name, role, facility. The regional administrator is ``kanwil``."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = temporary_folder.make()
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        os.environ[HOME_OF_RUN] = tempfile.mkdtemp(prefix="guyub-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop("TMPDIR"), ignore_errors=True)
        tempfile.tempdir = None


LONGEST = (
    "tests/testing/test_separate_check.py",
    "tests/plugin_docs/test_tutorial.py",
    "tests/cli/test_demo_server.py",
    "tests/testing/test_check_command.py",
    "tests/scaffold/test_new_plugin.py",
    "tests/configuration/test_plugin_tables_command.py",
    "tests/browser/test_the_month_by_hand.py",
    "tests/security/test_damaged_rows.py",
    "tests/ui/test_ui_in_browser.py",
    "tests/upgrade/test_releases.py",
    "plugins/bansos/tests/test_bansos_conformance.py",
)
"""Files of which a worker has much to do; the whole run is over when the last of them is."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where two workers share the files, they begin with the longest."""
    if hasattr(config, "workerinput"):
        place = {name: number for number, name in enumerate(LONGEST)}
        items.sort(key=lambda item: place.get(item.location[0], len(LONGEST)))


@dataclass(frozen=True)
class Cluster:
    """A running server with the template of this worker; ``copy`` makes a database from it, or from another."""

    home: Home
    server: embedded.Server
    keys: Keys
    template: Installation
    connection: psycopg.Connection
    """The administrator's, beside all databases: it makes and drops them."""
    names: Iterator[int] = field(default_factory=lambda: count(1))
    templates: dict[Hashable, Filled] = field(default_factory=dict)
    """Further installations to copy, made once for this worker, by what is in them: ``tests/filled.py``."""

    def copy(self, template: Installation | None = None) -> Installation:
        """Nobody may be connected to the template meanwhile."""
        name = f"{self.template.roles}_{next(self.names)}"
        source = (template or self.template).admin_url.database
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        self.run(f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO "{self.template.roles}_app"')
        return Installation(self.template.admin_url.set(database=name), self.keys, self.template.roles)

    def drop(self, copy: Installation) -> None:
        self.run(f'DROP DATABASE "{copy.admin_url.database}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        self.connection.execute(statement.encode())


@pytest.fixture(scope="session")
def cluster(worker_id: str) -> Iterator[Cluster]:
    home = find_home({"GUYUB_HOME": os.environ[HOME_OF_RUN]})
    home.prepare()
    keys = load_keys(home)
    with (
        embedded.running(home, keys.admin_password, settings=NOT_DURABLE) as server,
        psycopg.connect(server.admin_url.replace("+psycopg", ""), autocommit=True) as connection,
    ):
        template = installation_at(server.url(f"t_{worker_id}", embedded.ADMIN, keys.admin_password), keys)
        make(template)
        upgrade(template)
        _settle(template)
        _forget_who_owns_what(connection, template)
        yield Cluster(home, server, keys, template, connection)


def _settle(template: Installation) -> None:
    """Jawa Tengah as its files have it, with people in their posts."""
    from guyub.provisioning import packaged_folder
    from guyub.provisioning.loading import load
    from guyub.provisioning.plan import apply

    database = template.database()
    plugins = plugin_registry()
    with database.work(database.as_service("tests")) as work:
        ensure_questionnaire(work)
        apply(work, plugins, load(packaged_folder(), plugins))
        for login, (name, role, facility) in STAFF.items():
            _employ(work, database.service_key, login, name, role, facility=facility)
        _employ(work, database.service_key, "kanwil", "Kanwil Contoh Tujuh", "region_admin", region="jawa-tengah")
    database.close()


def _forget_who_owns_what(connection: psycopg.Connection, template: Installation) -> None:
    """A quarter of a copy's time goes into the server's list of what each role owns and may do in it. It is only asked when a
    role is dropped, which no test does; owners and grants themselves stand elsewhere."""
    with connection.transaction():
        connection.execute("SET LOCAL allow_system_table_mods = on")
        connection.execute(
            "DELETE FROM pg_shdepend WHERE dbid = (SELECT oid FROM pg_database WHERE datname = %s)",
            [template.admin_url.database],
        )


def _employ(work: Work, key: str, login: str, name: str, role: str, **place: str) -> None:
    people.create_person(work, key=key, login=login, full_name=name, password=PASSWORD)
    people.assign_role(work, key=key, login=login, role=role, valid_from=SINCE, **place)


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    """The steps of a month that tests ask for by the name of a fixture; a folder of tests has its own."""
    return {}


@pytest.fixture
def filled_month(
    cluster: Cluster, request: pytest.FixtureRequest, steps_of_month: Mapping[str, Step]
) -> Iterator[Filled]:
    """The month of Rutan Pekalongan as far as the fixtures of the test ask for it."""
    with month_until(cluster, steps_of_month, request.fixturenames) as made:
        yield made


@pytest.fixture
def proposed(filled_month: Filled) -> Cycle:
    """November proposed for five families from two funds."""
    return filled_month.outcome["proposed"]


@pytest.fixture
def approved(filled_month: Filled) -> Cycle:
    """November, approved on the 12th."""
    return filled_month.outcome["approved"]


@pytest.fixture
def bought(filled_month: Filled) -> Cycle:
    """November, its goods bought on the 14th; the plan says the 16th, 09.00 WIB."""
    return filled_month.outcome["bought"]


@pytest.fixture
def closed(filled_month: Filled) -> Cycle:
    """November to its end: five packages worth Rp582.550."""
    return filled_month.outcome["closed"]


@pytest.fixture
def installation(filled_month: Filled) -> Installation:
    """A database of its own for this test."""
    return filled_month.installation


@pytest.fixture
def database(installation: Installation) -> Iterator[Database]:
    opened = installation.database()
    yield opened
    opened.close()


@pytest.fixture
def protector(cluster: Cluster) -> Protector:
    return cluster.keys.protector()


@pytest.fixture
def plugins() -> PluginRegistry:
    return plugin_registry()


@pytest.fixture
def rutan(cluster: Cluster, installation: Installation, database: Database, plugins: PluginRegistry) -> Rutan:
    """Rutan Pekalongan with its people in their posts, and nothing entered yet."""
    return worlds.pekalongan(cluster, installation, database, plugins)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """What a test installs beside the built-in plugins."""
    with shelf_in(tmp_path, monkeypatch) as made:
        yield made


Acting = Callable[..., AbstractContextManager[Work]]


@pytest.fixture
def acting(database: Database) -> Acting:
    """``with acting("kasubsi") as work``: a transaction of that person at their own facility, or at a named one."""
    tokens: dict[str, str] = {}

    def act(login: str, facility: str | None = None) -> AbstractContextManager[Work]:
        if login not in tokens:
            tokens[login] = sign_in.session_for(database, login, "tests")
        if facility is None and login in STAFF:
            facility = STAFF[login][2]
        return database.work(SessionCredential(tokens[login], facility))

    return act


@pytest.fixture
def app_role(installation: Installation) -> Iterator[psycopg.Connection]:
    """A connection as the application's role, without any door: what an attacker with its password has."""
    url = installation.app_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        yield connection


@pytest.fixture
def home_folder() -> Iterator[Path]:
    """An empty folder that root's server can reach as well."""
    folder = Path(tempfile.mkdtemp(prefix="guyub-home-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)

"""What plugins add to pages of the core; a part that fails is a placeholder that names its plugin, and the page stands."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import families
from guyub.plugins.plugin_registry import PluginRegistry
from tests import plugin_on_the_web as infak
from tests import worlds
from tests.distributions import Shelf
from tests.visits import NewVisitor, visitors

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)
HOME = "/f/rutan-pekalongan/"


@pytest.fixture
def calls(shelf: Shelf) -> dict[str, Any]:
    return infak.install(shelf)


@pytest.fixture
def plugins(calls: dict[str, Any], database: Database) -> PluginRegistry:
    plugins = plugin_registry()
    infak.switch_on(database, plugins)
    return plugins


@pytest.fixture
def visitor(plugins: PluginRegistry, database: Database, protector: Protector) -> Iterator[NewVisitor]:
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: MORNING), database) as come:
        yield come


@pytest.fixture
def household(cluster: Any, installation: Installation, database: Database, plugins: PluginRegistry) -> str:
    """The address of the page of one household."""
    worlds.pekalongan(cluster, installation, database, plugins).register(families.PEKALONGAN[:1], date(2024, 11, 8))
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        return f"{HOME}households/{work.run('SELECT id FROM guyub.household').scalar_one()}"


def _breaks(ctx: Any) -> Any:
    raise ValueError("Ibu Contoh")


def test_a_card_stands_on_the_home_of_the_facility(visitor: NewVisitor):
    page = visitor("karutan").reads(HOME)
    assert "Infak pegawai Rp150.000 Pegawai 2" in page
    assert 'href="/f/rutan-pekalongan/p/infak/collections"' in visitor("karutan").opens(HOME).text


def test_a_card_that_fails_names_its_plugin_and_a_code(visitor: NewVisitor, calls: dict[str, Any]):
    calls["cards"] = _breaks
    page = visitor("karutan").reads(HOME)
    assert "Infak pegawai Tidak dapat ditampilkan" in page
    assert "E-" in page
    assert "Ibu Contoh" not in page


def test_a_panel_stands_on_the_page_of_a_household(visitor: NewVisitor, household: str):
    assert "Infak pegawai Pernah dibantu tidak" in visitor("kasubsi").reads(household)


def test_a_panel_that_fails_leaves_the_household_readable(visitor: NewVisitor, household: str, calls: dict[str, Any]):
    calls["panels"] = _breaks
    page = visitor("kasubsi").reads(household)
    assert "Infak pegawai Tidak dapat ditampilkan" in page
    assert "Rumah tangga" in page


def test_nothing_of_a_plugin_shows_where_it_is_not_active(visitor: NewVisitor):
    assert "Infak" not in visitor("karutan.kebumen").reads("/f/rutan-kebumen/")

"""A regional administrator with a browser, and facilities that the web manages."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests import places
from tests.visits import NewVisitor, Visitor, visitors
from tests.worlds import add_role, employ

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)


@pytest.fixture
def plugins(protector: Protector) -> PluginRegistry:
    return plugin_registry(protector=protector)


@pytest.fixture
def visitor(plugins: PluginRegistry, database: Database, protector: Protector) -> Iterator[NewVisitor]:
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: MORNING), database) as come:
        yield come


@pytest.fixture
def kanwil(visitor: NewVisitor) -> Visitor:
    return visitor("kanwil")


@pytest.fixture
def by_web(database: Database) -> None:
    """All rutan and the values of their region are managed through the web; the lapas and bapas by their files."""
    places.managed_by(database, "web", *places.codes_of(database, "rutan"))


@pytest.fixture
def reader(database: Database, visitor: NewVisitor) -> Visitor:
    """Reads the region's reports and configures nothing."""
    add_role(database, "region_reader", "region", "reports.read")
    employ(database, "pembaca", "region_reader", region="jawa-tengah")
    return visitor("pembaca")

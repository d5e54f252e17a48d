"""A shelf of distributions beside the built-in ones, and a facility that switches them on."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from guyub.app import create_app
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.config_changes import set_active
from tests.visits import NewVisitor, Visitor, visitors

PEKALONGAN = "rutan-pekalongan"
SINCE = date(2024, 1, 1)
MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)


@pytest.fixture
def visitor(plugins: PluginRegistry, database: Database, protector: Protector) -> Iterator[NewVisitor]:
    """Visits on the morning of 14 November 2024, of an application with the plugins of the test's ``plugins``."""
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: MORNING), database) as come:
        yield come


@pytest.fixture
def kanwil(visitor: NewVisitor) -> Visitor:
    return visitor("kanwil")


SwitchOn = Callable[[PluginRegistry, str], None]


@pytest.fixture
def switch_on(database: Database) -> SwitchOn:
    """Switches a plugin on at Rutan Pekalongan."""

    def on(plugins: PluginRegistry, slug: str) -> None:
        with database.work(database.as_service("tests", PEKALONGAN)) as work:
            set_active(work, plugins, slug, work.here.id, True, SINCE, "uji")

    return on

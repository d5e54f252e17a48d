"""Visits of the pages about facilities, on a morning in July 2026."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.configuration import routes as host_routes
from guyub.db.unit_of_work import Database
from guyub.facilities import routes
from tests.visits import NewVisitor, visitors


@pytest.fixture
def visitor(database: Database, plugins: Any, protector: Any) -> Iterator[NewVisitor]:
    application = create_app(
        database,
        plugins,
        protector=protector,
        clock=lambda: datetime(2026, 7, 1, 2, tzinfo=UTC),
        rooms=[Room.of(routes), Room.of(host_routes)],
    )
    with visitors(application, database) as come:
        yield come

"""Visits of the pages about facilities, on a morning in July 2026."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guyub.db.work import Database
from guyub.facilities import routes
from guyub.host import routes as host_routes
from guyub.web import create_app
from guyub.web.rooms import Room
from tests.visits import NewVisitor, visitors


@pytest.fixture
def visitor(database: Database, host: Any, protector: Any) -> Iterator[NewVisitor]:
    application = create_app(
        database, host, protector=protector, clock=lambda: datetime(2026, 7, 1, 2, tzinfo=UTC),
        rooms=[Room.of(routes), Room.of(host_routes)],
    )  # fmt: skip
    with visitors(application, database) as come:
        yield come

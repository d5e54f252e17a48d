"""The households pages over a database of its own, with officers who visit them as browsers do."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.registry import routes
from tests.visits import NewVisitor, visitors

MORNING = datetime(2024, 11, 16, 2, tzinfo=UTC)


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(database, plugins, protector=protector, clock=lambda: MORNING, rooms=[Room.of(routes)])


@pytest.fixture
def visitor(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come

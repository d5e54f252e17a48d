"""The pages of the programmes at Rutan Pekalongan, and the clock by which they go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from guyub.db.keys import Protector
from guyub.db.work import Database
from guyub.host.plugin_host import PluginHost
from guyub.programs import routes
from guyub.web import create_app
from guyub.web.rooms import Room
from tests.visits import NewVisitor, visitors

from ..conftest import Books as Books


@dataclass
class Clock:
    """What the application believes the time to be; it begins on Saturday, 16 November 2024, 09.14 WIB."""

    now: datetime = datetime(2024, 11, 16, 2, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def application(database: Database, host: PluginHost, protector: Protector, clock: Clock) -> FastAPI:
    return create_app(database, host, protector=protector, clock=clock, rooms=[Room.of(routes)])


@pytest.fixture
def visitor(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come

"""The home of facilities and the overview of Jawa Tengah, with the people who read them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.reports import routes
from tests import months
from tests.months import Step
from tests.visits import NewVisitor, visitors

Statements = Callable[[], AbstractContextManager[list[str]]]
"""``with statements() as seen``: every statement that reached the database meanwhile."""
AsOf = Callable[[date], NewVisitor]
"""The visitors of a day: ``visitor_on(date(2024, 11, 14))("kasubsi")``."""


@pytest.fixture
def application_on(database: Database, plugins: PluginRegistry, protector: Protector) -> Callable[[date], FastAPI]:
    """The application on the morning of a day."""

    def on(day: date) -> FastAPI:
        morning = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        return create_app(database, plugins, protector=protector, clock=lambda: morning, rooms=[Room.of(routes)])

    return on


@pytest.fixture
def visitor_on(application_on: Callable[[date], FastAPI], database: Database) -> Iterator[AsOf]:
    opened = []

    def on(day: date) -> NewVisitor:
        context = visitors(application_on(day), database)
        opened.append(context)
        return context.__enter__()

    yield on
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def statements(database: Database) -> Statements:
    @contextmanager
    def watched() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        yield seen
        event.remove(database.engine, "before_cursor_execute", note)

    return watched


def _propose(rutan: Rutan, _before: Mapping[str, Any]) -> Cycle:
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    funds = rutan.receive(november.INCOMES, date(2024, 11, 6))
    return rutan.propose(
        november.PERIOD, funds, november.PLACE, november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )


def _approve(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    rutan.approve(before["proposed"], date(2024, 11, 12))
    cycle: Cycle = before["proposed"]
    return cycle


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    return {"proposed": _propose, "approved": _approve, "closed": months.closed}

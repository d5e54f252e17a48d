"""The funds pages of Rutan Pekalongan, and the people who use them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.funds import routes
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from tests.filled import Filled
from tests.months import Step
from tests.visits import NewVisitor, visitors

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(database, plugins, protector=protector, clock=lambda: MORNING, rooms=[Room.of(routes)])


@pytest.fixture
def visitor(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come


def _receive(rutan: Rutan, _before: Mapping[str, Any]) -> list[str]:
    return rutan.receive(november.INCOMES, date(2024, 11, 6))


def _approve(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    cycle = rutan.propose(
        november.PERIOD, before["funds"], november.PLACE, november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )
    rutan.approve(cycle, date(2024, 11, 12))
    return cycle


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    return {"funds": _receive, "approved": _approve}


@pytest.fixture
def funds(filled_month: Filled) -> list[str]:
    """Codes of the two funds of November: a CSR gift of Rp400.000 and Rp350.000 of canteen and food supplies."""
    return filled_month.outcome["funds"]


@pytest.fixture
def approved(filled_month: Filled) -> Cycle:
    """November approved on the 12th: 25 kg of rice, 5 kg of sugar and 5 litres of oil are to be bought."""
    return filled_month.outcome["approved"]

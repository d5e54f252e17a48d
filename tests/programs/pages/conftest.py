"""The pages of the programmes at Rutan Pekalongan in November 2024, at each of its steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycles, proposal, routes, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.queries import Candidate, Recipient
from tests import months
from tests.filled import Filled
from tests.months import Step
from tests.visits import Clock, NewVisitor, visitors


@pytest.fixture
def clock() -> Clock:
    """It begins on Saturday, 16 November 2024, 09.14 WIB."""
    return Clock(datetime(2024, 11, 16, 2, 14, tzinfo=UTC))


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector, clock: Clock) -> FastAPI:
    return create_app(database, plugins, protector=protector, clock=clock, rooms=[Room.of(routes)])


@pytest.fixture
def visitor(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come


def _registered(rutan: Rutan, _before: Mapping[str, Any]) -> None:
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))


def _receive(rutan: Rutan, _before: Mapping[str, Any]) -> list[str]:
    return rutan.receive(november.INCOMES, date(2024, 11, 6))


def _plan(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        return cycles.open_cycle(
            work,
            rutan.opened.plugins,
            "bansos",
            november.PERIOD,
            fund_codes=before["funds"],
            distribution_on=november.DISTRIBUTION,
            starts_at=november.BEGINS,
            place="Aula Rutan",
        )


def _score(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        selection.score(work, rutan.opened.plugins, before["planned"])
        return cycles.get(work, "bansos", november.PERIOD)


def _select(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    cycle: Cycle = before["scored"]
    with rutan.work_of("kasubsi") as work:
        selection.select_top(work, cycle, category="inmate_family")
    return cycle


def _propose(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, before["selected"])
        return cycles.get(work, "bansos", november.PERIOD)


def _approve(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    rutan.approve(before["proposed"], date(2024, 11, 12))
    with rutan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


def _begin(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    rutan.shop(before["approved"], november.SHOPPING)
    rutan.hand_over(before["approved"], datetime(2024, 11, 16, 2, tzinfo=UTC), not_yet=frozenset(range(1, 6)))
    with rutan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


@pytest.fixture
def steps_of_month(request: pytest.FixtureRequest) -> Mapping[str, Step]:
    """``rutan`` is the facility with its twelve families, each visited, and no fund yet."""
    last = {"closed": months.closed} if "closed" in request.fixturenames else {"begun": _begin}
    return {
        "rutan": _registered,
        "funds": _receive,
        "planned": _plan,
        "scored": _score,
        "selected": _select,
        "proposed": _propose,
        "approved": _approve,
        **last,
    }


@pytest.fixture
def funds(filled_month: Filled) -> list[str]:
    """Codes of the two funds: Rp400.000 from a donor, Rp350.000 from canteen and food supplies."""
    return filled_month.outcome["funds"]


@pytest.fixture
def planned(filled_month: Filled) -> Cycle:
    """November, opened with both funds, day and place; not scored yet."""
    return filled_month.outcome["planned"]


@pytest.fixture
def scored(filled_month: Filled) -> Cycle:
    return filled_month.outcome["scored"]


@pytest.fixture
def selected(filled_month: Filled) -> Cycle:
    """The five neediest families of inmates are chosen."""
    return filled_month.outcome["selected"]


@pytest.fixture
def begun(filled_month: Filled) -> Cycle:
    """The goods are bought and the distribution has begun; nobody is served yet."""
    return filled_month.outcome["begun"]


@dataclass
class Books:
    """What stands in the database, read apart from the pages."""

    rutan: Rutan

    def cycle(self, period: date = november.PERIOD) -> Cycle:
        with self.rutan.work_of("kasubsi") as work:
            return cycles.get(work, "bansos", period)

    def recipients(self) -> list[Recipient]:
        with self.rutan.work_of("kasubsi") as work:
            return programs.recipients(work, self.cycle())

    def candidates(self, *states: str) -> list[Candidate]:
        with self.rutan.work_of("kasubsi") as work:
            return programs.candidates(work, self.cycle(), states=states)

    def funds_of(self, period: date = november.PERIOD) -> list[str]:
        with self.rutan.work_of("kasubsi") as work:
            rows = work.run(
                """SELECT f.code FROM guyub.cycle_fund cf JOIN guyub.fund f ON f.id = cf.fund_id
                   WHERE cf.cycle_id = :cycle ORDER BY cf.priority""",
                cycle=self.cycle(period).id,
            )
            return list(rows.scalars())

    @property
    def witness(self) -> str:
        """The account of the head of security, as the form sends it."""
        with self.rutan.work_of("kasubsi") as work:
            return str(work.run("SELECT id FROM guyub.person WHERE login = 'pengamanan'").scalar_one())


@pytest.fixture
def books(rutan: Rutan) -> Books:
    return Books(rutan)

"""Novembers to attack, one copy of each for a module: nothing that an attacker does in them is committed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow

from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan, moment
from guyub.programs import cycles
from guyub.programs.cycles import Cycle
from tests.filled import copy_of
from tests.months import rutan_in
from tests.worlds import Attacker, attacker, pekalongan

LAST = frozenset({5})
"""The place on the list of the one who has not come yet."""


@dataclass(frozen=True)
class World:
    """A database with a November in it, as far as its fixture says."""

    installation: Installation
    database: Database
    rutan: Rutan
    cycle: Cycle
    pekalongan: UUID
    kebumen: UUID

    def attacker(self) -> AbstractContextManager[Attacker]:
        return attacker(self.installation, self.database)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[TupleRow]]:
        """Someone with the whole server; what they do is rolled back."""
        url = self.installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            yield connection
            connection.rollback()


def _proposed(rutan: Rutan) -> Cycle:
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    funds = rutan.receive(november.INCOMES, date(2024, 11, 6))
    return rutan.propose(
        november.PERIOD, funds, november.PLACE, november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )


def _approved(rutan: Rutan) -> Cycle:
    cycle = _proposed(rutan)
    rutan.approve(cycle, date(2024, 11, 12))
    return cycle


def _distributing(rutan: Rutan) -> Cycle:
    cycle = _approved(rutan)
    rutan.shop(cycle, november.SHOPPING)
    rutan.hand_over(cycle, moment(november.DISTRIBUTION, november.BEGINS), not_yet=LAST)
    return cycle


def _closed(rutan: Rutan) -> Cycle:
    return november.run(rutan, lambda words: None)


@contextmanager
def _world(cluster: Any, run: Callable[[Rutan], Cycle]) -> Iterator[World]:
    def fill(installation: Installation) -> date:
        with rutan_in(cluster, installation) as rutan:
            return run(rutan).period

    copy = copy_of(cluster, run, fill)
    installation, database = copy.installation, copy.installation.database()
    rutan = pekalongan(cluster, installation, database, plugin_registry())
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", copy.outcome)
        ids = dict(work.run("SELECT code, id FROM guyub.facility").all())
    yield World(installation, database, rutan, cycle, ids["rutan-pekalongan"], ids["rutan-kebumen"])
    database.close()
    cluster.drop(installation)


@pytest.fixture(scope="module")
def proposed(cluster: Any) -> Iterator[World]:
    with _world(cluster, _proposed) as world:
        yield world


@pytest.fixture(scope="module")
def approved(cluster: Any) -> Iterator[World]:
    with _world(cluster, _approved) as world:
        yield world


@pytest.fixture(scope="module")
def distributing(cluster: Any) -> Iterator[World]:
    """Four of five have their package."""
    with _world(cluster, _distributing) as world:
        yield world


@pytest.fixture(scope="module")
def closed(cluster: Any) -> Iterator[World]:
    with _world(cluster, _closed) as world:
        yield world


@pytest.fixture
def own_distributing(cluster: Any) -> Iterator[World]:
    """For a test that commits."""
    with _world(cluster, _distributing) as world:
        yield world


@pytest.fixture
def own_approved(cluster: Any) -> Iterator[World]:
    """For a test that commits."""
    with _world(cluster, _approved) as world:
        yield world


@pytest.fixture
def own_proposed(cluster: Any) -> Iterator[World]:
    """For a test that commits."""
    with _world(cluster, _proposed) as world:
        yield world

"""Every page of a list takes as many statements for 5,000 recipients as for 40."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from guyub.app import create_app
from guyub.demo import november
from guyub.programs import cycles, distribution, proposal, selection
from guyub.registry import service
from tests import worlds
from tests.programs.test_statements_counted import AT, families
from tests.visits import Visitor, text_of, visitors
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World, gift

pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]
MONTH = "/f/rutan-pekalongan/cycles/2024-11"
PLANNING = ("/", "/candidates", "/candidates?search=contoh", "/propose")
DESK = (
    "/",
    "/distribution",
    "/distribution?state=waiting&name=contoh",
    "/distribution/many",
    "/distribution/absent",
    "/close",
)


@contextmanager
def counted(world: World, tally: dict[str, int], page: str) -> Iterator[None]:
    def count(*_: Any) -> None:
        tally[page] = tally.get(page, 0) + 1

    event.listen(world.database.engine, "before_cursor_execute", count)
    yield
    event.remove(world.database.engine, "before_cursor_execute", count)


def opened(world: World, person: Visitor, tally: dict[str, int], *pages: str) -> None:
    for page in pages:
        person.opens(f"{MONTH}{page}")  # what is read once for a process is no part of a page
        with counted(world, tally, page):
            answer = person.opens(f"{MONTH}{page}")
        assert answer.status_code == 200, text_of(answer)


def statements(world: World, households: int) -> dict[str, int]:
    """How many each page takes with so many households on the list."""
    rutan, tally = world.pekalongan, dict[str, int]()
    plugins, protector = rutan.opened.plugins, rutan.opened.protector
    worlds.configure(world.database, "paket", PEKALONGAN, quota=households)
    rutan.receive([gift("UANG", 999_000_000)], RECEIVED)
    with rutan.work_of("kasubsi") as work:
        service.register_many(work, protector, families(households), SURVEYED)
        cycle = cycles.open_cycle(
            work, plugins, "paket", november.PERIOD, fund_codes=["UANG"], distribution_on=AT.date(), place="Aula"
        )
        selection.score(work, plugins, cycle)
        assert selection.select_top(work, cycle) == households
    moment = datetime(2024, 11, 16, 2, tzinfo=UTC)
    application = create_app(world.database, plugins, protector=protector, clock=lambda: moment)
    with visitors(application, world.database) as come:
        opened(world, come("kasubsi"), tally, *PLANNING)
        with rutan.work_of("kasubsi") as work:
            proposal.propose(work, plugins, cycle)
        opened(world, come("karutan"), tally, "/approval")
        with rutan.work_of("karutan") as work:
            proposed = cycles.get(work, "paket", november.PERIOD)
            proposal.approve(work, plugins, proposed, APPROVED, version=proposed.version)
        with rutan.work_of("kasubsi") as work:
            distribution.start(work, cycles.get(work, "paket", november.PERIOD))
        opened(world, come("kasubsi"), tally, *DESK)
    return tally


@pytest.mark.parametrize("households", [5000])
def test_the_statements_of_a_page_do_not_grow_with_its_list(cluster: Any, households: int):
    with worlds.a_world(cluster, "paket", "hibah") as small, worlds.a_world(cluster, "paket", "hibah") as large:
        few, many = statements(small, 40), statements(large, households)
    assert few.keys() == many.keys() == {*PLANNING, "/approval", *DESK}
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page] + 2} == {}
    assert max(many.values()) <= 45

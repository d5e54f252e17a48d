"""Every page of a facility takes as many statements for 5,000 recipients as for 40."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from guyub.app import create_app
from guyub.demo import november
from guyub.programs import cycles, distribution, proposal, queries, selection
from guyub.registry import service
from tests import worlds
from tests.programs.test_statements_counted import AT, families
from tests.visits import NewVisitor, Visitor, text_of, visitors
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

HERE = "/f/rutan-pekalongan"
AROUND = (
    "/",
    "/reminders",
    "/audit",
    "/households",
    "/households?name=contoh",
    "/households/new",
    "/programs/paket/",
    "/programs/paket/open",
    "/funds",
    "/funds/fund/UANG",
    "/funds/fund/UANG/close",
    "/funds/stock",
    "/funds/goods",
    "/funds/receive",
    "/funds/purchases/2024-11",
    "/cycles/2024-11/day",
    "/cycles/2024-11/funds",
    "/cycles/2024-11/cancel",
    "/cycles/2024-11/withdraw",
    "/cycles/2024-11/replacements",
    "/cycles/2024-11/replacements?number=1",
    "/cycles/2024-11/documents",
    "/profile",
    "/plugins",
)
"""Pages beside the month's own, each by whoever may open it; one that nobody may would stand out as refused."""
PEOPLE = ("kasubsi", "pengelola", "karutan", "kanwil")


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
        for page in (*AROUND, *of_one_household(world)):
            whoever_may(world, come, tally, page)
    return tally


def of_one_household(world: World) -> list[str]:
    """The pages of the first household and of its place on the list."""
    with world.pekalongan.work_of("kasubsi") as work:
        first = queries.recipients(work, cycles.get(work, "paket", november.PERIOD), limit=1)[0]
        household = work.run("SELECT household_id FROM guyub.entitlement WHERE id = :id", id=first.id).scalar_one()
    below = ("", "/edit", "/archive", "/survey", "/members/new", "/inmates/new")
    return [f"/cycles/2024-11/distribution/{first.id}", *(f"/households/{household}{page}" for page in below)]


def whoever_may(world: World, come: NewVisitor, tally: dict[str, int], page: str) -> None:
    """Counts the statements of a page for the first of ``PEOPLE`` who may open it."""
    of_page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", page)
    refused = dict[str, str]()
    for login in PEOPLE:
        person = come(login)
        answer = person.opens(f"{HERE}{page}")  # what is read once for a process is no part of a page
        if answer.status_code != 200:
            refused[login] = text_of(answer)
            continue
        with counted(world, tally, f"{HERE}{of_page}"):
            answer = person.opens(f"{HERE}{page}")
        assert answer.status_code == 200, text_of(answer)
        return
    raise AssertionError(f"nobody may open {page}: {refused}")


@pytest.mark.parametrize("households", [5000])
def test_the_statements_of_a_page_do_not_grow_with_its_list(cluster: Any, households: int):
    with worlds.a_world(cluster, "paket", "hibah") as small, worlds.a_world(cluster, "paket", "hibah") as large:
        few, many = statements(small, 40), statements(large, households)
    assert few.keys() == many.keys() >= {*PLANNING, "/approval", *DESK, *(f"{HERE}{page}" for page in AROUND)}
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page] + 2} == {}
    assert max(many.values()) <= 45

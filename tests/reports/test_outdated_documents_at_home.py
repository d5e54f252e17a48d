"""Homes of a facility and of its region list the kept documents that no longer say what is: one alert with a count."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from guyub.app import create_app
from guyub.demo import november
from guyub.programs import cycles
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents import outdated
from tests import worlds
from tests.reports.homes import at_the_facility, at_the_office
from tests.visits import visitors
from tests.worlds import World

TODAY = date(2024, 12, 3)
WORD = "usang"
AT = datetime(2024, 11, 14, 5, tzinfo=UTC)


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    """Approved months at both facilities, with all their documents."""
    with worlds.a_world(cluster, until="bought", with_kebumen=True) as made:
        for rutan in (made.pekalongan, made.kebumen):
            with rutan.work_of(rutan.services) as work:
                document_bundle.produce_all(work, cycles.get(work, "bansos", november.PERIOD), None, AT)
        yield made


def hand_over(world: World) -> None:
    for rutan in (world.pekalongan, world.kebumen):
        with rutan.work_of(rutan.services) as work:
            cycle = cycles.get(work, "bansos", november.PERIOD)
        rutan.hand_over(cycle, datetime(2024, 11, 15, 2, tzinfo=UTC))  # a day before the plan


def test_each_home_counts_them_until_they_are_made_anew(world: World):
    assert at_the_facility(world, "kasubsi", WORD, TODAY) == []
    assert at_the_office(world, WORD, TODAY) == []
    hand_over(world)
    page = "/f/rutan-pekalongan/cycles/2024-11/documents"
    assert at_the_facility(world, "kasubsi", WORD, TODAY) == [
        ("2 dokumen usang", [("2024-11", "2 dokumen usang", page)])
    ]
    assert at_the_office(world, WORD, TODAY) == [
        (
            "4 dokumen usang",
            [
                ("rutan-pekalongan", "2 dokumen, sejak November 2024"),
                ("rutan-kebumen", "2 dokumen, sejak November 2024"),
            ],
        )
    ]
    with world.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        document_bundle.produce_all(work, cycle, None, datetime(2024, 11, 16, 5, tzinfo=UTC))
    assert at_the_facility(world, "kasubsi", WORD, TODAY) == []
    assert at_the_office(world, WORD, TODAY) == [
        ("2 dokumen usang", [("rutan-kebumen", "2 dokumen, sejak November 2024")])
    ]


def test_the_count_is_that_of_the_page_of_documents(world: World):
    hand_over(world)
    for login in ("kasubsi", "pengelola"):
        with world.pekalongan.work_of(login) as work:
            cycle = cycles.get(work, "bansos", november.PERIOD)
            listed = len(outdated.outdated(work, cycle))
            assert sum(month.documents for month in outdated.outdated_here(work, TODAY)) == listed
    assert at_the_facility(world, "pengelola", WORD, TODAY) == []  # the lists name people, whom they do not see


@pytest.mark.deep
def test_months_of_long_ago_are_not_looked_through(world: World):
    hand_over(world)
    assert len(at_the_facility(world, "kasubsi", WORD, date(2025, 5, 31))) == 1
    assert at_the_facility(world, "kasubsi", WORD, date(2025, 6, 1)) == []


def test_it_is_one_question_for_a_home(world: World):
    hand_over(world)
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    event.listen(world.database.engine, "before_cursor_execute", note)
    with world.pekalongan.work_of("kasubsi") as work:
        outdated.outdated_here(work, TODAY)
    event.remove(world.database.engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if "outdated_documents" in statement]) == 1


def test_the_page_of_the_home_leads_to_the_documents(world: World):
    hand_over(world)
    morning = datetime(2024, 12, 3, 2, tzinfo=UTC)
    protector = world.pekalongan.opened.protector
    application = create_app(world.database, world.plugins, protector=protector, clock=lambda: morning)
    with visitors(application, world.database) as come:
        page = come("kasubsi").opens("/f/rutan-pekalongan/").text
    assert page.count("2 dokumen usang") >= 1
    assert 'href="/f/rutan-pekalongan/cycles/2024-11/documents"' in page

"""What the programmes tell of one household: results with their reasons, hand-overs, and when it last received."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from guyub.db.unit_of_work import Work
from guyub.registry import queries, timeline
from guyub.registry.queries import HouseholdFilter, HouseholdOrder
from tests import worlds
from tests.worlds import World


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        worlds.november_until(made.pekalongan, "closed")
        yield made


def household(work: Work, state: str) -> UUID:
    found: UUID = work.run(
        "SELECT household_id FROM guyub.entitlement WHERE state = :state ORDER BY id LIMIT 1", state=state
    ).scalar_one()
    return found


def test_a_month_that_was_served_stands_once_with_its_day(world: World):
    with world.pekalongan.work_of("kasubsi") as work:
        page = timeline.page(work, household(work, "received"), 1)
    said = [entry.sentence.id for entry in page.entries]
    [served] = [entry for entry in page.entries if "November 2024" in entry.sentence.id]
    assert served.sentence.id == "Bantuan sosial sembako, November 2024: diserahkan kepada penerima"
    assert served.day == date(2024, 11, 16)
    assert served.actor
    assert said.count("Terdaftar") == 1
    days = [entry.day for entry in page.entries]
    assert days == sorted(days, reverse=True)


def test_who_was_not_chosen_has_the_day_of_the_scoring(world: World):
    with world.pekalongan.work_of("kasubsi") as work:
        page = timeline.page(work, household(work, "candidate"), 1)
        scored_on = work.run("SELECT (scored_at AT TIME ZONE 'Asia/Jakarta')::date FROM guyub.cycle").scalar_one()
    [judged] = [entry for entry in page.entries if "November 2024" in entry.sentence.id]
    assert judged.sentence.id == "Bantuan sosial sembako, November 2024: tidak terpilih"
    assert judged.day == scored_on


def test_the_timeline_costs_as_many_statements_for_every_household_and_page(world: World):
    with world.pekalongan.work_of("kasubsi") as work:
        sent: list[str] = []
        heard = work.session.get_bind()
        event.listen(heard, "before_cursor_execute", lambda *args: sent.append(args[2]))
        for number in (1, 2, 9):
            sent.clear()
            timeline.page(work, household(work, "received"), number)
            # One asks for the household; the others are one for each source.
            assert len(sent) == 1 + 8


def test_the_list_says_when_each_last_received_and_asks_for_it(world: World):
    protector = world.pekalongan.opened.protector
    with world.pekalongan.work_of("kasubsi") as work:
        served = queries.page(work, protector, HouseholdFilter(received=True)).rows
        never = queries.page(work, protector, HouseholdFilter(received=False)).rows
        by_day = queries.page(work, protector, HouseholdFilter(), order=HouseholdOrder("received", True)).rows
    assert {row.received_on for row in served} == {date(2024, 11, 16)}
    assert {row.received_on for row in never} <= {None}
    assert [row.id for row in by_day][: len(served)] == sorted((row.id for row in served), reverse=True)

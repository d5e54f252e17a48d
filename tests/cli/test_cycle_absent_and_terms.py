"""``guyub cycle absent`` marks by number on a possible day; ``guyub cycle terms`` changes quota and package of a plan."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands
from guyub.programs import cycles, queries
from guyub.sdk.errors import Invalid, Refusal
from tests import worlds
from tests.worlds import World

OF_NOVEMBER = ["--facility", worlds.PEKALONGAN, "--cycle", "2024-11", "--as", "kasubsi"]
ABSENT = ["absent", *OF_NOVEMBER, "--reason", "Tidak datang."]
TERMS = ["terms", *OF_NOVEMBER, "--reason", "Dana terbatas."]


def opened(cluster: Any, monkeypatch: pytest.MonkeyPatch, until: str) -> Iterator[World]:
    with worlds.a_world(cluster, until=until) as made:
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


@pytest.fixture
def distributing(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from opened(cluster, monkeypatch, "distributing")


@pytest.fixture
def planned(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from opened(cluster, monkeypatch, "planned")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cycle_commands.app, arguments)


def states(world: World) -> dict[int, str]:
    with world.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", worlds.november.PERIOD)
        return {row.number: row.state for row in queries.recipients(work, cycle)}


def test_households_are_marked_absent_by_their_numbers_once(distributing: World):
    answer = run(*ABSENT, "--number", "2", "--number", "3", "--on", "2024-11-16")
    assert "2 households marked absent" in answer.output
    assert states(distributing) == {1: "approved", 2: "absent", 3: "absent", 4: "approved", 5: "approved"}
    again = run(*ABSENT, "--number", "2", "--on", "2024-11-16").exception
    assert isinstance(again, Refusal)
    assert again.code == "programs.not_waiting"
    answer = run(*ABSENT, "--number", "3", "--number", "4", "--on", "2024-11-16")
    assert "1 household marked absent" in answer.output
    assert "1 household was not marked" in answer.output


@pytest.mark.parametrize("day", ["2024-11-15", (date.today() + timedelta(days=30)).isoformat()])
def test_nobody_is_absent_on_a_day_that_is_not_possible(distributing: World, day: str):
    refused = run(*ABSENT, "--number", "2", "--on", day).exception
    assert isinstance(refused, Invalid)
    assert (refused.code, refused.field) == ("programs.day_of_absence", "absent_on")
    assert set(states(distributing).values()) == {"approved"}


def test_the_quota_of_a_planned_month_changes_with_a_reason(planned: World):
    assert "quota 3" in run(*TERMS, "--quota", "3").output
    with planned.pekalongan.work_of("kasubsi") as work:
        assert cycles.get(work, "bansos", worlds.november.PERIOD).quota == 3


@pytest.mark.parametrize("quota", ["0", "-1", "1000000000"])
def test_a_quota_that_cannot_be_is_refused_in_words(planned: World, quota: str):
    refused = run(*TERMS, "--quota", quota).exception
    assert isinstance(refused, Invalid)
    assert refused.field == "quota"


def test_terms_that_change_nothing_are_refused(planned: World):
    assert isinstance(run(*TERMS).exception, Invalid)

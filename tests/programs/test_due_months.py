"""A month is due where the schedule of its programme occurs in it; any other is opened with a reason, which is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import col
from typer.testing import CliRunner

from guyub.cli import cycle_commands
from guyub.configuration import activations
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.programs import closing, cycles, due_months
from guyub.programs.month_choices import MonthChoice, month_choices
from guyub.sdk.errors import Invalid, Refusal
from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, World

JANUARY, FEBRUARY, MARCH, APRIL, JULY = (date(2025, month, 1) for month in (1, 2, 3, 4, 7))
YEAR = [date(2025, month, 1) for month in range(1, 13)]


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    """A programme each quarter at Pekalongan, and each month at Kebumen."""
    with worlds.a_world(cluster, "musiman") as made:
        worlds.configure(made.database, "musiman", PEKALONGAN, rule="FREQ=MONTHLY;INTERVAL=3")
        yield made


@pytest.fixture
def work(world: World) -> Iterator[Work]:
    """The work of the Kasubsi, of which nothing is kept."""
    with world.pekalongan.work_of("kasubsi") as work:
        yield work
        work.session.rollback()


def due_of(work: Work, world: World) -> list[int]:
    return [period.month for period in due_months.due_here(work, world.plugins, "musiman", YEAR)]


def choices(work: Work, world: World, first: date, today: date) -> list[MonthChoice]:
    known = cycles.all_of(work, "musiman")
    runs = activations.activation_periods(work, "musiman")
    return month_choices(work, world.plugins, "musiman", known, runs, first, today)


def test_the_rule_of_the_facility_decides(world: World, work: Work):
    assert due_of(work, world) == [1, 4, 7, 10]
    with world.kebumen.work_of("kasubsi.kebumen") as other:
        assert due_of(other, world) == list(range(1, 13))


def test_both_facilities_are_asked_at_once_in_two_queries(world: World, work: Work):
    with world.database.work(world.database.as_service("uji")) as all_of_them:
        due = due_months.due_months(all_of_them, world.plugins, col(FacilityModel.code).is_not(None), YEAR, "musiman")
        assert len(due) == 4 + 12


def test_a_month_before_the_programme_ran_or_while_it_did_not_is_not_due(world: World, work: Work):
    months = [date(2023, 10, 1), date(2024, 1, 1)]
    assert list(due_months.due_here(work, world.plugins, "musiman", months)) == [date(2024, 1, 1)]


def test_the_rule_of_the_first_day_of_the_month_decides(world: World):
    worlds.configure(world.database, "musiman", KEBUMEN, date(2026, 3, 15), rule="FREQ=YEARLY;BYMONTH=6")
    with world.kebumen.work_of("kasubsi.kebumen") as work:
        months = [date(2026, month, 1) for month in range(1, 8)]
        due = due_months.due_here(work, world.plugins, "musiman", months)
    assert [period.month for period in due] == [1, 2, 3, 6]


def test_a_month_that_is_due_is_opened_without_a_reason(world: World, work: Work):
    opened = cycles.open_cycle(work, world.plugins, "musiman", APRIL, reason="tidak perlu")
    assert opened.due
    assert work.run("SELECT opening_reason FROM guyub.cycle WHERE id = :id", id=opened.id).scalar_one() == ""


@pytest.mark.parametrize("reason", ["", "   "])
def test_another_month_is_not_opened_without_a_reason(world: World, work: Work, reason: str):
    with pytest.raises(Invalid) as refusal:
        cycles.open_cycle(work, world.plugins, "musiman", FEBRUARY, reason=reason)
    assert (refusal.value.code, refusal.value.field) == ("programs.not_due", "reason")
    assert "Februari 2025 di luar jadwal Bantuan musiman" in refusal.value.what.id


def test_the_reason_is_not_longer_than_a_paragraph(world: World, work: Work):
    with pytest.raises(Invalid) as refusal:
        cycles.open_cycle(work, world.plugins, "musiman", FEBRUARY, reason="a" * 501)
    assert (refusal.value.code, refusal.value.field) == ("programs.opening_reason", "reason")


def test_the_reason_is_kept_and_stands_in_the_audit_log(world: World, work: Work):
    opened = cycles.open_cycle(work, world.plugins, "musiman", FEBRUARY, reason=" banjir di Kota Contoh ")
    assert not opened.due
    row = work.run(
        "SELECT c.opening_reason, a.reason, a.details FROM guyub.cycle c, guyub.audit_entry a "
        "WHERE c.id = :id AND a.action = 'programs.open' ORDER BY a.seq DESC LIMIT 1",
        id=opened.id,
    ).one()
    assert (row.opening_reason, row.reason, row.details["due"]) == (
        "banjir di Kota Contoh",
        "banjir di Kota Contoh",
        False,
    )


def test_the_next_month_is_the_next_one_that_is_due(world: World, work: Work):
    opened = cycles.open_cycle(work, world.plugins, "musiman", JANUARY)
    following = cycles.open_next(work, world.plugins, opened)
    assert (following.period, following.due) == (APRIL, True)


def test_months_that_are_due_are_offered_and_others_with_a_word(world: World, work: Work):
    cycles.open_cycle(work, world.plugins, "musiman", JANUARY)
    offered = choices(work, world, FEBRUARY, date(2025, 1, 20))
    due = [choice.period for choice in offered if choice.is_due]
    assert due == [date(2024, 10, 1), APRIL, JULY, date(2025, 10, 1), date(2026, 1, 1)]
    assert [choice.period for choice in offered if not choice.is_due] == [
        FEBRUARY,
        MARCH,
        date(2025, 5, 1),
        date(2025, 6, 1),
    ]
    assert next(choice.label.id for choice in offered if choice.period == MARCH) == "Maret 2025 – di luar jadwal"


def test_a_cancelled_month_can_be_opened_again(world: World):
    month = date(2026, 7, 1)
    with world.pekalongan.work_of("kasubsi") as work:
        first = cycles.open_cycle(work, world.plugins, "musiman", month)
    with pytest.raises(Refusal) as twice, world.pekalongan.work_of("kasubsi") as work:
        cycles.open_cycle(work, world.plugins, "musiman", month)
    assert twice.value.code == "programs.cycle_exists"
    with world.pekalongan.work_of("karutan") as head:
        closing.cancel(head, first, date(2026, 7, 2), "salah bulan", version=first.version)
    with world.pekalongan.work_of("kasubsi") as again:
        [choice] = [choice for choice in choices(again, world, month, date(2026, 7, 2)) if choice.period == month]
        assert choice.label.id == "Juli 2026 – dibuka lagi"
        second = cycles.open_cycle(again, world.plugins, "musiman", month)
        assert second.code != first.code
        assert cycles.get(again, "musiman", month).id == second.id
        assert cycles.of_code(again, first.code).state == "cancelled"


def test_the_command_line_takes_the_reason_too(world: World, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def on_behalf(_actor: str, _facility: str) -> Iterator[tuple[Any, Work, date]]:
        with world.pekalongan.work_of("kasubsi") as work:
            yield SimpleNamespace(plugins=world.plugins), work, date(2027, 2, 1)

    monkeypatch.setattr(cycle_commands, "on_behalf", on_behalf)
    asked = ["open", "--facility", PEKALONGAN, "--period", "2027-02", "--as", "kasubsi", "--program", "musiman"]
    refused = CliRunner().invoke(cycle_commands.app, asked)
    assert isinstance(refused.exception, Invalid)
    assert refused.exception.code == "programs.not_due"
    assert "--reason" in refused.exception.remedy.en
    taken = CliRunner().invoke(cycle_commands.app, [*asked, "--reason", "banjir di Kota Contoh"])
    assert taken.exit_code == 0, taken.output
    with world.pekalongan.work_of("kasubsi") as work:
        assert not cycles.get(work, "musiman", date(2027, 2, 1)).due

"""The planned day of a distribution lies near its month: a slip of the keyboard is refused at every door and by the database."""

from datetime import date

import pytest

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs import cycles
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid
from tests.visits import NewVisitor, text_of

DAY = "/f/rutan-pekalongan/cycles/2024-11/day"
OUTSIDE = ["1900-01-01", "2023-11-16", "2024-10-31", "2025-05-01", "2025-11-16", "2100-12-31"]
WITHIN = ["2024-11-01", "2024-12-31", "2025-04-30"]


def test_a_day_far_from_its_month_is_refused_and_the_range_is_named(rutan: Rutan, planned: Cycle):
    for day in OUTSIDE:
        with pytest.raises(Invalid) as refused, rutan.work_of("kasubsi") as work:
            cycles.plan_distribution(work, planned, date.fromisoformat(day), None, "Aula")
        assert (refused.value.code, refused.value.field) == ("programs.day_outside", "on"), day
    assert "antara 1 November 2024 dan 30 April 2025" in refused.value.what.id
    for day in WITHIN:
        with rutan.work_of("kasubsi") as work:
            cycles.plan_distribution(work, planned, date.fromisoformat(day), None, "Aula")


def test_a_month_is_not_opened_with_such_a_day(rutan: Rutan, planned: Cycle):
    for open_month in (
        lambda work, day: cycles.open_next(work, rutan.opened.plugins, planned, distribution_on=day),
        lambda work, day: cycles.open_cycle(
            work, rutan.opened.plugins, "bansos", date(2025, 1, 1), distribution_on=day
        ),
    ):
        with pytest.raises(Invalid, match="day_outside"), rutan.work_of("kasubsi") as work:
            open_month(work, november.DISTRIBUTION)


def test_the_page_says_it_at_the_day(visitor: NewVisitor, planned: Cycle):
    answer = visitor("kasubsi").fills(DAY, {"on": "16/11/2025", "at": "09.00", "place": "Aula"})
    assert answer.status_code == 422
    assert "Hari penyaluran November 2024 terletak antara" in text_of(answer)


def test_the_last_month_of_the_books_has_its_days():
    assert cycles.days_of(date(2100, 12, 1)) == (date(2100, 12, 1), date(2100, 12, 31))

"""The approval is of a day: its form shows the earliest and the latest, which are those that are accepted."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from guyub.demo.month import Rutan
from guyub.programs import cycles, proposal
from guyub.programs.coverage import coverage_of
from guyub.programs.cycles import Cycle
from guyub.programs.days import of_approval
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.visits import NewVisitor, hidden_in, text_of
from tests.worlds import gift

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
APPROVAL = f"{MONTH}/approval"
TODAY = date(2024, 11, 16)
DAY = timedelta(days=1)


def bounds(page: Any) -> tuple[date, date]:
    field = re.search(r'<input[^>]*name="on"[^>]*>', page.text)
    assert field
    ends = re.search(r'min="(\S+)" max="(\S+)"', field[0])
    assert ends, field[0]
    return date.fromisoformat(ends[1]), date.fromisoformat(ends[2])


def approved_on(rutan: Rutan) -> tuple[str, date | None]:
    with rutan.work_of("karutan") as work:
        of_month = (
            "SELECT state, (approved_from AT TIME ZONE 'Asia/Jakarta')::date FROM guyub.cycle WHERE code = '2024-11'"
        )
        state, day = work.run(of_month).one()
        return state, day


def test_the_form_begins_with_today_and_shows_the_days_that_are_possible(visitor: NewVisitor, proposed: Cycle):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    first, last = bounds(karutan.page)
    assert last == TODAY
    assert first < TODAY
    assert 'name="on" value="2024-11-16"' in karutan.page.text
    assert "Paling awal" in text_of(karutan.page)


@pytest.mark.parametrize("end", ["first", "last"])
def test_the_days_at_both_ends_are_accepted(visitor: NewVisitor, rutan: Rutan, proposed: Cycle, end: str):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    first, last = bounds(karutan.page)
    day = first if end == "first" else last
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page) | {"on": day.isoformat()})
    assert answer.status_code == 303, text_of(answer)
    assert approved_on(rutan) == ("approved", day)


@pytest.mark.parametrize("end", ["first", "last"])
def test_the_days_outside_are_refused_and_kept_as_they_were_typed(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, end: str
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    first, last = bounds(karutan.page)
    day = first - DAY if end == "first" else last + DAY
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page) | {"on": day.isoformat()})
    assert answer.status_code == 422
    assert f'name="on" value="{day.isoformat()}"' in answer.text
    assert "Pada hari itu usulan ini tidak dapat disetujui." in text_of(answer)
    assert approved_on(rutan) == ("proposed", None)


def test_the_database_refuses_the_day_before_as_well(visitor: NewVisitor, rutan: Rutan, proposed: Cycle):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    first, _ = bounds(karutan.page)
    with pytest.raises(Refusal), rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, proposed, first - DAY, version=proposed.version)


def test_what_is_no_day_is_refused_beside_its_field(visitor: NewVisitor, rutan: Rutan, proposed: Cycle):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    answer = karutan.sends(APPROVAL, hidden_in(karutan.page) | {"on": "kemarin"})
    assert answer.status_code == 422
    assert 'name="on" value="kemarin"' in answer.text
    assert approved_on(rutan) == ("proposed", None)


@pytest.fixture
def gifts(cluster: Any) -> Iterator[worlds.World]:
    with worlds.a_world(cluster, "hibah", "paket") as made:
        made.pekalongan.register(worlds.families.PEKALONGAN, worlds.SURVEYED)
        yield made


def possible(world: worlds.World, cycle: Cycle, today: date = TODAY) -> tuple[date | None, date]:
    with world.pekalongan.work_of("karutan") as work:
        cycle = cycles.of_code(work, cycle.code)
        days = of_approval(work, cycle, coverage_of(work, cycle, today).promises, today)
        return days.first, days.last


def test_goods_are_promised_from_the_day_on_which_enough_had_come(gifts: worlds.World):
    rutan = gifts.pekalongan
    rutan.receive([gift("BARANG", 0, [("beras", "5", 70_000)], received_on="2024-11-04")], worlds.RECEIVED)
    rutan.receive([gift("BARANG", 0, [("beras", "500", 7_000_000)], received_on="2024-11-09")], worlds.RECEIVED)
    rutan.receive([gift("UANG", 9_000_000, received_on="2024-11-06")], worlds.RECEIVED)
    cycle = worlds.proposed(rutan, "paket", ["BARANG", "UANG"])
    assert possible(gifts, cycle) == (date(2024, 11, 9), TODAY)
    assert possible(gifts, cycle, date(2024, 11, 12)) == (date(2024, 11, 9), date(2024, 11, 12))


def test_a_fund_promises_on_the_days_of_its_terms(gifts: worlds.World):
    rutan = gifts.pekalongan
    rutan.receive([gift("UANG", 9_000_000, usable_from="2024-11-10", usable_until="2024-11-20")], worlds.RECEIVED)
    cycle = worlds.proposed(rutan, "paket", ["UANG"])
    assert possible(gifts, cycle) == (date(2024, 11, 10), TODAY)
    with pytest.raises(Refusal), rutan.work_of("karutan") as work:
        proposal.approve(work, gifts.plugins, cycle, date(2024, 11, 9), version=cycle.version)
    with rutan.work_of("karutan") as work:
        proposal.approve(work, gifts.plugins, cycle, date(2024, 11, 10), version=cycle.version)

"""A preview says of each facility one first month that a change counts for, in its table, its warnings and its offers."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.pages.plan_view import groups
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.configuration.revert import plan_revert
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycles
from tests import places
from tests.conftest import Acting
from tests.visits import Visitor, text_of, visitors
from tests.worlds import PEKALONGAN, activate, configure

from .test_configuration_of_a_region import fields_of

SECOND = date(2024, 12, 2)
DECEMBER, JANUARY, FEBRUARY = date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)
SOON, LATE, IDLE = "rutan-banyumas", "rutan-demak", "rutan-blora"
PAGE = f"/f/{PEKALONGAN}/plugins/bansos/configure"
Planned = Callable[..., Any]


@pytest.fixture
def plugins(protector: Protector) -> PluginRegistry:
    return plugin_registry(protector=protector)


@pytest.fixture
def by_web(database: Database) -> None:
    places.managed_by(database, "web", PEKALONGAN, SOON, LATE, IDLE)


@pytest.fixture
def december(acting: Acting, plugins: PluginRegistry) -> None:
    """December is open at Rutan Pekalongan."""
    with acting("kasubsi") as work:
        cycles.open_cycle(work, plugins, "bansos", DECEMBER)


@pytest.fixture
def planned(acting: Acting, plugins: PluginRegistry, by_web: None) -> Planned:
    def plan(day: date, facilities: Sequence[str] = (PEKALONGAN,)) -> Any:
        with acting("kanwil") as work:
            request = ChangeRequest("bansos", day, tuple(facilities), values={"quota": 7})
            return plan_requests(work, plugins, [request], SECOND)

    return plan


def later(plan: Any) -> list[tuple[str, date | None]]:
    """Which places are told that a month comes too early, and the day that is offered."""
    return [(issue.place, issue.offered) for issue in plan.issues if issue.code == "configuration.counts_later"]


def months(plan: Any) -> dict[str, date | None]:
    return {effect.facility: effect.month for effect in plan.effects}


def test_the_first_day_is_offered_while_its_month_is_not_open(planned: Planned):
    plan = planned(SECOND)
    assert months(plan) == {PEKALONGAN: JANUARY}
    assert later(plan) == [(PEKALONGAN, DECEMBER)]
    assert months(planned(DECEMBER)) == {PEKALONGAN: DECEMBER}


@pytest.mark.parametrize("day", [DECEMBER, SECOND])
def test_an_open_month_is_neither_offered_nor_promised(
    database: Database, plugins: PluginRegistry, protector: Protector, by_web: None, december: None, day: date
):
    morning = datetime(2024, 12, 2, 2, tzinfo=UTC)
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: morning), database) as come:
        kanwil: Visitor = come("kanwil")
        kanwil.opens(PAGE)
        changed = {"quota": "7", "_valid_from": day.isoformat(), "_reason": "Sesuai rapat"}
        page = text_of(kanwil.sends(PAGE, fields_of(kanwil) | changed))
    assert "Terhitung mulai bulan Januari 2025." in page
    assert "pada hari pertama bulan itu. Perubahan berlaku sepenuhnya mulai bulan Januari 2025." in page
    assert "Terhitung mulai bulan Desember 2024." not in page
    assert "Pilih 1 Desember 2024" not in page
    assert "terhitung untuk bulan itu" not in page


def test_a_change_between_two_first_days_that_another_value_ends_counts_for_no_month(
    planned: Planned, database: Database, december: None
):
    configure(database, "bansos", PEKALONGAN, since=date(2024, 12, 20), quota=9)
    plan = planned(date(2024, 12, 5))
    assert months(plan) == {PEKALONGAN: None}
    assert later(plan) == []
    assert [item.kind for item in plan.consequences] == ["open_cycle"]


def test_a_day_that_is_offered_counts_though_another_value_stands_from_the_next_month(
    planned: Planned, database: Database
):
    configure(database, "bansos", PEKALONGAN, since=JANUARY, quota=9)
    assert months(planned(SECOND)) == {PEKALONGAN: None}
    assert months(planned(DECEMBER)) == {PEKALONGAN: DECEMBER}


def test_of_many_facilities_each_has_its_own_month_and_only_those_that_run_are_reported(
    planned: Planned, database: Database
):
    activate(database, "bansos", LATE, since=FEBRUARY)
    plan = planned(SECOND, (PEKALONGAN, LATE, IDLE))
    assert months(plan) == {PEKALONGAN: JANUARY, LATE: FEBRUARY, IDLE: None}
    assert later(plan) == [(PEKALONGAN, DECEMBER)]


def test_the_page_of_many_facilities_says_each_month_beside_its_facilities(
    plugins: PluginRegistry, database: Database, planned: Planned
):
    activate(database, "bansos", SOON, since=JANUARY)
    activate(database, "bansos", LATE, since=FEBRUARY)
    plan = planned(SECOND, (SOON, LATE, IDLE))
    shown = [(group.consequence.id, group.places, group.idle) for group in groups(plan, plugins, {})]
    assert sorted(shown) == [
        ("Berubah.", (), (IDLE,)),
        ("Berubah. Terhitung mulai bulan Februari 2025.", (LATE,), ()),
        ("Berubah. Terhitung mulai bulan Januari 2025.", (SOON,), ()),
    ]


def test_taking_back_tells_the_month_and_offers_no_day(acting: Acting, plugins: PluginRegistry, by_web: None):
    request = ChangeRequest("bansos", SECOND, (PEKALONGAN,), values={"quota": 7}, reason="Sesuai rapat")
    with acting("kanwil") as work:
        applied = apply_requests(work, plugins, [request], None, SECOND)
    with acting("kanwil") as work:
        plan = plan_revert(work, plugins, applied.id, SECOND, reason="Keliru")
    assert months(plan) == {PEKALONGAN: JANUARY}
    assert later(plan) == [(PEKALONGAN, None)]
    assert not any("Pilih 1 Desember" in issue.sentence.id for issue in plan.issues)

"""A programme type that fails where the core asks it: it is named, and the month is neither opened nor scored by half."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import literal

from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.plugins.crash import PluginCrashed
from guyub.programs import cycles, selection
from guyub.sdk import Criterion, Rule, household
from tests import worlds
from tests.sample_plugins import SchoolMoney, both
from tests.worlds import RECEIVED, SURVEYED, World, gift


@pytest.fixture(scope="module")
def rutan(cluster: Any) -> Iterator[Rutan]:
    with worlds.a_world(cluster, "hibah", "beasiswa", fill=begin) as made:
        yield made.pekalongan


def begin(world: World) -> None:
    world.pekalongan.register(families.PEKALONGAN, SURVEYED)
    world.pekalongan.receive([gift("SEKOLAH", 600_000)], RECEIVED)


def opens(rutan: Rutan) -> cycles.Cycle:
    with rutan.work_of("kasubsi") as work:
        return cycles.open_cycle(work, rutan.opened.plugins, "beasiswa", november.PERIOD, fund_codes=["SEKOLAH"])


def months(rutan: Rutan) -> tuple[int, int]:
    with rutan.work_of("kasubsi") as work:
        row = work.run("SELECT (SELECT count(*) FROM guyub.cycle), (SELECT count(*) FROM guyub.entitlement)").one()
        return row[0], row[1]


def raising(error: type[BaseException]) -> Any:
    def broken(*_: object) -> Any:
        raise error

    return broken


@pytest.mark.parametrize("fault", [raising(ValueError), raising(SystemExit), lambda *_: None, lambda *_: [5]])
@pytest.mark.parametrize("method", ["quota", "exclusion_group", "eligibility", "criteria", "package"])
def test_a_month_is_not_opened_by_half(rutan: Rutan, monkeypatch: pytest.MonkeyPatch, method: str, fault: Any):
    monkeypatch.setattr(SchoolMoney, method, fault)
    with pytest.raises(PluginCrashed) as refusal:
        opens(rutan)
    assert f"“Beasiswa” (beasiswa) failed in beasiswa.{method}()" in refusal.value.what.en
    assert months(rutan) == (0, 0)


def test_an_expression_that_the_database_cannot_work_out_is_the_programmes_fault(
    rutan: Rutan, monkeypatch: pytest.MonkeyPatch
):
    cycle = opens(rutan)
    by_nothing = household.members / (household.members - household.members)
    faults = {
        "criteria": lambda *_: [Criterion("a", both("a"), 1, by_nothing)],
        "eligibility": lambda *_: [Rule("a", both("a"), by_nothing > literal(1))],
    }
    for method, fault in faults.items():
        with monkeypatch.context() as patch, rutan.work_of("kasubsi") as work:
            patch.setattr(SchoolMoney, method, fault)
            with pytest.raises(PluginCrashed) as refusal:
                selection.score(work, rutan.opened.plugins, cycle)
            assert "“Beasiswa” (beasiswa)" in refusal.value.what.en
            work.session.rollback()
    assert months(rutan) == (1, 0)

"""A configuration whose programme would be due more than once a month is refused, at every door and in words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guyub.access import sign_in
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.db.unit_of_work import SessionCredential
from guyub.plugins.refusals import PluginsRefusal
from guyub.programs import cycles
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import PEKALONGAN, World

JANUARY = date(2025, 1, 1)
WEEKLY = "FREQ=WEEKLY;BYDAY=SA"


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "musiman") as made:
        worlds.employ(made.database, "kanwil.uji", "region_admin", region="jawa-tengah")
        yield made


def change(rule: str) -> ChangeRequest:
    return ChangeRequest("musiman", JANUARY, ("rutan-demak",), values={"rule": rule}, reason="uji")


def test_a_plan_with_a_finer_schedule_is_blocked_and_says_why(world: World):
    with world.database.work(SessionCredential(sign_in.session_for(world.database, "kanwil.uji", "uji"))) as work:
        plan = plan_requests(work, world.plugins, [change(WEEKLY)])
        [issue] = [issue for issue in plan.issues if issue.is_blocking and issue.code == "host.config_value"]
        assert f"“{WEEKLY}” terjadi lebih dari sekali sebulan, yang belum didukung" in issue.sentence.id
        assert "more than once a month" in issue.sentence.en
        with pytest.raises(Refusal):
            apply_requests(work, world.plugins, [change(WEEKLY)], plan.digest)


def test_a_schedule_that_is_followed_is_taken(world: World):
    with world.database.work(SessionCredential(sign_in.session_for(world.database, "kanwil.uji", "uji"))) as work:
        plan = plan_requests(work, world.plugins, [change("FREQ=MONTHLY;INTERVAL=3")])
        assert [issue for issue in plan.issues if issue.code == "host.config_value"] == []
        work.session.rollback()


def test_a_stored_one_takes_the_programme_out_of_service_there_and_says_why(world: World):
    worlds.configure(world.database, "musiman", PEKALONGAN, JANUARY, rule="FREQ=MONTHLY;BYMONTHDAY=1,15")
    with world.pekalongan.work_of("kasubsi") as work:
        with pytest.raises(Refusal) as refusal:
            cycles.open_cycle(work, world.plugins, "musiman", JANUARY)
        assert "terjadi lebih dari sekali sebulan" in refusal.value.what.id
        work.session.rollback()


def test_a_programme_that_answers_a_finer_rule_is_refused_where_it_is_asked(world: World):
    kind = world.plugins.program_type("musiman", "musiman")
    with pytest.raises(Refusal) as refusal:
        kind.schedule(world.plugins.plugin("musiman").config(rule=WEEKLY))  # type: ignore[call-arg]
    assert refusal.value.code == PluginsRefusal.SCHEDULE

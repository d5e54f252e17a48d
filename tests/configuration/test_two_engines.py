"""The same wish, on a plugin's page and on the page of many facilities: both record the same rows, and both are taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from guyub.configuration import changes as changes_module
from guyub.configuration.change_preview import ConfigChangeRequest, ConfigEffect
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import ChangeRequest, apply_requests, plan_requests, plan_revert, revert
from guyub.provisioning.plan_history import AppliedPlan, applied
from tests.conftest import Acting

JAN, FEB, MARCH, APRIL = (date(2027, month, 1) for month in (1, 2, 3, 4))
PAGE, MATRIX = "rutan-demak", "rutan-blora"
"""At one the changes come through the plugin's page, at the other through the page of many facilities."""


@dataclass(frozen=True)
class Act:
    """A value (None: inherited again) from a day on, with or without a lock."""

    on: date
    value: Any
    locked: bool = False
    field: str = "quota"


def lock(on: date, value: Any) -> Act:
    return Act(on, value, locked=True)


SEQUENCES: dict[str, Sequence[Act]] = {
    "a value": [Act(JAN, 9)],
    "the same value again": [Act(JAN, 9), Act(JAN, 9), Act(FEB, 9)],
    "another value for the same day": [Act(JAN, 9), Act(JAN, 8)],
    "a later value stays": [Act(MARCH, 12), Act(JAN, 9)],
    "a lock": [lock(JAN, 9)],
    "a lock over later values": [Act(FEB, 7), Act(MARCH, 12), lock(JAN, 9)],
    "a lock over a later lock": [lock(MARCH, 12), lock(JAN, 9)],
    "a lock on a value that is there": [Act(JAN, 9), lock(JAN, 9)],
    "unlocking": [lock(JAN, 9), Act(FEB, 9)],
    "unlocking with a later lock": [lock(JAN, 9), lock(MARCH, 12), Act(FEB, 9)],
    "unlocking with a later lock and another value": [lock(JAN, 9), lock(MARCH, 12), Act(FEB, 5)],
    "unlocking with later values and locks": [lock(JAN, 9), Act(APRIL, 8), lock(MARCH, 12), Act(FEB, 9)],
    "a reset": [Act(JAN, 9), Act(FEB, None)],
    "a reset of what is not set": [Act(JAN, None)],
    "a reset of a locked value": [lock(JAN, 9), lock(MARCH, 12), Act(FEB, None)],
    "before what is recorded": [lock(FEB, 9), Act(JAN, 5)],
    "a lock before what is recorded": [Act(FEB, 9), Act(MARCH, None), lock(JAN, 5)],
    "a package": [Act(JAN, ["neighbour"], field="categories"), Act(FEB, ["neighbour"], field="categories")],
}


@pytest.fixture(autouse=True)
def through_the_web(database: Database) -> None:
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.region SET managed_by = 'web'")
        work.run("UPDATE guyub.facility SET managed_by = 'web'")


class Doors:
    def __init__(self, acting: Acting, database: Database, host: PluginRegistry, protector: Protector) -> None:
        self.acting, self.database, self.host, self.protector = acting, database, host, protector

    def by_page(self, act: Act) -> list[ConfigEffect]:
        change = ConfigChangeRequest(
            "bansos",
            {act.field: act.value},
            act.on,
            "Rapat",
            facility=PAGE,
            locked=frozenset({act.field} if act.locked else ()),
        )
        plugin = self.host.plugin("bansos")
        with self.acting("kanwil", PAGE) as work:
            seen = changes_module.preview(work, plugin, change, self.protector)
        with self.acting("kanwil", PAGE) as work:
            done = changes_module.apply(work, plugin, change, self.protector, seen=changes_module.digest(seen))
        assert done == seen
        return done

    def by_matrix(self, act: Act) -> None:
        # The form of the page has a box for the lock; what is not ticked there is unlocked, if it was locked.
        held = [row for row in self.rows(MATRIX, act.field) if row[0] <= act.on.isoformat()]
        unlocked = not act.locked and bool(held) and held[-1][2]
        names = frozenset({act.field})
        wish = ChangeRequest(
            "bansos",
            act.on,
            (MATRIX,),
            values={act.field: act.value},
            locked=names if act.locked else frozenset(),
            unlocked=names if unlocked else frozenset(),
            reason="Rapat",
        )
        with self.acting("kanwil") as work:
            planned = plan_requests(work, self.host, [wish])
        with self.acting("kanwil") as work:
            apply_requests(work, self.host, [wish], planned.digest)

    def rows(self, facility: str, field: str = "quota") -> list[tuple[str, Any, bool]]:
        """The row that counts, of each day."""
        with self.database.work(self.database.as_service("tests", facility)) as work:
            found = work.run(
                """SELECT DISTINCT ON (v.valid_from) v.valid_from, v.value, v.locked FROM guyub.config_value v
                   WHERE v.facility_id = :here AND v.plugin = 'bansos' AND v.field = :field ORDER BY v.valid_from, v.id DESC""",
                here=work.here.id,
                field=field,
            )
            return [(row.valid_from.isoformat(), row.value, row.locked) for row in found]

    def count(self, facility: str) -> int:
        with self.database.work(self.database.as_service("tests", facility)) as work:
            return int(
                work.run("SELECT count(*) FROM guyub.config_value WHERE facility_id = :h", h=work.here.id).scalar_one()
            )

    def history(self) -> list[AppliedPlan]:
        """Oldest first."""
        with self.acting("kanwil") as work:
            return applied(work, "jawa-tengah")[::-1]


@pytest.fixture
def doors(acting: Acting, database: Database, host: PluginRegistry, protector: Protector) -> Doors:
    return Doors(acting, database, host, protector)


@pytest.mark.parametrize("acts", SEQUENCES.values(), ids=SEQUENCES)
def test_both_doors_record_the_same_rows_and_the_same_history(doors: Doors, acts: Sequence[Act]):
    field, before = acts[0].field, len(doors.history())
    known = doors.count(PAGE), doors.count(MATRIX)
    for act in acts:
        doors.by_page(act)
    of_page = doors.history()[before:]
    for act in acts:
        doors.by_matrix(act)
    of_matrix = doors.history()[before + len(of_page) :]
    assert doors.rows(PAGE, field) == doors.rows(MATRIX, field)
    assert doors.count(PAGE) - known[0] == doors.count(MATRIX) - known[1]

    def said(plans: Sequence[AppliedPlan]) -> list[Any]:
        return [
            (plan.door, plan.who, plan.reason, [(c.what, c.old, c.new, c.valid_from) for c in plan.changes])
            for plan in plans
        ]

    assert said(of_page) == said(of_matrix)


def test_unlocking_on_a_page_unlocks_the_later_rows_and_the_preview_says_so(doors: Doors):
    doors.by_page(lock(JAN, 9))
    doors.by_page(lock(MARCH, 12))
    [effect] = doors.by_page(Act(FEB, 9))
    assert doors.rows(PAGE) == [("2027-01-01", 9, True), ("2027-02-01", 9, False), ("2027-03-01", 12, False)]
    assert (effect.before.origin.locked, effect.after.origin.locked) == (True, False)
    assert effect.consequence.en == "Its lock is taken off, also from the value that holds from 1 March 2027."


def test_what_a_page_changed_is_taken_back_whole(doors: Doors):
    doors.by_page(lock(JAN, 9))
    doors.by_page(lock(MARCH, 12))
    before = doors.rows(PAGE)
    doors.by_page(Act(FEB, 5))
    last = doors.history()[-1]
    with doors.acting("kanwil") as work:
        planned = plan_revert(work, doors.host, last.id)
    with doors.acting("kanwil") as work:
        revert(work, doors.host, last.id, planned.digest, reason="Keliru")
    assert [row for row in doors.rows(PAGE) if row[0] != "2027-02-01"] == before
    assert doors.rows(PAGE)[1] == ("2027-02-01", 9, True)
    assert doors.history()[-1].reverts == last.id


def test_a_change_that_changes_nothing_stands_in_no_history(doors: Doors):
    doors.by_page(Act(JAN, 9))
    before = len(doors.history())
    doors.by_page(Act(JAN, 9))
    assert len(doors.history()) == before

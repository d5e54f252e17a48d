"""Late means one thing: home, map, tables, API, reminders and recap of a region of 59 facilities say it of the same months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from guyub.access import sign_in
from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import SessionCredential, Work
from guyub.programs import cycles
from guyub.reports import facility, facility_map, nation, region, region_attention, reminders, routes
from guyub.reports.lateness import late_after, shown_state
from guyub.reports.recap import facts as recap_facts
from guyub.reports.region import Overview
from guyub.reports.workbook import workbook
from tests import places, worlds
from tests.visits import Clock, visitors
from tests.worlds import World

TODAY = date(2025, 4, 16)
APRIL, MARCH, JANUARY = date(2025, 4, 1), date(2025, 3, 1), date(2025, 1, 1)
RULES = {
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "in March": "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=20",
    "on the 25th": "FREQ=MONTHLY;BYMONTHDAY=25",
}
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@dataclass
class Many:
    """Fifty-nine facilities; each runs the programme by one of the rules, and some have opened months of it."""

    world: World
    codes: list[str]
    rule: dict[str, str]
    opened: set[tuple[str, date]]

    def overview(self, work: Work, period: date, today: date = TODAY) -> Overview:
        return region.overview(work, self.world.plugins, self.region_id(work), period, today)

    def region_id(self, work: Work) -> UUID:
        found: UUID = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        return found


@pytest.fixture(scope="module")
def many(cluster: Any) -> Iterator[Many]:
    with worlds.world_in(cluster, cluster.copy(), "musiman") as world:
        worlds.employ(world.database, "pusat", "national_admin")
        with world.database.work(world.database.as_service("uji")) as work:
            codes = list(work.run("SELECT code FROM guyub.facility ORDER BY code").scalars())
        for number, code in enumerate(codes):
            places.change_facility(world.database, code, zone=ZONES[number % 3])
        for since in (date(2024, 11, 1), date(2025, 1, 1), date(2025, 2, 1)):
            worlds.activate(world.database, "bansos", *codes, active=False, since=since)
        rules = list(RULES)
        rule = {code: rules[number % len(rules)] for number, code in enumerate(codes)}
        worlds.activate(world.database, "musiman", *codes, since=date(2025, 1, 1))
        for code in codes:
            worlds.configure(world.database, "musiman", code, date(2025, 1, 1), rule=RULES[rule[code]])
        opened = set()
        for number, code in enumerate(codes):
            for period in (JANUARY, MARCH, APRIL):
                if (number + period.month) % 3 == 0:
                    with world.database.work(world.database.as_service("uji", code)) as work:
                        on = None if number % 2 else period.replace(day=28)
                        reason = "contoh"
                        cycles.open_cycle(work, world.plugins, "musiman", period, distribution_on=on, reason=reason)
                    opened.add((code, period))
        yield Many(world, codes, rule, opened)


@pytest.fixture
def office(many: Many) -> Iterator[Work]:
    with many.world.database.work(
        SessionCredential(sign_in.session_for(many.world.database, "kanwil", "tests"))
    ) as work:
        yield work


def expected_late(many: Many) -> set[tuple[str, date]]:
    """What is late on 16 April, worked out by hand: nothing is finished, and the months before April are over."""
    late = {(code, period) for code, period in many.opened if period < APRIL}
    due = {
        "monthly": (JANUARY, date(2025, 2, 1), MARCH, APRIL),
        "quarterly": (JANUARY, APRIL),
        "in March": (MARCH,),
        "on the 25th": (JANUARY, date(2025, 2, 1), MARCH),
    }
    late |= {
        (code, period) for code in many.codes for period in due[many.rule[code]] if (code, period) not in many.opened
    }
    return late


def test_the_overview_shows_what_is_late(many: Many, office: Work):
    view = many.overview(office, APRIL)
    assert len(view.rows) == 59
    shown = {
        (row.place.code, month.period)
        for row in view.rows
        for month in (*row.months, *row.earlier, *row.not_opened, *row.never_opened)
        if month.state == "late"
    }
    assert shown == expected_late(many)
    assert sum(row.late for row in view.rows) == len(shown)


def test_map_attention_reminders_recap_and_workbook_say_the_same(many: Many, office: Work):
    late, view = expected_late(many), many.overview(office, APRIL)
    at = {code for code, _ in late}
    tiles = facility_map.of_facilities(view.rows, "en")
    assert {tile.url.split("/")[2] for tile in tiles if tile.mark == "warning"} == at
    [matter] = region_attention.of_region(many.world.plugins, "jawa-tengah", view.rows, TODAY)[:1]
    assert matter.what.en.startswith(f"{len(late)} months")
    reminded = reminders.late(office, many.world.plugins, many.region_id(office), TODAY)
    assert {(item.code, item.period) for item in reminded} == late
    recap = recap_facts.recap(office, many.world.plugins, many.region_id(office), "jawa-tengah", "K", APRIL, TODAY)
    told = {missing.code for missing in recap.missing if "terlambat" in missing.why.id.lower()}
    assert told == {code for code, period in late if period == APRIL}
    awaited = {code for code in many.codes if many.rule[code] != "in March" or (code, APRIL) in many.opened}
    assert {missing.code for missing in recap.missing} == awaited
    assert workbook("K", view, datetime(2025, 4, 16, tzinfo=UTC))


def test_the_nation_counts_what_its_region_shows(many: Many):
    token = sign_in.session_for(many.world.database, "pusat", "tests")
    with many.world.database.work(SessionCredential(token)) as work:
        for period in (JANUARY, MARCH, APRIL):
            view = many.overview(work, period)
            row = next(
                row for row in nation.nation(work, many.world.plugins, period, TODAY).rows if row.code == "jawa-tengah"
            )
            assert dict(row.by_state) == dict(view.by_state), period
            assert row.late == sum(row.late for row in view.rows), period


def test_the_home_of_each_facility_says_the_same(many: Many):
    late = expected_late(many)
    for code in ("rutan-pekalongan", "rutan-kebumen"):
        rutan = many.world.pekalongan if code == "rutan-pekalongan" else many.world.kebumen
        with rutan.work_of(rutan.services) as work:
            home = facility.home(work, many.world.plugins, TODAY)
            told = [item.what.en for item in home.attention if item.kind == "danger"]
            assert len(told) == sum(place == code for place, _ in late), (code, told)


def test_the_api_says_the_same(many: Many, protector: Protector):
    late = expected_late(many)
    clock = Clock(datetime(2025, 4, 16, 3, tzinfo=UTC))
    app = create_app(many.world.database, many.world.plugins, protector=protector, clock=clock, rooms=[Room.of(routes)])
    with visitors(app, many.world.database) as come:
        answer = come("kanwil").opens("/api/v1/region/jawa-tengah/overview?month=2025-04").json()
    for row in answer["facilities"]:
        months = {(item["cycle"][:7], item["state"]) for item in (*row["cycles"], *row["earlier"])}
        months |= {(item["month"], item["state"]) for item in row["unopened"]}
        shown = {month for month, state in months if state == "late"}
        assert shown == {f"{period:%Y-%m}" for code, period in late if code == row["code"]}, row["code"]
        assert row["late"] == len(shown)


def test_what_is_not_due_is_not_late(many: Many, office: Work):
    view = many.overview(office, APRIL)
    for row in view.rows:
        if many.rule[row.place.code] == "in March" and (row.place.code, APRIL) not in many.opened:
            assert row.states == ["not_due"]
    assert view.by_state["not_due"] > 0
    assert view.by_state["no_program"] == 0


def test_a_month_is_late_after_the_day_of_the_office_or_of_its_schedule(many: Many, office: Work):
    def late_on(day: date) -> set[str]:
        return {row.place.code for row in many.overview(office, APRIL, day).rows if "late" in row.states}

    of_rule = {name: {code for code in many.codes if many.rule[code] == name} for name in RULES}
    unopened = {code for code in many.codes if (code, APRIL) not in many.opened}
    assert late_on(date(2025, 4, 10)) & unopened == set()
    assert late_on(date(2025, 4, 11)) & unopened == (of_rule["monthly"] | of_rule["quarterly"]) & unopened
    assert late_on(date(2025, 4, 25)) & of_rule["on the 25th"] & unopened == set()
    assert of_rule["on the 25th"] & unopened <= late_on(date(2025, 4, 26))


def test_a_month_that_cannot_be_distributed_any_more_is_not_awaited(many: Many, office: Work):
    def states(today: date) -> set[str]:
        return {
            state
            for row in many.overview(office, JANUARY, today).rows
            if (row.place.code, JANUARY) not in many.opened and many.rule[row.place.code] == "monthly"
            for state in row.states
        }

    assert states(date(2025, 6, 30)) == {"late"}
    assert states(date(2025, 7, 1)) == {"not_opened"}


def test_the_questions_are_as_many_for_fifty_nine_facilities_as_for_one(many: Many, office: Work):
    seen: list[str] = []
    event.listen(many.world.database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    many.overview(office, APRIL)
    assert len(seen) <= 9
    seen.clear()
    reminders.late(office, many.world.plugins, many.region_id(office), TODAY)
    assert len(seen) <= 9


@pytest.mark.parametrize(
    ("step", "planned", "after"),
    [
        ("planned", None, date(2025, 4, 30)),
        ("approved", date(2025, 4, 16), date(2025, 4, 16)),
        ("distributing", date(2025, 5, 2), date(2025, 4, 30)),
        ("closed", date(2025, 4, 1), None),
        ("cancelled", None, None),
    ],
)
def test_a_month_in_hand_is_late_after_its_day_or_its_end(step: str, planned: date | None, after: date | None):
    assert late_after(step, APRIL, planned) == after
    if after is not None:
        assert shown_state(step, APRIL, planned, after) == step
        assert shown_state(step, APRIL, planned, date.fromordinal(after.toordinal() + 1)) == "late"

"""The overview over regions: what the regions' own overviews say, added up; and the same few questions for any of them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from guyub.access import sign_in
from guyub.db.unit_of_work import Database, SessionCredential
from guyub.facilities.records import RegionRecord
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.reports import nation, nation_attention, region
from guyub.reports.lateness import CycleStateShown
from guyub.reports.nation import Nation
from tests import places, worlds
from tests.reports.conftest import AsOf, Statements

NOVEMBER = date(2024, 11, 1)
THURSDAY = date(2024, 11, 14)
JSON = "/api/v1/national/overview?month=2024-11"


@pytest.fixture
def pusat(database: Database) -> str:
    """A person with a national role, and a second region with one facility that runs nothing."""
    places.another_region_of_one_rutan(database)
    worlds.employ(database, "pusat", "national_admin")
    return "pusat"


Read = Callable[..., Nation]


@pytest.fixture
def view(database: Database, plugins: PluginRegistry, pusat: str) -> Read:
    def read(period: date = NOVEMBER, today: date = THURSDAY, length: int = 12) -> Nation:
        with database.work(SessionCredential(sign_in.session_for(database, pusat, "tests"))) as work:
            return nation.nation(work, plugins, period, today, length)

    return read


def test_regions_stand_by_name_with_all_their_facilities(view: Read):
    seen = view()
    assert [row.code for row in seen.rows] == ["contoh", "jawa-tengah"]
    assert [row.name for row in seen.rows] == sorted(row.name for row in seen.rows)
    assert seen.rows[0].facilities == 1
    assert seen.rows[0].by_state["no_program"] == 1
    assert seen.by_state["late"] == 2
    assert view(today=date(2024, 11, 10)).by_state["not_opened"] == 2


def test_it_adds_up_what_the_overview_of_a_region_says(
    view: Read, database: Database, plugins: PluginRegistry, pusat: str, closed: Cycle
):
    seen = view()
    jateng = seen.rows[1]
    with database.work(SessionCredential(sign_in.session_for(database, pusat, "tests"))) as work:
        same = region.overview(work, plugins, jateng.id, NOVEMBER, THURSDAY)
    assert dict(jateng.by_state) == dict(same.by_state)
    assert dict(jateng.by_category) == dict(same.by_category) == {"inmate_family": (5, 5)}
    assert (jateng.facilities, jateng.value, jateng.left) == (len(same.rows), same.value, same.left)
    assert seen.sources == same.sources
    assert seen.trend == same.trend
    assert (seen.received, seen.value, seen.left) == (5, 582_550, 167_450)


@pytest.mark.parametrize(
    ("day", "states"), [(THURSDAY, {"approved": 1, "late": 1}), (date(2024, 11, 17), {"approved": 0, "late": 2})]
)
def test_a_month_past_its_day_is_late_for_the_nation_too(
    view: Read, approved: Cycle, day: date, states: dict[CycleStateShown, int]
):
    """Beside the month that Kebumen has not opened in time."""
    seen = view(today=day)
    assert {state: seen.by_state[state] for state in states} == states
    december = view(date(2024, 12, 1), date(2024, 12, 2))
    assert (december.rows[1].still_open, december.rows[1].late) == (1, 2)


def test_an_open_month_of_the_past_is_late_for_the_nation_when_the_region_says_so(
    view: Read, database: Database, plugins: PluginRegistry, pusat: str, approved: Cycle
):
    """Seen from a month to come, what is planned for later today is open and not late."""
    for today in (date(2024, 11, 10), date(2024, 11, 20), date(2024, 12, 3)):
        seen = view(date(2025, 4, 1), today).rows[1]
        with database.work(SessionCredential(sign_in.session_for(database, pusat, "tests"))) as work:
            same = region.overview(work, plugins, seen.id, date(2025, 4, 1), today)
        assert (seen.still_open, seen.late) == (1, sum(row.late for row in same.rows)), today
    assert view(date(2025, 4, 1), date(2024, 11, 10)).rows[1].late == 0


def test_the_course_has_every_month_asked_for_also_those_without_figures(view: Read, closed: Cycle):
    for length in (12, 36):
        course = view(length=length).trend
        assert len(course) == length
        assert course[-1].period == NOVEMBER
        assert (course[-1].received, course[-1].value, course[-1].income) == (5, 582_550, 750_000)
        assert (course[0].months, course[0].value) == (0, 0)
    assert view(length=36).trend[0].period == date(2021, 12, 1)


def test_the_questions_are_at_most_ten_and_the_same_for_more_regions(
    visitor_on: AsOf, database: Database, pusat: str, closed: Cycle, statements: Statements
):
    visitor = visitor_on(THURSDAY)(pusat)
    visitor.reads("/national")
    with statements() as seen:
        visitor.reads("/national")
    with_two = len(seen)
    assert with_two <= 10
    more = [RegionRecord(f"contoh-{number}", f"Contoh {number}", "Kanwil", "", "") for number in range(1, 32)]
    places.add_regions(database, *more)
    with statements() as seen:
        assert "33 kantor wilayah" in visitor.reads("/national")
    assert len(seen) == with_two


def test_the_page_names_regions_and_leads_to_them(visitor_on: AsOf, pusat: str, closed: Cycle):
    visitor = visitor_on(THURSDAY)(pusat)
    page = visitor.reads("/national?month=2024-11")
    assert "Ringkasan nasional November 2024" in page
    assert "Jawa Tengah" in page
    assert "Rp582.550" in page
    assert 'href="/region/jawa-tengah/?month=2024-11"' in visitor.page.text
    assert "1 dana ditinjau kantor wilayah" in page
    assert 'href="/national"' in visitor.opens("/region/jawa-tengah/").text
    assert 'href="/national"' in visitor.opens("/").text


def test_others_have_no_national_page(visitor_on: AsOf):
    for login in ("kanwil", "karutan"):
        visitor = visitor_on(THURSDAY)(login)
        for path in ("/national", "/national/overview.xlsx", JSON):
            assert visitor.opens(path).status_code == 404, (login, path)
    assert 'href="/national"' not in visitor_on(THURSDAY)("kanwil").opens("/region/jawa-tengah/").text


def test_the_workbook_and_the_json_say_the_same(visitor_on: AsOf, pusat: str, closed: Cycle):
    visitor = visitor_on(THURSDAY)(pusat)
    said = visitor.opens(JSON).json()
    assert (said["month"], said["received"], said["value"], said["left"]) == ("2024-11", 5, 582_550, 167_450)
    jateng = next(item for item in said["regions"] if item["code"] == "jawa-tengah")
    assert jateng["by_state"]["closed"] == 1
    assert sum(item["spent"] for item in jateng["money"]) == 582_550
    answer = visitor.opens("/national/overview.xlsx?month=2024-11")
    assert "nasional-2024-11-ringkasan.xlsx" in answer.headers["content-disposition"]
    book = load_workbook(BytesIO(answer.content), data_only=True)
    rows = [list(row) for row in book["Wilayah"].iter_rows(values_only=True)]
    totals: dict[Any, Any] = dict(zip(rows[2], rows[-1], strict=True))
    assert (totals["Menerima"], totals["Nilai diserahkan (Rp)"], totals["Dana tersisa hari ini (Rp)"]) == (
        5,
        582_550,
        167_450,
    )
    assert totals["Selesai"] == 1
    assert len(list(book["Bulan"].iter_rows())) == 3 + 12 + 1


def test_a_plugin_that_does_not_run_is_named_once(view: Read, plugins: PluginRegistry):
    assert nation_attention.of_nation(plugins, view(today=date(2024, 11, 10)).rows, "2024-11") == []

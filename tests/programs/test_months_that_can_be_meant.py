"""Months lie between January 2000 and December 2100, at every door; a row from elsewhere takes no page down."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from guyub.app import create_app
from guyub.cli import cycle_commands
from guyub.configuration.activations import ActivationPeriods
from guyub.db import limits
from guyub.db.installation import Installation
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.funds import monthly_ledger, receipts
from guyub.funds.queries import CashRow
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycles
from guyub.sdk.errors import Invalid
from guyub.ui.months import back, days_later, following, last_day
from guyub.ui.parsing import OutsideMonth, parse_month
from tests import damaged_rows, worlds
from tests.conftest import Acting
from tests.visits import NewVisitor, visitors

PEKALONGAN = "rutan-pekalongan"
BEYOND = ["0000-01", "0001-01", "1900-05", "1999-12", "2101-01", "9999-12"]


def test_every_table_of_months_takes_only_months_that_can_be_meant(database: Database):
    with database.work(database.as_service("tests")) as work:
        columns = work.run(
            """SELECT c.table_name, EXISTS (
                   SELECT FROM pg_constraint k WHERE k.conrelid = ('guyub.' || c.table_name)::regclass
                   AND pg_get_constraintdef(k.oid) = 'CHECK (guyub.is_month(period))')
               FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
               WHERE c.table_schema = 'guyub' AND c.column_name = 'period' AND t.table_type = 'BASE TABLE'"""
        ).all()
    assert len(columns) >= 9
    assert [table for table, is_checked in columns if not is_checked] == []


def test_the_database_and_the_words_for_people_have_the_same_range(database: Database):
    with database.work(database.as_service("tests")) as work:
        for month in (limits.FIRST_MONTH, limits.LAST_MONTH, back(limits.FIRST_MONTH, 1), following(limits.LAST_MONTH)):
            assert work.run("SELECT guyub.is_month(:day)", day=month).scalar_one() == limits.is_month(month)


@pytest.mark.parametrize("word", [*BEYOND, "1/1999", "Desember 9999", "9999-12-31"])
def test_a_month_beyond_the_range_is_read_as_what_it_is(word: str):
    with pytest.raises(OutsideMonth):
        parse_month(word)


@pytest.mark.parametrize("word", ["2024-13", "0000-00", "2024-00", "kemarin", ""])
def test_what_is_no_month_is_not_called_a_month_beyond_the_range(word: str):
    with pytest.raises(ValueError, match="not a") as refused:
        parse_month(word)
    assert not isinstance(refused.value, OutsideMonth)


@pytest.mark.parametrize("word", BEYOND)
def test_every_step_of_the_command_says_the_range(word: str):
    for step in ("open", "propose", "approve", "close"):
        done = CliRunner().invoke(
            cycle_commands.app,
            [step, "--facility", PEKALONGAN, "--period", word, "--as", "kasubsi"],
            env={"COLUMNS": "400"},
        )
        assert done.exit_code == 2
        assert "Januari 2000 sampai Desember 2100" in re.sub(r"[\s│]+", " ", done.output)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 1), date(2101, 1, 1), date(9999, 12, 31)])
def test_the_service_opens_no_month_beyond_the_range(acting: Acting, plugins: PluginRegistry, day: date):
    with acting("kasubsi", PEKALONGAN) as work, pytest.raises(Invalid) as refused:
        cycles.open_cycle(work, plugins, "bansos", day)
    assert (refused.value.code, refused.value.field) == ("programs.month_outside", "month")


@pytest.mark.parametrize("month", ["0001-01", "9999-12"])
def test_a_statement_is_of_a_month_that_can_be_meant_at_the_doors_without_a_form(
    acting: Acting, plugins: PluginRegistry, month: str
):
    form = {"month": month, "canteen_share": 1, "received_on": "2024-11-06", "voucher_number": "BK-1"}
    with acting("pengelola", PEKALONGAN) as work, pytest.raises(Invalid) as refused:
        receipts.receive(
            work,
            plugins,
            "canteen_profit",
            "canteen",
            "monthly_statement",
            form | {"canteen_sales": 9},
            date(2024, 11, 6),
        )
    assert (refused.value.code, refused.value.field) == ("funds.receipt_invalid", "month")
    assert "Januari 2000 sampai Desember 2100" in f"{refused.value.what.id} {refused.value.remedy.id}"


# --- one bad row -------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(database: Database, plugins: PluginRegistry, protector: Protector) -> Iterator[NewVisitor]:
    morning = datetime(2024, 11, 14, 2, tzinfo=UTC)
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: morning), database) as new:
        yield new


PAGES = {
    "kasubsi": [
        "/f/rutan-pekalongan/",
        "/f/rutan-pekalongan/programs/bansos/",
        "/f/rutan-pekalongan/programs/bansos/open",
        "/f/rutan-pekalongan/funds",
    ],
    "karutan": ["/f/rutan-pekalongan/"],
    "kanwil": ["/region/jawa-tengah/", "/region/jawa-tengah/recap", "/region/jawa-tengah/reminders"],
    "pusat": ["/national"],
}


@pytest.mark.parametrize("day", ["9999-12-01", "9999-12-31", "0001-01-01", "infinity", "-infinity", "0044-03-15 BC"])
def test_one_bad_row_takes_no_home_down(
    installation: Installation,
    database: Database,
    acting: Acting,
    plugins: PluginRegistry,
    visitor: NewVisitor,
    day: str,
):
    with acting("kasubsi", PEKALONGAN) as work:
        cycles.open_cycle(work, plugins, "bansos", date(2024, 11, 1))
    worlds.employ(database, "pusat", "national_admin")
    damaged_rows.months_on_another_day(installation, day)
    for login, pages in PAGES.items():
        reader = visitor(login)
        for page in pages:
            assert reader.opens(page).status_code == 200, (login, page)


@pytest.mark.parametrize("day", [date.min, date(1, 1, 31), date(2024, 2, 29), date(9999, 12, 1), date.max])
def test_counting_months_and_days_ends_with_the_calendar(day: date):
    assert following(day) == (date(9999, 12, 1) if day.year == 9999 else following(day))
    assert back(day, 1) <= day
    assert last_day(day) >= day
    assert days_later(day, 10**6) <= date.max
    assert days_later(day, -(10**6)) >= date.min
    assert ActivationPeriods([(date.min, True)]).first_month(day) in (None, day, following(day))


def test_steps_between_months_are_those_of_the_calendar():
    assert following(date(2024, 12, 31)) == date(2025, 1, 1)
    assert back(date(2024, 3, 31), 15) == date(2022, 12, 1)
    assert last_day(date(2024, 2, 3)) == date(2024, 2, 29)
    assert days_later(date(2024, 2, 28), 2) == date(2024, 2, 28) + timedelta(days=2)


@pytest.mark.parametrize("day", [date.min, date(1850, 3, 1), date.max])
def test_a_book_with_an_odd_day_lists_no_months_without_end(day: date):
    row = CashRow(day, "BKM-001", "Contoh", "", 1, 0, 1)
    assert len(monthly_ledger.months([row], date(2024, 11, 14))) <= 101 * 12

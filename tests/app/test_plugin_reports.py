"""Reports of plugins: on a page, as CSV and as a workbook, for those who may read them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from tests import plugin_on_the_web as infak
from tests.distributions import Shelf
from tests.visits import NewVisitor, text_of, visitors

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)
REPORT = "/f/rutan-pekalongan/plugins/infak/reports/collected"
CSV, XLSX = (
    f"{REPORT}?since=2024-11-01&until=2024-11-14&table=infak_collected&export={shape}" for shape in ("csv", "xlsx")
)


@pytest.fixture
def calls(shelf: Shelf) -> dict[str, Any]:
    return infak.install(shelf)


@pytest.fixture
def visitor(calls: dict[str, Any], database: Database, protector: Protector) -> Iterator[NewVisitor]:
    plugins = plugin_registry()
    infak.switch_on(database, plugins)
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: MORNING), database) as come:
        yield come


def test_a_report_shows_this_month_until_today_with_its_total(visitor: NewVisitor):
    page = visitor("karutan").reads(REPORT)
    assert "Infak terkumpul Infak pegawai" in page
    assert "=Pegawai Contoh Satu 1 November 2024 Rp100.000" in page
    assert "Pegawai Contoh Dua 14 November 2024 Rp50.000" in page
    assert "Jumlah Rp150.000" in page


def test_a_report_is_asked_for_a_span(visitor: NewVisitor):
    page = visitor("karutan").reads(f"{REPORT}?since=2024-10-01&until=31/10/2024")
    assert "1 Oktober 2024" in page
    assert "31 Oktober 2024" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=kemarin", "Tanggal ini tidak dikenali."),
        ("since=2024-11-02&until=2024-11-01", "Tukar kedua tanggalnya."),
    ],
)
def test_a_span_that_is_none_is_reported_at_its_field(visitor: NewVisitor, asked: str, said: str):
    answer = visitor("karutan").opens(f"{REPORT}?{asked}")
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "Pegawai Contoh" not in text_of(answer)


def test_the_csv_opens_in_excel_and_runs_no_formula(visitor: NewVisitor):
    answer = visitor("karutan").opens(CSV)
    assert answer.content.startswith("\ufeff".encode())
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Nama;Tanggal;Jumlah",
        "'=Pegawai Contoh Satu;2024-11-01;100000",
        "Pegawai Contoh Dua;2024-11-14;50000",
        ";;150000",
    ]
    assert "infak-terkumpul-infak-rutan-pekalongan-2024-11-01-2024-11-14.csv" in answer.headers["content-disposition"]


def test_the_workbook_holds_numbers_and_days(visitor: NewVisitor):
    book = CalamineWorkbook.from_filelike(BytesIO(visitor("karutan").opens(XLSX).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [
        ["Nama", "Tanggal", "Jumlah"],
        ["=Pegawai Contoh Satu", date(2024, 11, 1), 100_000],
        ["Pegawai Contoh Dua", date(2024, 11, 14), 50_000],
        ["", "", 150_000],
    ]


@pytest.mark.parametrize("shape", ["csv", "xlsx"])
def test_an_old_address_of_a_file_leads_to_that_of_the_table(visitor: NewVisitor, shape: str):
    answer = visitor("karutan").opens(f"{REPORT}/{shape}?since=2024-11-01")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{REPORT}?since=2024-11-01&table=infak_collected&export={shape}"


def test_a_file_of_some_rows_has_no_total_of_all(visitor: NewVisitor):
    lines = visitor("karutan").opens(f"{CSV}&search=dua").content.decode("utf-8-sig").splitlines()
    assert lines == ["Nama;Tanggal;Jumlah", "Pegawai Contoh Dua;2024-11-14;50000"]


def test_only_those_who_may_read_it_see_a_report(visitor: NewVisitor):
    for path in (REPORT, CSV, XLSX, f"{REPORT}/csv"):
        assert visitor("pengamanan").opens(path).status_code == 403
        assert visitor("karutan.kebumen").opens(path.replace("pekalongan", "kebumen")).status_code == 404
        assert visitor("karutan.kebumen").opens(path).status_code == 404


def test_a_report_without_a_permission_is_shown_to_nobody(visitor: NewVisitor):
    assert visitor("pengelola").opens("/f/rutan-pekalongan/plugins/infak/reports/hidden").status_code == 404


def test_the_menu_and_the_plugins_own_pages_lead_to_its_reports(visitor: NewVisitor):
    karutan = visitor("karutan")
    page = karutan.opens("/f/rutan-pekalongan/p/infak/collections").text
    assert f'<a href="{REPORT}">Infak terkumpul</a>' in page
    listed = "/f/rutan-pekalongan/plugins/infak/reports/"
    assert f'class="menu-item" href="{listed}"' in page
    assert karutan.opens(listed).headers["location"] == REPORT


def _breaks(ctx: Any) -> Any:
    raise ValueError("x")


@pytest.mark.parametrize(
    "rows",
    [
        _breaks,
        lambda ctx: [{"name": "A", "on": ctx.since}],
        lambda ctx: [{"name": "A", "on": ctx.since, "amount": "100"}],
        lambda ctx: [{"name": "A", "on": "2024-11-01", "amount": 1}],
        lambda ctx: 5,
    ],
    ids=["raises", "no key", "text for rupiah", "text for a date", "no rows"],
)
def test_a_report_that_fails_names_its_plugin(visitor: NewVisitor, calls: dict[str, Any], rows: Any):
    calls["report"] = rows
    for path in (REPORT, CSV):
        answer = visitor("karutan").opens(path)
        assert answer.status_code == 500
        assert "“Infak pegawai” (infak)" in text_of(answer)

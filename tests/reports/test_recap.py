"""The recap that a regional office sends: what it says, what is missing, and that it was sent."""

from datetime import UTC, date, datetime
from typing import Any

from guyub.cli.demonstration import november
from guyub.db.work import Database
from guyub.programs.cycles import Cycle
from tests.reports.conftest import AsOf
from tests.visits import text_of
from tests.worlds import attacker

RECAP = "/region/jawa-tengah/recap"
SATURDAY = date(2024, 11, 16)
AFTER = date(2024, 12, 6)


def test_the_recap_says_which_facilities_are_not_in_yet_and_until_when(visitor_on: AsOf, closed: Cycle):
    page = visitor_on(AFTER)("kanwil").reads(f"{RECAP}?month=2024-11")
    assert "1 dari 2 UPT" in page
    assert "batas 5 Desember 2024" in page
    assert "Kebumen Bansos sembako: Belum dibuka" in page


def test_the_text_to_copy_is_short_and_names_no_family(visitor_on: AsOf, closed: Cycle):
    office = visitor_on(AFTER)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    text = office.page.text.split('id="recap-text"')[1].split("</pre>")[0]
    assert "*REKAP BANTUAN SOSIAL NOVEMBER 2024*" in text
    assert "Keluarga menerima : 5 dari 5" in text
    assert "Rp582.550" in text
    assert "*BELUM MASUK (1 UPT)*" in text
    assert len(text.splitlines()) < 20
    assert "Contoh" not in text


def test_the_recap_is_a_paper_and_a_workbook_too(visitor_on: AsOf, closed: Cycle):
    office = visitor_on(AFTER)("kanwil")
    for address in (f"{RECAP}/recap.pdf?month=2024-11", f"{RECAP}/recap.pdf?month=2024-11&sign=yes"):
        paper = office.opens(address)
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
    assert "overview.xlsx?month=2024-11" in office.opens(f"{RECAP}?month=2024-11").text


def test_that_it_was_sent_is_kept_with_who_and_which_figures(visitor_on: AsOf, closed: Cycle):
    office = visitor_on(AFTER)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    page = office.follows(office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "text", "note": "Grup Ditjenpas"}))
    assert "Kanwil Contoh Tujuh Grup Ditjenpas Teks WhatsApp 1" in page
    assert "berubah sejak" not in page


def test_figures_that_changed_since_are_told(visitor_on: AsOf, rutan: Any, approved: Cycle):
    office = visitor_on(SATURDAY)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "pdf", "note": ""})
    assert "berubah sejak" not in office.reads(f"{RECAP}?month=2024-11")
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, datetime(2024, 11, 16, 2, tzinfo=UTC))
    assert "berubah sejak" in office.reads(f"{RECAP}?month=2024-11")


def test_the_office_sets_its_own_days(visitor_on: AsOf, rutan: Any):
    office = visitor_on(AFTER)("kanwil")
    office.opens(RECAP)
    page = office.follows(office.sends(f"{RECAP}/days", {"month": "2024-11", "report": "9", "open": "3"}))
    assert "batas 9 Desember 2024" in page
    assert office.sends(f"{RECAP}/days", {"month": "2024-11", "report": "31", "open": "3"}).status_code == 422


def test_who_has_no_region_has_no_recap(visitor_on: AsOf, rutan: Any):
    assert visitor_on(AFTER)("karutan").opens(RECAP).status_code == 404


def test_what_was_sent_is_not_written_by_others_and_never_changed(
    visitor_on: AsOf, closed: Cycle, installation: Any, database: Database
):
    office = visitor_on(AFTER)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    assert text_of(office.page)
    office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "text", "note": ""})
    forged = """INSERT INTO guyub.recap_sent (region_id, period, form, sha256, missing)
                SELECT region_id, '2024-11-01', 'pdf', repeat('0', 64), 0 FROM guyub.facility WHERE code = 'rutan-pekalongan'"""
    days = "INSERT INTO guyub.region_reporting (region_id, report_day, open_day) SELECT id, 9, 9 FROM guyub.region"
    with attacker(installation, database) as raw:
        raw.enter("karutan", "rutan-pekalongan")
        assert raw.tries(forged) in ("42501", "GU004")
        assert raw.tries(days) in ("42501", "GU004")
        raw.enter("kanwil")
        assert raw.tries("UPDATE guyub.recap_sent SET missing = 0") == "42501"
        assert raw.tries("DELETE FROM guyub.recap_sent") == "42501"

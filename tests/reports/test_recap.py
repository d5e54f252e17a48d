"""The recap that a regional office sends: what it says, what is missing, and that it was sent."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from guyub.demo import families, november
from guyub.programs import closing, cycles
from guyub.programs.cycles import Cycle
from guyub.reports.recap.letter import letterhead
from tests import worlds
from tests.conftest import Acting
from tests.reports.conftest import AsOf
from tests.visits import text_of

RECAP = "/region/jawa-tengah/recap"
SATURDAY = date(2024, 11, 16)
AFTER = date(2024, 12, 6)


def test_the_recap_says_which_facilities_are_not_in_yet_and_until_when(visitor_on: AsOf, closed: Cycle):
    page = visitor_on(AFTER)("kanwil").reads(f"{RECAP}?month=2024-11")
    assert "1 dari 2 UPT" in page
    assert "batas 5 Desember 2024" in page
    assert "Kebumen Bantuan sosial sembako: Belum dibuka" in page


def test_the_text_to_copy_is_short_and_names_no_household(visitor_on: AsOf, closed: Cycle):
    office = visitor_on(AFTER)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    text = office.page.text.split('id="recap-text"')[1].split("</pre>")[0]
    assert "*REKAP BANTUAN SOSIAL NOVEMBER 2024*" in text
    assert "Keluarga menerima : 5 dari 5" in text
    assert "Rp582.550" in text
    assert "*BELUM MASUK (1 UPT)*" in text
    assert len(text.splitlines()) < 20
    assert "Contoh" not in text


def test_the_recap_is_a_document_and_a_workbook_too(visitor_on: AsOf, closed: Cycle):
    office = visitor_on(AFTER)("kanwil")
    for address in (f"{RECAP}/recap.pdf?month=2024-11", f"{RECAP}/recap.pdf?month=2024-11&sign=yes"):
        paper = office.opens(address)
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
    assert "recap/recap.xlsx?month=2024-11" in office.opens(f"{RECAP}?month=2024-11").text


def test_the_workbook_holds_what_paper_and_text_say(visitor_on: AsOf, closed: Cycle):
    answer = visitor_on(AFTER)("kanwil").opens(f"{RECAP}/recap.xlsx?month=2024-11")
    book = load_workbook(BytesIO(answer.content))
    sheets = {sheet.title: [list(line) for line in sheet.iter_rows(min_row=4, values_only=True)] for sheet in book}
    assert list(sheets) == ["Ringkasan", "Sumber", "Belum masuk", "UPT"]
    facts = dict(sheets["Ringkasan"])
    assert (facts["UPT yang selesai"], facts["UPT yang menjalankan program"], facts["Keluarga menerima"]) == (1, 2, 5)
    assert facts["Batas laporan"].date() == date(2024, 12, 5)
    assert len(facts["Sidik angka (SHA-256)"]) == 64
    assert sum(rupiah for _, rupiah in sheets["Sumber"][:-1]) == facts["Nilai diserahkan (Rp)"] == 582_550
    assert sheets["Belum masuk"] == [["Rutan Kelas IIB Kebumen", "Bantuan sosial sembako: Belum dibuka, terlambat"]]
    assert [line[:3] for line in sheets["UPT"][:-1]] == [
        ["Rutan Kelas IIA Pekalongan", "Bantuan sosial sembako", "Selesai"],
        ["Rutan Kelas IIB Kebumen", "Bantuan sosial sembako", "Belum dibuka, terlambat"],
    ]


def test_that_it_was_sent_is_kept_with_who_and_which_figures(visitor_on: AsOf, closed: Cycle):
    office = visitor_on(AFTER)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    page = office.follows(office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "text", "note": "Grup Ditjenpas"}))
    assert "Kanwil Contoh Tujuh Grup Ditjenpas Teks WhatsApp 1" in page
    assert "berubah sejak" not in page


def test_figures_that_changed_since_are_reported(visitor_on: AsOf, rutan: Any, approved: Cycle):
    office = visitor_on(SATURDAY)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "pdf", "note": ""})
    assert "berubah sejak" not in office.reads(f"{RECAP}?month=2024-11")
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, datetime(2024, 11, 16, 2, tzinfo=UTC))
    assert "berubah sejak" in office.reads(f"{RECAP}?month=2024-11")


def test_a_cancelled_month_is_not_done_and_is_awaited_no_more(visitor_on: AsOf, rutan: Any, approved: Cycle):
    """The same in every form, and nobody of it stands on a list."""
    with rutan.work_of("karutan") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        closing.cancel(work, cycle, SATURDAY, "banjir", version=cycle.version)
    office = visitor_on(AFTER)("kanwil")
    page = office.reads(f"{RECAP}?month=2024-11")
    assert "UPT yang selesai 0 dari 2 UPT" in page
    assert "1 membatalkan" in page
    assert "dari 0 pada daftar" in page
    text = office.page.text.split('id="recap-text"')[1].split("</pre>")[0]
    assert "UPT yang selesai : 0 dari 2" in text
    assert "UPT yang membatalkan : 1" in text
    assert "*BELUM MASUK (1 UPT)*" in text
    home = office.opens("/api/v1/region/jawa-tengah/overview?month=2024-11").json()
    assert (home["by_state"]["closed"], home["by_state"]["cancelled"]) == (0, 1)
    assert {name: home["trend"][-1][name] for name in ("months", "closed", "cancelled", "listed")} == {
        "months": 1,
        "closed": 0,
        "cancelled": 1,
        "listed": 0,
    }


def test_a_draft_before_its_proposal_is_no_list(visitor_on: AsOf, rutan: Any):
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    worlds.planned(rutan, rutan.receive(november.INCOMES, date(2024, 11, 6)))
    assert "dari 0 pada daftar" in visitor_on(SATURDAY)("kanwil").reads(f"{RECAP}?month=2024-11")


def test_that_a_month_becomes_late_overnight_changes_no_figure(visitor_on: AsOf, approved: Cycle):
    office = visitor_on(SATURDAY)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "pdf", "note": ""})
    next_week = visitor_on(date(2024, 11, 20))("kanwil")
    assert "Terlambat" in next_week.reads("/region/jawa-tengah/?month=2024-11")
    assert "berubah sejak" not in next_week.reads(f"{RECAP}?month=2024-11")


def test_the_office_sets_its_own_days(visitor_on: AsOf, rutan: Any):
    office = visitor_on(AFTER)("kanwil")
    office.opens(RECAP)
    page = office.follows(office.sends(f"{RECAP}/days", {"month": "2024-11", "report": "9", "open": "3"}))
    assert "batas 9 Desember 2024" in page
    assert office.sends(f"{RECAP}/days", {"month": "2024-11", "report": "31", "open": "3"}).status_code == 422


def test_who_has_no_region_has_no_recap(visitor_on: AsOf, rutan: Any):
    assert visitor_on(AFTER)("karutan").opens(RECAP).status_code == 404


def test_the_office_itself_finds_the_lines_above_its_name(acting: Acting):
    with acting("kanwil") as work:
        region = work.run("SELECT id, office_name FROM guyub.region WHERE code = 'jawa-tengah'").one()
        head = letterhead(work, region.id, region.office_name)
    assert "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA" in str(head)
    assert "DIREKTORAT JENDERAL PEMASYARAKATAN" in str(head)
    assert "KANTOR WILAYAH JAWA TENGAH" in str(head)


def test_the_days_and_what_was_sent_are_recorded_as_they_were_read(visitor_on: AsOf, closed: Cycle):
    office, other = visitor_on(AFTER)("kanwil"), visitor_on(AFTER)("kanwil")
    for person in (office, other):
        person.opens(f"{RECAP}?month=2024-11")
    days, sent = f"{RECAP}/days", f"{RECAP}/sent"
    older = office.shown_by(days)
    other.follows(other.sends(days, {"month": "2024-11", "report": "9", "open": "3"}))
    answer = office.sends(days, {"month": "2024-11", "report": "7", "open": "4"} | older)
    assert answer.status_code == 409
    assert "Laporan masuk paling lambat tanggal: 5 → 9" in text_of(answer)
    assert 'value="7"' in answer.text
    of_another_recap = {"version": '0 {"recap": "0123456789ab"}', "month": "2024-11", "form": "text", "note": "Grup"}
    answer = office.sends(sent, of_another_recap)
    assert answer.status_code == 409
    assert "Isi rekap: 0123456789ab" in text_of(answer)
    assert 'value="Grup"' in answer.text
    office.follows(office.sends(sent, of_another_recap | office.shown_by(sent)))

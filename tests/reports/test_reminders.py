"""Facilities that are late are reminded, once for each matter and day; their people read it on their home and say so."""

from datetime import date

from guyub.db.unit_of_work import Database
from guyub.programs.cycles import Cycle
from tests.reports.conftest import AsOf
from tests.visits import text_of

REMINDERS = "/region/jawa-tengah/reminders"
MONDAY = date(2024, 11, 18)
KEBUMEN_NOT_OPENED = "rutan-kebumen not_opened bansos 2024-11"
PEKALONGAN_NOT_GIVEN = "rutan-pekalongan not_given bansos 2024-11"


def test_each_matter_of_the_day_is_listed_with_the_day_that_has_passed(visitor_on: AsOf, approved: Cycle):
    page = visitor_on(MONDAY)("kanwil").reads(REMINDERS)
    assert "belum dibuka (Minggu, 10 November 2024)" in page
    assert "hari penyaluran lewat dan belum dimulai (Sabtu, 16 November 2024)" in page


def test_nobody_is_late_before_the_days_have_passed(visitor_on: AsOf, approved: Cycle):
    assert "Tidak ada UPT yang terlambat" in visitor_on(date(2024, 11, 10))("kanwil").reads(REMINDERS)


def test_a_month_that_is_over_is_late_with_its_report_after_the_deadline(visitor_on: AsOf, approved: Cycle):
    assert "batas laporan lewat (Kamis, 5 Desember 2024)" in visitor_on(date(2024, 12, 6))("kanwil").reads(REMINDERS)


def test_a_month_that_was_never_opened_is_reminded_of_once_it_is_over(visitor_on: AsOf, approved: Cycle):
    """As long as the recap lists it."""
    before = visitor_on(date(2024, 12, 2))("kanwil")
    assert (
        "Kebumen Bantuan sosial sembako November 2024: bulan belum dibuka (Minggu, 10 November 2024)"
        in before.reads(REMINDERS)
    )
    after = visitor_on(date(2024, 12, 6))("kanwil")
    assert "Kebumen Bantuan sosial sembako November 2024: batas laporan lewat (Kamis, 5 Desember 2024)" in after.reads(
        REMINDERS
    )
    page = after.follows(after.fills(REMINDERS, {"keys": ["rutan-kebumen not_reported bansos 2024-11"]}))
    assert "1 pengingat dikirim" in page


def test_a_reminder_stands_on_the_facilitys_home_until_its_people_have_read_it(visitor_on: AsOf, approved: Cycle):
    morning = visitor_on(MONDAY)
    office, here = morning("kanwil"), morning("kasubsi")
    assert "Pengingat dari Kanwil" not in here.reads("/f/rutan-pekalongan/")
    page = office.follows(office.fills(REMINDERS, {"keys": [PEKALONGAN_NOT_GIVEN]}))
    assert "1 pengingat dikirim" in page
    assert "Belum dibaca" in page
    assert "Pengingat dari Kanwil: Bantuan sosial sembako November 2024" in here.reads("/f/rutan-pekalongan/")
    here.opens("/f/rutan-pekalongan/reminders")
    action = here.page.text.split('/seen"')[0].rsplit('"', 1)[1] + "/seen"
    assert "Kasubsi Contoh Satu" in here.follows(here.sends(action))
    assert "Pengingat dari Kanwil" not in here.reads("/f/rutan-pekalongan/")
    assert "Kasubsi Contoh Satu" in office.reads(REMINDERS)


def test_a_matter_is_reminded_of_once_a_day(visitor_on: AsOf, approved: Cycle, database: Database):
    office = visitor_on(MONDAY)("kanwil")
    for _ in range(2):
        page = office.follows(office.fills(REMINDERS, {"keys": [KEBUMEN_NOT_OPENED, PEKALONGAN_NOT_GIVEN]}))
    assert "sudah diingatkan hari ini" in page
    next_day = visitor_on(date(2024, 11, 19))("kanwil")
    next_day.fills(REMINDERS, {"keys": [KEBUMEN_NOT_OPENED]})
    with database.work(database.as_service("tests")) as work:
        assert work.run("SELECT count(*) FROM guyub.reminder").scalar_one() == 3


def test_what_is_late_no_more_is_not_reminded_of(visitor_on: AsOf, approved: Cycle):
    office = visitor_on(MONDAY)("kanwil")
    answer = office.fills(REMINDERS, {"keys": ["rutan-blora not_opened bansos 2024-11"]})
    assert answer.status_code == 422
    assert "sudah tidak terlambat" in text_of(answer)


def test_the_text_for_the_chat_names_the_facility_and_the_remedy(visitor_on: AsOf, approved: Cycle):
    office = visitor_on(MONDAY)("kanwil")
    office.opens(REMINDERS)
    assert "*PENGINGAT – Kantor Wilayah" in office.page.text
    assert "Selesaikan langkah sebelum penyaluran" in office.page.text

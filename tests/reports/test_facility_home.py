"""The home of a facility: where the month stands, whose turn it is, what needs attention."""

import re
from datetime import UTC, date, datetime
from html import unescape
from importlib.metadata import EntryPoint, entry_points

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.registry import service as registry
from guyub.registry.reveal import reveal
from guyub.reports import facility, routes
from tests import places
from tests.config_changes import set_active
from tests.conftest import Acting
from tests.reports.conftest import AsOf, Statements
from tests.visits import text_of, visitors

HOME = "/f/rutan-pekalongan/"
THURSDAY = date(2024, 11, 14)
SATURDAY = date(2024, 11, 16)
NEXT_MONTH = date(2024, 12, 2)
NOON = datetime(2024, 12, 2, 5, tzinfo=UTC)


# --- the month and whose turn it is ------------------------------------------------------------------------------


def test_a_month_that_is_not_open_names_who_opens_it(visitor_on: AsOf):
    visitor = visitor_on(THURSDAY)
    page = visitor("kasubsi").reads(HOME)
    assert "November 2024 : belum dibuka." in page
    assert "Buka November 2024" in page
    assert 'href="/f/rutan-pekalongan/programs/bansos/open"' in visitor("kasubsi").opens(HOME).text
    other = visitor("karutan").reads(HOME)
    assert "Buka November 2024" not in other
    assert "Dibuka oleh Kasubsi Contoh Satu (Kepala Subseksi Pelayanan Tahanan)" in other


def test_a_proposal_waits_for_the_one_who_may_approve_it(visitor_on: AsOf, proposed: Cycle):
    visitor = visitor_on(THURSDAY)
    proposer, approver = visitor("kasubsi").reads(HOME), visitor("karutan").reads(HOME)
    assert "usulan 5 keluarga menunggu persetujuan" in proposer
    assert "Giliran: Karutan Contoh Dua" in proposer
    assert "Periksa dan setujui" in approver
    assert "Giliran" not in approver
    assert 'href="/f/rutan-pekalongan/cycles/2024-11/approval"' in visitor("karutan").opens(HOME).text


def test_what_the_reader_decides_stands_before_what_is_late(visitor_on: AsOf, proposed: Cycle):
    visitor = visitor_on(date(2024, 12, 20))
    waits, late = "menunggu persetujuan", "belum dimulai"
    approver, proposer = visitor("karutan").reads(HOME), visitor("kasubsi").reads(HOME)
    assert 0 < approver.index(waits) < approver.index(late)
    assert 0 < proposer.index(late) < proposer.index(waits)


def test_purchases_are_the_turn_of_management_and_lead_to_the_shopping_list(visitor_on: AsOf, approved: Cycle):
    visitor = visitor_on(THURSDAY)
    assert "Giliran: Pengelola Contoh Tiga" in visitor("kasubsi").reads(HOME)
    assert 'href="/f/rutan-pekalongan/funds/purchases/2024-11"' in visitor("pengelola").opens(HOME).text


def test_the_figures_add_up_what_reached_households_this_year(visitor_on: AsOf, closed: Cycle):
    page = visitor_on(NEXT_MONTH)("kasubsi").reads(HOME)
    assert "Keluarga terdaftar 12 12 sudah disurvei" in page
    assert "Diserahkan tahun 2024 5 bantuan kepada keluarga" in page
    assert "Nilainya Rp582.550" in page
    assert "Uang bebas Rp167.450" in page
    assert "November 2024 Selesai 5 dari 5 Rp582.550" in page
    assert "CSR/TJSL perusahaan Rp12.500 Keuntungan kantin dan bama Rp154.950" in page
    assert "Diserahkan tahun 2025 0" in visitor_on(date(2025, 1, 2))("kasubsi").reads(HOME)


# --- attention ---------------------------------------------------------------------------------------------------


def test_the_day_of_the_distribution_is_announced(visitor_on: AsOf, rutan: Rutan, approved: Cycle):
    rutan.shop(approved, november.SHOPPING)
    page = visitor_on(SATURDAY)("kasubsi").reads(HOME)
    assert "Bansos sembako November 2024: penyaluran hari ini 09.00 WIB · Aula Rutan Kelas IIA Pekalongan" in page


def test_a_day_that_passed_is_late_whether_it_began_or_not(visitor_on: AsOf, rutan: Rutan, approved: Cycle):
    monday = date(2024, 11, 18)
    page = visitor_on(monday)("karutan").reads(HOME)
    assert "penyaluran Sabtu, 16 November 2024 belum dimulai" in page
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, november.moment(SATURDAY, november.BEGINS), not_yet=frozenset({2}))
    page = visitor_on(monday)("karutan").reads(HOME)
    assert "penyaluran Sabtu, 16 November 2024 belum ditutup 1 keluarga belum menerima" in page


def test_a_month_before_that_was_never_closed_stays_in_view(visitor_on: AsOf, proposed: Cycle):
    page = visitor_on(date(2025, 1, 2))("kasubsi").reads(HOME)
    assert "Januari 2025" in page
    assert "Bansos sembako November 2024: penyaluran Sabtu, 16 November 2024 belum dimulai" in page


def test_missing_money_is_known_before_the_approval(visitor_on: AsOf, rutan: Rutan):
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    funds = rutan.receive(november.INCOMES[:1], date(2024, 11, 6))
    rutan.propose(november.PERIOD, funds, november.PLACE, november.DISTRIBUTION, november.BEGINS, "inmate_family")
    page = visitor_on(THURSDAY)("karutan").reads(HOME)
    assert "Bansos sembako November 2024: dana kurang Rp" in page


def test_what_a_plugin_will_say_to_the_approver_is_said_at_once(visitor_on: AsOf, proposed: Cycle):
    page = visitor_on(THURSDAY)("kasubsi").reads(HOME)
    assert "Keuntungan kantin dan bama Oktober 2024 memuat" in page
    assert "Diperlihatkan kepada penyetuju." in page


def test_a_sensitive_fund_is_named_even_when_no_month_spends_it(visitor_on: AsOf, rutan: Rutan):
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    page = visitor_on(THURSDAY)("pengelola").reads(HOME)
    assert "1 dana ditandai untuk ditinjau kantor wilayah (tersisa Rp350.000)" in page


def test_households_without_a_survey_are_counted_for_those_who_see_households(visitor_on: AsOf, rutan: Rutan):
    with rutan.work_of("kasubsi") as work:
        forms = [family.registration for family in families.PEKALONGAN[:3]]
        registry.register_many(work, rutan.opened.protector, forms, THURSDAY)
    visitor = visitor_on(THURSDAY)
    assert "3 keluarga belum disurvei" in visitor("kasubsi").reads(HOME)
    page = visitor("pengelola").reads(HOME)
    assert "belum disurvei" not in page
    assert "Keluarga terdaftar" not in page


def test_a_missing_plugin_is_named_to_staff_with_whom_to_turn_to_and_its_months_stay(
    closed: Cycle, database: Database, protector: Protector
):
    plugins = plugin_registry([entry for entry in entry_points(group="guyub") if entry.name != "bansos"])
    application = create_app(database, plugins, protector=protector, clock=lambda: NOON, rooms=[Room.of(routes)])
    with visitors(application, database) as visitor:
        page = visitor("kasubsi").reads(HOME)
    assert "Plugin “bansos” tidak terpasang. Hubungi administrator." in page
    assert "pip install" not in page
    assert "November 2024 Selesai 5 dari 5 Rp582.550" in page


def test_a_closed_facility_says_so_and_who_goes_on_with_its_work(visitor_on: AsOf, database: Database):
    places.change_facility(
        database, "rutan-pekalongan", opened_on=None, closed_on=date(2024, 11, 13), merged_into="rutan-kebumen"
    )
    page = visitor_on(THURSDAY)("kasubsi").reads(HOME)
    assert "UPT ini ditutup sejak 13 November 2024 Digabung ke Rutan Kelas IIB Kebumen." in page
    assert "Belum ada program" not in page
    assert "Buka November 2024" not in page
    places.change_facility(database, "rutan-pekalongan", closed_on=date(2024, 11, 14))
    assert "ditutup" not in visitor_on(THURSDAY)("kasubsi").reads(HOME), "its last day is a working day"


def test_nothing_to_attend_to_is_not_mentioned(visitor_on: AsOf):
    assert "Perlu perhatian" not in visitor_on(date(2024, 11, 10))("kasubsi").reads(HOME)


def test_a_month_that_is_due_and_not_opened_in_time_needs_attention(visitor_on: AsOf):
    page = visitor_on(THURSDAY)("kasubsi").reads(HOME)
    assert "Bansos sembako November 2024: belum dibuka (batas Minggu, 10 November 2024)" in page
    assert "November 2024 : belum dibuka. Terlambat" in page


# --- what plugins add --------------------------------------------------------------------------------------------


def test_plugins_add_cards_and_matters_and_a_failure_stays_in_its_card(database: Database, protector: Protector):
    said = "tests.reports.a_plugin"
    plugins = plugin_registry([EntryPoint(slug, f"{said}:{slug}", "guyub") for slug in ("visits", "broken")])
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        for slug in ("visits", "broken"):
            set_active(work, plugins, slug, work.here.id, True, date(2024, 11, 1), "contoh")
    application = create_app(database, plugins, protector=protector, clock=lambda: NOON, rooms=[Room.of(routes)])
    with visitors(application, database) as visitor:
        clerk = visitor("kasubsi")
        page = clerk.reads(HOME)
        assert "2 kunjungan terlewat" in page
        assert 'href="/f/rutan-pekalongan/p/visits/missed"' in clerk.page.text
        assert "Kunjungan terjadwal 7 Minggu ini 2" in page
        assert 'href="/f/rutan-pekalongan/p/visits/calendar"' in clerk.page.text
        assert "Rusak Tidak dapat ditampilkan" in page
        assert "Kunjungan terjadwal" not in visitor("kanwil").reads(HOME)


# --- who sees what -----------------------------------------------------------------------------------------------


def test_a_rutan_without_a_programme_reads_calmly_who_can_activate_one(visitor_on: AsOf):
    page = visitor_on(THURSDAY)("kanwil").reads("/f/rutan-salatiga/")
    assert "Belum ada program di UPT ini" in page
    assert "administrator Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah" in page
    assert "Rp" not in page


def test_the_regional_office_sees_figures_and_neither_households_nor_their_pages(visitor_on: AsOf, approved: Cycle):
    kanwil = visitor_on(date(2024, 11, 18))("kanwil")
    page = kanwil.reads(HOME)
    assert "Disetujui" in page
    assert "penyaluran Sabtu, 16 November 2024 belum dimulai" in page
    assert "Keluarga terdaftar" not in page
    assert "Giliran" not in page
    assert "/programs/" not in kanwil.page.text
    assert "/region/jawa-tengah/" in kanwil.page.text


def test_money_is_shown_to_those_who_read_funds_or_reports_only(visitor_on: AsOf, rutan: Rutan):
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    visitor = visitor_on(THURSDAY)
    assert "Uang bebas Rp750.000" in visitor("pengelola").reads(HOME)
    guard = visitor("pengamanan").reads(HOME)
    assert "Uang bebas" not in guard
    assert "750.000" not in guard
    assert "ditinjau" not in guard


def test_another_facility_has_no_home_here(visitor_on: AsOf):
    assert visitor_on(THURSDAY)("kasubsi.kebumen").opens(HOME).status_code == 404


def test_the_number_of_questions_does_not_grow_with_the_households(
    acting: Acting, rutan: Rutan, proposed: Cycle, plugins: PluginRegistry, statements: Statements
):
    def asked() -> int:
        with acting("kasubsi") as work, statements() as seen:
            facility.home(work, plugins, THURSDAY)
        return len(seen)

    asked()
    with_twelve = asked()
    rutan_more = [family.registration for family in families.KEBUMEN]
    with rutan.work_of("kasubsi") as work:
        registry.register_many(work, rutan.opened.protector, rutan_more, THURSDAY)
    assert asked() == with_twelve


def test_many_reveals_of_one_person_are_seen_by_the_head(visitor_on: AsOf, rutan: Rutan, protector: Protector):
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    visitor = visitor_on(THURSDAY)
    with rutan.work_of("kasubsi") as work:
        [household, *_] = work.run("SELECT id FROM guyub.household").scalars()
        for _ in range(9):
            reveal(work, protector, household, "phone", "Mengabari jadwal penyaluran")
    assert "menampilkan data terenkripsi" not in visitor("karutan").reads(HOME)
    with rutan.work_of("kasubsi") as work:
        reveal(work, protector, household, "nik", "Mencocokkan KTP di loket")
    page = visitor("karutan").opens(HOME)
    assert "kasubsi menampilkan data terenkripsi 10 kali dalam sehari" in text_of(page)
    link = re.search(r'href="(/f/rutan-pekalongan/audit\?[^"]+)"', page.text)
    assert link
    assert "Mencocokkan KTP di loket" in visitor("karutan").reads(unescape(link[1]))
    assert "menampilkan data terenkripsi" not in visitor("kasubsi").reads(HOME)

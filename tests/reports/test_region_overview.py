"""The overview of a region: every facility, no family, and as many questions for fifty-nine as for one."""

import re
from datetime import date
from importlib.metadata import entry_points
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from guyub.access import sign_in
from guyub.configuration.assembly import plugin_registry
from guyub.db.unit_of_work import Database, SessionCredential
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycles, distribution, queries
from guyub.programs.cycles import Cycle
from guyub.reports import region, region_attention, region_figures
from guyub.reports.overrides import Override, overrides
from guyub.reports.region import Overview
from tests import places, worlds
from tests.reports.conftest import AsOf, Statements
from tests.stored_values import set_values

JATENG = "/region/jawa-tengah/"
NOVEMBER = date(2024, 11, 1)
THURSDAY = date(2024, 11, 14)
NEXT_MONTH = date(2024, 12, 2)


@pytest.fixture
def view(database: Database, plugins: PluginRegistry) -> Any:
    """``view(period, today)``: what the administrator of the regional office sees."""

    def read(period: date = NOVEMBER, today: date = THURSDAY, with_host: PluginRegistry | None = None) -> Overview:
        token = sign_in.session_for(database, "kanwil", "tests")
        with database.work(SessionCredential(token)) as work:
            return region.overview(work, with_host or plugins, _jateng(work), period, today)

    return read


@pytest.fixture
def own(database: Database, plugins: PluginRegistry) -> Any:
    """``own(code)``: the values that the facility has set for itself, as the regional office sees them on Thursday."""

    def read(code: str) -> list[Override]:
        token = sign_in.session_for(database, "kanwil", "tests")
        with database.work(SessionCredential(token)) as work:
            region_id = _jateng(work)
            places = region_figures.places(work, region_id, THURSDAY)
            found = overrides(work, plugins, region_id, places, THURSDAY)
            return next(found[place.id] for place in places if place.code == code)

    return read


def _jateng(work: Any) -> UUID:
    found: UUID = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
    return found


def row_of(view: Overview, code: str) -> region.FacilityRow:
    return next(row for row in view.rows if row.place.code == code)


# --- states and figures ------------------------------------------------------------------------------------------


def test_every_facility_of_the_region_is_there_by_name_and_counted_once(view: Any):
    seen = view()
    names = [row.place.name for row in seen.rows]
    assert len(names) == 59
    assert names == sorted(names, key=str.lower)
    assert sum(seen.by_state.values()) == 59
    assert seen.by_state["late"] == 2
    assert seen.by_state["no_program"] == 57
    assert view(today=date(2024, 11, 10)).by_state["not_opened"] == 2


def test_the_states_follow_the_month_from_the_proposal_to_its_end(view: Any, rutan: Rutan, proposed: Cycle):
    def states() -> dict[str, int]:
        return {state: count for state, count in view().by_state.items() if count and state != "no_program"}

    # Kebumen has not opened its month by the 10th.
    assert states() == {"late": 1, "proposed": 1}
    rutan.approve(proposed, date(2024, 11, 12))
    assert states() == {"late": 1, "approved": 1}
    rutan.shop(proposed, november.SHOPPING)
    rutan.hand_over(proposed, november.moment(november.DISTRIBUTION, november.BEGINS))
    assert states() == {"late": 1, "distributing": 1}
    rutan.close(proposed, november.DISTRIBUTION, "")
    assert states() == {"late": 1, "closed": 1}


def test_what_is_past_its_day_or_month_is_late_and_stays_in_the_next_month(view: Any, approved: Cycle):
    assert view(NOVEMBER, november.DISTRIBUTION).by_state["late"] == 1, "that of Kebumen, which was never opened"
    assert view(NOVEMBER, date(2024, 11, 17)).by_state["late"] == 2
    december = view(date(2024, 12, 1), NEXT_MONTH)
    assert december.by_state["late"] == 0
    [left_open] = row_of(december, "rutan-pekalongan").earlier
    assert (left_open.period, left_open.state, left_open.step) == (NOVEMBER, "late", "approved")


def test_households_and_money_add_up_to_what_the_books_say(view: Any, closed: Cycle):
    seen = view()
    pekalongan = row_of(seen, "rutan-pekalongan")
    assert dict(pekalongan.months[0].families) == {"inmate_family": (5, 5)}
    assert dict(seen.by_category) == {"inmate_family": (5, 5)}
    assert (seen.listed, seen.received, seen.value) == (5, 5, 582_550)
    assert sum(source.spent for source in seen.sources) == 582_550
    assert {source.title.id: (source.received, source.left) for source in seen.sources} == {
        "CSR/TJSL perusahaan": (400_000, 12_500),
        "Keuntungan kantin dan bama": (350_000, 154_950),
    }
    assert (pekalongan.left, row_of(seen, "rutan-kebumen").left) == (167_450, 0)


def test_a_handover_that_was_undone_counts_no_more(view: Any, rutan: Rutan, approved: Cycle):
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, november.moment(november.DISTRIBUTION, november.BEGINS))
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", NOVEMBER)
        first = queries.recipients(work, cycle)[0]
        distribution.undo(work, cycle, first.id, "salah orang", november.DISTRIBUTION)
    seen = view()
    assert seen.received == 4
    assert seen.value == 582_550 - first.value == sum(source.spent for source in seen.sources)


# --- which programme runs where, and how -------------------------------------------------------------------------


def test_programmes_and_sources_differ_from_one_facility_to_the_next(view: Any):
    seen = view()
    assert [program.slug for program in row_of(seen, "rutan-pekalongan").programs] == ["bansos"]
    assert [source.slug for source in row_of(seen, "rutan-pekalongan").sources] == ["canteen_profit", "csr_funding"]
    assert [program.slug for program in row_of(seen, "rutan-kebumen").programs] == ["bansos"]
    assert [source.slug for source in row_of(seen, "rutan-kebumen").sources] == ["canteen_profit"]
    assert row_of(seen, "rutan-salatiga").programs == ()
    assert row_of(seen, "rutan-salatiga").sources == ()


def test_a_later_month_shows_what_runs_then(view: Any):
    seen = view(date(2025, 1, 1), THURSDAY)
    assert [program.slug for program in row_of(seen, "rutan-surakarta").programs] == ["bansos"]
    assert row_of(view(), "rutan-surakarta").programs == ()


def test_values_of_their_own_are_shown_beside_what_would_be_inherited(own: Any):
    [quota] = own("rutan-kebumen")
    assert (quota.field.id, quota.own.id, quota.inherited.id) == ("Kuota per bulan", "3 paket", "5 paket")
    assert quota.own.en == "3 packages"
    # Written down in its file, but the same as everywhere.
    assert own("rutan-pekalongan") == []


def test_a_value_under_a_lock_is_no_difference_and_money_reads_as_money(own: Any, database: Database):
    with database.work(database.as_service("tests")) as work:
        kebumen = work.run("SELECT id FROM guyub.facility WHERE code = 'rutan-kebumen'").scalar_one()
        values = {"income_poorest": 250_000, "exclude_other_aid": True, "categories": ["inmate_family"]}
        set_values(work, "bansos", values, valid_from=date(2024, 11, 2), reason="contoh", facility_id=kebumen)
    said = {item.field.id: (item.own.id, item.inherited.id) for item in own("rutan-kebumen")}
    assert said["Penghasilan per jiwa: poin penuh"] == ("Rp250.000", "Rp300.000")
    assert said["Kecualikan penerima bantuan lain"] == ("Ya", "Tidak")
    assert said["Kategori penerima"] == ("Keluarga warga binaan", "Keluarga warga binaan, Masyarakat sekitar")


def test_a_plugin_that_is_missing_is_named_with_the_facilities_where_it_runs(view: Any, closed: Cycle):
    without = plugin_registry([entry for entry in entry_points(group="guyub") if entry.name != "bansos"])
    seen = view(with_host=without)
    matters = region_attention.of_region(without, "jawa-tengah", seen.rows, THURSDAY)
    assert matters[0].what.id == "Plugin “bansos” tidak terpasang."
    assert [place.code for place in matters[0].places] == ["rutan-pekalongan", "rutan-kebumen"]
    assert row_of(seen, "rutan-pekalongan").months[0].state == "closed"


# --- the scope of the regional office ----------------------------------------------------------------------------


def test_the_regional_office_reads_all_of_this_without_seeing_one_household(
    database: Database, closed: Cycle, view: Any
):
    assert view().received == 5
    token = sign_in.session_for(database, "kanwil", "tests")
    with database.work(SessionCredential(token)) as work:
        assert work.run("SELECT cardinality(guyub.personal_scope())").scalar_one() == 0
        for table in ("household", "member", "entitlement", "recipient_snapshot", "handover"):
            assert work.run(f"SELECT count(*) FROM guyub.{table}").scalar_one() == 0, table


def test_a_reader_of_two_regions_sees_one_at_a_time(database: Database, plugins: PluginRegistry, closed: Cycle):
    places.another_region_of_one_rutan(database)
    worlds.employ(database, "pusat", "national_admin")
    with database.work(SessionCredential(sign_in.session_for(database, "pusat", "tests"))) as work:
        elsewhere = work.run("SELECT id FROM guyub.region WHERE code = 'contoh'").scalar_one()
        seen = region.overview(work, plugins, elsewhere, NOVEMBER, THURSDAY)
        assert [row.place.code for row in seen.rows] == ["rutan-contoh"]
        assert (seen.received, seen.value, seen.sources) == (0, 0, [])
        here = region.overview(work, plugins, _jateng(work), NOVEMBER, THURSDAY)
        assert "rutan-contoh" not in {row.place.code for row in here.rows}
        assert here.received == 5


def test_another_region_is_not_within_reach(visitor_on: AsOf):
    visitor = visitor_on(THURSDAY)
    assert visitor("kanwil").opens("/region/jawa-timur/").status_code == 404
    assert visitor("karutan").opens(JATENG).status_code == 404
    assert visitor("karutan").opens("/api/v1/region/jawa-tengah/overview").status_code == 404
    assert visitor("karutan").opens(f"{JATENG}overview.xlsx").status_code == 404


def test_the_questions_are_at_most_ten_for_any_number_of_facilities(
    visitor_on: AsOf, database: Database, closed: Cycle, statements: Statements
):
    kanwil = visitor_on(THURSDAY)("kanwil")
    kanwil.reads(JATENG)
    with statements() as seen:
        kanwil.reads(JATENG)
    with_two = len(seen)
    assert with_two <= 10
    with database.work(database.as_service("tests")) as work:
        everywhere = work.run("SELECT code FROM guyub.facility").scalars().all()
    for plugin in ("bansos", "csr_funding", "canteen_profit"):
        worlds.activate(database, plugin, *everywhere, since=date(2024, 11, 1))
    with statements() as seen:
        page = kanwil.reads(JATENG)
    assert "59 dari 59" in page
    assert len(seen) == with_two


# --- page, workbook, JSON ----------------------------------------------------------------------------------------


def test_the_page_shows_the_month_with_links_to_facilities(visitor_on: AsOf, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    page = kanwil.reads(JATENG)
    assert "Ringkasan November 2024 Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah" in page
    assert "Rutan Kelas IIA Pekalongan Bantuan sosial sembako Selesai 16 November 2024 5 dari 5 Rp582.550" in page
    assert 'href="/f/rutan-salatiga/"' in kanwil.page.text
    assert "1 dana perlu Anda tinjau" in page
    assert "Rutan Kelas IIA Pekalongan : tersisa Rp154.950" in page
    assert "Terlambat 1" in kanwil.reads(f"{JATENG}?month=2024-11")
    assert "Rutan Kelas IIB Kebumen Bantuan sosial sembako Belum dibuka Terlambat" in page
    assert "Ringkasan Desember 2024" in kanwil.reads(f"{JATENG}?month=2024-12")


def test_a_page_of_its_own_says_what_runs_where_and_with_which_own_values(visitor_on: AsOf, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    kanwil.reads(JATENG)
    assert 'href="/region/jawa-tengah/programs?month=2024-11"' in kanwil.page.text
    page = kanwil.reads(f"{JATENG}programs?month=2024-11")
    assert "Program dan sumber dana, November 2024" in page
    assert "Rutan Kelas IIB Kebumen Bantuan sosial sembako Keuntungan kantin dan bama" in page
    assert "Kuota per bulan: 3 paket (bawaan: 5 paket)" in page
    assert re.search(r"Tanpa program \(\d\d\)", page)
    assert visitor_on(THURSDAY)("karutan").opens(f"{JATENG}programs").status_code == 404


def test_what_is_no_month_is_refused(visitor_on: AsOf):
    kanwil = visitor_on(THURSDAY)("kanwil")
    for month in ("2024-13", "kemarin", "9999-12", "1999-12"):
        assert kanwil.opens(f"{JATENG}?month={month}").status_code == 422, month


def test_the_page_speaks_english_as_well(visitor_on: AsOf, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    kanwil.client.cookies.set("guyub_lang", "en")
    page = kanwil.reads(JATENG)
    assert "Overview of November 2024" in page
    assert "Staple-food aid Closed" in page
    assert "Belum" not in page


def test_the_workbook_holds_numbers_that_add_up(visitor_on: AsOf, closed: Cycle):
    answer = visitor_on(THURSDAY)("kanwil").opens(f"{JATENG}overview.xlsx?month=2024-11")
    assert "jawa-tengah-2024-11-ringkasan.xlsx" in answer.headers["content-disposition"]
    sheet = load_workbook(BytesIO(answer.content), data_only=True).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    heads = rows[2]
    pekalongan = dict(zip(heads, next(row for row in rows if row[0] == "Rutan Kelas IIA Pekalongan"), strict=True))
    assert pekalongan["Keadaan"] == "Selesai"
    assert pekalongan["Menerima: Keluarga warga binaan"] == 5
    assert pekalongan["Nilai diserahkan (Rp)"] == 582_550
    assert pekalongan["Dana tersisa di UPT hari ini (Rp)"] == 167_450
    totals = dict(zip(heads, rows[-1], strict=True))
    assert (totals["Menerima"], totals["Nilai diserahkan (Rp)"]) == (5, 582_550)


def test_the_json_says_the_same_and_nothing_about_people(visitor_on: AsOf, closed: Cycle):
    answer = visitor_on(THURSDAY)("kanwil").opens("/api/v1/region/jawa-tengah/overview?month=2024-11")
    said = answer.json()
    assert (said["month"], said["received"], said["value"]) == ("2024-11", 5, 582_550)
    assert said["by_state"]["closed"] == 1
    kebumen = next(item for item in said["facilities"] if item["code"] == "rutan-kebumen")
    assert kebumen["not_opened"] == ["bansos"]
    assert kebumen["differences"] == [
        {"plugin": "Bansos sembako", "field": "Kuota per bulan", "own": "3 paket", "inherited": "5 paket"}
    ]
    for family in families.PEKALONGAN:
        assert family.registration.recipient.full_name not in answer.text


def test_the_day_in_view_is_today_within_the_month_and_its_edge_outside():
    assert region.day_in_view(NOVEMBER, THURSDAY) == THURSDAY
    assert region.day_in_view(date(2024, 10, 1), THURSDAY) == date(2024, 10, 31)
    assert region.day_in_view(date(2025, 2, 1), THURSDAY) == date(2025, 2, 1)

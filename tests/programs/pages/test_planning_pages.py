"""Planning a month through its pages: opening, choosing, the money, the proposal and the approval."""

from datetime import date

from guyub.db.unit_of_work import Database
from guyub.demo import families
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.registry import service as registry
from guyub.registry.schemas import ChangeHousehold
from tests.config_changes import set_active
from tests.visits import NewVisitor, hidden_in, text_of
from tests.worlds import SURVEYED

from .conftest import Books

HERE = "/f/rutan-pekalongan/programs/bansos"
NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"


# --- which programmes are here -----------------------------------------------------------------------------------


def test_the_menu_names_the_programmes_that_run_here(visitor: NewVisitor):
    page = visitor("kasubsi").opens(f"{HERE}/").text
    assert f'href="{HERE}/" aria-current="page"' in page
    assert "Bansos sembako" in page
    assert "csr_funding" not in page


def test_a_programme_that_does_not_run_here_is_not_found(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    assert kasubsi.opens("/f/rutan-pekalongan/programs/beasiswa/").status_code == 404
    assert kasubsi.opens("/f/rutan-pekalongan/cycles/2024-11/").status_code == 404
    # A funding source is no programme, though it is active.
    assert kasubsi.opens("/f/rutan-pekalongan/programs/csr_funding/").status_code == 404


def test_another_facility_is_not_found(visitor: NewVisitor, planned: Cycle):
    assert visitor("kasubsi.kebumen").opens(f"{NOVEMBER}/").status_code == 404


def test_a_month_that_is_none_or_not_open_is_not_found(visitor: NewVisitor, planned: Cycle):
    kasubsi = visitor("kasubsi")
    assert kasubsi.opens("/f/rutan-pekalongan/cycles/2024-13/").status_code == 404
    assert kasubsi.opens("/f/rutan-pekalongan/cycles/kemarin/").status_code == 404
    missing = kasubsi.opens("/f/rutan-pekalongan/cycles/2025-07/")
    assert missing.status_code == 404
    assert "“2025-07”" in text_of(missing)


def test_the_programme_is_marked_in_the_menu_on_the_pages_of_its_cycles(visitor: NewVisitor, planned: Cycle):
    for page in (f"{NOVEMBER}/", f"{NOVEMBER}/candidates", f"{HERE}/"):
        assert f'href="{HERE}/" aria-current="page"' in visitor("kasubsi").opens(page).text


def test_the_regional_office_reads_no_month_of_a_facility(visitor: NewVisitor, planned: Cycle):
    assert visitor("kanwil").opens(f"{NOVEMBER}/").status_code == 403


# --- opening -----------------------------------------------------------------------------------------------------


def test_a_facility_without_months_is_led_to_its_first(visitor: NewVisitor, rutan: Rutan):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    assert "Belum ada bulan yang dibuka" in kasubsi.reads(f"{HERE}/")
    assert f'href="{HERE}/open"' in kasubsi.page.text
    assert "Belum ada bulan yang dibuka" in karutan.reads(f"{HERE}/")
    assert f'href="{HERE}/open"' not in karutan.page.text


def test_opening_a_month_scores_every_household_and_keeps_the_order_of_the_funds(
    visitor: NewVisitor, funds: list[str], books: Books
):
    kasubsi = visitor("kasubsi")
    first, second = funds
    page = kasubsi.follows(
        kasubsi.fills(
            f"{HERE}/open",
            {
                "month": "2024-11",
                "on": "16/11/2024",
                "at": "09.00",
                "place": "Aula Rutan",
                f"fund.{first}": "2",
                f"fund.{second}": "1",
            },
        )
    )
    assert "November 2024 dibuka dan keluarga calon sudah dinilai." in page
    assert "Terpilih 0 dari 12 calon" in page
    assert "Sabtu, 16 November 2024" in page
    assert "09.00 WIB" in page
    assert books.funds_of() == [second, first]
    assert books.cycle().distribution_on == date(2024, 11, 16)


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_opened(visitor: NewVisitor, funds: list[str]):
    kasubsi = visitor("kasubsi")
    answer = kasubsi.fills(
        f"{HERE}/open", {"month": "2024-11", "on": "31/02/2024", "at": "09.00", "place": "Aula Rutan"}
    )
    assert answer.status_code == 422
    assert "Tanggal ini tidak dikenali." in text_of(answer)
    assert 'value="31/02/2024"' in answer.text
    assert 'value="Aula Rutan"' in answer.text
    answer = kasubsi.sends(f"{HERE}/open", {"month": "2024-11", "at": "jam sembilan"})
    assert answer.status_code == 422
    assert 'href="#f-at"' in answer.text
    assert kasubsi.opens(f"{NOVEMBER}/").status_code == 404


def test_the_next_month_begins_with_what_the_last_one_had(visitor: NewVisitor, closed: Cycle):
    kasubsi = visitor("kasubsi")
    form = kasubsi.opens(f"{HERE}/open")
    assert "Isian awal diambil dari November 2024." in text_of(form)
    assert '<option value="2024-12" selected>' in form.text
    # The third Saturday follows the third Saturday.
    assert 'value="2024-12-21"' in form.text
    assert 'value="Aula Rutan"' in form.text
    assert '<option value="2024-11"' not in form.text


def test_who_may_not_open_is_refused(visitor: NewVisitor, funds: list[str]):
    assert visitor("karutan").opens(f"{HERE}/open").status_code == 403


# --- whose turn it is --------------------------------------------------------------------------------------------


def test_the_month_says_what_to_do_next_and_to_others_who_does_it(visitor: NewVisitor, planned: Cycle):
    kasubsi = visitor("kasubsi").opens(f"{NOVEMBER}/").text
    assert f'action="{NOVEMBER}/score"' in kasubsi
    karutan = visitor("karutan")
    page = karutan.reads(f"{NOVEMBER}/")
    assert "Dilakukan oleh Kasubsi Contoh Satu (Kepala Subseksi Pelayanan Tahanan)" in page
    assert f'action="{NOVEMBER}/score"' not in karutan.page.text


def test_in_english_too(visitor: NewVisitor, planned: Cycle):
    kasubsi = visitor("kasubsi")
    kasubsi.client.cookies.set("guyub_lang", "en")
    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "Next step Score the candidate households" in page
    assert "The month was opened for 5 packages." in page


# --- candidates --------------------------------------------------------------------------------------------------


def test_candidates_stand_in_the_order_of_their_score_with_the_reasons(visitor: NewVisitor, planned: Cycle):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/")
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/score"))
    assert "12 keluarga dinilai" in page
    assert page.index("Sulastri Contoh") < page.index("Murni Contoh") < page.index("Suparman Contoh")
    assert "Penghasilan per jiwa: 25 dari 25" in page
    assert "Pencari nafkah ditahan: 15 dari 15" in page


def test_candidates_are_sorted_and_narrowed_by_their_address(visitor: NewVisitor, planned: Cycle):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/candidates")
    kasubsi.sends(f"{NOVEMBER}/score")
    taken = f"{NOVEMBER}/candidates?table=candidates_by_score&export=json"
    usual = kasubsi.opens(taken).json()
    by_name = kasubsi.opens(f"{taken}&sort=household").json()
    assert [row["household"] for row in by_name] == sorted((row["household"] for row in usual), key=str.casefold)
    biggest = [row["members"] for row in kasubsi.opens(f"{taken}&sort=-members").json()]
    assert biggest == sorted((row["members"] for row in usual), reverse=True)
    neighbours = kasubsi.opens(f"{taken}&category=neighbour").json()
    assert {row["category"] for row in neighbours} <= {"Neighbour"}
    assert len(neighbours) < len(usual)


def test_the_highest_scores_are_selected_up_to_the_quota(visitor: NewVisitor, scored: Cycle, books: Books):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/candidates")
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/candidates/select", {"category": "inmate_family", "wanted": "5"}))
    assert "Terpilih 5 keluarga; kuota 5 paket." in page
    selected = books.candidates("selected")
    assert len(selected) == 5
    assert {item.category for item in selected} == {"inmate_family"}
    kasubsi.opens(f"{NOVEMBER}/candidates?state=not")
    assert "Sulastri Contoh" not in text_of(kasubsi.page)
    assert "Suparman Contoh" in text_of(kasubsi.page)


def test_a_number_that_is_none_is_said_at_its_field(visitor: NewVisitor, scored: Cycle, books: Books):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/candidates")
    answer = kasubsi.sends(f"{NOVEMBER}/candidates/select", {"wanted": "lima"})
    assert answer.status_code == 422
    assert "Isian ini bukan bilangan bulat." in text_of(answer)
    assert books.candidates("selected") == []


def test_a_household_is_put_on_the_list_with_a_reason_only(visitor: NewVisitor, scored: Cycle, books: Books):
    last = books.candidates()[-1]
    kasubsi = visitor("kasubsi")
    answer = kasubsi.fills(f"{NOVEMBER}/candidates/{last.id}", {"wanted": "yes", "reason": "  "})
    assert answer.status_code == 422
    assert "Perubahan pilihan memerlukan alasan." in text_of(answer)
    assert books.candidates("selected") == []
    answer = kasubsi.sends(f"{NOVEMBER}/candidates/{last.id}", {"wanted": "yes", "reason": "rumahnya kebakaran"})
    assert "rumahnya kebakaran" in kasubsi.follows(answer)
    assert [candidate.id for candidate in books.candidates("selected")] == [last.id]
    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "Satu keluarga dimasukkan ke daftar. Alasan: rumahnya kebakaran" in page


def test_a_household_that_is_not_eligible_shows_the_named_reason(visitor: NewVisitor, rutan: Rutan, planned: Cycle):
    with rutan.work_of("kasubsi") as work:
        household = work.run("SELECT household_id FROM guyub.member WHERE full_name = 'Darsono Contoh'").scalar_one()
        known = next(
            family.registration
            for family in families.PEKALONGAN
            if family.registration.recipient.full_name == "Darsono Contoh"
        )
        kept = known.model_dump(exclude={"recipient", "members", "family_card", "phone", "street", "inmate"})
        change = ChangeHousehold(
            **kept | {"category": "institution", "institution_name": "Panti Contoh", "people_served": 9}
        )
        registry.update_household(work, rutan.opened.protector, household, change, SURVEYED)
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/")
    kasubsi.sends(f"{NOVEMBER}/score")
    page = kasubsi.reads(f"{NOVEMBER}/candidates?state=excluded")
    assert "Darsono Contoh" in page
    assert "Kategori penerima ini tidak dilayani program." in page


def test_a_name_is_found_by_any_part_of_it(visitor: NewVisitor, scored: Cycle):
    page = visitor("kasubsi").reads(f"{NOVEMBER}/candidates?name=NUR")
    assert "Nur Aini Contoh" in page
    assert "Sulastri" not in page
    assert "Tidak ada keluarga seperti itu" in visitor("kasubsi").reads(f"{NOVEMBER}/candidates?name=%25")


def test_the_numbers_of_the_filters_are_those_of_the_search(visitor: NewVisitor, selected: Cycle):
    kasubsi = visitor("kasubsi")
    everybody = kasubsi.reads(f"{NOVEMBER}/candidates")
    assert "Semua (12) Terpilih (5)" in everybody
    found = kasubsi.reads(f"{NOVEMBER}/candidates?name=sulastri&state=not")
    assert "Semua (1) Terpilih (1) Calon lain (0) Tidak memenuhi syarat (0)" in found
    assert "12 keluarga dinilai" in found
    assert "Terpilih 5 dari kuota 5." in found


def test_nobody_without_the_permission_changes_the_choice(visitor: NewVisitor, scored: Cycle, books: Books):
    karutan = visitor("karutan")
    karutan.opens(f"{NOVEMBER}/candidates")
    assert karutan.sends(f"{NOVEMBER}/candidates/select", {"wanted": "5"}).status_code == 403
    assert books.candidates("selected") == []


# --- day and money -----------------------------------------------------------------------------------------------


def test_day_hour_and_place_are_changed_until_the_month_is_closed(visitor: NewVisitor, planned: Cycle, books: Books):
    kasubsi = visitor("kasubsi")
    answer = kasubsi.fills(f"{NOVEMBER}/day", {"on": "2024-11-23", "at": "8:30", "place": "Ruang kunjungan"})
    page = kasubsi.follows(answer)
    assert "Sabtu, 23 November 2024" in page
    assert "08.30 WIB" in page
    answer = kasubsi.fills(f"{NOVEMBER}/day", {"on": "2024-11-23", "at": "8:30", "place": "Aula " * 600})
    assert answer.status_code == 422
    assert "Isian ini terlalu panjang: 2999 huruf. Pakai paling banyak 120 huruf." in text_of(answer)
    answer = kasubsi.fills(f"{NOVEMBER}/day", {"on": "", "at": "8:30", "place": "Aula"})
    assert answer.status_code == 422
    assert "Tanggal belum diisi." in text_of(answer)
    assert books.cycle().place == "Ruang kunjungan"


def test_the_exact_shortfall_is_shown_item_by_item(visitor: NewVisitor, selected: Cycle, funds: list[str]):
    kasubsi = visitor("kasubsi")
    assert "Dana Cukup" in kasubsi.reads(f"{NOVEMBER}/")
    # Canteen and food supplies alone pay for the rice of four families and the sugar of two.
    page = kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/funds", {f"fund.{funds[1]}": "1"}))
    assert "Urutan dana: 1. Keuntungan kantin" in page
    assert "Dana kurang Rp237.811" in page
    assert "Beras 5 kg: Rp78.365 untuk 1 keluarga" in page
    assert "Minyak goreng 5 liter: Rp105.050 untuk 5 keluarga" in page


def test_without_funds_the_next_step_is_to_choose_them(visitor: NewVisitor, selected: Cycle):
    kasubsi = visitor("kasubsi")
    page = kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/funds", {}))
    assert "Tidak ada dana yang dipilih." in page
    assert "Langkah berikutnya Tetapkan dana" in page
    assert "Belum ada dana untuk bulan ini." in kasubsi.reads(f"{NOVEMBER}/propose")
    assert f'action="{NOVEMBER}/propose"' not in kasubsi.page.text
    answer = kasubsi.sends(f"{NOVEMBER}/propose")
    assert answer.status_code == 409
    assert "Belum ada dana untuk bulan ini." in text_of(answer)


def test_a_list_of_nobody_is_not_offered_to_be_proposed(visitor: NewVisitor, scored: Cycle):
    kasubsi = visitor("kasubsi")
    page = kasubsi.reads(f"{NOVEMBER}/propose")
    assert "Terpilih 0 keluarga; kuota bulan ini 5." in page
    assert "Anda mengusulkan" not in page
    assert f'action="{NOVEMBER}/propose"' not in kasubsi.page.text
    assert f'href="{NOVEMBER}/candidates"' in kasubsi.page.text
    assert kasubsi.sends(f"{NOVEMBER}/propose").status_code == 409


# --- proposal and approval ---------------------------------------------------------------------------------------


def test_two_people_take_the_list_from_the_proposal_to_the_approval(visitor: NewVisitor, selected: Cycle, books: Books):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    asked = kasubsi.reads(f"{NOVEMBER}/propose")
    assert "Anda mengusulkan 5 keluarga dengan nilai Rp587.535 untuk November 2024." in asked
    assert "Karutan Contoh Dua (Kepala Rutan)" in asked
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/propose"))
    assert "Anda yang mengusulkan, jadi Anda tidak dapat menyetujuinya sendiri." in page
    assert "Dilakukan oleh Karutan Contoh Dua" in page
    assert "/approval" not in kasubsi.page.text

    form = karutan.reads(f"{NOVEMBER}/approval")
    assert "Sulastri Contoh" in form
    assert "Penghasilan per jiwa 25, Pencari nafkah ditahan 15, Balita 10" in form
    assert "Rp587.535 dicadangkan dari dana di atas untuk 5 keluarga" in form
    page = karutan.follows(karutan.sends(f"{NOVEMBER}/approval", hidden_in(karutan.page)))
    assert "Disetujui. Rp587.535 dicadangkan dan daftarnya terkunci." in page
    assert "Masih harus dibeli" in page
    assert "Beras 25 kg" in page
    assert books.cycle().state == "approved"


def test_the_proposer_cannot_approve_even_by_a_form_of_their_own(visitor: NewVisitor, proposed: Cycle, books: Books):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/")
    assert kasubsi.sends(f"{NOVEMBER}/approval").status_code == 403
    assert books.cycle().state == "proposed"


def test_approving_twice_reserves_once(visitor: NewVisitor, proposed: Cycle):
    karutan = visitor("karutan")
    karutan.opens(f"{NOVEMBER}/approval")
    assert karutan.sends(f"{NOVEMBER}/approval", hidden_in(karutan.page)).status_code == 303
    again = karutan.sends(f"{NOVEMBER}/approval", hidden_in(karutan.page))
    assert again.status_code == 409
    assert "Langkah ini tidak berlaku lagi: bulan ini berada pada tahap “Disetujui”." in text_of(again)
    assert "Masih dicadangkan Rp587.535" in karutan.reads(f"{NOVEMBER}/")


def test_proposing_twice_is_said_plainly(visitor: NewVisitor, selected: Cycle):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{NOVEMBER}/propose")
    assert kasubsi.sends(f"{NOVEMBER}/propose").status_code == 303
    again = kasubsi.sends(f"{NOVEMBER}/propose")
    assert again.status_code == 409
    assert "bulan ini berada pada tahap “Usulan”" in text_of(again)


def test_the_approver_sees_warnings_before_deciding(visitor: NewVisitor, proposed: Cycle):
    page = visitor("karutan").reads(f"{NOVEMBER}/approval")
    assert (
        "memuat keuntungan bama yang belum diakui kantor wilayah. Peringatan ini dicatat bersama persetujuan." in page
    )


def test_a_shortfall_keeps_the_button_away_and_names_what_is_missing(
    visitor: NewVisitor, selected: Cycle, funds: list[str], books: Books
):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    kasubsi.fills(f"{NOVEMBER}/funds", {f"fund.{funds[1]}": "1"})
    kasubsi.fills(f"{NOVEMBER}/propose", {})
    page = karutan.reads(f"{NOVEMBER}/approval")
    assert "Dana kurang Rp237.811" in page
    assert "Belum dapat disetujui" in page
    answer = karutan.sends(f"{NOVEMBER}/approval", hidden_in(karutan.page) | {"on": "2024-11-16"})
    assert answer.status_code == 409
    assert books.cycle().state == "proposed"


def test_a_returned_proposal_tells_the_proposer_why(visitor: NewVisitor, proposed: Cycle, books: Books):
    karutan, kasubsi = visitor("karutan"), visitor("kasubsi")
    karutan.opens(f"{NOVEMBER}/approval")
    answer = karutan.sends(f"{NOVEMBER}/return", hidden_in(karutan.page) | {"reason": ""})
    assert answer.status_code == 422
    assert "Pengembalian usulan memerlukan alasan." in text_of(answer)
    karutan.follows(
        karutan.sends(f"{NOVEMBER}/return", hidden_in(karutan.page) | {"reason": "tambahkan tetangga RT 003"})
    )
    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "Usulan dikembalikan oleh Karutan Contoh Dua tambahkan tetangga RT 003" in page
    assert len(books.candidates("selected")) == 5


# --- stopping ----------------------------------------------------------------------------------------------------


def test_cancelling_says_what_goes_back_and_needs_a_reason(visitor: NewVisitor, approved: Cycle, books: Books):
    karutan = visitor("karutan")
    asked = karutan.reads(f"{NOVEMBER}/cancel")
    assert "5 keluarga tidak jadi menerima." in asked
    assert "senilai Rp587.535 kembali ke sumbernya" in asked
    answer = karutan.sends(f"{NOVEMBER}/cancel", hidden_in(karutan.page) | {"reason": " "})
    assert answer.status_code == 422
    assert books.cycle().state == "approved"
    page = karutan.follows(
        karutan.sends(f"{NOVEMBER}/cancel", hidden_in(karutan.page) | {"reason": "banjir di seluruh kota"})
    )
    assert "Bulan ini dibatalkan" in page
    assert "banjir di seluruh kota" in page
    assert books.cycle().state == "cancelled"


def test_who_may_not_cancel_is_refused(visitor: NewVisitor, approved: Cycle):
    assert visitor("kasubsi").opens(f"{NOVEMBER}/cancel").status_code == 403


def test_who_sees_no_people_sees_the_figures(visitor: NewVisitor, proposed: Cycle):
    pengelola = visitor("pengelola")
    page = pengelola.reads(f"{NOVEMBER}/")
    assert "Terpilih 5 dari 12 calon" in page
    assert "Sulastri" not in pengelola.reads(f"{NOVEMBER}/candidates")


# --- the first month ---------------------------------------------------------------------------------------------


def switched_on_from(database: Database, plugins: PluginRegistry, first_day: date) -> None:
    """Not from the first of November, but from another day."""
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        set_active(work, plugins, "bansos", work.here.id, False, date(2024, 11, 1), "belum")
        set_active(work, plugins, "bansos", work.here.id, True, first_day, "mulai")


def test_the_form_offers_only_months_on_whose_first_day_the_programme_runs(
    visitor: NewVisitor, rutan: Rutan, database: Database, plugins: PluginRegistry
):
    switched_on_from(database, plugins, date(2024, 11, 2))
    kasubsi = visitor("kasubsi")
    form = kasubsi.opens(f"{HERE}/open").text
    assert '<option value="2024-12" selected>' in form
    assert '<option value="2024-11"' not in form


def test_a_month_before_the_programme_is_refused_at_its_field_with_the_first_one_that_can_be_opened(
    visitor: NewVisitor, rutan: Rutan, database: Database, plugins: PluginRegistry
):
    switched_on_from(database, plugins, date(2024, 11, 2))
    answer = visitor("kasubsi").fills(f"{HERE}/open", {"month": "2024-11", "at": "09.00"})
    assert answer.status_code == 422
    said = text_of(answer)
    assert "November 2024 tidak dapat dibuka: Bansos sembako berjalan di Rutan Kelas IIA Pekalongan baru mulai" in said
    assert "2 November 2024" in said
    assert "Bulan pertama yang dapat dibuka: Desember 2024." in said

"""The administrators' pages of plugins: what is installed, switched, configured and handed over."""

import html
import re
from datetime import date
from typing import Any

import pytest

from guyub.access import audit
from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.bulk_write import ValueAt, set_many
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.facilities import service as facilities
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk import Forbidden, Text
from tests import plugin_on_the_web as infak
from tests import worlds
from tests.config_changes import set_active
from tests.conftest import Acting
from tests.damaged_rows import goods_of_an_earlier_month
from tests.distributions import Shelf
from tests.stored_values import set_values
from tests.visits import NewVisitor, Visitor, text_of, visitors

from .conftest import MORNING

TODAY = date(2024, 11, 14)
LIST = "/f/rutan-pekalongan/plugins"
INFAK = f"{LIST}/infak/"
BANSOS = f"{LIST}/bansos/"
WHY = {"_valid_from": "2024-12-01", "_reason": "Sesuai rapat"}


@pytest.fixture
def calls(shelf: Shelf) -> dict[str, Any]:
    return infak.install(shelf)


@pytest.fixture
def plugins(calls: dict[str, Any], protector: Protector) -> PluginRegistry:
    return plugin_registry(protector=protector)


@pytest.fixture
def by_web(database: Database) -> None:
    """Rutan Pekalongan is managed through the web."""
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        facilities.set_managed_by(work, "web")


def config_at(database: Database, plugins: PluginRegistry, slug: str, on: date) -> Any:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        return plugins.resolve(work, slug, work.here.id, on).config


def controls_of(answer: Any) -> dict[str, Any]:
    """Every control of the form in view, as a browser would send it untouched."""
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", answer.text)
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]+>", main):
        known = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if known.get("type") != "checkbox" or " checked" in tag:
            sent.setdefault(known["name"], []).append(html.unescape(known.get("value", "")))
    for name, value in re.findall(r'(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', main):
        sent.setdefault(name, []).append(html.unescape(value))
    for name, options in re.findall(r'(?s)<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', main):
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', options)
        sent.setdefault(name, []).extend(html.unescape(value) for value in chosen or [""])
    sent.pop("csrf_token", None)
    return sent


def changes(reader: Visitor, page: str, values: dict[str, Any]) -> Any:
    """Fills the form of a configuration as it stands, but for ``values``, and looks at what it would do."""
    assert reader.opens(f"{page}configure").status_code == 200, text_of(reader.page)
    return reader.sends(f"{page}configure", {**controls_of(reader.page), **WHY, **values})


def saves(reader: Visitor, page: str) -> Any:
    return reader.sends(f"{page}configure", {**controls_of(reader.page), "_confirmed": "yes"})


# --- what is installed -------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_installed_from_which_distribution_and_what_runs_here(kanwil: Visitor):
    page = kanwil.reads(LIST)
    assert "Bansos sembako Paket sembako bulanan" in page
    assert "guyub-bansos 0.1.0 siap sejak 1 November 2024" in page
    assert "guyub-infak 1.0 siap tidak aktif" in page


def test_a_plugin_that_cannot_run_is_shown_with_its_reason_and_remedy(
    shelf: Shelf, database: Database, protector: Protector
):
    shelf.add("kencleng", "import guyub_no_such_thing_here")
    with visitors(
        create_app(database, plugin_registry(), protector=protector, clock=lambda: MORNING), database
    ) as come:
        for path in (LIST, f"{LIST}/kencleng/", "/region/jawa-tengah/plugins", "/region/jawa-tengah/plugins/kencleng/"):
            page = come("kanwil").reads(path)
            assert "dikarantina" in page
            assert "guyub_no_such_thing_here" in page
            assert "pip install" in page


def test_a_plugin_that_runs_here_and_is_gone_is_listed_as_missing(
    kanwil: Visitor, plugins: PluginRegistry, database: Database, protector: Protector
):
    infak.switch_on(database, plugins)
    without = plugin_registry([])
    with visitors(create_app(database, without, protector=protector, clock=lambda: MORNING), database) as come:
        page = come("kanwil").reads(LIST)
        assert "infak guyub-infak" in page
        assert "tidak terpasang sejak 1 Januari 2024" in page
        assert "Pasang kembali (pip install guyub-infak)" in come("kanwil").reads(INFAK)


def test_the_administrator_finds_the_way_back_to_the_region(kanwil: Visitor):
    assert 'href="/region/jawa-tengah/plugins">Jawa Tengah</a>' in kanwil.opens(LIST).text


def test_a_route_that_is_not_mounted_is_reported_on_the_plugins_page(kanwil: Visitor):
    assert "GET /open-to-all tidak dipasang karena tidak menyebut wewenang" in kanwil.reads(INFAK)


def test_only_those_who_configure_change_anything(visitor: NewVisitor):
    for path in (f"{INFAK}configure", f"{INFAK}activate", f"{LIST}/managed-by"):
        assert visitor("karutan").opens(path).status_code == 403
        assert visitor("karutan.kebumen").opens(path).status_code == 404
    assert visitor("karutan").opens("/region/jawa-tengah/plugins").status_code == 404


def test_an_unknown_plugin_is_not_found(kanwil: Visitor):
    assert kanwil.opens(f"{LIST}/nothing/").status_code == 404
    assert kanwil.opens("/region/jawa-tengah/plugins/nothing/").status_code == 404


def test_the_region_sees_where_each_plugin_runs(kanwil: Visitor, plugins: PluginRegistry, database: Database):
    infak.switch_on(database, plugins)
    page = kanwil.reads("/region/jawa-tengah/plugins")
    assert re.search(r"guyub-infak 1\.0 siap 1 dari \d+ UPT", page)
    page = kanwil.reads("/region/jawa-tengah/plugins/infak/")
    assert "Rutan Kelas IIA Pekalongan aktif berkas" in page
    assert "Rutan Kelas IIB Kebumen tidak aktif berkas" in page


def test_a_stored_value_that_is_not_valid_shows_on_the_lists_of_the_facility_and_of_its_region(
    kanwil: Visitor, database: Database
):
    for page in (LIST, "/region/jawa-tengah/plugins"):
        assert "nilai tidak sah" not in kanwil.reads(page)
    with database.work(database.as_service("tests")) as work:
        # As an earlier version of the plugin may have left it.
        set_many(work, [ValueAt("facility", "rutan-pekalongan", "bansos", "quota", 0, False, TODAY, "uji", 1)])
    for page in (LIST, "/region/jawa-tengah/plugins", "/region/jawa-tengah/plugins/bansos/"):
        said = kanwil.reads(page)
        assert "nilai tidak sah" in said
        assert "(quota)" in said
        assert "rutan-pekalongan: " in said
    assert "nilai tidak sah" not in kanwil.reads("/f/rutan-kebumen/plugins")


def test_health_is_asked_on_demand(kanwil: Visitor, plugins: PluginRegistry, database: Database, calls: dict[str, Any]):
    infak.switch_on(database, plugins)
    assert "Kotak infak terkunci" not in kanwil.reads(INFAK)
    assert "baik Kotak infak terkunci" in kanwil.reads(f"{INFAK}?check=now")
    calls["health"] = lambda ctx: 1 / 0
    page = kanwil.reads(f"{INFAK}?check=now")
    assert "bermasalah Infak pegawai: pemeriksaan gagal" in page
    assert "E-" in page


# --- configuration -----------------------------------------------------------------------------------------------


def test_every_value_is_shown_with_its_origin_and_its_lock(kanwil: Visitor):
    page = kanwil.reads(BANSOS)
    assert "Kuota per bulan 5 paket Rutan Kelas IIA Pekalongan · sejak 1 November 2024" in page
    assert re.search(
        r"Batas nilai paket Rp250\.000 Kantor Wilayah .* Jawa Tengah · dikunci sejak 1 November 2024 oleh", page
    )
    assert "Wajib survei rumah Ya Bawaan plugin" in page
    assert "Isi paket Beras 5 kg, Rp15.673 Gula pasir 1 kg, Rp18.132 Minyak goreng 1 liter, Rp21.010" in page


def test_a_facility_of_the_files_can_only_be_read_and_says_how_to_change_it(kanwil: Visitor):
    page = kanwil.reads(BANSOS)
    assert "Dikelola melalui berkas" in page
    assert "guyub facilities apply" in page
    assert "Ubah konfigurasi" not in page
    for path in (f"{BANSOS}configure", f"{BANSOS}reset/quota", f"{BANSOS}deactivate", f"{INFAK}activate"):
        answer = kanwil.opens(path)
        assert answer.status_code == 409
        assert "dikelola melalui berkas" in text_of(answer)


@pytest.mark.usefixtures("by_web")
class TestConfiguring:
    def test_a_change_is_shown_before_it_is_saved(self, kanwil: Visitor, plugins: PluginRegistry, database: Database):
        page = text_of(changes(kanwil, BANSOS, {"quota": "8"}))
        assert "Belum ada yang diubah." in page
        assert (
            "Bansos sembako: Kuota per bulan 5 paket Rutan Kelas IIA Pekalongan · sejak 1 November 2024 8 paket" in page
        )
        assert "Rutan Kelas IIA Pekalongan · sejak 1 Desember 2024 1 Desember 2024" in page
        assert "Berubah. Terhitung mulai bulan Desember 2024." in page
        assert config_at(database, plugins, "bansos", date(2024, 12, 2)).quota == 5

        said = kanwil.follows(saves(kanwil, BANSOS))
        assert "Konfigurasi Bansos sembako tersimpan: 1 isian berlaku mulai 1 Desember 2024." in said
        assert config_at(database, plugins, "bansos", TODAY).quota == 5
        assert config_at(database, plugins, "bansos", date(2024, 12, 1)).quota == 8

    def test_the_preview_of_a_programme_says_from_which_month_a_value_counts(self, kanwil: Visitor):
        page = text_of(changes(kanwil, BANSOS, {"quota": "8", "_valid_from": "2024-12-02"}))
        assert "Berubah. Terhitung mulai bulan Januari 2025." in page
        assert "perubahan mulai 2 Desember 2024 tidak terhitung untuk Desember 2024, baru untuk Januari 2025" in page
        assert "Mulai 1 Desember 2024, terhitung untuk bulan itu" in page

    def test_the_month_that_is_offered_is_taken_with_one_button(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        changes(kanwil, BANSOS, {"quota": "8", "_valid_from": "2024-12-02"})
        page = kanwil.sends(f"{BANSOS}configure", {**controls_of(kanwil.page), "_valid_from": "2024-12-01"})
        assert "tidak terhitung" not in text_of(page)
        kanwil.follows(saves(kanwil, BANSOS))
        assert config_at(database, plugins, "bansos", date(2024, 12, 1)).quota == 8

    def test_only_what_was_changed_becomes_the_facilitys_own(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        changes(kanwil, BANSOS, {"quota": "8"})
        saves(kanwil, BANSOS)
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            rows = work.run(
                "SELECT field, actor, reason FROM guyub.config_value WHERE facility_id = :here AND valid_from = '2024-12-01'",
                here=work.here.id,
            ).all()
            assert [tuple(row) for row in rows] == [("quota", "kanwil", "Sesuai rapat")]
            assert audit.verify(work).ok

    def test_a_wrong_value_stands_at_its_field_with_what_was_typed(self, kanwil: Visitor):
        answer = changes(kanwil, BANSOS, {"quota": "banyak"})
        assert answer.status_code == 422
        assert (
            "Rutan Kelas IIA Pekalongan, Bansos sembako: “Kuota per bulan” (quota) harus berupa bilangan bulat,"
            " bukan “banyak”; isi 1 sampai 100.000 paket." in text_of(answer)
        )
        assert 'value="banyak"' in answer.text
        assert 'value="2024-12-01"' in answer.text

    def test_a_value_beyond_what_the_layers_above_allow_is_refused_in_the_form(self, kanwil: Visitor):
        answer = changes(kanwil, BANSOS, {"package.0.price": "90.000"})
        assert answer.status_code == 422
        assert "melebihi batas Rp250.000" in text_of(answer)

    def test_a_package_in_another_unit_than_that_of_the_goods_is_refused_at_its_line(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            goods_of_an_earlier_month(work, "beras", "Beras", "kg")
        changes(kanwil, BANSOS, {"package.0.unit": "karung"})
        answer = saves(kanwil, BANSOS)
        assert answer.status_code == 409
        assert "(package.0.unit). Beras" in text_of(answer)
        assert "“karung”" in text_of(answer)
        assert config_at(database, plugins, "bansos", date(2024, 12, 1)).package[0].unit == "kg"
        changes(kanwil, BANSOS, {"package.0.unit": "Kilogram"})
        assert "tersimpan" in kanwil.follows(saves(kanwil, BANSOS))

    def test_a_day_and_a_reason_are_needed_and_so_is_a_change(self, kanwil: Visitor):
        answer = changes(kanwil, BANSOS, {"quota": "8", "_reason": " "})
        assert answer.status_code == 422
        assert 'id="f-_reason-error"' in answer.text
        assert 'id="f-_valid_from-error"' in changes(kanwil, BANSOS, {"quota": "8", "_valid_from": "besok"}).text
        assert "Tidak ada isian yang berubah." in text_of(changes(kanwil, BANSOS, {}))

    def test_a_locked_field_is_read_only_and_cannot_be_slipped_in(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        kanwil.opens(f"{BANSOS}configure")
        assert 'name="ceiling"' not in kanwil.page.text
        assert "minta yang menguncinya" in text_of(kanwil.page)
        assert "Asal: Rutan Kelas IIA Pekalongan · sejak 1 November 2024. Warisannya: 5 paket" in text_of(kanwil.page)
        answer = changes(kanwil, BANSOS, {"quota": "8", "ceiling": "9.000.000"})
        assert answer.status_code == 422
        assert "“Batas nilai paket” tidak dapat diubah di Rutan Kelas IIA Pekalongan: dikunci oleh" in text_of(answer)
        assert config_at(database, plugins, "bansos", date(2024, 12, 1)).ceiling == 250_000

    def test_one_more_row_and_going_back_keep_what_was_typed(self, kanwil: Visitor):
        kanwil.opens(f"{BANSOS}configure")
        rows = kanwil.page.text.count('name="package.')
        kanwil.sends(f"{BANSOS}configure", {**controls_of(kanwil.page), "quota": "9", "_one_more": "package"})
        assert kanwil.page.text.count('name="package.') > rows
        changes(kanwil, BANSOS, {"quota": "9"})
        kanwil.sends(f"{BANSOS}configure", {**controls_of(kanwil.page), "_change": "yes"})
        assert 'name="quota" value="9"' in kanwil.page.text
        assert "Sesuai rapat" in kanwil.page.text

    def test_a_first_day_in_the_past_is_pointed_out(self, kanwil: Visitor):
        assert "Berlaku surut" in text_of(changes(kanwil, BANSOS, {"quota": "8", "_valid_from": "2024-11-01"}))
        assert "Berlaku surut" not in text_of(changes(kanwil, BANSOS, {"quota": "8"}))

    def test_a_field_is_inherited_again_with_one_button(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        assert f'href="{BANSOS}reset/quota"' in kanwil.opens(BANSOS).text
        assert f'href="{BANSOS}reset/survey_required"' not in kanwil.page.text
        page = kanwil.reads(f"{BANSOS}reset/package")
        assert "Kembalikan “Isi paket” ke nilai warisan" in page
        assert "Bawaan plugin" in page
        kanwil.sends(f"{BANSOS}reset/package", {**controls_of(kanwil.page), **WHY})
        said = kanwil.follows(kanwil.sends_hidden(f"{BANSOS}reset/package", "_confirmed"))
        assert "tersimpan" in said
        assert config_at(database, plugins, "bansos", date(2024, 12, 1)).package[0].price == 15_673
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            origin = plugins.resolve(work, "bansos", work.here.id, date(2024, 12, 1)).origins["package"]
        assert origin.layer == "default"

    def test_a_reset_needs_a_reason_too(self, kanwil: Visitor):
        kanwil.opens(f"{BANSOS}reset/package")
        answer = kanwil.sends(f"{BANSOS}reset/package", {**controls_of(kanwil.page), **WHY, "_reason": ""})
        assert answer.status_code == 422
        assert 'id="f-_reason-error"' in answer.text
        assert kanwil.opens(f"{BANSOS}reset/survey_required").status_code == 404

    def test_the_history_tells_who_when_and_why(self, kanwil: Visitor):
        changes(kanwil, BANSOS, {"quota": "8"})
        saves(kanwil, BANSOS)
        page = kanwil.reads(f"{BANSOS}history?field=quota")
        assert "Riwayat: Kuota per bulan" in page
        assert re.search(r"8 paket Rutan Kelas IIA Pekalongan mulai 1 Desember 2024 .* kanwil Sesuai rapat", page)
        assert "5 paket Rutan Kelas IIA Pekalongan mulai 1 November 2024 diganti mulai 1 Desember 2024" in page
        assert "Batas nilai paket" in kanwil.reads(f"{BANSOS}history")

    def test_a_secret_is_never_shown_and_stays_when_left_empty(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        looked = changes(kanwil, INFAK, {"token": "rahasia-contoh"})
        assert "rahasia-contoh" not in looked.text
        assert "••••••" in looked.text
        saves(kanwil, INFAK)
        assert config_at(database, plugins, "infak", date(2024, 12, 1)).token.get_secret_value() == "rahasia-contoh"

        for path in (INFAK, f"{INFAK}configure", f"{INFAK}history"):
            assert "rahasia-contoh" not in kanwil.opens(path).text
        changes(kanwil, INFAK, {"share": "40"})
        saves(kanwil, INFAK)
        found = config_at(database, plugins, "infak", date(2024, 12, 1))
        assert (found.share, found.token.get_secret_value()) == (40, "rahasia-contoh")
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            stored = work.run("SELECT value::text FROM guyub.config_value WHERE field = 'token'").scalars().all()
        assert len(stored) == 1
        assert "rahasia" not in stored[0]

    def test_a_stored_value_that_is_not_valid_is_reported_and_can_be_fixed(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        infak.switch_on(database, plugins)
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            set_values(work, "infak", {"share": 900}, valid_from=date(2024, 1, 1), reason="", facility_id=work.here.id)
        page = kanwil.reads(INFAK)
        assert "tidak sah" in page
        assert "isi 0 sampai 100" in page
        answer = changes(kanwil, INFAK, {"share": "90", "_valid_from": "2024-11-14"})
        assert answer.status_code == 200, text_of(answer)
        saves(kanwil, INFAK)
        assert "tidak sah" not in kanwil.reads(INFAK)


# --- switching ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("by_web")
class TestSwitching:
    def test_a_programme_is_proposed_from_the_first_of_a_month_and_any_other_plugin_from_today(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            set_active(work, plugins, "bansos", work.here.id, False, date(2024, 11, 1), "belum")
        kanwil.opens(f"{BANSOS}activate")
        assert 'value="2024-11-01"' in kanwil.page.text
        kanwil.opens(f"{INFAK}activate")
        assert 'value="2024-11-14"' in kanwil.page.text
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            set_active(work, plugins, "bansos", work.here.id, True, date(2024, 11, 4), "lalu")
            set_active(work, plugins, "bansos", work.here.id, False, date(2024, 11, 5), "lalu tidak")
        kanwil.opens(f"{BANSOS}activate")
        assert 'value="2024-11-14"' in kanwil.page.text

    def test_a_plugin_is_activated_from_a_day_for_a_reason(
        self, kanwil: Visitor, plugins: PluginRegistry, acting: Acting
    ):
        assert "menunya muncul" in kanwil.reads(f"{INFAK}activate")
        assert "Infak pegawai tidak aktif aktif 1 Desember 2024" in text_of(kanwil.sends(f"{INFAK}activate", WHY))
        said = kanwil.follows(kanwil.sends_hidden(f"{INFAK}activate", "_confirmed"))
        assert "Infak pegawai aktif mulai 1 Desember 2024." in said
        assert "tidak aktif aktif mulai 1 Desember 2024" in said
        with acting("kanwil", infak.PEKALONGAN) as work:
            assert "infak" not in plugins.active(work, work.here.id, TODAY)
            assert "infak" in plugins.active(work, work.here.id, date(2024, 12, 1))
        with acting("kanwil", "rutan-kebumen") as work:
            assert "infak" not in plugins.active(work, work.here.id, date(2024, 12, 1))

    def test_what_stands_against_switching_off_is_said_and_nothing_changes(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database, calls: dict[str, Any]
    ):
        infak.switch_on(database, plugins)
        calls["blockers"] = [Text(id="Infak Oktober belum dibagi.", en="October is not shared.")]
        kanwil.opens(f"{INFAK}deactivate")
        kanwil.sends(f"{INFAK}deactivate", WHY)
        answer = kanwil.sends_hidden(f"{INFAK}deactivate", "_confirmed")
        assert answer.status_code == 409
        assert "Infak Oktober belum dibagi." in text_of(answer)
        assert "Sesuai rapat" in answer.text
        del calls["blockers"]
        kanwil.sends(f"{INFAK}deactivate", WHY)
        said = kanwil.follows(kanwil.sends_hidden(f"{INFAK}deactivate", "_confirmed"))
        assert "tidak aktif lagi mulai 1 Desember 2024" in said

    def test_what_is_like_that_already_is_reported_and_nothing_is_written(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        def switches() -> int:
            with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
                count: int = work.run(
                    "SELECT count(*) FROM guyub.plugin_activation WHERE plugin = 'infak'"
                ).scalar_one()
                return count

        assert "memang tidak aktif di UPT ini" in kanwil.reads(f"{INFAK}deactivate")
        said = text_of(kanwil.sends(f"{INFAK}deactivate", WHY))
        assert "Infak pegawai memang tidak aktif di Rutan Kelas IIA Pekalongan pada hari itu." in said
        assert "Terapkan rencana ini" not in said
        kanwil.sends_hidden(f"{INFAK}deactivate", "_confirmed")
        assert switches() == 0
        infak.switch_on(database, plugins)
        before = switches()
        assert "sudah aktif di UPT ini" in kanwil.reads(f"{INFAK}activate")
        said = text_of(kanwil.sends(f"{INFAK}activate", WHY))
        assert "Infak pegawai sudah aktif di Rutan Kelas IIA Pekalongan pada hari itu." in said
        kanwil.sends_hidden(f"{INFAK}activate", "_confirmed")
        assert switches() == before

    def test_a_reason_and_a_day_are_needed(self, kanwil: Visitor):
        kanwil.opens(f"{INFAK}activate")
        assert kanwil.sends(f"{INFAK}activate", {**WHY, "_reason": ""}).status_code == 422
        answer = kanwil.sends(f"{INFAK}activate", {**WHY, "_valid_from": ""})
        assert answer.status_code == 422
        assert 'id="f-_valid_from-error"' in answer.text

    def test_who_may_configure_one_facility_alone_cannot_switch_on_what_the_region_decides(
        self, visitor: NewVisitor, shelf: Shelf, database: Database, installation: Any
    ):
        shelf.module("guyub_infak").Infak.availability = "regional"  # type: ignore[attr-defined]  # a module that the test has written
        worlds.permit(database, "management", "facilities.configure")
        local, kanwil = visitor("pengelola"), visitor("kanwil")
        local.opens(f"{INFAK}activate")
        assert local.sends(f"{INFAK}activate", WHY).status_code == 403
        kanwil.opens(f"{INFAK}activate")
        assert kanwil.sends(f"{INFAK}activate", WHY).status_code == 200
        assert kanwil.sends_hidden(f"{INFAK}activate", "_confirmed").status_code == 303

    def test_a_configuration_that_lacks_something_is_pointed_out_before(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            set_values(work, "infak", {"share": 900}, valid_from=date(2024, 1, 1), reason="", facility_id=work.here.id)
        page = kanwil.reads(f"{INFAK}activate")
        assert "Konfigurasinya belum lengkap" in page


# --- files or the web --------------------------------------------------------------------------------------------


class TestHandingOver:
    def test_the_region_hands_a_facility_to_the_web_and_back(self, kanwil: Visitor, database: Database):
        page = kanwil.reads(f"{LIST}/managed-by")
        assert "apply membiarkan UPT ini apa adanya" in page
        said = kanwil.follows(kanwil.sends(f"{LIST}/managed-by", {"_reason": "Kanwil mengelola langsung"}))
        assert "Rutan Kelas IIA Pekalongan kini dikelola melalui web." in said
        assert "Dikelola melalui berkas" not in said
        assert "dapat mengganti apa yang diatur melalui web" in kanwil.reads(f"{LIST}/managed-by")
        said = kanwil.follows(kanwil.sends(f"{LIST}/managed-by", {"_reason": "Kembali"}))
        assert "Dikelola melalui berkas" in said
        with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
            entries = work.run(
                "SELECT reason FROM guyub.audit_entry WHERE action = 'facilities.managed_by' ORDER BY seq"
            )
            assert entries.scalars().all() == ["Kanwil mengelola langsung", "Kembali"]

    def test_a_reason_is_needed(self, kanwil: Visitor):
        kanwil.opens(f"{LIST}/managed-by")
        answer = kanwil.sends(f"{LIST}/managed-by", {"_reason": ""})
        assert answer.status_code == 422
        assert 'id="f-_reason-error"' in answer.text

    def test_who_configures_one_facility_alone_does_not_decide_it(self, visitor: NewVisitor, database: Database):
        worlds.permit(database, "management", "facilities.configure")
        local = visitor("pengelola")
        assert "Alihkan ke pengelolaan web" not in local.reads(LIST)
        assert local.opens(f"{LIST}/managed-by").status_code == 403

    def test_the_database_asks_again(self, acting: Acting, database: Database):
        for login, facility in (("karutan", infak.PEKALONGAN), ("karutan.kebumen", "rutan-kebumen")):
            with pytest.raises(Forbidden), acting(login, facility) as work:
                facilities.set_managed_by(work, "web")

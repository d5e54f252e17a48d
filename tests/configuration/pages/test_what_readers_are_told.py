"""What forms, previews, plugin pages and the list of applied changes say to people, and say once."""

import re
from datetime import date

import pytest

from guyub.configuration.pages.plan_view import of_changes
from guyub.configuration.steps import PlannedChange
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.configuration.test_configuration_of_a_region import fields_of
from tests.visits import Visitor, text_of
from tests.worlds import PEKALONGAN, activate, configure

BASE = "/region/jawa-tengah/configuration"
FORM = f"/f/{PEKALONGAN}/plugins/bansos/configure"
WHY = {"_valid_from": "2024-12-01", "_reason": "Surat edaran"}


@pytest.mark.usefixtures("by_web")
class TestForms:
    def test_an_error_names_its_field_once(self, kanwil: Visitor):
        kanwil.opens(FORM)
        said = text_of(kanwil.sends(FORM, fields_of(kanwil) | WHY | {"quota": "lima"}))
        assert "Kuota per bulan: Rutan" not in said
        assert "Bansos sembako: “Kuota per bulan” (quota) harus berupa" in said

    def test_the_goods_of_a_package_are_picked_from_the_catalogue(self, kanwil: Visitor):
        page = kanwil.opens(FORM).text
        assert re.search(r'name="package.0.code".*?<option value="beras" selected>Beras: kg,', page, re.DOTALL)
        assert re.search(r'name="package.0.unit".*?<option value="kg" selected>kg</option>', page, re.DOTALL)

    def test_a_missing_reason_is_named_above_the_form(self, kanwil: Visitor):
        kanwil.opens(FORM)
        sent = fields_of(kanwil) | {"quota": "8", "_valid_from": "2024-12-01", "_reason": ""}
        assert "Alasan: Belum diisi." in text_of(kanwil.sends(FORM, sent))

    def test_locking_says_that_the_value_of_the_first_day_is_meant(self, kanwil: Visitor):
        kanwil.reads(BASE)
        asked = {"facility": PEKALONGAN, "do": "lock", "plugin": "bansos"}
        said = text_of(kanwil.sends(f"{BASE}/change", asked))
        assert "nilai yang berlaku di setiap UPT pada hari mulainya" in said

    def test_activating_names_the_facilities_where_it_runs_already(self, kanwil: Visitor, database: Database):
        activate(database, "canteen_profit", "rutan-blora")
        kanwil.reads(BASE)
        asked = {"facility": ["rutan-blora", "rutan-demak"], "do": "on", "plugin": "canteen_profit", "_seen": "yes"}
        said = text_of(kanwil.sends(f"{BASE}/change", asked | WHY))
        assert "1 UPT yang dipilih tidak ikut diubah" in said
        assert "Rutan Kelas IIB Blora: Sudah aktif pada hari itu." in said


class TestLaterValues:
    def test_a_value_for_a_day_to_come_stands_on_the_plugins_page_with_its_history(
        self, kanwil: Visitor, database: Database
    ):
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), cool_down_months=2)
        page = f"/f/{PEKALONGAN}/plugins/bansos/"
        said = kanwil.reads(page)
        assert "mulai 1 Maret 2025: 2 bulan (Rutan Kelas IIA Pekalongan)" in said
        assert f'href="{page}history?field=cool_down_months"' in kanwil.page.text

    def test_a_list_for_a_day_to_come_has_a_line_for_each_of_its_rows(self, kanwil: Visitor, database: Database):
        rice = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "4", "price": 15_000}
        sugar = {"code": "gula", "name": "Gula pasir", "unit": "kg", "quantity": "1", "price": 18_000}
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), package=[rice, sugar])
        kanwil.reads(f"/f/{PEKALONGAN}/plugins/bansos/")
        lines = re.findall(r">([^<>]+)</span>", kanwil.page.text)
        begins = lines.index("mulai 1 Maret 2025: 2 baris (Rutan Kelas IIA Pekalongan)")
        assert lines[begins + 1 : begins + 3] == ["Beras 4 kg, Rp15.000", "Gula pasir 1 kg, Rp18.000"]


class TestAppliedChanges:
    def test_what_is_of_the_nation_says_so_and_no_raw_name_stands_there(self, plugins: PluginRegistry):
        duty = PlannedChange("national", "", "", "separation", None, "programs.propose/programs.approve")
        office = PlannedChange("region", "jawa-tengah", "", "region.office_name", "Kanwil Lama", "Kanwil Contoh")
        first, second = of_changes([duty, office], plugins, {"jawa-tengah": "Kanwil Contoh"})
        assert [text.id for text in first.after] == ["mengusulkan daftar penerima", "menyetujui daftar penerima"]
        assert first.places == ("Nasional",)
        assert [text.id for text in second.after] == ["nama kantor: Kanwil Contoh"]

"""Templates of configuration, two facilities side by side, and what applied on a day."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests import places
from tests.visits import Visitor, hidden_in, text_of
from tests.worlds import PEKALONGAN, configure, employ

BASE = "/region/jawa-tengah/configuration"
SMALL = {"facility": PEKALONGAN, "name": "Rutan kecil", "note": "Di bawah 100 penghuni"}


def config_at(database: Database, plugins: PluginRegistry, facility: str, on: date) -> Any:
    with database.work(database.as_service("tests", facility)) as work:
        return plugins.resolve(work, "bansos", work.here.id, on)


@pytest.fixture
def template(kanwil: Visitor) -> str:
    """The address of a template made of Pekalongan's own quota."""
    assert "Kuota per bulan" in kanwil.reads(f"{BASE}/templates/new?facility={PEKALONGAN}")
    assert 'value="bansos.quota" checked' in kanwil.page.text
    said = kanwil.follows(kanwil.sends(f"{BASE}/templates/new", SMALL | {"values": ["bansos.quota"]}))
    assert "Rutan kecil" in said
    found = re.search(rf"{BASE}/templates/[0-9a-f-]{{36}}", kanwil.page.text)
    assert found
    return found[0]


class TestTemplates:
    def test_one_made_of_a_facility_is_given_to_others_by_the_same_plan(
        self, kanwil, template, by_web, database, plugins
    ):
        kanwil.reads(BASE)
        wanted = {"facility": ["rutan-blora", "rutan-demak"], "do": "template"}
        assert "Rutan kecil" in text_of(kanwil.sends(f"{BASE}/change", wanted))
        choice = {
            "template": template.rpartition("/")[2],
            "_valid_from": "2024-12-01",
            "_reason": "Penyesuaian",
            "_seen": "1",
        }
        configure(database, "bansos", "rutan-blora", quota=2)
        assert "Kuota per bulan" in text_of(kanwil.sends(f"{BASE}/change", wanted | choice))
        kanwil.follows(kanwil.sends(f"{BASE}/change", hidden_in(kanwil.page) | {"_confirmed": "yes"}))
        found = config_at(database, plugins, "rutan-blora", date(2024, 12, 1))
        assert (found.config.quota, found.origins["quota"].layer) == (5, "facility")

    def test_a_value_is_changed_added_and_taken_out_and_nothing_that_was_applied_changes(self, kanwil, template):
        kanwil.reads(f"{template}?key=bansos.quota")
        assert "8 paket" in kanwil.follows(kanwil.sends(template, {"key": "bansos.quota", "quota": "8"}))
        newest = kanwil.page.url.path
        kanwil.reads(f"{newest}?key=bansos.cool_down_months")
        added = kanwil.sends(newest, {"key": "bansos.cool_down_months", "cool_down_months": "3"})
        assert "bulan" in kanwil.follows(added)
        newest = kanwil.page.url.path
        said = kanwil.follows(kanwil.sends(newest, {"key": "bansos.cool_down_months", "remove": "yes"}))
        assert "8 paket" in said
        assert "inilah versi terbarunya" in kanwil.follows(kanwil.opens(template)), "an earlier version leads to it"
        stale = kanwil.sends(template, {"key": "bansos.quota", "quota": "2"})
        assert stale.status_code == 409
        assert "sudah diubah oleh kanwil; isian Anda belum disimpan" in text_of(stale)
        newest = re.search(rf'action="({BASE}/templates/[0-9a-f-]{{36}})"', stale.text)
        assert newest, "the form is that of the newest version"
        assert "8 paket" in kanwil.reads(newest[1])
        saved = kanwil.sends(newest[1], {"key": "bansos.quota", "quota": "2"})
        assert "2 paket" in kanwil.follows(saved)

    def test_a_name_is_one_whatever_its_capitals(self, kanwil, template):
        kanwil.reads(f"{BASE}/templates/new?facility={PEKALONGAN}")
        answer = kanwil.sends(f"{BASE}/templates/new", SMALL | {"name": "rutan KECIL", "values": ["bansos.quota"]})
        assert answer.status_code == 422
        assert "Templat “Rutan kecil” sudah ada." in text_of(answer)
        kanwil.reads(template)
        kanwil.follows(kanwil.sends(f"{template}/retire"))
        kanwil.reads(f"{BASE}/templates/new?facility={PEKALONGAN}")
        kanwil.follows(
            kanwil.sends(f"{BASE}/templates/new", SMALL | {"name": "RUTAN KECIL", "values": ["bansos.quota"]})
        )

    def test_a_wrong_value_a_missing_name_and_an_empty_choice_are_refused(self, kanwil, template):
        kanwil.reads(f"{template}?key=bansos.quota")
        answer = kanwil.sends(template, {"key": "bansos.quota", "quota": "0"})
        assert answer.status_code == 422
        assert "isi 1 sampai 100.000 paket" in text_of(answer)
        for wrong in ({"name": ""}, {"values": []}):
            kanwil.reads(f"{BASE}/templates/new?facility={PEKALONGAN}")
            sent = SMALL | {"values": ["bansos.quota"]} | wrong
            assert kanwil.sends(f"{BASE}/templates/new", sent).status_code == 422

    def test_one_is_taken_off_the_list(self, kanwil, template):
        kanwil.reads(template)
        assert "Belum ada templat" in kanwil.follows(kanwil.sends(f"{template}/retire"))

    def test_the_nations_template_is_for_every_region_and_a_region_changes_a_copy(self, kanwil, visitor, database):
        employ(database, "pusat", "national_admin")
        nation = visitor("pusat")
        assert "Untuk semua wilayah" in nation.reads(f"{BASE}/templates/new?facility={PEKALONGAN}")
        sent = SMALL | {"values": ["bansos.quota"], "for_all": "yes"}
        assert "pusat" in nation.follows(nation.sends(f"{BASE}/templates/new", sent))
        kanwil.reads(f"{BASE}/templates")
        found = re.search(rf"{BASE}/templates/[0-9a-f-]{{36}}", kanwil.page.text)
        assert found
        assert "milik pusat" in kanwil.reads(f"{found[0]}?key=bansos.quota")
        kanwil.follows(kanwil.sends(found[0], {"key": "bansos.quota", "quota": "8"}))
        said = kanwil.reads(f"{BASE}/templates")
        assert said.count("Rutan kecil") >= 2
        kanwil.reads(found[0])
        assert "pusat" in text_of(kanwil.sends(f"{found[0]}/retire"))


class TestComparing:
    def test_only_differences_are_shown_with_their_origins(self, kanwil):
        said = kanwil.reads(f"{BASE}/compare?a={PEKALONGAN}&b=rutan-kebumen")
        assert "Kuota per bulan" in said
        assert "5 paket" in said
        assert "3 paket" in said
        assert "sejak 1 November 2024" in said
        assert "Batas nilai paket" not in said
        everything = kanwil.reads(f"{BASE}/compare?a={PEKALONGAN}&b=rutan-kebumen&same=yes")
        assert "Batas nilai paket" in everything

    def test_a_facility_of_another_region_is_not_found(self, kanwil):
        answer = kanwil.opens(f"{BASE}/compare?a={PEKALONGAN}&b=tak-ada")
        assert answer.status_code == 404
        assert "Tidak ada UPT dengan kode “tak-ada”" in text_of(answer)


class TestValuesOnADay:
    def test_it_tells_what_applied_and_who_set_it(self, kanwil, database):
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), quota=9)
        before = kanwil.reads(f"{BASE}/values?facility={PEKALONGAN}&plugin=bansos&on=2025-02-28")
        assert "5 paket" in before
        after = kanwil.reads(f"{BASE}/values?facility={PEKALONGAN}&plugin=bansos&on=2025-03-03")
        assert "9 paket" in after
        assert "tests" in after
        region = kanwil.reads(f"{BASE}/values?plugin=bansos&on=2025-03-03")
        assert "Rp250.000" in region
        assert "9 paket" not in region

    def test_a_day_that_is_none_is_said(self, kanwil):
        assert kanwil.opens(f"{BASE}/values?plugin=bansos&on=kemarin").status_code == 422

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("facility=tak-ada&plugin=bansos", "Tidak ada UPT dengan kode “tak-ada” di bawah"),
            (f"facility={PEKALONGAN}&plugin=bansoss", "Tidak ada plugin “bansoss”."),
        ],
    )
    def test_what_is_not_there_is_said_and_not_taken_for_the_region(self, kanwil, asked, said):
        answer = kanwil.opens(f"{BASE}/values?{asked}")
        assert answer.status_code == 404
        assert said in text_of(answer)

    def test_the_region_of_the_day_counts_for_a_facility_that_moved(self, visitor, database):
        places.move_facility(database, "rutan-kudus", places.ANOTHER_REGION.code, date(2024, 11, 12))
        employ(database, "pusat", "national_admin")
        nation = visitor("pusat")
        for page in (
            "/region/contoh/configuration/values?facility=rutan-kudus&plugin=bansos",
            "/f/rutan-kudus/plugins/bansos/history?",
        ):
            then = nation.reads(f"{page}&on=2024-11-11")
            assert "Rp250.000" in then
            assert "Jawa Tengah ·" in then
            now = nation.reads(f"{page}&on=2024-11-12").partition("Semua yang pernah dicatat")[0]
            assert "Rp400.000" in now
        assert nation.opens(f"{BASE}/values?facility=rutan-kudus&plugin=bansos&on=2024-11-11").status_code == 404

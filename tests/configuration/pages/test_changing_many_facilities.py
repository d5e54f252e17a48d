"""The matrix of a region: read at a glance, many facilities changed by one plan, and taken back."""

import re
from datetime import date
from typing import Any, ClassVar

import pytest
from sqlalchemy import event

from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests import places, worlds
from tests.visits import Visitor, hidden_in, text_of
from tests.worlds import PEKALONGAN, activate, configure

BASE = "/region/jawa-tengah/configuration"
DECEMBER = date(2024, 12, 1)
WHY = {"_valid_from": "2024-12-01", "_reason": "Surat edaran", "_seen": "yes"}
RUTAN_IIB = {"type": "rutan", "class": "IIB", "q": "", "everyone": "yes"}


def config_at(database: Database, plugins: PluginRegistry, facility: str, on: date, slug: str = "bansos") -> Any:
    with database.work(database.as_service("tests", facility)) as work:
        return plugins.resolve(work, slug, work.here.id, on)


def active_at(database: Database, plugins: PluginRegistry, facility: str, on: date) -> tuple[str, ...]:
    with database.work(database.as_service("tests", facility)) as work:
        return plugins.active(work, work.here.id, on)


def the_rutan(database: Database, facility_class: str) -> list[str]:
    with database.work(database.as_service("tests")) as work:
        rows = work.run(
            "SELECT code FROM guyub.facility WHERE facility_type = 'rutan' AND facility_class = :c ORDER BY code",
            c=facility_class,
        )
        return list(rows.scalars())


def plans(kanwil: Visitor, values: dict[str, Any]) -> str:
    """Opens the matrix and sends what the forms until the plan would; answers what the page of the plan says."""
    kanwil.reads(BASE)
    kanwil.sends(f"{BASE}/change", values)
    assert kanwil.page.status_code == 200, text_of(kanwil.page)
    return text_of(kanwil.page)


def applies(kanwil: Visitor) -> Any:
    return kanwil.sends(f"{BASE}/change", hidden_in(kanwil.page) | {"_confirmed": "yes"})


class TestReading:
    def test_every_facility_stands_with_state_version_and_what_stands_out(self, kanwil, database, plugins):
        activate(database, "bansos", "rutan-blora", since=DECEMBER)
        activate(database, "tak_ada", "rutan-demak")
        configure(database, "bansos", PEKALONGAN, since=date(2024, 11, 10), quota=0)
        said = kanwil.reads(BASE)
        assert "59 dari 59 UPT ditampilkan." in said
        assert "mulai 01/12/2024" in said
        assert "dikarantina" in said
        assert re.search(r"konfigurasi v\d+, 01/11/2024", said)
        assert "nilai tidak sah" in said
        assert "isi 1 sampai 100.000 paket" in said
        assert "berkas" in said

    def test_it_is_filtered_by_type_class_and_words(self, kanwil):
        said = kanwil.reads(f"{BASE}?type=rutan&class=IIB&q=blora")
        assert "1 dari 59 UPT ditampilkan." in said
        assert "Blora" in said
        assert "Blora" in kanwil.reads(f"{BASE}?q=BLÓRA'")
        assert "Tidak ada UPT yang cocok" in kanwil.reads(f"{BASE}?q=tidakada")
        assert "Tidak ada UPT yang cocok" in kanwil.reads(f"{BASE}?q=%25")

    def test_it_is_filtered_by_what_runs_and_counted_by_column(self, kanwil, database):
        activate(database, "canteen_profit", "rutan-blora", since=DECEMBER)
        said = kanwil.reads(f"{BASE}?standing=planned")
        assert "4 dari 59 UPT ditampilkan." in said
        assert re.search(r"Bansos sembako: 0 aktif, 3 direncanakan\.", said)
        assert "Blora" in said
        idle = int(re.search(r"(\d+) dari 59", kanwil.reads(f"{BASE}?standing=none"))[1])
        active = int(re.search(r"(\d+) dari 59", kanwil.reads(f"{BASE}?standing=active"))[1])
        assert idle + active + 4 == 59
        kanwil.sends(f"{BASE}/change", {"everyone": "yes", "standing": "planned", "do": "web"})
        assert "Alihkan 4 UPT ke pengelolaan web" in text_of(kanwil.page)

    def test_names_stand_in_the_order_that_people_expect_and_apart_from_the_door_in_files(self, kanwil):
        table = "programmes_and_funding_sources_by_facility"
        rows = kanwil.opens(f"{BASE}?table={table}&export=json").json()
        names = [row["facility"] for row in rows]
        assert names == sorted(names, key=str.lower)
        assert {row["managed_through"] for row in rows} <= {"berkas", "files"}, "and nothing else stands there"
        assert "LPKA Kelas I Kutoarjo" in names

    def test_readers_of_reports_see_no_tab_that_answers_no(self, reader):
        reader.reads(BASE)
        for address in set(re.findall(rf'href="({BASE}[^"?]*)"', reader.page.text)):
            assert reader.opens(address).status_code == 200, address

    def test_readers_of_reports_read_it_and_change_nothing(self, reader, by_web):
        said = reader.reads(BASE)
        assert "59 dari 59" in said
        assert "Ubah UPT yang dicentang" not in said
        answer = reader.sends(f"{BASE}/change", RUTAN_IIB | {"do": "on", "plugin": "bansos"})
        assert answer.status_code == 403

    def test_staff_of_a_facility_find_no_such_region(self, visitor):
        assert visitor("karutan").opens(BASE).status_code == 404

    def test_its_statements_do_not_grow_with_the_facilities(self, kanwil, database):
        def statements() -> int:
            seen: list[str] = []

            def note(_connection, _cursor, statement, *_):
                seen.append(statement)

            event.listen(database.engine, "before_cursor_execute", note)
            kanwil.reads(BASE)
            event.remove(database.engine, "before_cursor_execute", note)
            return len(seen)

        before = statements()
        more = [f"rutan-contoh-{number}" for number in range(1, 474)]
        places.add_facilities(
            database, *(places.small_facility(code, places.JAWA_TENGAH, name=code.title()) for code in more)
        )
        for plugin in ("bansos", "csr_funding", "canteen_profit"):
            worlds.activate(database, plugin, *more)
        assert statements() == before
        assert before <= 7
        assert "532 dari 532 UPT" in text_of(kanwil.page)


class TestChangingAField:
    CEILING: ClassVar = RUTAN_IIB | {"do": "field", "plugin": "bansos", "field": "quota", "quota": "7"}

    def test_the_quota_of_all_rutan_of_class_iib_rises_and_is_locked_by_one_plan(
        self, kanwil, by_web, database, plugins
    ):
        rutan = the_rutan(database, "IIB")
        said = plans(kanwil, self.CEILING | WHY | {"_locked": "yes"})
        assert "Kuota per bulan" in said
        assert "7 paket" in said
        assert config_at(database, plugins, rutan[0], DECEMBER).config.quota != 7, "nothing is changed by looking"
        result = kanwil.follows(applies(kanwil))
        assert "Surat edaran" in result
        for code in rutan:
            found = config_at(database, plugins, code, DECEMBER)
            assert (found.config.quota, found.origins["quota"].locked) == (7, True)
        assert config_at(database, plugins, PEKALONGAN, DECEMBER).config.quota == 5
        activate(database, "bansos", rutan[0])
        kanwil.reads(f"{BASE}?q=" + rutan[0])
        assert config_at(database, plugins, rutan[0], date(2024, 11, 14)).config.quota != 7

    def test_a_value_that_is_not_allowed_stands_at_its_field_with_the_allowed_range(self, kanwil, by_web, database):
        kanwil.reads(BASE)
        answer = kanwil.sends(f"{BASE}/change", self.CEILING | WHY | {"quota": "0"})
        assert answer.status_code == 422
        said = text_of(answer)
        assert (
            f"{len(the_rutan(database, 'IIB'))} UPT, Bansos sembako: “Kuota per bulan” (quota): 0 tidak diterima;"
            in said
        )
        assert "isi 1 sampai 100.000 paket" in said

    def test_the_field_is_selected_first(self, kanwil, by_web):
        said = plans(kanwil, RUTAN_IIB | {"do": "field", "plugin": "bansos"})
        assert "Batas nilai paket" in said
        said = plans(kanwil, RUTAN_IIB | {"do": "field", "plugin": "bansos", "field": "quota"})
        assert "Berlaku mulai" in said

    def test_a_plan_that_would_be_invalid_somewhere_names_the_facility_and_is_not_applied(
        self, kanwil, by_web, database
    ):
        configure(database, "bansos", "rutan-blora", quota=3)
        activate(database, "bansos", "rutan-blora")
        dear = {
            "package._rows": "1",
            "package.0.code": "beras",
            "package.0.name": "Beras",
            "package.0.unit": "kg",
            "package.0.quantity": "5",
            "package.0.price": "90000",
        }
        said = plans(kanwil, RUTAN_IIB | {"do": "field", "plugin": "bansos", "field": "package"} | dear | WHY)
        assert "Rencana ini tidak dapat diterapkan" in said
        assert "Rutan Kelas IIB Blora" in said
        answer = applies(kanwil)
        assert answer.status_code == 409
        assert "Tidak ada yang diubah" in text_of(answer)

    def test_looking_at_a_plan_for_fifteen_costs_what_it_costs_for_two(self, kanwil, by_web, database):
        def statements(**selected: Any) -> int:
            seen: list[str] = []

            def note(_connection, _cursor, statement, *_):
                seen.append(statement)

            kanwil.reads(BASE)
            event.listen(database.engine, "before_cursor_execute", note)
            kanwil.sends(f"{BASE}/change", self.CEILING | WHY | selected)
            event.remove(database.engine, "before_cursor_execute", note)
            assert kanwil.page.status_code == 200
            return len(seen)

        assert statements() == statements(everyone="", facility=["rutan-blora", "rutan-demak"])

    def test_a_reason_and_a_day_are_needed(self, kanwil, by_web):
        kanwil.reads(BASE)
        answer = kanwil.sends(f"{BASE}/change", self.CEILING | WHY | {"_reason": ""})
        assert answer.status_code == 422


class TestSwitching:
    TWO: ClassVar = {"facility": ["rutan-blora", "rutan-demak"], "do": "on", "plugin": "canteen_profit"}

    def test_a_plugin_begins_at_two_facilities_on_a_day_and_ends_there_again(self, kanwil, by_web, database, plugins):
        assert "Rutan Kelas IIB Blora" in plans(kanwil, self.TWO | WHY)
        kanwil.follows(applies(kanwil))
        assert "canteen_profit" in active_at(database, plugins, "rutan-blora", DECEMBER)
        assert "canteen_profit" not in active_at(database, plugins, "rutan-blora", date(2024, 11, 30))
        plans(kanwil, self.TWO | WHY | {"do": "off", "_valid_from": "2025-01-01"})
        kanwil.follows(applies(kanwil))
        assert "canteen_profit" not in active_at(database, plugins, "rutan-demak", date(2025, 1, 1))

    def test_nothing_is_done_twice(self, kanwil, by_web):
        plans(kanwil, self.TWO | WHY)
        kanwil.follows(applies(kanwil))
        assert "Semua UPT yang dipilih sudah demikian" in plans(kanwil, self.TWO | WHY)

    def test_a_plan_sent_again_says_that_it_was_applied_and_leads_there(self, kanwil, by_web):
        plans(kanwil, self.TWO | WHY)
        form = hidden_in(kanwil.page) | {"_confirmed": "yes"}
        done = kanwil.sends(f"{BASE}/change", form)
        again = kanwil.sends(f"{BASE}/change", form)
        said = text_of(again)
        assert re.search(r"Rencana ini sudah diterapkan pada \d+ \w+ \d{4} pukul [\d.]+ WIB oleh kanwil", said)
        assert "Belum ada yang diubah" not in said
        assert f'href="{done.headers["location"]}"' in again.text

    def test_what_was_switched_is_reported_with_its_day_in_the_list(self, kanwil, by_web):
        plans(kanwil, self.TWO | WHY)
        kanwil.follows(applies(kanwil))
        plans(kanwil, self.TWO | WHY | {"do": "off", "_valid_from": "2025-01-01"})
        kanwil.follows(applies(kanwil))
        said = kanwil.reads(f"{BASE}/changes")
        assert "diaktifkan mulai 1 Desember 2024" in said
        assert "dinonaktifkan mulai 1 Januari 2025" in said

    def test_where_nothing_can_be_changed_here_no_plan_says_that_all_is_so_already(self, kanwil, by_web):
        said = plans(kanwil, self.TWO | WHY | {"facility": ["lapas-batang"]})
        assert "Tidak satu pun UPT yang dipilih dapat diubah melalui web" in said
        assert "sudah demikian" not in said

    def test_facilities_of_the_files_are_left_out_and_say_why(self, kanwil, by_web):
        said = plans(kanwil, self.TWO | {"facility": ["rutan-blora", "lapas-batang"]})
        assert "1 UPT yang dipilih tidak ikut diubah" in said
        assert "Dikelola melalui berkas" in said

    def test_without_facilities_an_action_or_a_plugin_the_same_page_says_what_to_choose(self, kanwil, by_web):
        kanwil.reads(BASE)
        answer = kanwil.sends(f"{BASE}/change", {"do": "off", "plugin": "bansos", "type": "rutan"})
        assert answer.status_code == 422
        assert "Belum ada UPT yang dipilih. Centang sedikitnya satu UPT" in text_of(answer)
        assert "Lapas" not in answer.text.partition("<table")[2], "the filter stays"
        assert '<option value="off" selected>' in answer.text
        answer = kanwil.sends(f"{BASE}/change", {"do": "on", "facility": ["rutan-blora", "rutan-demak"]})
        assert "Program atau sumber dananya belum dipilih. Pilih salah satu" in text_of(answer)
        assert 'value="rutan-blora" id="pick-rutan-blora" checked' in answer.text
        answer = kanwil.sends(f"{BASE}/change", {"do": "entah", "facility": "rutan-blora", "plugin": "bansos"})
        assert "Tindakannya belum dipilih. Pilih satu tindakan" in text_of(answer)
        assert 'value="rutan-blora" id="pick-rutan-blora" checked' in answer.text
        answer = kanwil.sends(f"{BASE}/change", {"do": "web", "facility": "rutan-blora"})
        assert "Di antara UPT yang dipilih tidak ada yang dikelola melalui berkas" in text_of(answer)


class TestLocksAndResets:
    def test_each_facility_is_locked_at_the_value_that_it_has(self, kanwil, by_web, database, plugins):
        both = {"facility": [PEKALONGAN, "rutan-kebumen"], "plugin": "bansos", "fields": "quota"}
        plans(kanwil, both | WHY | {"do": "lock"})
        kanwil.follows(applies(kanwil))
        found = {code: config_at(database, plugins, code, DECEMBER) for code in both["facility"]}
        assert {code: (one.config.quota, one.origins["quota"].locked) for code, one in found.items()} == {
            PEKALONGAN: (5, True),
            "rutan-kebumen": (3, True),
        }
        plans(kanwil, both | WHY | {"do": "reset", "_valid_from": "2025-01-01"})
        kanwil.follows(applies(kanwil))
        assert config_at(database, plugins, "rutan-kebumen", date(2025, 1, 1)).origins["quota"].layer == "default"

    def test_a_lock_lasts_beyond_a_value_that_a_facility_had_planned(self, kanwil, by_web, database, plugins):
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), quota=9)
        one = {"facility": PEKALONGAN, "do": "field", "plugin": "bansos", "field": "quota", "quota": "4"}
        said = plans(kanwil, one | WHY | {"_locked": "yes"})
        assert "tetap berlaku sejak hari itu" not in said
        kanwil.follows(applies(kanwil))
        found = config_at(database, plugins, PEKALONGAN, date(2025, 6, 1))
        assert (found.config.quota, found.origins["quota"].locked) == (4, True)


class TestLocksThatStay:
    """Of the regional office, at facilities that hold it already."""

    ONE: ClassVar = {"facility": PEKALONGAN, "do": "field", "plugin": "bansos", "field": "quota"}
    UNLOCK: ClassVar = ONE | {"do": "unlock", "fields": "quota", "_valid_from": "2025-01-01"}

    @pytest.fixture
    def locked(self, kanwil, by_web):
        plans(kanwil, self.ONE | WHY | {"quota": "9", "_locked": "yes"})
        assert "Kuota per bulan: kunci tidak dikunci dikunci" in kanwil.follows(applies(kanwil))

    def quota(self, database, plugins, on=DECEMBER):
        found = config_at(database, plugins, PEKALONGAN, on)
        return found.config.quota, found.origins["quota"].locked

    def test_another_value_keeps_the_lock_and_the_plan_says_so(self, kanwil, locked, database, plugins):
        assert "Berubah. Tetap dikunci." in plans(kanwil, self.ONE | WHY | {"quota": "7"})
        said = kanwil.follows(applies(kanwil))
        assert "kunci dilepas" not in said
        assert self.quota(database, plugins) == (7, True)

    def test_a_template_keeps_the_lock(self, kanwil, locked, database, plugins):
        kanwil.reads(f"{BASE}/templates/new?facility=rutan-kebumen")
        made = {"facility": "rutan-kebumen", "name": "Kecil", "values": "bansos.quota"}
        kanwil.follows(kanwil.sends(f"{BASE}/templates/new", made))
        id = re.search(rf"{BASE}/templates/([0-9a-f-]{{36}})", kanwil.page.text)[1]
        selected = {"facility": PEKALONGAN, "do": "template", "template": id}
        assert "Tetap dikunci." in plans(kanwil, selected | WHY)
        kanwil.follows(applies(kanwil))
        assert self.quota(database, plugins) == (3, True)

    def test_it_is_taken_off_by_its_own_action_and_reported_wherever_the_change_stands(
        self, kanwil, locked, database, plugins
    ):
        assert "Nilainya tetap sama. Kunci dilepas." in plans(kanwil, WHY | self.UNLOCK)
        assert "Kuota per bulan: kunci dikunci kunci dilepas" in kanwil.follows(applies(kanwil))
        assert "Kuota per bulan: kunci dilepas" in kanwil.reads(f"{BASE}/changes")
        january = date(2025, 1, 1)
        assert (self.quota(database, plugins), self.quota(database, plugins, january)) == ((9, True), (9, False))

    def test_a_lock_that_was_made_to_last_does_not_come_back(self, kanwil, by_web, database, plugins):
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), quota=6)
        plans(kanwil, self.ONE | WHY | {"quota": "9", "_locked": "yes"})
        kanwil.follows(applies(kanwil))
        assert self.quota(database, plugins, date(2025, 3, 1)) == (9, True)
        plans(kanwil, WHY | self.UNLOCK)
        kanwil.follows(applies(kanwil))
        assert self.quota(database, plugins, date(2025, 3, 1)) == (9, False)

    def test_where_nothing_is_locked_there_is_nothing_to_take_off(self, kanwil, by_web):
        assert "Tidak satu pun isian itu dikunci di UPT yang dipilih" in plans(kanwil, WHY | self.UNLOCK)

    def test_the_inherited_value_takes_the_lock_with_it_and_says_so(self, kanwil, locked):
        assert "Kunci dilepas." in plans(kanwil, self.UNLOCK | WHY | {"do": "reset"})
        assert "Kuota per bulan: kunci dikunci kunci dilepas" in kanwil.follows(applies(kanwil))


class TestTheWorldMoves:
    def test_a_plan_from_before_is_refused_and_a_fresh_one_shown(self, kanwil, by_web, database, plugins):
        plans(kanwil, TestSwitching.TWO | WHY)
        old = hidden_in(kanwil.page)
        activate(database, "canteen_profit", "rutan-blora", since=date(2024, 11, 20))
        answer = kanwil.sends(f"{BASE}/change", old | {"_confirmed": "yes"})
        assert answer.status_code == 409
        assert "Rencana itu tidak berlaku lagi" in text_of(answer)
        assert "canteen_profit" not in active_at(database, plugins, "rutan-demak", DECEMBER)
        kanwil.follows(applies(kanwil))
        assert "canteen_profit" in active_at(database, plugins, "rutan-demak", DECEMBER)


class TestTakingBack:
    def test_what_was_applied_is_listed_and_taken_back_after_looking(self, kanwil, by_web, database, plugins):
        plans(kanwil, TestChangingAField.CEILING | WHY)
        kanwil.follows(applies(kanwil))
        said = kanwil.reads(f"{BASE}/changes")
        assert "Bansos sembako: Kuota per bulan" in said
        link = re.search(rf"{BASE}/changes/[0-9a-f-]+", kanwil.page.text)
        assert link
        kanwil.reads(link[0])
        said = kanwil.reads(f"{link[0]}/revert")
        assert "Kuota per bulan" in said
        form = hidden_in(kanwil.page)
        unreasoned = kanwil.sends(f"{link[0]}/revert", form)
        assert unreasoned.status_code == 422
        assert "Belum diisi" in text_of(unreasoned)
        too_long = kanwil.sends(f"{link[0]}/revert", form | {"reason": "x" * 301})
        assert "Pakai paling banyak 300 huruf" in text_of(too_long)
        result = kanwil.follows(kanwil.sends(f"{link[0]}/revert", form | {"reason": "Salah kelas"}))
        assert "Perubahan yang diterapkan" in result
        why = "Membatalkan “Bansos sembako: Kuota per bulan” ("
        assert why in result
        assert ", oleh kanwil): Salah kelas" in result
        assert config_at(database, plugins, "rutan-blora", DECEMBER).config.quota == 5
        assert "Sudah dibatalkan" in kanwil.reads(link[0])
        assert "tidak dapat dibatalkan begitu saja" in kanwil.reads(f"{link[0]}/revert")

    def test_an_import_of_files_is_read_in_words_and_what_blocks_it_is_one_alert_with_its_places(self, kanwil):
        kanwil.reads(f"{BASE}/changes")
        link = re.search(rf"{BASE}/changes/[0-9a-f-]+", kanwil.page.text)
        assert link
        imported = kanwil.reads(link[0])
        assert "menyetujui daftar penerima" in imported
        assert "programs.approve" not in imported
        said = kanwil.reads(f"{link[0]}/revert")
        assert kanwil.page.text.count('class="alert') <= 4
        assert said.count("Dikelola melalui berkas") == 1
        assert "Rutan Kelas IIB Blora" in said


class TestHandingOver:
    def test_facilities_of_the_files_are_handed_over_together_for_a_reason(self, kanwil, database):
        three = ["rutan-blora", "rutan-demak", "lapas-batang"]
        said = plans(kanwil, {"facility": three, "do": "web"})
        assert "Alihkan 3 UPT ke pengelolaan web" in said
        answer = kanwil.sends(f"{BASE}/managed-by/facilities", hidden_in(kanwil.page) | {"_reason": ""})
        assert answer.status_code == 422
        kanwil.follows(kanwil.sends(f"{BASE}/managed-by/facilities", hidden_in(kanwil.page) | {"_reason": "Rapat"}))
        with database.work(database.as_service("tests")) as work:
            held = work.run("SELECT code FROM guyub.facility WHERE managed_by = 'web' ORDER BY code").scalars().all()
        assert held == sorted(three)


@pytest.mark.parametrize("path", ["", "/changes", "/templates", "/compare", "/values"])
def test_every_page_speaks_english_too(kanwil, path):
    kanwil.client.cookies.set("guyub_lang", "en")
    assert "Configuration of facilities" in kanwil.reads(f"{BASE}{path}")


def test_what_files_applied_is_listed_in_words_for_staff(kanwil):
    said = kanwil.reads(f"{BASE}/changes")
    assert "melalui berkas" in said
    link = re.search(rf"{BASE}/changes/[0-9a-f-]+", kanwil.page.text)
    assert link
    said = kanwil.reads(link[0])
    assert "Data UPT" in said
    assert "59 UPT" in said
    assert "{" not in said, "no record is printed as it is stored"

"""The matrix of a region: read at a glance, many facilities changed by one plan, and taken back."""

import re
from datetime import date
from typing import Any, ClassVar

import pytest
from sqlalchemy import event

from guyub.db.work import Database
from guyub.host.plugin_host import PluginHost
from tests.visits import Visitor, hidden_in, text_of
from tests.worlds import PEKALONGAN, activate, configure

BASE = "/region/jawa-tengah/configuration"
DECEMBER = date(2024, 12, 1)
WHY = {"_valid_from": "2024-12-01", "_reason": "Surat edaran", "_seen": "yes"}
RUTAN_IIB = {"type": "rutan", "class": "IIB", "q": "", "everyone": "yes"}


def config_at(database: Database, host: PluginHost, facility: str, on: date, slug: str = "bansos") -> Any:
    with database.work(database.as_service("tests", facility)) as work:
        return host.resolve(work, slug, work.here.id, on)


def active_at(database: Database, host: PluginHost, facility: str, on: date) -> tuple[str, ...]:
    with database.work(database.as_service("tests", facility)) as work:
        return host.active(work, work.here.id, on)


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
    def test_every_facility_stands_with_state_version_and_what_stands_out(self, kanwil, database, host):
        activate(database, "bansos", "rutan-blora", since=DECEMBER)
        activate(database, "tak_ada", "rutan-demak")
        configure(database, "bansos", PEKALONGAN, since=date(2024, 11, 10), quota=0)
        said = kanwil.reads(BASE)
        assert "59 dari 59 UPT ditampilkan." in said
        assert "mulai 01/12/2024" in said
        assert "dikarantina" in said
        assert re.search(r"konfigurasi v\d+, 01/11/2024", said)
        assert "nilai tidak sah" in said
        assert "isi 1 sampai 100.000 keluarga" in said
        assert "berkas" in said

    def test_it_is_filtered_by_type_class_and_words(self, kanwil):
        said = kanwil.reads(f"{BASE}?type=rutan&class=IIB&q=blora")
        assert "1 dari 59 UPT ditampilkan." in said
        assert "Blora" in said
        assert "Tidak ada UPT yang cocok" in kanwil.reads(f"{BASE}?q=tidakada")

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
        with database.work(database.as_service("tests")) as work:
            work.run(
                """INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, city, place, zone)
                   SELECT f.region_id, 'rutan-contoh-' || n, 'Rutan Contoh ' || n, 'Rutan Contoh', 'rutan', 'X', 'X', f.zone
                   FROM guyub.facility f, generate_series(1, 473) n WHERE f.code = 'rutan-pekalongan'"""
            )
            work.run(
                """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor)
                   SELECT id, p, true, '2024-01-01', '' FROM guyub.facility,
                          unnest(ARRAY['bansos', 'csr_funding', 'canteen_profit']) p WHERE code LIKE 'rutan-contoh-%'"""
            )
        assert statements() == before
        assert before <= 7
        assert "532 dari 532 UPT" in text_of(kanwil.page)


class TestChangingAField:
    CEILING: ClassVar = RUTAN_IIB | {"do": "field", "plugin": "bansos", "field": "quota", "quota": "7"}

    def test_the_quota_of_all_rutan_of_class_iib_rises_and_is_locked_by_one_plan(self, kanwil, by_web, database, host):
        rutan = the_rutan(database, "IIB")
        said = plans(kanwil, self.CEILING | WHY | {"_locked": "yes"})
        assert "Kuota per bulan" in said
        assert "7 keluarga" in said
        assert config_at(database, host, rutan[0], DECEMBER).config.quota != 7, "nothing is changed by looking"
        result = kanwil.follows(applies(kanwil))
        assert "Surat edaran" in result
        for code in rutan:
            found = config_at(database, host, code, DECEMBER)
            assert (found.config.quota, found.origins["quota"].locked) == (7, True)
        assert config_at(database, host, PEKALONGAN, DECEMBER).config.quota == 5
        activate(database, "bansos", rutan[0])
        kanwil.reads(f"{BASE}?q=" + rutan[0])
        assert config_at(database, host, rutan[0], date(2024, 11, 14)).config.quota != 7

    def test_a_value_that_is_not_allowed_stands_at_its_field_with_the_allowed_range(self, kanwil, by_web, database):
        kanwil.reads(BASE)
        answer = kanwil.sends(f"{BASE}/change", self.CEILING | WHY | {"quota": "0"})
        assert answer.status_code == 422
        said = text_of(answer)
        assert (
            f"{len(the_rutan(database, 'IIB'))} UPT, Bansos sembako: “Kuota per bulan” (quota): 0 tidak diterima;"
            in said
        )
        assert "isi 1 sampai 100.000 keluarga" in said

    def test_the_field_is_chosen_first(self, kanwil, by_web):
        said = plans(kanwil, RUTAN_IIB | {"do": "field", "plugin": "bansos"})
        assert "Batas nilai paket" in said
        said = plans(kanwil, RUTAN_IIB | {"do": "field", "plugin": "bansos", "field": "quota"})
        assert "Berlaku mulai" in said

    def test_a_plan_that_would_be_invalid_somewhere_names_the_facility_and_is_not_applied(
        self, kanwil, by_web, database
    ):
        configure(database, "bansos", "rutan-blora", quota=3)
        activate(database, "bansos", "rutan-blora")
        dear = {"package._rows": "1", "package.0.code": "beras", "package.0.name": "Beras", "package.0.unit": "kg",
                "package.0.quantity": "5", "package.0.price": "90000"}  # fmt: skip
        said = plans(kanwil, RUTAN_IIB | {"do": "field", "plugin": "bansos", "field": "package"} | dear | WHY)
        assert "Rencana ini tidak dapat diterapkan" in said
        assert "Rutan Kelas IIB Blora" in said
        answer = applies(kanwil)
        assert answer.status_code == 409
        assert "Tidak ada yang diubah" in text_of(answer)

    def test_looking_at_a_plan_for_fifteen_costs_what_it_costs_for_two(self, kanwil, by_web, database):
        def statements(**chosen: Any) -> int:
            seen: list[str] = []

            def note(_connection, _cursor, statement, *_):
                seen.append(statement)

            kanwil.reads(BASE)
            event.listen(database.engine, "before_cursor_execute", note)
            kanwil.sends(f"{BASE}/change", self.CEILING | WHY | chosen)
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

    def test_a_plugin_begins_at_two_facilities_on_a_day_and_ends_there_again(self, kanwil, by_web, database, host):
        assert "Rutan Kelas IIB Blora" in plans(kanwil, self.TWO | WHY)
        kanwil.follows(applies(kanwil))
        assert "canteen_profit" in active_at(database, host, "rutan-blora", DECEMBER)
        assert "canteen_profit" not in active_at(database, host, "rutan-blora", date(2024, 11, 30))
        plans(kanwil, self.TWO | WHY | {"do": "off", "_valid_from": "2025-01-01"})
        kanwil.follows(applies(kanwil))
        assert "canteen_profit" not in active_at(database, host, "rutan-demak", date(2025, 1, 1))

    def test_nothing_is_done_twice(self, kanwil, by_web):
        plans(kanwil, self.TWO | WHY)
        kanwil.follows(applies(kanwil))
        assert "Tidak ada yang berubah" in plans(kanwil, self.TWO | WHY)

    def test_facilities_of_the_files_are_left_out_and_say_why(self, kanwil, by_web):
        said = plans(kanwil, self.TWO | {"facility": ["rutan-blora", "lapas-batang"]})
        assert "1 UPT yang dipilih tidak ikut diubah" in said
        assert "Dikelola melalui berkas" in said

    def test_without_facilities_or_a_plugin_it_says_what_to_choose(self, kanwil, by_web):
        kanwil.reads(BASE)
        assert "Belum ada UPT yang dipilih" in kanwil.sends(f"{BASE}/change", {"do": "on", "plugin": "bansos"}).text
        kanwil.reads(BASE)
        answer = kanwil.sends(f"{BASE}/change", {"do": "on", "facility": "rutan-blora"})
        assert "Program atau sumber dananya belum dipilih" in answer.text


class TestLocksAndResets:
    def test_each_facility_is_locked_at_the_value_that_it_has(self, kanwil, by_web, database, host):
        both = {"facility": [PEKALONGAN, "rutan-kebumen"], "plugin": "bansos", "fields": "quota"}
        plans(kanwil, both | WHY | {"do": "lock"})
        kanwil.follows(applies(kanwil))
        found = {code: config_at(database, host, code, DECEMBER) for code in both["facility"]}
        assert {code: (one.config.quota, one.origins["quota"].locked) for code, one in found.items()} == {
            PEKALONGAN: (5, True), "rutan-kebumen": (3, True)}  # fmt: skip
        plans(kanwil, both | WHY | {"do": "reset", "_valid_from": "2025-01-01"})
        kanwil.follows(applies(kanwil))
        assert config_at(database, host, "rutan-kebumen", date(2025, 1, 1)).origins["quota"].layer == "default"

    def test_a_lock_lasts_beyond_a_value_that_a_facility_had_planned(self, kanwil, by_web, database, host):
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), quota=9)
        one = {"facility": PEKALONGAN, "do": "field", "plugin": "bansos", "field": "quota", "quota": "4"}
        said = plans(kanwil, one | WHY | {"_locked": "yes"})
        assert "tetap berlaku sejak hari itu" not in said
        kanwil.follows(applies(kanwil))
        found = config_at(database, host, PEKALONGAN, date(2025, 6, 1))
        assert (found.config.quota, found.origins["quota"].locked) == (4, True)


class TestTheWorldMoves:
    def test_a_plan_from_before_is_refused_and_a_fresh_one_shown(self, kanwil, by_web, database, host):
        plans(kanwil, TestSwitching.TWO | WHY)
        old = hidden_in(kanwil.page)
        activate(database, "canteen_profit", "rutan-blora", since=date(2024, 11, 20))
        answer = kanwil.sends(f"{BASE}/change", old | {"_confirmed": "yes"})
        assert answer.status_code == 409
        assert "Rencana itu tidak berlaku lagi" in text_of(answer)
        assert "canteen_profit" not in active_at(database, host, "rutan-demak", DECEMBER)
        kanwil.follows(applies(kanwil))
        assert "canteen_profit" in active_at(database, host, "rutan-demak", DECEMBER)


class TestTakingBack:
    def test_what_was_applied_is_listed_and_taken_back_after_looking(self, kanwil, by_web, database, host):
        plans(kanwil, TestChangingAField.CEILING | WHY)
        kanwil.follows(applies(kanwil))
        said = kanwil.reads(f"{BASE}/changes")
        assert "Bansos sembako: Kuota per bulan" in said
        link = re.search(rf"{BASE}/changes/[0-9a-f-]+", kanwil.page.text)
        assert link
        kanwil.reads(link[0])
        said = kanwil.reads(f"{link[0]}/revert")
        assert "Kuota per bulan" in said
        result = kanwil.follows(kanwil.sends(f"{link[0]}/revert", hidden_in(kanwil.page)))
        assert "Perubahan yang diterapkan" in result
        assert config_at(database, host, "rutan-blora", DECEMBER).config.quota == 5
        assert "Sudah dibatalkan" in kanwil.reads(link[0])
        assert "tidak dapat dibatalkan begitu saja" in kanwil.reads(f"{link[0]}/revert")


class TestHandingOver:
    def test_facilities_of_the_files_are_handed_over_together_for_a_reason(self, kanwil, database):
        three = ["rutan-blora", "rutan-demak", "lapas-batang"]
        said = plans(kanwil, {"facility": three, "do": "web"})
        assert "Alihkan 3 UPT ke pengelolaan web" in said
        answer = kanwil.sends(f"{BASE}/hand-over", hidden_in(kanwil.page) | {"_reason": ""})
        assert answer.status_code == 422
        kanwil.follows(kanwil.sends(f"{BASE}/hand-over", hidden_in(kanwil.page) | {"_reason": "Rapat"}))
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

"""Values and locks of a region on the web: the form, what it does at every facility, the door, and what applied when."""

import html
import re
from datetime import date
from typing import Any

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.configuration.plan_history import applied
from guyub.configuration.revert import plan_revert, revert
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from tests import config_changes as changes
from tests import places
from tests.stored_values import set_values
from tests.visits import Visitor, hidden_in, text_of
from tests.worlds import PEKALONGAN, activate, configure, employ_local_admin

DECEMBER = date(2024, 12, 1)
BANSOS = "/region/jawa-tengah/plugins/bansos/"
WHY = {"_valid_from": "2024-12-01", "_reason": "Surat edaran"}
OFFICE = "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah"


@pytest.fixture
def plugins(protector: Protector) -> PluginRegistry:
    return plugin_registry(protector=protector)


@pytest.fixture
def by_web(database: Database) -> None:
    places.managed_by(database, "web", "rutan-pekalongan", "rutan-kebumen")


def found_at(database: Database, plugins: PluginRegistry, facility: str, on: date = DECEMBER) -> Any:
    with database.work(database.as_service("tests", facility)) as work:
        return plugins.resolve(work, "bansos", work.here.id, on)


def fields_of(visitor: Visitor) -> dict[str, Any]:
    """What the form in view would send untouched."""
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", visitor.page.text)
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", main):
        known = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        is_box = known.get("type") in ("checkbox", "radio")
        if known.get("name") not in (None, "csrf_token") and (not is_box or " checked" in tag):
            sent.setdefault(known["name"], []).append(html.unescape(known.get("value", "on")))
    for name, inner in re.findall(r'(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', main):
        selected = re.findall(r'<option value="([^"]*)" selected', inner)
        sent.setdefault(name, []).append(selected[0] if selected else "")
    return sent


def sends(kanwil: Visitor, path: str = f"{BANSOS}configure", **changed: Any) -> str:
    assert kanwil.opens(path).status_code == 200, text_of(kanwil.page)
    return text_of(kanwil.sends(path, fields_of(kanwil) | WHY | changed))


class TestTheForm:
    def test_a_value_and_its_lock_are_shown_at_every_facility_before_they_are_saved(
        self, kanwil, by_web, database, plugins
    ):
        said = sends(kanwil, quota="8", _lock=["quota", "ceiling"])
        assert "8 paket" in said
        assert "Rutan Kelas IIA Pekalongan" in said
        assert "tidak berlaku lagi" in said, "two facilities lose values of their own"
        assert f"{OFFICE} · dikunci sejak 1 Desember 2024 oleh kanwil" in said
        assert found_at(database, plugins, PEKALONGAN).config.quota == 5
        kanwil.follows(kanwil.sends_hidden(f"{BANSOS}configure", "_confirmed"))
        found = found_at(database, plugins, PEKALONGAN)
        assert (found.config.quota, found.origins["quota"].layer, found.origins["quota"].locked) == (8, "region", True)
        assert found.origins["ceiling"].since == date(2024, 11, 1), "what was not changed is not recorded again"

    def test_the_preview_says_where_the_plugin_runs_and_where_it_does_not(self, kanwil, by_web):
        said = sends(kanwil, quota="8")
        assert (
            "Rutan Kelas IIB Banyumas 56 UPT lain tidak menjalankannya Di sana baru terasa bila plugin diaktifkan"
            in said
        )
        assert "59 UPT" not in said

    def test_a_lock_is_taken_off_by_unticking_it(self, kanwil, by_web, database, plugins):
        sends(kanwil, _lock=[])
        kanwil.follows(kanwil.sends_hidden(f"{BANSOS}configure", "_confirmed"))
        found = found_at(database, plugins, PEKALONGAN)
        assert (found.config.ceiling, found.origins["ceiling"].locked) == (250_000, False)

    def test_a_value_that_spoils_a_facility_names_it_and_is_not_saved(self, kanwil, by_web, database):
        said = sends(kanwil, ceiling="100.000")
        assert "Rencana ini tidak dapat diterapkan" in said
        assert "Rutan Kelas IIA Pekalongan" in said
        answer = kanwil.sends(f"{BANSOS}configure", hidden_in(kanwil.page) | {"_confirmed": "yes"})
        assert answer.status_code == 409

    def test_a_wrong_value_is_said_with_the_region_and_the_allowed_range(self, kanwil, by_web):
        said = sends(kanwil, quota="0")
        assert f"{OFFICE}, Bansos sembako: “Kuota per bulan” (quota): 0 tidak diterima; isi 1 sampai 100.000" in said

    def test_a_value_of_the_region_is_inherited_again(self, kanwil, by_web, database, plugins):
        path = f"{BANSOS}reset/ceiling"
        assert "Batas nilai paket" in kanwil.reads(path)
        kanwil.sends(path, fields_of(kanwil) | WHY)
        kanwil.follows(kanwil.sends_hidden(path, "_confirmed"))
        assert found_at(database, plugins, PEKALONGAN).config.ceiling == 400_000

    def test_what_a_region_recorded_stands_in_its_history_and_is_taken_back(
        self, kanwil, by_web, database, plugins, acting
    ):
        before = found_at(database, plugins, PEKALONGAN)
        sends(kanwil, quota="8", _lock=["quota", "ceiling"])
        kanwil.follows(kanwil.sends_hidden(f"{BANSOS}configure", "_confirmed"))
        assert found_at(database, plugins, PEKALONGAN).config.quota == 8
        with acting("kanwil") as work:
            (held,) = (plan for plan in applied(work, "jawa-tengah") if plan.reason == "Surat edaran")
            assert [(step.target.layer, step.target.field, step.after.value) for step in held.steps] == [
                ("region", "quota", 8)
            ]
            planned = plan_revert(work, plugins, held.id, DECEMBER, reason="Salah ketik")
            assert not [issue for issue in planned.issues if issue.severity == "blocks"]
            revert(work, plugins, held.id, planned.digest, DECEMBER, reason="Salah ketik")
        after = found_at(database, plugins, PEKALONGAN)
        assert (after.config.quota, after.origins["quota"].layer) == (
            before.config.quota,
            before.origins["quota"].layer,
        )
        assert "Salah ketik" in kanwil.reads("/region/jawa-tengah/configuration/changes")


class TestTheDoor:
    def test_a_region_of_the_files_is_read_only_and_says_how_to_change_it(self, kanwil, acting, plugins, protector):
        said = kanwil.reads(BANSOS)
        assert "Rp250.000" in said
        assert "dikelola melalui berkas" in said
        assert kanwil.opens(f"{BANSOS}configure").status_code == 409
        change = changes.request("bansos", {"quota": 6}, DECEMBER, "x", region="jawa-tengah")
        with pytest.raises(Refusal, match="region_values_managed_by_files") as refused, acting("kanwil") as work:
            changes.apply(work, plugins, change)
        assert "region.toml" in refused.value.remedy.id

    def test_it_is_handed_over_to_the_web_for_a_reason(self, kanwil):
        path = "/region/jawa-tengah/configuration/managed-by"
        kanwil.reads(path)
        assert kanwil.sends(path, {"_reason": ""}).status_code == 422
        assert "dikelola melalui web" in kanwil.follows(kanwil.sends(path, {"_reason": "Rapat"}))
        assert kanwil.opens(f"{BANSOS}configure").status_code == 200


class TestALockAtAFacility:
    def test_the_office_locks_on_the_form_and_the_facility_reads_why(self, kanwil, visitor, by_web, database, plugins):
        employ_local_admin(database)
        path = f"/f/{PEKALONGAN}/plugins/bansos/configure"
        sends(kanwil, path, quota="6", _lock=["quota"])
        kanwil.follows(kanwil.sends_hidden(path, "_confirmed"))
        local = visitor("admin.lokal")
        kanwil.reads(path)
        assert 'name="quota"' in kanwil.page.text, "the office may change what it locked"
        with database.work(database.as_service("tests", PEKALONGAN)) as work:
            set_values(
                work,
                "bansos",
                {"quota": 6},
                valid_from=date(2024, 11, 14),
                reason="",
                facility_id=work.here.id,
                locked=frozenset({"quota"}),
            )
        said = local.reads(path)
        assert "Tidak dapat diubah di sini" in said
        assert f"Rutan Kelas IIA Pekalongan · dikunci oleh {OFFICE} sejak 14 November 2024 (tests)" in said
        assert 'name="quota"' not in local.page.text
        assert 'name="_lock"' not in local.page.text

    def test_the_api_locks_and_says_who_keeps_it(self, kanwil, visitor, by_web, database):
        employ_local_admin(database)
        url = f"/api/v1/f/{PEKALONGAN}/plugins/bansos/configuration"
        asked = {"values": {"quota": 6}, "locked": ["quota"], "valid_from": "2024-11-14", "reason": "Surat edaran"}

        def patch(person: Visitor, body: dict[str, Any]) -> Any:
            person.reads(f"/f/{PEKALONGAN}/plugins/bansos/configure")
            token = re.search(r'name="csrf_token" value="([^"]+)"', person.page.text)
            assert token
            return person.client.patch(url, json=body, headers={"x-csrf-token": token[1]})

        local = visitor("admin.lokal")
        assert patch(local, asked).status_code == 403
        assert patch(kanwil, asked).status_code == 200
        origin = kanwil.client.get(url).json()["fields"]["quota"]["origin"]
        assert (origin["layer"], origin["locked"], origin["actor"]) == ("facility", True, "kanwil")
        answer = patch(local, asked | {"values": {"quota": 7}, "locked": []})
        assert answer.status_code == 422
        assert "dikunci oleh" in answer.text


class TestWhatApplied:
    def test_the_history_answers_for_a_day_at_a_facility_and_for_the_region(self, kanwil, database):
        activate(database, "bansos", PEKALONGAN)
        configure(database, "bansos", PEKALONGAN, since=date(2025, 3, 1), quota=9)
        said = kanwil.reads(f"/f/{PEKALONGAN}/plugins/bansos/history?field=quota&on=2025-03-03")
        assert "Berlaku pada Senin, 3 Maret 2025" in said
        assert "9 paket" in said
        assert "5 paket" in kanwil.reads(f"/f/{PEKALONGAN}/plugins/bansos/history?field=quota&on=2025-02-28")
        region = kanwil.reads(f"{BANSOS}history?on=2025-03-03")
        assert "Rp250.000" in region
        assert "9 paket" not in region
        assert kanwil.opens(f"{BANSOS}history?on=kemarin").status_code == 422


class TestAsJson:
    ADDRESS = "/api/v1/region/jawa-tengah/plugins/bansos/configuration"

    def patch(self, reader: Visitor, values: dict[str, Any], **others: Any) -> Any:
        token = re.search(r'name="csrf_token" value="([^"]+)"', reader.opens("/region/jawa-tengah/configuration").text)
        assert token
        asked = {"values": values, "valid_from": "2024-12-01", "reason": "Surat edaran", **others}
        return reader.client.patch(self.ADDRESS, json=asked, headers={"X-CSRF-Token": token[1]})

    def test_what_the_region_gives_is_read_with_its_origin(self, kanwil):
        found = kanwil.opens(self.ADDRESS).json()
        assert (found["region"], found["facility"], found["managed_by"]) == ("jawa-tengah", "", "files")
        ceiling, quota = found["fields"]["ceiling"], found["fields"]["quota"]
        assert (ceiling["value"], ceiling["origin"]["layer"], ceiling["origin"]["locked"]) == (250_000, "region", True)
        assert quota["origin"]["layer"] in ("default", "national")

    def test_only_those_who_configure_the_region_read_or_change_it(self, visitor):
        assert visitor("karutan").opens(self.ADDRESS).status_code in (403, 404)

    def test_values_that_files_manage_are_not_changed_here(self, kanwil):
        answer = self.patch(kanwil, {"quota": 8})
        assert (answer.status_code, answer.json()["code"]) == (409, "facilities.region_values_managed_by_files")

    def test_a_preview_saves_nothing_and_its_number_is_asked_for_again(self, kanwil, by_web, database, plugins):
        told = kanwil.client
        asked = {"quota": 8}
        token = re.search(r'name="csrf_token" value="([^"]+)"', kanwil.opens("/region/jawa-tengah/configuration").text)
        assert token
        body = {"values": asked, "valid_from": "2024-12-01", "reason": "Surat edaran"}
        headers = {"X-CSRF-Token": token[1]}
        plan = told.patch(f"{self.ADDRESS}?preview=1", json=body, headers=headers).json()
        assert not plan["saved"]
        assert {effect["facility"] for effect in plan["effects"]} >= {"rutan-pekalongan", "rutan-kebumen"}
        assert self.patch(kanwil, {"quota": 9}, plan=plan["plan"]).status_code == 409
        assert self.patch(kanwil, asked, plan=plan["plan"]).json()["saved"]
        found = found_at(database, plugins, "rutan-banyumas")
        assert (found.config.quota, found.origins["quota"].layer) == (8, "region")

    def test_a_plugin_is_not_switched_on_for_a_region(self, kanwil, by_web):
        answer = self.patch(kanwil, {}, active=True)
        assert (answer.status_code, answer.json()["code"]) == (422, "configuration.active_at_facilities")

"""A plugin's configuration as JSON: the same values, refusals and record as through the form."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.access import audit
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.facilities import service as facilities
from guyub.plugins.plugin_registry import PluginRegistry
from tests import plugin_on_the_web as infak
from tests.distributions import Shelf
from tests.stored_values import set_values
from tests.visits import NewVisitor, Visitor

HERE = "/api/v1/f/rutan-pekalongan/plugins"
BANSOS = f"{HERE}/bansos/configuration"
INFAK = f"{HERE}/infak/configuration"
WHEN = {"valid_from": "2024-12-01", "reason": "Sesuai rapat"}


@pytest.fixture
def plugins(shelf: Shelf, protector: Protector) -> PluginRegistry:
    infak.install(shelf)
    return plugin_registry(protector=protector)


@pytest.fixture
def by_web(database: Database) -> None:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        facilities.set_managed_by(work, "web")


def patch(reader: Visitor, address: str, values: dict[str, Any], **others: Any) -> Any:
    """With the token of a page of the reader's own, as a script sends it."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.opens("/f/rutan-pekalongan/").text)
    assert token, "this page has no form"
    reader.client.cookies.set("guyub_lang", "en")
    return reader.client.patch(address, json={"values": values, **WHEN, **others}, headers={"X-CSRF-Token": token[1]})


def test_a_body_that_is_no_json_is_said_to_be_none(kanwil: Visitor, by_web: None):
    token = re.search(r'name="csrf_token" value="([^"]+)"', kanwil.opens("/f/rutan-pekalongan/").text)
    assert token
    headers = {"X-CSRF-Token": token[1], "Content-Type": "application/json"}
    answer = kanwil.client.patch(f"{HERE}/bansos/configuration", content='{"values": ', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "web.no_json")
    assert answer.json()["title"] == "Isi permintaan ini bukan JSON yang utuh."


def stored(database: Database) -> list[tuple[Any, ...]]:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        rows = work.run(
            """SELECT field, value, actor, reason FROM guyub.config_value
               WHERE facility_id = :here AND valid_from = '2024-12-01' ORDER BY id""",
            here=work.here.id,
        )
        assert audit.verify(work).ok
        return [tuple(row) for row in rows]


def quota_at(database: Database, plugins: PluginRegistry, on: date) -> int:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        quota: int = plugins.resolve(work, "bansos", work.here.id, on).config.quota  # type: ignore[attr-defined]  # the plugin's own configuration
        return quota


def problem_of(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    return problem


def test_every_field_is_read_with_its_value_and_where_it_comes_from(kanwil: Visitor):
    found = kanwil.opens(BANSOS).json()
    assert (found["facility"], found["plugin"], found["on"]) == ("rutan-pekalongan", "bansos", "2024-11-14")
    assert (found["managed_by"], found["problem"]) == ("files", None)
    quota, ceiling, visit = (found["fields"][name] for name in ("quota", "ceiling", "survey_required"))
    assert (quota["value"], quota["origin"]["layer"], quota["origin"]["since"]) == (5, "facility", "2024-11-01")
    assert quota["origin"]["place"]["id"] == "Rutan Kelas IIA Pekalongan"
    assert (ceiling["value"], ceiling["origin"]["layer"], ceiling["origin"]["locked"]) == (250_000, "region", True)
    assert ceiling["origin"]["actor"]
    assert (visit["value"], visit["origin"]["layer"], visit["origin"]["since"]) == (True, "default", None)


def test_only_those_who_configure_read_or_change_it(visitor: NewVisitor):
    assert problem_of(visitor("karutan").opens(BANSOS), 403)
    assert problem_of(patch(visitor("karutan"), BANSOS, {"quota": 8}), 403)
    assert problem_of(visitor("karutan.kebumen").opens(BANSOS), 404)


def test_a_facility_of_the_files_is_not_changed_here(kanwil: Visitor, database: Database):
    problem = problem_of(patch(kanwil, BANSOS, {"quota": 8}), 409)
    assert problem["code"] == "facilities.managed_by_files"
    assert "Rutan Kelas IIA Pekalongan is managed through files" in problem["title"]
    assert "guyub facilities apply" in problem["detail"]
    assert stored(database) == []


@pytest.mark.usefixtures("by_web")
class TestChanging:
    def test_a_number_in_quotes_is_none(self, kanwil: Visitor, database: Database):
        problem = problem_of(patch(kanwil, BANSOS, {"quota": "8"}), 422)
        assert "must be a whole number, not “8”" in problem["title"]
        assert stored(database) == []

    def test_a_preview_tells_what_would_become_of_each_field_and_saves_nothing(
        self, kanwil: Visitor, database: Database
    ):
        told = patch(kanwil, f"{BANSOS}?preview=1", {"quota": 8}).json()
        (effect,) = told["effects"]
        assert told["saved"] is False
        assert (effect["facility"], effect["field"]) == ("rutan-pekalongan", "quota")
        assert (effect["old"], effect["new"], told["issues"]) == (5, 8, [])
        assert (effect["origin"]["layer"], effect["origin"]["since"]) == ("facility", "2024-12-01")
        assert effect["origin"]["place"]["id"] == "Rutan Kelas IIA Pekalongan"
        assert (effect["on"], effect["month"]) == ("2024-12-01", "2024-12")
        assert effect["consequence"]["en"] == "Changes. It counts from the month of December 2024 on."
        assert stored(database) == []

    def test_a_change_holds_from_its_day_on_and_is_recorded_with_who_and_why(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        answer = patch(kanwil, BANSOS, {"quota": 8})
        assert answer.json()["saved"] is True
        assert stored(database) == [("quota", 8, "kanwil", "Sesuai rapat")]
        assert (quota_at(database, plugins, date(2024, 11, 30)), quota_at(database, plugins, date(2024, 12, 1))) == (
            5,
            8,
        )

    def test_null_takes_the_facilitys_own_value_back(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        patch(kanwil, BANSOS, {"quota": 8}, valid_from="2024-11-14")
        (effect,) = patch(kanwil, BANSOS, {"quota": None}).json()["effects"]
        assert effect["old"] == 8
        assert effect["origin"]["layer"] != "facility"
        assert quota_at(database, plugins, date(2024, 12, 1)) == effect["new"]

    def test_a_value_that_is_not_allowed_is_refused_as_elsewhere(
        self, kanwil: Visitor, plugins: PluginRegistry, database: Database
    ):
        problem = problem_of(patch(kanwil, INFAK, {"share": 101, "most": 1}), 422)
        assert (problem["code"], problem["field"]) == ("host.config_value", "share")
        for part in ("Rutan Kelas IIA Pekalongan", "Staff infak", "share", "101", "0 to 100"):
            assert part in problem["title"]
        assert stored(database) == []

    def test_a_value_that_only_the_layers_above_forbid_names_both(self, kanwil: Visitor, database: Database):
        package = kanwil.opens(BANSOS).json()["fields"]["package"]["value"]
        problem = problem_of(patch(kanwil, BANSOS, {"package": [{**item, "price": 90_000} for item in package]}), 422)
        assert "Rp250.000" in problem["title"]
        assert stored(database) == []
        told = patch(kanwil, f"{BANSOS}?preview=1", {"package": [{**item, "price": 90_000} for item in package]}).json()
        (issue,) = told["issues"]
        assert (issue["severity"], issue["text"]["en"]) == ("blocks", problem["title"])

    def test_a_locked_field_says_who_locked_it_and_since_when(self, kanwil: Visitor, database: Database):
        actor = kanwil.opens(BANSOS).json()["fields"]["ceiling"]["origin"]["actor"]
        problem = problem_of(patch(kanwil, BANSOS, {"ceiling": 9_000_000}), 422)
        assert problem["field"] == "ceiling"
        for part in ("locked", actor, "1 November 2024"):
            assert part in problem["title"]
        assert stored(database) == []

    def test_an_unknown_field_a_missing_reason_and_an_empty_change_are_refused(
        self, kanwil: Visitor, database: Database
    ):
        unknown = problem_of(patch(kanwil, BANSOS, {"quotas": 8}), 422)
        assert "did you mean “quota”" in unknown["title"]
        assert problem_of(patch(kanwil, BANSOS, {"quota": 8}, reason=" "), 422)["field"] == "reason"
        assert problem_of(patch(kanwil, BANSOS, {}), 422)["code"] == "host.nothing_changed"
        assert problem_of(patch(kanwil, BANSOS, {"quota": 8}, valid_from="besok"), 422)["field"] == "valid_from"
        assert stored(database) == []

    def test_a_preview_refuses_what_saving_refuses(self, kanwil: Visitor, database: Database):
        for asked in (
            {"values": {"quota": None}, "locked": ["quota"]},
            {"values": {"quotas": 8}},
            {"values": {"quota": 0}},
        ):
            locked = asked.get("locked", [])
            refused = problem_of(patch(kanwil, BANSOS, asked["values"], locked=locked), 422)
            (issue,) = patch(kanwil, f"{BANSOS}?preview=1", asked["values"], locked=locked).json()["issues"]
            assert (issue["severity"], issue["code"], issue["field"]) == ("blocks", refused["code"], refused["field"])
            assert issue["text"]["en"].startswith(refused["title"])
        assert stored(database) == []

    def test_a_sign_that_no_text_can_hold_is_refused_in_a_preview_too(self, kanwil: Visitor, database: Database):
        for how in ("?preview=1", ""):
            assert (
                problem_of(patch(kanwil, f"{BANSOS}{how}", {"quota": 8}, reason="a\0b"), 422)["code"] == "web.no_text"
            )
            assert problem_of(patch(kanwil, f"{INFAK}{how}", {"token": "a\0b"}), 422)["code"] == "web.no_text"
        assert stored(database) == []

    @pytest.mark.parametrize("half", [r"a\ud83d", r"\ude00b", r"\ud83d\u0041"])
    def test_half_a_sign_is_refused_as_one_that_no_text_can_hold(self, kanwil: Visitor, half: str):
        kanwil.opens("/region/jawa-tengah/")
        body = f'{{"values": {{"token": "{half}"}}, "reason": "uji", "valid_from": "2024-11-14"}}'
        headers = {"X-CSRF-Token": kanwil.token, "content-type": "application/json"}
        answer = kanwil.client.patch(INFAK, content=body.encode(), headers=headers)
        assert problem_of(answer, 422)["code"] == "web.no_text"

    def test_a_secret_is_never_sent_back_and_its_mask_is_no_secret(self, kanwil: Visitor, database: Database):
        answer = patch(kanwil, INFAK, {"token": "rahasia-contoh"}, valid_from="2024-11-14")
        assert answer.status_code == 200
        read = kanwil.opens(INFAK)
        mask = read.json()["fields"]["token"]["value"]
        assert "rahasia" not in answer.text + read.text
        assert problem_of(patch(kanwil, INFAK, {"token": mask}), 422)["code"] == "host.masked_secret"
        assert stored(database) == []

    def test_without_the_token_of_the_session_nothing_is_changed(self, kanwil: Visitor, database: Database):
        answer = kanwil.client.patch(BANSOS, json={"values": {"quota": 8}, **WHEN})
        assert problem_of(answer, 403)["code"] == "web.csrf"
        assert stored(database) == []


def test_a_stored_value_that_no_longer_holds_is_reported_beside_the_values(
    kanwil: Visitor, plugins: PluginRegistry, database: Database
):
    infak.switch_on(database, plugins)
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        set_values(work, "infak", {"share": 900}, valid_from=date(2024, 1, 1), reason="", facility_id=work.here.id)
    found = kanwil.opens(INFAK).json()
    assert found["fields"]["share"]["value"] == 900
    assert "0 to 100" in found["problem"]["en"]

"""Two administrators on one configuration: nobody undoes what another changed meanwhile, and nothing is saved unseen."""

from datetime import date
from typing import Any

import pytest

from guyub.access import audit
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.change_request import ChangeRequest
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests import config_changes as changes
from tests import places
from tests.visits import NewVisitor, Visitor, text_of
from tests.worlds import KEBUMEN, PEKALONGAN, employ_local_admin

from .test_configuration_of_a_region import WHY, fields_of

DECEMBER = date(2024, 12, 1)
HERE = f"/f/{PEKALONGAN}/plugins/bansos/configure"
REGION = "/region/jawa-tengah/plugins/bansos/configure"
MOVED = "Rencana itu tidak berlaku lagi"
OFFICE = "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah"


@pytest.fixture
def plugins(protector: Protector) -> PluginRegistry:
    return plugin_registry(protector=protector)


@pytest.fixture
def local(visitor: NewVisitor, database: Database) -> Visitor:
    """Configures Pekalongan, and nothing else; the web manages the region and two of its facilities."""
    places.managed_by(database, "web", PEKALONGAN, KEBUMEN)
    employ_local_admin(database)
    return visitor("admin.lokal")


def looks(reader: Visitor, path: str, **changed: Any) -> str:
    """Fills the form as it stands in view, but for ``changed``."""
    return text_of(reader.sends(path, fields_of(reader) | WHY | changed))


def saves(reader: Visitor, path: str) -> Any:
    return reader.sends_hidden(path, "_confirmed")


def changed_by(database: Database, login: str) -> list[tuple[str, Any]]:
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert audit.verify(work).ok
        rows = work.run("SELECT field, value FROM guyub.config_value WHERE actor = :login ORDER BY id", login=login)
        return [(row.field, row.value) for row in rows]


def set_by_another(database: Database, plugins: PluginRegistry, acting: Any, login: str, change: ChangeRequest) -> None:
    with acting(login, *(change.facilities)) as work:
        changes.apply(work, plugins, change)  # type: ignore[arg-type]  # a parameter of the test


def at_facility(values: dict[str, Any], **more: Any) -> ChangeRequest:
    return changes.request("bansos", values, date(2024, 11, 10), "Rapat", facility=PEKALONGAN, **more)


def for_region(values: dict[str, Any], **more: Any) -> ChangeRequest:
    return changes.request("bansos", values, date(2024, 11, 10), "Edaran", region="jawa-tengah", **more)


@pytest.mark.parametrize("after", ["the form was opened", "the preview was shown"])
def test_what_another_changed_meanwhile_is_not_undone(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any, after: str
):
    kanwil.opens(HERE)
    other = at_facility({"survey_required": False})
    if after == "the form was opened":
        set_by_another(database, plugins, acting, "admin.lokal", other)
    said = looks(kanwil, HERE, quota="15")
    if after == "the preview was shown":
        set_by_another(database, plugins, acting, "admin.lokal", other)
    assert "Wajib survei rumah" not in said, "the preview is about what this reader changed"
    assert "1 isian berlaku" in kanwil.follows(saves(kanwil, HERE))
    assert changed_by(database, "kanwil") == [("quota", 15)]
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        found = plugins.resolve(work, "bansos", work.here.id, DECEMBER).config
    assert (found.quota, found.survey_required) == (15, False)  # type: ignore[attr-defined]  # the plugin's own configuration


def test_a_preview_that_no_longer_holds_is_shown_anew_and_saves_nothing(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any
):
    kanwil.opens(HERE)
    assert "5 paket" in looks(kanwil, HERE, quota="15")
    set_by_another(database, plugins, acting, "admin.lokal", at_facility({"quota": 7}))
    answer = saves(kanwil, HERE)
    assert answer.status_code == 409
    said = text_of(answer)
    assert MOVED in said
    assert "Belum ada yang diubah" in said
    assert "7 paket Rutan Kelas IIA Pekalongan · sejak 10 November 2024 15 paket" in said
    assert changed_by(database, "kanwil") == []
    kanwil.follows(saves(kanwil, HERE))
    assert changed_by(database, "kanwil") == [("quota", 15)]


def test_a_preview_of_a_region_no_longer_holds_where_one_of_its_facilities_changed(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any
):
    kanwil.opens(REGION)
    looks(kanwil, REGION, quota="15")
    set_by_another(database, plugins, acting, "admin.lokal", at_facility({"quota": 7}))
    answer = saves(kanwil, REGION)
    assert answer.status_code == 409
    assert MOVED in text_of(answer)
    assert changed_by(database, "kanwil") == []


def test_nothing_is_saved_that_was_not_seen(kanwil: Visitor, local: Visitor, database: Database):
    kanwil.opens(HERE)
    answer = kanwil.sends(HERE, fields_of(kanwil) | WHY | {"quota": "15", "_confirmed": "yes"})
    assert answer.status_code == 409
    assert changed_by(database, "kanwil") == []


def test_a_field_is_not_reset_to_something_that_was_not_seen(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any
):
    path = f"/f/{PEKALONGAN}/plugins/bansos/reset/quota"
    kanwil.opens(path)
    kanwil.sends(path, fields_of(kanwil) | WHY)
    set_by_another(database, plugins, acting, "admin.lokal", at_facility({"quota": 7}))
    answer = saves(kanwil, path)
    assert answer.status_code == 409
    assert MOVED in text_of(answer)
    assert changed_by(database, "kanwil") == []
    kanwil.follows(saves(kanwil, path))
    assert changed_by(database, "kanwil") == [("quota", None)]


def test_a_lock_that_another_set_meanwhile_is_not_released_by_the_box_that_was_left_alone(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any
):
    kanwil.opens(HERE)
    set_by_another(database, plugins, acting, "kanwil", at_facility({"quota": 5}, locked=frozenset({"quota"})))
    assert "Kuota per bulan" not in looks(kanwil, HERE, survey_required=[])
    kanwil.follows(saves(kanwil, HERE))
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        found = plugins.resolve(work, "bansos", work.here.id, DECEMBER)
    assert found.origins["quota"].locked
    assert found.config.survey_required is False  # type: ignore[attr-defined]  # the plugin's own configuration


def test_going_back_from_the_preview_keeps_what_was_changed_and_shows_the_rest_as_it_is_now(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any
):
    kanwil.opens(HERE)
    looks(kanwil, HERE, quota="15", _lock=["quota"])
    set_by_another(database, plugins, acting, "admin.lokal", at_facility({"survey_required": False}))
    kanwil.sends_hidden(HERE, "_change")
    shown = fields_of(kanwil)
    assert (shown["quota"], shown["_lock"]) == (["15"], ["quota"])
    assert "survey_required" not in shown, "the box is no longer ticked"


# --- locks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", ["the form was opened", "the preview was shown"])
def test_a_value_for_a_field_that_was_locked_meanwhile_is_refused_with_who_and_since_when(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any, after: str
):
    local.opens(HERE)
    lock = for_region({"quota": 8}, locked=frozenset({"quota"}))
    if after == "the form was opened":
        set_by_another(database, plugins, acting, "kanwil", lock)
        answer = local.sends(HERE, fields_of(local) | WHY | {"quota": "15", "survey_required": []})
    else:
        looks(local, HERE, quota="15", survey_required=[])
        set_by_another(database, plugins, acting, "kanwil", lock)
        answer = saves(local, HERE)
    assert answer.status_code == 422
    assert (
        f"“Kuota per bulan” tidak dapat diubah di Rutan Kelas IIA Pekalongan: dikunci oleh {OFFICE} (kanwil)"
        " sejak 10 November 2024." in text_of(answer)
    )
    assert changed_by(database, "admin.lokal") == [], "nor is the other field saved"


@pytest.mark.parametrize("value", ["9.000.000", "banyak"])
def test_a_forged_value_for_a_locked_field_is_refused(kanwil: Visitor, local: Visitor, database: Database, value: str):
    local.opens(HERE)
    answer = local.sends(HERE, fields_of(local) | WHY | {"ceiling": value})
    assert answer.status_code == 422
    assert "“Batas nilai paket” tidak dapat diubah di Rutan Kelas IIA Pekalongan: dikunci oleh" in text_of(answer)
    assert "sejak 1 November 2024" in text_of(answer)


def test_a_field_that_was_locked_meanwhile_and_left_alone_stands_in_nobodys_way(
    kanwil: Visitor, local: Visitor, plugins: PluginRegistry, database: Database, acting: Any
):
    local.opens(HERE)
    set_by_another(database, plugins, acting, "kanwil", for_region({"quota": 8}, locked=frozenset({"quota"})))
    looks(local, HERE, survey_required=[])
    local.follows(saves(local, HERE))
    assert changed_by(database, "admin.lokal") == [("survey_required", False)]

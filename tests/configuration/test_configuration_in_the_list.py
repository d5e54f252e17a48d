"""``guyub plugin list`` names the facilities at which a stored configuration no longer holds."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import typer
from sqlalchemy import event
from typer.testing import CliRunner

from guyub.cli.doctor_command import doctor
from guyub.cli.plugin_commands import app
from guyub.configuration.bulk_write import ValueAt, set_many
from guyub.configuration.health import config_faults
from guyub.db import embedded
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make, upgrade
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import load, packaged_folder
from guyub.provisioning.plan import apply
from tests.config_changes import set_active

TODAY = date(2024, 11, 14)

doctor_app = typer.Typer()
doctor_app.command()(doctor)


def store(database: Database, layer: Any, place: str, value: Any) -> None:
    """As an earlier version of the plugin may have left it."""
    with database.work(database.as_service("tests")) as work:
        set_many(work, [ValueAt(layer, place, "bansos", "quota", value, False, date(2024, 11, 2), "uji", 1)])


def faults(database: Database, plugins: PluginRegistry, protector: Any, on: date = TODAY) -> list[str]:
    with database.work(database.as_service("tests")) as work:
        return [fault.en for fault in config_faults(work, plugins, on, protector).get("bansos", ())]


def test_a_value_that_no_longer_holds_is_reported_with_facility_field_and_remedy(
    database: Database, plugins: PluginRegistry, protector: Any
):
    assert faults(database, plugins, protector) == []
    store(database, "facility", "rutan-kebumen", 0)
    (said,) = faults(database, plugins, protector)
    for part in ("rutan-kebumen: ", "Rutan Kelas IIB Kebumen", "(quota)", "Fix the value"):
        assert part in said
    assert faults(database, plugins, protector, date(2024, 11, 1)) == []


def test_where_the_plugin_does_not_run_nothing_is_reported(database: Database, plugins: PluginRegistry, protector: Any):
    store(database, "facility", "rutan-kebumen", 0)
    with database.work(database.as_service("tests", "rutan-kebumen")) as work:
        set_active(work, plugins, "bansos", work.here.id, False, date(2024, 11, 10), "uji")
    assert faults(database, plugins, protector) == []


def test_a_check_of_the_plugin_that_crashes_is_reported_and_ends_nothing(
    database: Database, plugins: PluginRegistry, protector: Any, monkeypatch: pytest.MonkeyPatch
):
    def crash(values: Any) -> None:
        raise KeyError("kuota")

    monkeypatch.setattr(plugins.plugin("bansos").config, "model_validate", crash)
    said = faults(database, plugins, protector)
    assert all("The plugin failed to check its values: KeyError. Code: E-" in item for item in said)
    assert "rutan-kebumen: " in said[0] + said[1]


def test_all_facilities_are_looked_at_with_two_questions(database: Database, plugins: PluginRegistry, protector: Any):
    asked: list[str] = []
    with database.work(database.as_service("tests")) as work:
        event.listen(work.session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2]))
        config_faults(work, plugins, TODAY, protector)
    assert len([item for item in asked if "config_value" in item or "plugin_activation" in item]) == 2


@pytest.fixture
def installed_here(cluster: Any, monkeypatch: pytest.MonkeyPatch, worker_id: str) -> Iterator[Installation]:
    """An installation as the command line opens it."""
    url = cluster.server.url(f"list_{worker_id}", embedded.ADMIN, cluster.keys.admin_password)
    made = installation_at(url, cluster.keys)
    make(made)
    upgrade(made)
    monkeypatch.setenv("GUYUB_HOME", str(cluster.home.path))
    monkeypatch.setenv("GUYUB_DATABASE_URL", url)
    yield made
    cluster.drop(made)


def test_the_list_shows_it_as_a_warning_and_the_plugin_stays_ready(
    installed_here: Installation, plugins: PluginRegistry
):
    database = installed_here.database()
    with database.work(database.as_service("tests")) as work:
        apply(work, plugins, load(packaged_folder(), plugins))
    store(database, "facility", "rutan-kebumen", 0)
    database.close()
    answer = CliRunner().invoke(app, ["list", "--json"])
    assert answer.exit_code == 0, answer.output
    (bansos,) = [load for load in json.loads(answer.stdout) if load["slug"] == "bansos"]
    assert bansos["state"] == "ready"
    (warning,) = bansos["warnings"]
    assert "rutan-kebumen" in warning
    assert "(quota)" in warning
    told = CliRunner().invoke(doctor_app, ["--json"])
    assert told.exit_code == 1, told.output
    (wrong,) = [item for item in json.loads(told.stdout)["checks"] if item["check"] == "configuration"]
    assert not wrong["ok"]
    assert "bansos at rutan-kebumen" in wrong["detail"]
    assert "(quota)" in wrong["detail"]

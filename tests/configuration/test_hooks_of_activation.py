"""Plugins are told of their own activation, at one facility or at many from the files, and only regions activate some."""

from datetime import date
from typing import Any

import pytest

from guyub.configuration.apply import tell_plugins
from guyub.configuration.bulk_write import ActivationAt
from guyub.db.unit_of_work import Database
from guyub.facilities.service import set_managed_by
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Forbidden, Refusal
from tests.config_changes import set_active
from tests.distributions import Shelf

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"
SINCE = date(2025, 1, 1)

TOLD = """
TOLD = []
@hookimpl
def guyub_facility_activated(self, ctx):
    self.TOLD.append(("on", ctx.facility.code, ctx.on))
    if ctx.facility.name == "":
        raise ValueError
@hookimpl
def guyub_facility_deactivating(self, ctx):
    self.TOLD.append(("off", ctx.facility.code, ctx.on))
    return ()
"""


def test_files_that_switch_a_plugin_at_many_facilities_tell_it_of_each(shelf: Shelf, database: Database):
    shelf.add("specimen", declares=TOLD)
    shelf.add("silent")
    plugins = shelf.plugins()
    with database.work(database.as_service("tests")) as work:
        tell_plugins(
            work,
            plugins,
            [
                ActivationAt(PEKALONGAN, "specimen", True, SINCE, ""),
                ActivationAt(KEBUMEN, "specimen", False, SINCE, ""),
                ActivationAt(KEBUMEN, "silent", True, SINCE, ""),
            ],
        )
    told: Any = plugins.plugin("specimen")
    assert told.TOLD == [("on", PEKALONGAN, SINCE), ("off", KEBUMEN, SINCE)]


def test_one_facility_that_is_refused_refuses_them_all(shelf: Shelf, database: Database):
    shelf.add("specimen", declares=TOLD.replace('ctx.facility.name == ""', f'ctx.facility.code == "{KEBUMEN}"'))
    plugins = shelf.plugins()
    both = [ActivationAt(place, "specimen", True, SINCE, "") for place in (PEKALONGAN, KEBUMEN)]
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        tell_plugins(work, plugins, both)
    assert refused.value.code == "host.activation_failed"


def test_a_plugin_hears_of_its_own_activation_and_of_no_others(shelf: Shelf, database: Database):
    shelf.add("specimen", declares=TOLD)
    shelf.add("other", declares=TOLD)
    plugins = shelf.plugins()
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_active(work, plugins, "specimen", work.here.id, True, SINCE, "uji")
    first: Any = plugins.plugin("specimen")
    second: Any = plugins.plugin("other")
    assert (len(first.TOLD), len(second.TOLD)) == (1, 0)


def test_only_a_regional_office_activates_what_is_regional(shelf: Shelf, acting: Any, database: Database):
    shelf.add("specimen", declares="availability = 'regional'")
    plugins = shelf.plugins()
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_managed_by(work, "web")
    with acting("kanwil") as work:
        place = work.run("SELECT id FROM guyub.facility WHERE code = :code", code=PEKALONGAN).scalar_one()
        set_active(work, plugins, "specimen", place, True, SINCE, "uji")
    with pytest.raises(Forbidden), acting("karutan") as work:
        set_active(work, plugins, "specimen", work.here.id, True, SINCE, "uji")


def test_a_quarantined_plugin_is_not_activated_and_may_be_deactivated(shelf: Shelf, database: Database):
    shelf.add("specimen", "raise ValueError")
    plugins: PluginRegistry = shelf.plugins()
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_active(work, plugins, "specimen", work.here.id, True, SINCE, "uji")
    assert "ValueError" in refused.value.what.en
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_active(work, plugins, "specimen", work.here.id, False, SINCE, "uji")


def test_permissions_of_a_plugin_come_with_those_of_the_core_where_it_is_active(
    shelf: Shelf, database: Database, acting: Any
):
    shelf.add(
        "specimen",
        declares="from guyub.sdk import Permission\n"
        "permissions = (Permission('specimen.collect', Text(id='a', en='b'), 'funds.receive'),)",
    )
    plugins = shelf.plugins()
    with acting("pengelola") as work:
        assert "specimen.collect" not in plugins.permissions(work, SINCE)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        set_active(work, plugins, "specimen", work.here.id, True, SINCE, "uji")
    for login, held in (("pengelola", True), ("pengamanan", False)):
        with acting(login) as work:
            assert ("specimen.collect" in plugins.permissions(work, SINCE)) is held
            assert ("specimen.collect" in plugins.permissions(work, date(2024, 12, 31))) is False

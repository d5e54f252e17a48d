"""What somebody switches at the command line counts at once in the processes that run: no restart, no query until then."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from guyub.db.unit_of_work import Database, Work
from guyub.jobs import outbox
from guyub.jobs.delivery import Delivered, deliver_due
from guyub.plugins.global_disable import note_tables, switch
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from tests.configuration.conftest import PEKALONGAN, SwitchOn
from tests.distributions import Shelf

TODAY = date(2024, 11, 12)
LISTENER = """
    heard = []

    @hookimpl
    def guyub_on_event(self, ctx, event):
        self.heard.append(event.kind)
"""

AtPekalongan = Callable[[], Any]


@pytest.fixture
def plugins(shelf: Shelf, switch_on: SwitchOn) -> PluginRegistry:
    shelf.add("specimen", declares=LISTENER)
    shelf.add("dependent", declares="requires = ('specimen',)")
    made = shelf.plugins()
    switch_on(made, "specimen")
    return made


@pytest.fixture
def here(database: Database) -> AtPekalongan:
    return lambda: database.work(database.as_service("tests", PEKALONGAN))


def set_switch(database: Database, *, disabled: bool) -> None:
    with database.work(database.as_service("someone else")) as work:
        switch(work, "specimen", disabled=disabled, reason="Rusak")


def test_a_disabled_plugin_is_refused_at_once_and_comes_back_when_it_is_enabled(
    plugins: PluginRegistry, database: Database, here: AtPekalongan
):
    with here() as work:
        assert plugins.require_active(work, "specimen", TODAY)
    set_switch(database, disabled=True)
    with here() as work:
        for ask in (plugins.require_active, plugins.resolve):
            with pytest.raises(Refusal) as refused:
                ask(work, "specimen", *((work.here.id,) if ask == plugins.resolve else ()), TODAY)
            assert "Rusak" in refused.value.what.en
        assert "specimen" in plugins.active(work, work.here.id, TODAY)
        assert plugins.status("dependent").code == "host.requires"
    set_switch(database, disabled=False)
    with here() as work:
        assert plugins.require_active(work, "specimen", TODAY)
        assert plugins.ready().keys() >= {"specimen", "dependent"}


def test_reviews_of_a_plugin_that_was_disabled_meanwhile_are_not_asked(
    shelf: Shelf, switch_on: SwitchOn, database: Database, here: AtPekalongan
):
    shelf.add("specimen", declares="@hookimpl\ndef guyub_health(self, ctx): raise OSError('still asked')")
    plugins = shelf.plugins()
    switch_on(plugins, "specimen")
    with here() as work:
        assert [item.slug for item in plugins.hooks.health(work, TODAY)] == ["specimen"]
    set_switch(database, disabled=True)
    with here() as work:
        assert plugins.hooks.health(work, TODAY) == []


def test_who_switches_it_sees_the_change_only_when_it_is_committed(plugins: PluginRegistry, database: Database):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        switch(work, "specimen", disabled=True, reason="")
        plugins.notice(work)
        work.session.rollback()
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert plugins.require_active(work, "specimen", TODAY)


def test_looking_costs_no_query_until_somebody_switched_something(
    plugins: PluginRegistry, database: Database, here: AtPekalongan
):
    def sent(work: Work) -> int:
        found: list[str] = []

        def note(*given: Any) -> None:
            found.append(given[2])

        event.listen(work.session.connection(), "before_cursor_execute", note)
        plugins.notice(work)
        event.remove(work.session.connection(), "before_cursor_execute", note)
        return len(found)

    with here() as work:
        assert sent(work) == 0
    with database.work(database.as_service("tests")) as work:
        note_tables(work, "specimen", "host.upgrade_tables")
    with here() as work:
        assert sent(work) > 0
        assert sent(work) == 0
    with here() as work:
        assert sent(work) == 0
        assert plugins.require_active(work, "specimen", TODAY)


def test_events_wait_while_the_plugin_is_disabled_and_the_worker_delivers_them_afterwards(
    plugins: PluginRegistry, shelf: Shelf, database: Database, here: AtPekalongan
):
    with database.work(database.as_service("tests")) as work:
        plugins.hooks.announce(work)
    with here() as work:
        outbox.emit(work, "cycle.closed", "bansos/2024-11", TODAY)
    set_switch(database, disabled=True)
    assert deliver_due(database, plugins, datetime.now(UTC)) == Delivered()
    set_switch(database, disabled=False)
    assert deliver_due(database, plugins, datetime.now(UTC)) == Delivered(done=1)
    assert shelf.module("guyub_specimen").plugin.heard == ["cycle.closed"]

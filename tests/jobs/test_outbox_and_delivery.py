"""Events: kept with what happened, told to the plugins that listen, repeated, parked, and never told twice."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database, Work
from guyub.jobs import background, delivery, outbox
from guyub.jobs.delivery import INTERVALS, MOST_ATTEMPTS, Delivered, deliver_due
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Forbidden, Refusal
from guyub.sdk.text import Text
from tests import damaged_rows
from tests.config_changes import set_active
from tests.distributions import Shelf
from tests.worlds import superuser

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"
NOVEMBER = date(2024, 11, 1)

LISTENER = """
from sqlalchemy import text
from guyub.sdk import Plugin, Text, hookimpl

TOLD = []
FAULT = None
TABLE = "guyub.event_listener"  # any table that the worker's door may write

class Listener(Plugin):
    slug = "listener"
    title = Text(id="Pendengar", en="The listener")
    summary = Text(id="Contoh untuk uji.", en="A specimen for tests.")

    @hookimpl
    def guyub_on_event(self, ctx, event):
        mark = "seen_" + event.id.hex[-12:]
        ctx.session.execute(text(f"INSERT INTO {TABLE} VALUES (:mark)"), {"mark": mark})
        if FAULT is not None:
            raise FAULT
        TOLD.append((ctx.facility.code, event))

plugin = Listener()
"""


class World:
    def __init__(self, plugins: PluginRegistry, database: Database, listener: Any) -> None:
        self.plugins = plugins
        self.database = database
        self.listener = listener

    def emit(self, kind: str = "cycle.closed", facility: str = PEKALONGAN, on: date = NOVEMBER, **details: Any) -> None:
        with self.database.work(self.database.as_service("tests", facility)) as work:
            outbox.emit(work, kind, "bansos/2024-11", on, details)

    def deliver(self, later: timedelta = timedelta()) -> Delivered:
        return deliver_due(self.database, self.plugins, datetime.now(UTC) + later)

    def told(self) -> list[str]:
        return [event.kind for _, event in self.listener.TOLD]

    def query(self, sql: str) -> list[Any]:
        with self.database.work(self.database.as_service("tests")) as work:
            return [tuple(row) for row in work.run(sql)]

    def deliveries(self) -> list[Any]:
        return self.query(
            "SELECT plugin, state, attempts, last_error <> '' FROM guyub.delivery ORDER BY event_id, plugin"
        )


@pytest.fixture
def world(shelf: Shelf, database: Database) -> World:
    shelf.add("listener", LISTENER)
    plugins = plugin_registry()
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        plugins.hooks.announce(work)
        set_active(work, plugins, "listener", work.here.id, True, date(2024, 6, 1), "uji")
    return World(plugins, database, shelf.module("guyub_listener"))


def test_an_event_reaches_the_listening_plugin_once_with_all_that_it_says(world: World):
    world.emit("cycle.approved", rupiah=750_000)
    assert world.listener.TOLD == []
    assert world.deliver() == Delivered(done=1)
    assert world.deliver() == Delivered()
    ((facility, event),) = world.listener.TOLD
    assert facility == PEKALONGAN
    assert (event.kind, event.subject, event.on, event.details) == (
        "cycle.approved",
        "bansos/2024-11",
        NOVEMBER,
        {"rupiah": 750_000},
    )
    assert isinstance(event.id, UUID)
    assert event.at.tzinfo is not None


def test_what_is_rolled_back_is_reported_to_nobody(world: World):
    with pytest.raises(ZeroDivisionError), world.database.work(world.database.as_service("tests", PEKALONGAN)) as work:
        emit_then_fail(work)
    assert world.query("SELECT 1 FROM guyub.event") == []
    assert world.deliver() == Delivered()


def emit_then_fail(work: Work) -> None:
    outbox.emit(work, "cycle.closed", "bansos/2024-11", NOVEMBER)
    raise ZeroDivisionError


def test_an_event_that_nobody_may_hear_leaves_no_row(world: World):
    world.emit(facility=KEBUMEN)
    world.emit(on=date(2024, 5, 31))
    assert world.query("SELECT 1 FROM guyub.event") == []


def test_an_event_of_an_unknown_kind_is_an_error_of_ours(world: World):
    with pytest.raises(ValueError, match="no such event"):
        world.emit("cycle.melted")


def test_a_plugin_that_fails_hears_again_later_and_then_no_more(world: World):
    world.emit()
    world.listener.FAULT = ValueError("Ibu Contoh")
    assert world.deliver() == Delivered(failed=1)
    assert world.deliver() == Delivered()
    later = timedelta()
    for interval in INTERVALS[:-1]:
        later += interval
        assert world.deliver(later) == Delivered(failed=1)
        assert world.deliver(later) == Delivered()
    later += INTERVALS[-1]
    assert world.deliver(later) == Delivered(parked=1)
    assert world.deliver(later + timedelta(days=99)) == Delivered()
    assert world.deliveries() == [("listener", "parked", MOST_ATTEMPTS, True)]


def test_what_is_parked_is_shown_without_a_persons_name_and_may_be_delivered_again(world: World, acting: Any):
    world.emit()
    world.listener.FAULT = ValueError("Ibu Contoh")
    for attempt in range(MOST_ATTEMPTS):
        world.deliver(timedelta(days=attempt))
    with world.database.work(world.database.as_service("tests")) as work:
        (stuck,) = outbox.stuck(work, world.plugins.ready().keys())
    assert (stuck.facility, stuck.plugin, stuck.kind, stuck.state) == (PEKALONGAN, "listener", "cycle.closed", "parked")
    assert stuck.last_error == f"ValueError ({stuck.error_code})"
    assert stuck.error_code.startswith("E-")
    assert "Ibu" not in stuck.last_error
    world.listener.FAULT = None
    with pytest.raises(Forbidden), acting("kasubsi") as work:
        outbox.deliver_again(work, events=[stuck.event_id])
    with acting("kanwil") as work:
        outbox.deliver_again(work, events=[stuck.event_id])
    assert world.deliver() == Delivered(done=1)
    assert world.told() == ["cycle.closed"]


def test_what_a_plugin_wrote_is_kept_exactly_when_the_delivery_is(world: World):
    seen = "SELECT 1 FROM guyub.event_listener WHERE plugin LIKE 'seen%'"
    world.emit()
    world.listener.FAULT = ValueError()
    world.deliver()
    assert world.query(seen) == []
    world.listener.FAULT = None
    world.deliver(timedelta(days=1))
    assert len(world.query(seen)) == 1


def test_a_failing_plugin_does_not_hold_up_another(world: World, shelf: Shelf):
    shelf.add("zebra", LISTENER.replace('slug = "listener"', 'slug = "zebra"').replace('"seen_"', '"zebra_"'))
    plugins = plugin_registry()
    with world.database.work(world.database.as_service("tests", PEKALONGAN)) as work:
        plugins.hooks.announce(work)
        set_active(work, plugins, "zebra", work.here.id, True, date(2024, 1, 1), "uji")
    world.listener.FAULT = SystemExit(1)
    world.emit()
    assert deliver_due(world.database, plugins, datetime.now(UTC)) == Delivered(done=1, failed=1)
    assert world.deliveries() == [("listener", "waiting", 1, True), ("zebra", "done", 1, False)]


def test_a_plugin_that_ends_the_process_again_and_again_is_parked(world: World):
    """Each time the attempt was counted and committed before the process died."""
    world.emit()
    with world.database.work(world.database.as_service("tests")) as work:
        damaged_rows.attempts_used_up(work)
    assert world.deliver() == Delivered(parked=1)
    assert world.told() == []


def test_an_interrupt_during_a_delivery_leaves_it_for_the_next_worker(world: World):
    world.emit()
    world.listener.FAULT = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        world.deliver()
    world.listener.FAULT = None
    assert world.deliver() == Delivered()
    assert world.deliver(INTERVALS[0]) == Delivered(done=1)


def test_events_wait_for_a_plugin_that_is_out_of_service(world: World):
    away = plugin_registry([])
    with world.database.work(world.database.as_service("tests")) as work:
        away.hooks.announce(work)
    world.emit()
    assert deliver_due(world.database, away, datetime.now(UTC)) == Delivered()
    with world.database.work(world.database.as_service("tests")) as work:
        (stuck,) = outbox.stuck(work, away.ready().keys())
        assert (stuck.plugin, stuck.state) == ("listener", "waiting")
        assert outbox.stuck(work, world.plugins.ready().keys()) == []
    assert world.deliver() == Delivered(done=1)


def test_a_plugin_that_listens_no_more_gets_no_new_events(world: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    world.plugins.set_aside("listener", Text(id="x", en="y"), Text(id="x", en="y"))
    monkeypatch.setattr(world.plugins, "ready", lambda: {"listener": None})
    with world.database.work(world.database.as_service("tests")) as work:
        world.plugins.hooks.announce(work)
    world.emit()
    assert world.query("SELECT 1 FROM guyub.event") == []


def test_a_plugin_whose_stored_configuration_is_not_valid_hears_of_events_once_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    world.emit()

    def refuse(*_: Any) -> Any:
        raise Refusal("host.config_invalid", Text(id="x", en="y"), Text(id="x", en="y"))

    with monkeypatch.context() as patched:
        patched.setattr(world.plugins, "resolve", refuse)
        assert world.deliver() == Delivered(failed=1)
    assert world.deliver(timedelta(days=1)) == Delivered(done=1)


def test_two_workers_tell_nothing_twice(world: World):
    for _ in range(12):
        world.emit()
    rounds: list[Delivered] = []
    workers = [threading.Thread(target=lambda: rounds.append(world.deliver())) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(item.done for item in rounds) == 12
    assert len({event.id for _, event in world.listener.TOLD}) == len(world.listener.TOLD) == 12


def test_a_row_that_another_worker_looks_at_for_a_moment_is_waited_for(world: World, installation: Installation):
    world.emit()
    claim = delivery._claim(world.database, world.plugins, datetime.now(UTC))
    assert claim is not None
    attempts: list[str | None] = []
    with superuser(installation) as other:
        other.execute("BEGIN")
        other.execute("SELECT FROM guyub.delivery FOR UPDATE")
        attempt = threading.Thread(
            target=lambda: attempts.append(delivery._attempt(world.database, world.plugins, claim))
        )
        attempt.start()
        attempt.join(0.3)
        assert attempt.is_alive()
        other.rollback()
        attempt.join(20)
    assert attempts == [None]
    assert world.told() == ["cycle.closed"]


def test_what_another_worker_is_telling_is_passed_over_and_counted_by_that_one(
    world: World, installation: Installation
):
    world.emit()
    with superuser(installation) as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(event_id::text || plugin, 0)) FROM guyub.delivery")
        assert world.deliver() == Delivered()
        other.rollback()
    assert world.told() == []
    assert world.deliver(INTERVALS[0]) == Delivered(done=1)


def test_the_worker_beside_the_pages_delivers_and_stops_with_them(world: World):
    with background.running(world.database, world.plugins, pause=0.05):
        world.emit()
        until = time.monotonic() + 20
        while not world.listener.TOLD and time.monotonic() < until:
            time.sleep(0.02)
    assert world.told() == ["cycle.closed"]
    assert not [thread for thread in threading.enumerate() if thread.name == "guyub-worker"]


def test_a_worker_survives_a_database_that_is_away(world: World, caplog: pytest.LogCaptureFixture):
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1", "key")
    with background.running(away, world.plugins, pause=0.05):
        until = time.monotonic() + 20
        while len(caplog.records) < 2 and time.monotonic() < until:
            time.sleep(0.02)
    away.close()
    assert len([record for record in caplog.records if "deliveries are waiting" in record.getMessage()]) >= 2


def test_a_facility_sees_no_event_of_another(world: World, acting: Any):
    world.emit()
    for login, seen in (("kasubsi", 1), ("kasubsi.kebumen", 0)):
        with acting(login) as work:
            for table in ("event", "delivery"):
                assert work.run(f"SELECT count(*) FROM guyub.{table}").scalar_one() == seen

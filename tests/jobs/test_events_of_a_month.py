"""What plugins are told of a whole month of Rutan Pekalongan."""

from datetime import UTC, date, datetime
from typing import Any

from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.funds import fund_page, queries, reversals
from guyub.jobs.delivery import deliver_due
from guyub.sdk.events import EVENTS
from tests import worlds
from tests.config_changes import set_active
from tests.distributions import Shelf

LISTENER = """
from guyub.sdk import Plugin, Text, hookimpl

TOLD = []

class Listener(Plugin):
    slug = "listener"
    title = summary = Text(id="Pendengar", en="The listener")

    @hookimpl
    def guyub_on_event(self, ctx, event):
        TOLD.append(event)

plugin = Listener()
"""


def documented(kind: str) -> set[str]:
    """The keys of an event's details as authors read of them."""
    return {key for key in EVENTS[kind].en.partition("details: ")[2].split(", ") if key}


def test_a_plugin_hears_of_a_receipt_that_is_taken_back_with_its_document(
    cluster: Any, installation: Installation, database: Database, shelf: Shelf
):
    shelf.add("listener", LISTENER)
    plugins = plugin_registry()
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        plugins.hooks.announce(work)
        set_active(work, plugins, "listener", work.here.id, True, date(2024, 1, 1), "uji")
    rutan = worlds.pekalongan(cluster, installation, database, plugins)
    (code, *_) = rutan.receive(november.INCOMES, date(2024, 11, 6))
    with rutan.work_of(rutan.management) as work:
        fund = queries.fund(work, code)
        (receipt,) = fund_page.received(work, fund.id)
        reversals.reverse(work, fund, receipt, "Salah dana", date(2024, 11, 7))
    deliver_due(database, plugins, datetime.now(UTC))
    told: Any = shelf.module("guyub_listener").TOLD  # type: ignore[attr-defined]  # a module that the test has written
    (event,) = (item for item in told if item.kind == "fund.receipt_reversed")
    assert event.subject == code
    assert event.details == {"source": "csr", "receipt": "csr_cash", "rupiah": 400_000, "evidence": "BAST-07/2024"}
    assert set(event.details) == documented(event.kind)


def test_each_step_of_the_month_is_reported_once_however_many_packages(
    cluster: Any, installation: Installation, database: Database, shelf: Shelf
):
    shelf.add("listener", LISTENER)
    plugins = plugin_registry()
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        plugins.hooks.announce(work)
        set_active(work, plugins, "listener", work.here.id, True, date(2024, 1, 1), "uji")
    november.run(worlds.pekalongan(cluster, installation, database, plugins), lambda _: None)
    deliver_due(database, plugins, datetime.now(UTC))
    events: Any = sorted(shelf.module("guyub_listener").TOLD, key=lambda event: (event.at, event.id))  # type: ignore[attr-defined]  # a module that the test has written
    assert [event.kind for event in events] == [
        "fund.received",
        "fund.received",
        "cycle.opened",
        "cycle.proposed",
        "cycle.approved",
        "cycle.started",
        *["package.handed_over"] * 5,
        "cycle.closed",
    ]
    assert [event.details for event in events[:2]] == [
        {"source": "csr", "receipt": "csr_cash", "rupiah": 400_000, "evidence": "BAST-07/2024"},
        {
            "source": "canteen",
            "receipt": "monthly_statement",
            "rupiah": 350_000,
            "evidence": "BKK-17; dasar bama: BA-03/KOP/2024",
        },
    ]
    for event in events:
        assert set(event.details) == documented(event.kind), event.kind
    by_kind = {event.kind: event for event in events}
    assert by_kind["cycle.proposed"].details == {"households": 5}
    assert by_kind["cycle.approved"].on == date(2024, 11, 12)
    assert {event.subject for event in events[2:]} == {"bansos/2024-11"}
    assert sum(event.details["rupiah"] for event in events if event.kind == "package.handed_over") > 0

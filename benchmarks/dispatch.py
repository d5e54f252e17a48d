"""What the host adds to a call: a pure hook at a facility with 50 installed and 25 active plugins, beside the bare calls.

The bare call is the same function with the same context in a plain loop. Also: statements sent for a warm dispatch (none),
for a write hook that writes (its savepoint), and the start-up of a host with 50 plugins beyond their own imports.
"""

import argparse
import gc
import importlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.homes import home_in, new_folder
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.bulk_write import ActivationAt, activate_many
from guyub.db.unit_of_work import Work
from guyub.demo import region, staff
from guyub.operations.context import AppContext, open_app
from guyub.plugins.dispatch import ask
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.reviews import SpendingBatch

INSTALLED, ACTIVE = 50, 25
TODAY = date(2024, 11, 12)
HOOK = "guyub_review_spending"

PLUGIN = """
from sqlalchemy import Column, Integer, Table, text
from guyub.sdk import Config, Plugin, Router, Rupiah, Text, hookimpl, field
from guyub.sdk.tables import facility_id, plugin_tables, row_id

SAID = Text(id="Contoh {n}", en="Specimen {n}")
tables = plugin_tables("specimen_{n}")
for name in ("first", "second", "third"):
    Table(name, tables, row_id(), facility_id(), Column("amount", Integer))
routes = Router()
for number in range(5):
    @routes.get(f"/page-{{number}}", permission="registry.read")
    def page(visit): return visit.page("page.html")

class Settings(Config):
    limit: Rupiah = field(SAID, help=SAID, default=1_000_000)

class Specimen(Plugin):
    slug = "specimen_{n}"
    title = summary = SAID
    config = Settings
    tables = tables
    routes = routes

    @hookimpl
    def guyub_review_spending(self, ctx, batch):
        if batch.program == "write":
            ctx.session.execute(text("SELECT 1"))
        return ()

plugin = Specimen()
"""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks dispatch")
    parser.add_argument("--rounds", type=int, default=2_000)
    rounds = parser.parse_args(arguments).rounds
    with new_folder() as folder, _shelf(folder / "shelf"), open_app(home_in(folder)) as here:
        _start_up()
        region.settle(here, staff.new_passwords(), lambda _: None)
        plugins = plugin_registry()
        with here.database.work(here.database.as_service("bench", staff.PEKALONGAN)) as work:
            since = date(2024, 1, 1)
            slugs = [f"specimen_{number}" for number in range(ACTIVE)]
            activate_many(work, [ActivationAt(staff.PEKALONGAN, slug, True, since, "benchmark") for slug in slugs])
        _calls(here, plugins, rounds)


def _start_up() -> None:
    """The modules are imported first; what is measured is what the host does with 53 plugins, against three."""
    for number in range(INSTALLED):
        importlib.import_module(f"guyub_specimen_{number}")
    few = _fastest(5, lambda: plugin_registry([]))
    many = _fastest(5, plugin_registry)
    print(
        f"start-up: {(many - few) / INSTALLED * 1e3:.2f} ms for each of {INSTALLED} plugins beyond its import (limit 15)"
    )


def _calls(here: AppContext, plugins: PluginRegistry, rounds: int) -> None:
    batch = SpendingBatch("bansos", TODAY, ())
    with here.database.work(here.database.as_service("bench", staff.PEKALONGAN)) as work:
        plugins.hooks.review_spending(work, batch, TODAY)
        prepared = plugins.hooks.prepared(work, HOOK, TODAY)
        sent = _statements(work)

        def bare() -> None:
            for _, function, ctx in prepared:
                function(ctx, batch)

        def dispatched() -> None:
            ask(HOOK, HOOKS[HOOK], plugins.hooks.prepared(work, HOOK, TODAY), work.session, staff.PEKALONGAN, batch)

        def reviewed() -> None:
            plugins.hooks.review_spending(work, batch, TODAY)

        gc.disable()
        alone = _fastest(rounds, bare) / len(prepared)
        asked = _fastest(rounds, dispatched) / len(prepared)
        whole = _fastest(rounds, reviewed) / len(prepared)
        gc.enable()
        print(f"implementations: {len(prepared)}; statements for {rounds} dispatches: {len(sent)}")
        print(f"{'bare call':<12} {alone * 1e6:>7.3f} µs")
        print(f"{'dispatched':<12} {asked * 1e6:>7.3f} µs   {(asked - alone) * 1e6:.3f} µs more for each (limit 1)")
        print(f"{'reviewed':<12} {whole * 1e6:>7.3f} µs   with the findings put together")
        plugins.hooks.review_spending(work, SpendingBatch("write", TODAY, ()), TODAY)
        savepoints = [item for item in sent if item.startswith("SAVEPOINT")]
        print(f"{len(savepoints)} savepoints for a batch in which {ACTIVE} implementations use the database")


def _statements(work: Work) -> list[str]:
    sent: list[str] = []
    event.listen(work.session.connection(), "before_cursor_execute", lambda *given: sent.append(given[2]))
    return sent


def _fastest(times: int, run: Callable[[], Any]) -> float:
    """Seconds of the fastest run: what the code costs when nothing else takes the machine."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best


@contextmanager
def _shelf(folder: Path) -> Iterator[None]:
    """Fifty distributions, each with three tables and five pages."""
    for number in range(INSTALLED):
        package = folder / f"guyub_specimen_{number}"
        (package / "migrations").mkdir(parents=True)
        (package / "__init__.py").write_text(PLUGIN.format(n=number))
        metadata = folder / f"guyub_specimen_{number}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: guyub-specimen-{number}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[guyub]\nspecimen_{number} = guyub_specimen_{number}:plugin\n")
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))

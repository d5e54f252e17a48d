"""The month of Rutan Pekalongan step by step: a worker takes each step once, and a test gets a copy of where it led."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.demo import november
from guyub.demo.month import Rutan, moment
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.filled import Filled, copy_of

Step = Callable[[Rutan, Mapping[str, Any]], Any]
"""Takes the month one step further; it is handed what the steps before it returned, by their names."""


@contextmanager
def rutan_in(cluster: Any, installation: Installation) -> Iterator[Rutan]:
    """Rutan Pekalongan of an installation that stays when this ends."""
    database = installation.database()
    try:
        yield worlds.pekalongan(cluster, installation, database, plugin_registry())
    finally:
        database.close()


@contextmanager
def month_until(cluster: Any, steps: Mapping[str, Step], asked: Collection[str]) -> Iterator[Filled]:
    """Rutan Pekalongan after the last of ``steps`` that is ``asked`` for; the outcome is that of each step, by its name."""
    last = max((place for place, name in enumerate(steps, 1) if name in asked), default=0)
    made = _after(cluster, list(steps.items())[:last])
    yield made
    cluster.drop(made.installation)


def _after(cluster: Any, steps: list[tuple[str, Step]]) -> Filled:
    if not steps:
        return Filled(cluster.copy(), {})
    *earlier, (name, step) = steps
    taken = tuple(each for _, each in steps)  # rooms share a step that they come to by others of their own
    if taken in cluster.templates:
        return copy_of(cluster, taken, lambda _: None)
    before = _after(cluster, earlier)

    def fill(installation: Installation) -> dict[str, Any]:
        with rutan_in(cluster, installation) as rutan:
            return {**before.outcome, name: step(rutan, before.outcome)}

    copy = copy_of(cluster, taken, fill, before)
    cluster.drop(before.installation)
    return copy


def bought(rutan: Rutan, _before: Mapping[str, Any]) -> Cycle:
    """November from its households until its goods are bought."""
    return worlds.november_until(rutan, "bought")


def closed(rutan: Rutan, before: Mapping[str, Any]) -> Cycle:
    """November bought, handed over to everybody and closed, where it was ``approved`` before; else from its households on."""
    if "approved" not in before:
        return worlds.november_until(rutan, "closed")
    approved: Cycle = before["approved"]
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, moment(november.DISTRIBUTION, november.BEGINS))
    return rutan.close(approved, november.DISTRIBUTION, "Semua paket diterima.")

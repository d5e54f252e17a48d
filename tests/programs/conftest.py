"""Worlds of the programmes: Rutan Pekalongan's November as far as a test needs it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs import cycles
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.worlds import Attacker, World


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    """An installation of its own, with nobody registered yet."""
    with worlds.a_world(cluster) as made:
        yield made


@pytest.fixture
def attackers(world: World) -> Iterator[Callable[[], Attacker]]:
    """``attackers()``: one more connection of somebody who speaks raw SQL."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(worlds.attacker(world.installation, world.database))


Until = Callable[[str], tuple[Rutan, Cycle]]


@pytest.fixture
def until(cluster: Any) -> Iterator[Until]:
    """``until("approved")``: Rutan Pekalongan of a new installation whose November came so far, and that month."""
    with ExitStack() as stack:

        def came(step: str) -> tuple[Rutan, Cycle]:
            rutan = stack.enter_context(worlds.a_world(cluster, until=step)).pekalongan
            with rutan.work_of(rutan.services) as work:
                return rutan, cycles.get(work, "bansos", november.PERIOD)

        yield came

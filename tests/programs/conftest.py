"""Worlds of the programmes: Rutan Pekalongan's November as far as a test needs it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

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

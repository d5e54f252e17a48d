"""Two facilities that lived through November 2024, and somebody who wants more than belongs to them."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests import worlds
from tests.worlds import Attacker, World


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    """Pekalongan closed its month, Kebumen too; no test of the module commits anything."""
    with worlds.a_world(cluster, until="closed", with_kebumen=True) as made:
        yield made


@pytest.fixture
def attacker(world: World) -> Iterator[Attacker]:
    with worlds.attacker(world.installation, world.database) as made:
        yield made


@pytest.fixture
def superuser(world: World) -> Iterator[psycopg.Connection]:
    with worlds.superuser(world.installation) as connection:
        yield connection

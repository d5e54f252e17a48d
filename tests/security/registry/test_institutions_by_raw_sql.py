"""What an institution is, attacked by raw SQL."""

import pytest

from tests import worlds
from tests.registry.test_secrets import world
from tests.worlds import World

__all__ = ["world"]
"""The worlds of that module, to attack."""


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("category = 'institution'", "23514"),
        ("institution_name = 'Panti Contoh'", "23514"),
        ("people_served = 10", "23514"),
        ("category = 'institution', institution_name = ' ', people_served = 10", "23514"),
        ("category = 'institution', institution_name = 'Panti Contoh', people_served = 0", "23514"),
        ("category = 'institution', institution_name = 'Panti Contoh', people_served = 30001", "23514"),
        ("category = 'institution', institution_name = 'Panti Contoh', people_served = 3000", "2 rows"),
    ],
)
def test_an_institution_has_a_name_and_people_and_nobody_else_has(world: World, change: str, outcome: str):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        assert attacker.tries(f"UPDATE guyub.household SET read_revision = revision, {change}") == outcome

"""A proposal, an approval and an absence have possible days, whatever SQL is sent."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

DAY, CHECK = "GU021", "23514"
PROPOSES = "UPDATE guyub.cycle SET state = 'proposed', proposed_on = {on}, decided_version = revision"
ABSENT = """UPDATE guyub.entitlement SET state = 'absent', state_reason = 'sakit', absent_on = {on} WHERE state = 'approved'"""


@pytest.fixture
def bought(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="bought") as made:
        yield made


def test_an_absence_has_a_possible_day(bought: World):
    with worlds.attacker(bought.installation, bought.database) as attacker:
        attacker.enter("kasubsi", PEKALONGAN)
        begins = "UPDATE guyub.cycle SET state = 'distributing', decided_version = revision"
        assert attacker.tries(begins) == "1 rows"
        for on, outcome in (
            ("NULL", CHECK),
            ("'2024-11-15'", DAY),
            ("current_date + 2", DAY),
            ("'2024-11-16'", "5 rows"),
        ):
            assert attacker.tries(ABSENT.format(on=on)) == outcome


def test_a_proposal_has_a_possible_day_and_no_approval_comes_before_it(own_proposed: World):
    def is_proposed_on(attacker: Attacker) -> Any:
        return attacker.value("SELECT proposed_on FROM guyub.cycle")

    with worlds.attacker(own_proposed.installation, own_proposed.database) as attacker:
        attacker.enter("kasubsi", PEKALONGAN)
        returns = "UPDATE guyub.cycle SET state = 'planned', decided_version = revision"
        assert attacker.tries(returns) == "1 rows"
        assert is_proposed_on(attacker) is None
        assert attacker.tries(PROPOSES.format(on="'2024-07-31'")) == DAY
        assert attacker.tries(PROPOSES.format(on="current_date + 2")) == DAY
        assert attacker.tries(PROPOSES.format(on="'2024-11-13'")) == "1 rows"
        assert attacker.tries("UPDATE guyub.cycle SET proposed_on = '2024-11-01'") == "1 rows"
        assert str(is_proposed_on(attacker)) == "2024-11-13"
        assert str(attacker.value("SELECT guyub.earliest_approval(id) FROM guyub.cycle")) == "2024-11-13"

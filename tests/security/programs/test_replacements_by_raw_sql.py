"""A place on a list is filled by the next reserve and by nobody else, confirmed by another person, whatever SQL is sent."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.access import sign_in
from tests import worlds
from tests.worlds import LEFT, PEKALONGAN, Attacker, World

STATE, DUTIES, KEPT, NOT_GRANTED, CHECK, TWICE = "GU003", "GU004", "GU002", "42501", "23514", "23505"
PLACE = """SELECT household_id FROM guyub.entitlement WHERE state = 'approved' ORDER BY score DESC, household_id
           LIMIT 1 OFFSET {nth}"""
NEXT = """SELECT r.household_id FROM guyub.entitlement e CROSS JOIN LATERAL guyub.reserves_for(e.id) r
          WHERE e.state = 'approved' LIMIT 1 OFFSET {nth}"""
PROPOSE = """INSERT INTO guyub.replacement (facility_id, cycle_id, goes_id, comes_id, reason)
             SELECT c.facility_id, c.id, ({goes}), ({comes}), '{reason}' FROM guyub.cycle c"""
CONFIRM = "UPDATE guyub.replacement SET confirmed = true"


def propose(place: int = 0, reserve: int = 0, reason: str = "pindah", comes: str = "", goes: str = "") -> str:
    return PROPOSE.format(goes=goes or PLACE.format(nth=place), comes=comes or NEXT.format(nth=reserve), reason=reason)


@pytest.fixture
def approved(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="approved") as made:
        yield made


@pytest.fixture
def attacker(approved: World) -> Iterator[Attacker]:
    with worlds.attacker(approved.installation, approved.database) as made:
        yield made


def becomes(attacker: Attacker, login: str) -> None:
    """Another person in the same transaction, which is rolled back in the end."""
    attacker.sees(LEFT)
    token = sign_in.session_for(attacker.database, login, "tests")
    attacker.connection.execute("SELECT guyub.enter(%s, %s)", (token, PEKALONGAN))


def test_the_next_reserve_is_proposed_and_confirmed_by_another(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(propose()) == "1 rows"
    assert attacker.tries(CONFIRM) == DUTIES
    becomes(attacker, "karutan")
    assert attacker.tries(CONFIRM) == "1 rows"
    assert attacker.value("SELECT count(*) FROM guyub.entitlement WHERE state = 'approved'") == 5
    assert attacker.sees(
        "SELECT e.state, s.number FROM guyub.replacement r JOIN guyub.entitlement e ON e.household_id IN (r.goes_id, r.comes_id) "
        "JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id ORDER BY 1"
    ) == [("approved", 1), ("excluded", 1)]
    assert attacker.tries(CONFIRM) == KEPT
    assert attacker.tries("UPDATE guyub.replacement SET confirmed = false") == KEPT
    assert attacker.tries("UPDATE guyub.replacement SET reason = 'lain'") == NOT_GRANTED
    assert attacker.tries("DELETE FROM guyub.replacement") == NOT_GRANTED


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        (propose(reserve=1), STATE),  # not the next one
        (propose(comes="SELECT household_id FROM guyub.entitlement WHERE state = 'approved' LIMIT 1"), STATE),
        (propose(goes="SELECT household_id FROM guyub.entitlement WHERE state = 'candidate' LIMIT 1"), STATE),
        (propose(reason=" "), CHECK),
    ],
)
def test_nobody_else_takes_the_place(attacker: Attacker, statement: str, outcome: str):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(statement) == outcome


def test_one_place_is_not_filled_twice_at_once(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(propose()) == "1 rows"
    assert attacker.tries(propose()) == TWICE
    assert attacker.tries(propose(place=1)) == "1 rows"


@pytest.mark.parametrize("who", ["pengelola", "pengamanan"])
def test_only_who_may_propose_proposes(attacker: Attacker, who: str):
    attacker.enter(who, PEKALONGAN)
    assert attacker.tries(propose()) in (DUTIES, "0 rows", NOT_GRANTED)
    assert attacker.value("SELECT count(*) FROM guyub.replacement") == 0


def test_who_and_when_are_not_the_writers_to_say(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    for column in ("proposed_by", "proposed_at", "decided_by", "decided_at", "confirmed"):
        assert attacker.tries(f"INSERT INTO guyub.replacement ({column}) VALUES (NULL)") == NOT_GRANTED, column


def test_the_list_itself_stays_frozen(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries("UPDATE guyub.entitlement SET state = 'approved' WHERE state = 'candidate'") == "GU006"
    assert attacker.tries("UPDATE guyub.entitlement SET state = 'excluded' WHERE state = 'approved'") == "GU006"


@pytest.mark.parametrize("step", ["proposed", "closed"])
def test_only_while_the_list_is_approved(cluster: Any, step: str):
    with worlds.a_world(cluster, until=step) as made, worlds.attacker(made.installation, made.database) as attacker:
        attacker.enter("kasubsi", PEKALONGAN)
        of_list = "SELECT household_id FROM guyub.entitlement WHERE state IN ('selected', 'received') LIMIT 1"
        reserve = "SELECT household_id FROM guyub.entitlement WHERE state = 'candidate' ORDER BY score DESC LIMIT 1"
        assert attacker.tries(propose(goes=of_list, comes=reserve)) == STATE

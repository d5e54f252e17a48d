"""A cancellation is attacked by raw SQL: half a note, a note twice, a note whose goods are gone, by somebody else."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from guyub.programs.cycles import Cycle
from tests import worlds
from tests.worlds import PEKALONGAN, World

NO_RIGHT, NOT_LIKE_THIS, BELOW_ZERO = "GU004", "GU005", "23514"
REVERSAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
              VALUES ((guyub.scope())[1], 'reversal', %(on)s, 'x', %(holder)s) RETURNING id"""
BACK = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
          SELECT t.facility_id, %(journal)s, t.fund_id, t.debit_account, t.credit_account, t.rupiah, t.quantity, t.id
          FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
          WHERE j.kind = 'purchase' AND j.number = 1 AND (%(all)s OR t.quantity > 0)"""


@pytest.fixture(scope="module", params=["bought", "served"])
def world(cluster: Any, request: pytest.FixtureRequest) -> Iterator[tuple[World, Cycle, str]]:
    with worlds.a_world(cluster) as made:
        yield made, worlds.november_until(made.pekalongan, request.param), request.param


def back(world: tuple[World, Cycle, str], login: str, *, whole: bool = True, times: int = 1) -> str:
    made, cycle, _ = world
    outcome = ""
    with worlds.attacker(made.installation, made.database) as thief:
        thief.enter(login, PEKALONGAN)
        for _ in range(times):
            try:
                journal = thief.value(REVERSAL, {"on": "2024-11-20", "holder": cycle.id})
            except psycopg.Error as error:
                return error.sqlstate or ""
            outcome = thief.tries(BACK, {"journal": journal, "all": whole})
    return outcome


def test_a_note_is_taken_back_as_a_whole_by_who_may_spend_while_its_goods_are_there(world: tuple[World, Cycle, str]):
    step = world[2]
    whole = back(world, "pengelola")
    assert whole.endswith("rows") if step == "bought" else whole == BELOW_ZERO
    if step == "bought":
        assert back(world, "pengelola", whole=False) == NOT_LIKE_THIS
        assert back(world, "pengelola", times=2) == NOT_LIKE_THIS
    for login in ("kasubsi", "karutan"):
        assert back(world, login) == NO_RIGHT

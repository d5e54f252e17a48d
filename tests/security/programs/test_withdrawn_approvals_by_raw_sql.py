"""An approval ends by an act of its own, before anything came of it, whatever SQL is sent."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

STATE, DUTIES, STALE, KEPT, NOT_GRANTED, CHECK = "GU003", "GU004", "GU022", "GU002", "42501", "23514"
WITHDRAW = """INSERT INTO guyub.withdrawn_approval (facility_id, cycle_id, version, reason)
              SELECT facility_id, id, revision + {off}, '{reason}' FROM guyub.cycle"""
PLANNED = "UPDATE guyub.cycle SET state = 'planned', decided_version = revision"
RELEASE = """
    WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                     SELECT facility_id, 'release', '2024-11-15', 'contoh', id FROM guyub.cycle RETURNING id),
    held AS (SELECT a.* FROM guyub.account a WHERE a.reservation_id IS NOT NULL AND a.rupiah > 0)
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
    SELECT held.facility_id, journal.id, held.fund_id, held.id, home.id, held.rupiah, held.quantity
    FROM journal, held JOIN guyub.account home ON home.fund_id = held.fund_id AND home.kind = 'cash'
    WHERE held.kind = 'cash_reserved'"""


def withdraw(reason: str = "harga keliru", off: int = 0) -> str:
    return WITHDRAW.format(reason=reason, off=off)


@pytest.fixture(scope="module", params=["approved", "bought", "distributing"])
def month(request: pytest.FixtureRequest, cluster: Any) -> Iterator[tuple[str, World]]:
    with worlds.a_world(cluster, until=request.param) as made:
        yield request.param, made


@pytest.fixture
def approved(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="approved") as made:
        yield made


@pytest.fixture
def attacker(approved: World) -> Iterator[Attacker]:
    with worlds.attacker(approved.installation, approved.database) as made:
        yield made


def test_with_everything_given_back_the_row_takes_the_step(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(RELEASE, half_way=True) != "0 rows"
    assert attacker.tries(withdraw()) == "1 rows"
    assert attacker.sees("SELECT state, approved_by, approved_from, proposed_by FROM guyub.cycle") == [
        ("planned", None, None, None)
    ]
    assert attacker.sees("SELECT count(*) FILTER (WHERE withdrawn_at IS NULL) FROM guyub.reservation") == [(0,)]
    assert attacker.sees("SELECT DISTINCT state FROM guyub.entitlement WHERE state IN ('approved', 'selected')") == [
        ("selected",)
    ]
    stamped = "SELECT withdrawn_by = guyub.actor() AND approved_by IS NOT NULL FROM guyub.withdrawn_approval"
    assert attacker.value(stamped) is True
    assert attacker.tries("UPDATE guyub.withdrawn_approval SET reason = 'lain'") == NOT_GRANTED
    assert attacker.tries("DELETE FROM guyub.withdrawn_approval") == NOT_GRANTED


def test_a_release_without_the_step_does_not_last(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(RELEASE) == STATE


def test_not_while_something_is_reserved(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(withdraw()) == STATE


def test_not_by_the_state_alone(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    attacker.tries(RELEASE, half_way=True)
    assert attacker.tries(PLANNED) == STATE


@pytest.mark.parametrize("reason", ["", "  ", "​"])
def test_not_without_a_reason(attacker: Attacker, reason: str):
    attacker.enter("karutan", PEKALONGAN)
    attacker.tries(RELEASE, half_way=True)
    assert attacker.tries(withdraw(reason)) == CHECK


@pytest.mark.parametrize("off", [-1, 1])
def test_not_of_another_version(attacker: Attacker, off: int):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(withdraw(off=off)) == STALE


@pytest.mark.parametrize("who", ["kasubsi", "pengelola", "pengamanan"])
def test_not_by_one_who_may_not_approve(attacker: Attacker, who: str):
    attacker.enter(who, PEKALONGAN)
    assert attacker.tries(withdraw()) == DUTIES
    assert attacker.tries(PLANNED) in (DUTIES, STATE)


def test_not_by_a_job(attacker: Attacker):
    attacker.enter_service()
    assert attacker.tries(withdraw()) == DUTIES


def test_who_withdrew_when_and_what_ended_is_not_the_writers_to_say(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    for column in ("approved_by", "approved_at", "withdrawn_by", "withdrawn_at", "proposed_by"):
        statement = f"INSERT INTO guyub.withdrawn_approval ({column}) VALUES (NULL)"
        assert attacker.tries(statement) == NOT_GRANTED, column
    assert attacker.tries("UPDATE guyub.reservation SET withdrawn_at = now()") == NOT_GRANTED


def test_the_owner_itself_changes_no_promise(approved: World):
    with worlds.superuser(approved.installation) as root:
        for change in ("quantity = 1", "withdrawn_at = now(), price = 1"):
            with pytest.raises(psycopg.Error) as refused:
                root.execute(f"UPDATE guyub.reservation SET {change}".encode())
            assert refused.value.sqlstate == KEPT


def test_not_after_goods_were_bought_or_packages_handed_over(month: tuple[str, World]):
    came, world = month
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("karutan", PEKALONGAN)
        assert attacker.tries(withdraw()) == STATE
        came_of = attacker.value("SELECT guyub.came_of_approval(id) FROM guyub.cycle")
    assert came_of == {"approved": "", "bought": "after_purchase", "distributing": "after_purchase"}[came]

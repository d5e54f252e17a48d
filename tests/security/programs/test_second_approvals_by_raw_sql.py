"""Where two people approve, no SQL approves with one."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from guyub.db.unit_of_work import Work
from guyub.funds import reservations
from guyub.funds.reservations import Holder
from guyub.programs import coverage, cycles
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import APPROVED, PEKALONGAN, Attacker, World

STATE, DUTIES, STALE, KEPT, NOT_GRANTED, ONCE = "GU003", "GU004", "GU022", "GU002", "42501", "23505"
FIRST = """INSERT INTO guyub.first_approval (facility_id, cycle_id, version)
           SELECT facility_id, id, revision + {off} FROM guyub.cycle"""
APPROVE = """UPDATE guyub.cycle SET state = 'approved', decided_version = revision"""


def first(off: int = 0) -> str:
    return FIRST.format(off=off)


def _two(made: World) -> None:
    worlds.employ(made.database, "plh", "head", PEKALONGAN)
    worlds.configure_region(made.database, "bansos", "jawa-tengah", second_approval_above=1)


@pytest.fixture
def proposed(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="proposed", fill=_two) as made:
        yield made


@pytest.fixture
def attacker(proposed: World) -> Iterator[Attacker]:
    with worlds.attacker(proposed.installation, proposed.database) as made:
        yield made


def alone(world: World, login: str) -> str:
    """Reserves all as an approval does and takes its step at once; returns the code of what is said."""

    def act(work: Work) -> None:
        cycle = cycles.get(work, "bansos", worlds.november.PERIOD)
        fund_ids = coverage.funds_of(work, cycle)
        holder = Holder(cycle.id, "bansos", cycle.period, "contoh", cycle.distribution_on)
        reservations.reserve(work, holder, coverage.needs(work, cycle, fund_ids), fund_ids, APPROVED)
        work.session.execute(text(APPROVE))

    with pytest.raises(Refusal) as refused, world.pekalongan.work_of(login) as work:
        act(work)
    return refused.value.code


def test_one_alone_approves_nothing(proposed: World):
    assert alone(proposed, "karutan") == "programs.second_approver"


def test_the_same_person_twice_approves_nothing(proposed: World, attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(first()) == "1 rows"
    attacker.connection.commit()
    assert alone(proposed, "karutan") == "programs.second_approver"
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(first()) == ONCE


def test_the_first_approval_is_stamped_and_kept(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(first()) == "1 rows"
    assert attacker.value("SELECT approved_by = guyub.actor() FROM guyub.first_approval") is True
    assert attacker.tries("UPDATE guyub.first_approval SET version = 1") == NOT_GRANTED
    assert attacker.tries("DELETE FROM guyub.first_approval") == NOT_GRANTED
    for column in ("approved_by", "approved_at"):
        assert attacker.tries(f"INSERT INTO guyub.first_approval ({column}) VALUES (NULL)") == NOT_GRANTED


@pytest.mark.parametrize("off", [-1, 1])
def test_not_of_another_version(attacker: Attacker, off: int):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(first(off)) == STALE


@pytest.mark.parametrize("who", ["kasubsi", "pengelola", "pengamanan"])
def test_not_by_the_proposer_nor_by_one_who_may_not_approve(attacker: Attacker, who: str):
    attacker.enter(who, PEKALONGAN)
    assert attacker.tries(first()) == DUTIES


def test_not_by_a_job(attacker: Attacker):
    attacker.enter_service()
    assert attacker.tries(first()) == DUTIES


def test_not_of_a_month_that_is_not_proposed(cluster: Any):
    with (
        worlds.a_world(cluster, until="approved") as made,
        worlds.attacker(made.installation, made.database) as attacker,
    ):
        attacker.enter("karutan", PEKALONGAN)
        assert attacker.tries(first()) == STATE


def test_money_is_not_added_by_one_whatever_scope_is_left(cluster: Any):
    with (
        worlds.a_world(cluster, until="approved") as made,
        worlds.attacker(made.installation, made.database) as attacker,
    ):
        worlds.configure_region(made.database, "bansos", "jawa-tengah", second_approval_above=1)
        attacker.enter("karutan", PEKALONGAN)
        add = """WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                                  SELECT facility_id, 'reservation', '2024-11-14', 'contoh', id FROM guyub.cycle RETURNING id)
                 INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
                 SELECT a.facility_id, journal.id, a.fund_id, home.id, a.id, 1, 0 FROM journal, guyub.account a
                 JOIN guyub.account home ON home.fund_id = a.fund_id AND home.kind = 'cash' AND home.rupiah > 0
                 WHERE a.kind = 'cash_reserved' AND a.rupiah > 0 LIMIT 1"""
        assert attacker.tries(add) == STATE
        assert attacker.tries(add, half_way=True) == "1 rows"
        attacker.sees(worlds.LEFT)
        assert attacker.tries("SELECT 1") == STATE
        attacker.enter("pengelola", PEKALONGAN)
        ask = """INSERT INTO guyub.money_request (facility_id, holder_id, item_id, amount)
                 SELECT r.facility_id, r.holder_id, r.item_id, 10 FROM guyub.reservation r WHERE NOT r.from_stock LIMIT 1"""
        assert attacker.tries(ask) == "1 rows"
        attacker.connection.commit()
        once = "INSERT INTO guyub.first_money_approval (facility_id, request_id) SELECT facility_id, id FROM guyub.money_request"
        attacker.enter("pengelola", PEKALONGAN)
        assert attacker.tries(once) == DUTIES
        attacker.enter("karutan", PEKALONGAN)
        assert attacker.tries(once) == "1 rows"
        assert attacker.tries(once) == ONCE
        assert attacker.tries("DELETE FROM guyub.first_money_approval") == NOT_GRANTED
        attacker.connection.commit()
        attacker.enter("karutan", PEKALONGAN)
        assert attacker.tries(add) == STATE


MOVE = """WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                           SELECT facility_id, '{kind}', '2024-11-18', 'contoh', id FROM guyub.cycle RETURNING id)
          INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
          SELECT a.facility_id, journal.id, a.fund_id, {giver}.id, {taker}.id, 1, 0 FROM journal, guyub.account a
          JOIN guyub.account home ON home.fund_id = a.fund_id AND home.kind = 'cash' AND home.rupiah > 0
          WHERE a.kind = 'cash_reserved' ORDER BY a.id LIMIT 1"""


def _one_for_all(made: World) -> None:
    worlds.add_role(made.database, "merangkap", "facility", "programs.read", "programs.close", "funds.topup")
    worlds.employ(made.database, "rangkap", "merangkap", PEKALONGAN)
    worlds.configure_region(made.database, "bansos", "jawa-tengah", second_approval_above=1)


def test_whether_two_approve_is_decided_when_money_is_added_and_not_when_the_month_has_been_closed(cluster: Any):
    with (
        worlds.a_world(cluster, until="served", fill=_one_for_all) as made,
        worlds.attacker(made.installation, made.database) as attacker,
    ):
        attacker.enter("rangkap", PEKALONGAN)
        assert attacker.tries(MOVE.format(kind="reservation", giver="home", taker="a"), half_way=True) == "1 rows"
        assert attacker.tries(MOVE.format(kind="release", giver="a", taker="home"), half_way=True) == "1 rows"
        close = "UPDATE guyub.cycle SET state = 'closed', decided_version = revision"
        assert attacker.tries(close, half_way=True) == "1 rows"
        assert attacker.tries("SELECT 1") == STATE

"""A closed month takes no entry but those of a correction, which does what it says and no more, whatever SQL is sent."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.programs import corrections, cycles, queries
from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

STATE, DUTIES, FROZEN, STALE, NOT_GRANTED, CHECK, DAY = "GU003", "GU004", "GU006", "GU022", "42501", "23514", "GU021"
CORRECT = """INSERT INTO guyub.correction (facility_id, cycle_id, version, kind, entitlement_id, occurred_on, reason)
             SELECT c.facility_id, c.id, guyub.version_of_closed(c.id) + {off}, '{kind}',
                    ({who}), '{on}', '{reason}'
             FROM guyub.cycle c"""
UNDO = """
    WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                     SELECT facility_id, 'reversal', '2024-11-20', 'contoh', id FROM guyub.cycle RETURNING id, facility_id),
    handed AS (SELECT h.* FROM guyub.handover h WHERE h.reversed_at IS NULL ORDER BY h.seq LIMIT 1)
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
    SELECT t.facility_id, journal.id, t.fund_id, t.debit_account, t.credit_account, l.rupiah, l.quantity, t.id
    FROM journal, handed JOIN guyub.handover_line l ON l.handover_id = handed.id JOIN guyub.transfer t ON t.id = l.transfer_id"""
JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
             SELECT facility_id, '{kind}', '2024-11-20', 'contoh', id FROM guyub.cycle"""


IN_STATE = "SELECT e.id FROM guyub.entitlement e WHERE e.cycle_id = c.id AND e.state = '{state}' LIMIT 1"
FIRST_SERVED = "SELECT h.entitlement_id FROM guyub.handover h ORDER BY h.seq LIMIT 1"
UNDONE = """UPDATE guyub.handover SET reversed_at = now(), reversed_by = guyub.actor(), reversal_reason = 'keliru',
                   reversal_journal_id = (SELECT id FROM guyub.journal WHERE kind = 'reversal' ORDER BY recorded_at DESC LIMIT 1)
            WHERE id = (SELECT id FROM guyub.handover ORDER BY seq LIMIT 1)"""


def correct(kind: str = "taken_back", state: str = "received", **named: Any) -> str:
    asked = {"who": IN_STATE.format(state=state), "on": "2024-11-20", "reason": "keliru", "off": 0, **named}
    return CORRECT.format(kind=kind, **asked)


@pytest.fixture
def closed(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="closed") as made:
        yield made


@pytest.fixture
def attacker(closed: World) -> Iterator[Attacker]:
    with worlds.attacker(closed.installation, closed.database) as made:
        yield made


@pytest.mark.parametrize("step", ["planned", "proposed", "approved", "distributing"])
def test_an_open_month_is_not_corrected(cluster: Any, step: str):
    with (
        worlds.a_world(cluster, until=step) as made,
        worlds.attacker(made.installation, made.database) as attacker,
    ):
        attacker.enter("kasubsi", PEKALONGAN)
        assert attacker.tries(correct(state="selected"), half_way=True) in (STATE, CHECK)
        assert attacker.tries(correct(state="approved"), half_way=True) in (STATE, CHECK)


def test_a_correction_that_books_nothing_does_not_last(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct()) == STATE
    assert attacker.tries(correct(), half_way=True) == "1 rows"
    attacker.sees(worlds.LEFT)
    assert attacker.tries("SELECT 1") == STATE


@pytest.mark.parametrize("kind", ["reservation", "purchase", "hand_over", "reversal", "release"])
def test_nothing_is_booked_for_a_closed_month_without_one(attacker: Attacker, kind: str):
    for who in ("kasubsi", "karutan", "pengelola"):
        attacker.enter(who, PEKALONGAN)
        assert attacker.tries(JOURNAL.format(kind=kind), half_way=True) in (STATE, DUTIES)
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(UNDO, half_way=True) == STATE


@pytest.mark.parametrize("kind", ["reservation", "purchase", "hand_over"])
def test_one_that_takes_back_reserves_and_gives_nothing(attacker: Attacker, kind: str):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(), half_way=True) == "1 rows"
    assert attacker.tries(JOURNAL.format(kind=kind), half_way=True) in (STATE, DUTIES)


def test_what_is_taken_back_does_not_stay_reserved(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(who=FIRST_SERVED), half_way=True) == "1 rows"
    assert attacker.tries(UNDO, half_way=True) != "0 rows"
    assert attacker.tries(UNDONE, half_way=True) == "1 rows"
    assert attacker.value("SELECT count(*) FROM guyub.entitlement WHERE state = 'returned'") == 1
    assert attacker.tries("SELECT 1") == STATE


def test_another_household_than_the_one_named_gives_nothing_back(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(who=FIRST_SERVED.replace("seq", "seq DESC")), half_way=True) == "1 rows"
    attacker.tries(UNDO, half_way=True)
    assert attacker.tries(UNDONE, half_way=True) == FROZEN


def test_a_hand_over_is_not_taken_back_on_a_day_before_it(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(who=FIRST_SERVED, on="2024-11-15"), half_way=True) == DAY
    assert attacker.tries(correct(who=FIRST_SERVED, on="2024-11-16"), half_way=True) == "1 rows"


def test_a_hand_over_is_taken_back_once(closed: World, attacker: Attacker):
    with closed.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", worlds.november.PERIOD)
        [first, *_] = queries.recipients(work, cycle)
        version = corrections.version_of(work, cycle)
        corrections.take_back(work, cycle, first.id, worlds.november.DISTRIBUTION, "kembali", version=version)
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(state="returned")) == STATE
    assert attacker.value("SELECT state FROM guyub.cycle") == "closed"
    assert (
        attacker.value(
            "SELECT count(*) FROM guyub.account WHERE reservation_id IS NOT NULL AND (rupiah <> 0 OR quantity <> 0)"
        )
        == 0
    )
    assert attacker.tries("UPDATE guyub.entitlement SET state = 'received' WHERE state = 'returned'") == FROZEN


@pytest.mark.parametrize("off", [-1, 1])
def test_not_of_another_version(attacker: Attacker, off: int):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(off=off)) == STALE


@pytest.mark.parametrize("who", ["karutan", "pengelola", "pengamanan"])
def test_not_by_one_who_may_not(attacker: Attacker, who: str):
    attacker.enter(who, PEKALONGAN)
    assert attacker.tries(correct(), half_way=True) == DUTIES


def test_not_by_a_job_and_not_by_who_approved(closed: World, attacker: Attacker):
    attacker.enter_service()
    assert attacker.tries(correct(), half_way=True) == DUTIES
    worlds.permit(closed.database, "head", "programs.close", "programs.handover")
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(correct(), half_way=True) == DUTIES


@pytest.mark.parametrize("reason", ["", "  ", "​"])
def test_not_without_a_reason(attacker: Attacker, reason: str):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(reason=reason), half_way=True) == CHECK


@pytest.mark.parametrize("on", ["2024-11-01", "2199-01-01"])
def test_not_before_the_approval_nor_in_days_to_come(attacker: Attacker, on: str):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct(on=on), half_way=True) == DAY


def test_who_has_received_does_not_receive_late(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(correct("handed_over_late"), half_way=True) == STATE


def test_what_was_corrected_stays_as_it_is(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    for statement in ("UPDATE guyub.correction SET reason = 'x'", "DELETE FROM guyub.correction"):
        assert attacker.tries(statement) == NOT_GRANTED
    for column in ("corrected_by", "corrected_at", "xid", "began_at"):
        assert attacker.tries(f"INSERT INTO guyub.correction ({column}) VALUES (NULL)") == NOT_GRANTED

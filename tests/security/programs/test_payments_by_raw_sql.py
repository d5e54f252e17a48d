"""What a programme pays in money, attacked by raw SQL."""

import pytest

from guyub.demo.month import Rutan
from guyub.programs import distribution
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.programs.test_money_programme import approved, rutan
from tests.worlds import PEKALONGAN

__all__ = ["approved", "rutan"]
"""The worlds of that module, to attack."""


PAY = """
    WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                     SELECT facility_id, 'hand_over', '2024-11-16', 'contoh', id FROM guyub.cycle RETURNING id),
    paid AS (INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
             SELECT held.facility_id, journal.id, held.fund_id, held.id, far.id, {taken}
             FROM journal, guyub.account held JOIN guyub.account far ON far.fund_id = held.fund_id AND far.kind = 'payments'
             WHERE held.kind = 'cash_reserved' LIMIT 1 RETURNING id, facility_id, journal_id, rupiah),
    given AS (INSERT INTO guyub.handover (id, facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness,
                                          proof)
              SELECT uuidv7(), e.facility_id, e.id, journal.id, 1, '2024-11-16 09:00+07', guyub.actor(), 'Saksi Contoh',
                     'signature'
              FROM journal, guyub.entitlement e WHERE e.state = 'approved' ORDER BY e.id LIMIT 1 RETURNING id)
    INSERT INTO guyub.handover_line (facility_id, handover_id, transfer_id, quantity, rupiah)
    SELECT paid.facility_id, given.id, paid.id, 0, {given} FROM paid, given"""


@pytest.mark.parametrize(
    ("taken", "given", "outcome"),
    [
        (250_000, 250_000, "1 rows"),
        (100_000, 100_000, "GU005"),
        (250_000, 100_000, "GU005"),
        (100_000, 250_000, "GU005"),
        (500_000, 500_000, "GU005"),
    ],
)
def test_raw_sql_pays_the_allowance_and_no_other_amount(
    rutan: Rutan, approved: Cycle, taken: int, given: int, outcome: str
):
    with rutan.work_of("kasubsi") as work:
        distribution.start(work, approved)
    with worlds.attacker(rutan.opened.installation, rutan.opened.database) as attacker:
        attacker.enter("kasubsi", PEKALONGAN)
        assert attacker.tries(PAY.format(taken=taken, given=given)) == outcome

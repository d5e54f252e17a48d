"""The terms of a fund, attacked by raw SQL."""

import pytest

from guyub.demo.month import Rutan
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.programs.test_the_month import baskets
from tests.worlds import RECEIVED, gift

__all__ = ["baskets"]
"""The worlds of that module, to attack."""


def test_raw_sql_does_not_bend_the_terms_of_a_fund(baskets: Rutan):
    baskets.receive([gift("TERIKAT", 5_000_000, programs=["bansos"]), gift("UMUM", 10)], RECEIVED)
    cycle = worlds.proposed(baskets, "paket", ["TERIKAT"])
    with pytest.raises(Refusal) as refused, baskets.work_of("karutan") as work:
        work.run(
            """WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                                SELECT facility_id, 'reservation', '2024-11-12', 'contoh', id FROM guyub.cycle RETURNING id)
               INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, item_id, category,
                                              quantity, price, from_stock)
               SELECT c.facility_id, c.id, journal.id, 'paket', c.period, f.fund_id, l.item_id, 'inmate_family', 25, l.price,
                      false
               FROM journal, guyub.cycle c JOIN guyub.cycle_fund f ON f.cycle_id = c.id
               JOIN guyub.package_line l ON l.cycle_id = c.id"""
        )
    assert refused.value.code == "funds.restriction"
    assert cycle.state == "proposed"

"""The terms of a fund, attacked by raw SQL."""

from datetime import date

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


def test_raw_sql_does_not_move_an_approved_month_beyond_the_terms_of_what_pays(baskets: Rutan):
    """TERIKAT pays; LAMA is on the list of funds and is not needed."""
    terms = {"usable_until": "2024-11-17"}
    baskets.receive([gift("TERIKAT", 50_000_000, **terms), gift("LAMA", 5, usable_until="2024-11-16")], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["TERIKAT", "LAMA"])
    move = "UPDATE guyub.cycle SET distribution_on = :day, decided_version = revision WHERE id = :cycle"
    with baskets.work_of("kasubsi") as work:
        work.run(move, day=date(2024, 11, 17), cycle=cycle.id)
    with pytest.raises(Refusal) as refused, baskets.work_of("kasubsi") as work:
        work.run(move, day=date(2024, 11, 18), cycle=cycle.id)
    assert refused.value.code == "funds.after_terms"

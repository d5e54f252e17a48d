"""The arrival of goods is attacked by raw SQL: more damaged than arrived, without a reason, before its promise, not as booked."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import worlds
from tests.worlds import PEKALONGAN, World

CHECK, NOT_LIKE_THIS, DIFFERS, ABSENT = "23514", "GU005", "GU079", "42501"
JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, occurred_on, booked_on, memo, evidence)
             VALUES ((guyub.scope())[1], 'receipt', '2024-11-14', '2024-11-14', 'x', 'x-1') RETURNING id"""
ARRIVAL = """INSERT INTO guyub.goods_arrival
                 (facility_id, journal_id, item_id, line, unit, promised, promised_on, arrived, damaged, reason)
             SELECT facility_id, %(journal)s, id, 1, unit, %(promised)s, %(day)s, %(arrived)s, %(damaged)s, %(reason)s
             FROM guyub.item ORDER BY code LIMIT 1"""
USUAL = {"promised": None, "day": None, "arrived": 10, "damaged": 0, "reason": ""}
"""Whole goods; without a posting they are refused at the end of the transaction, not before."""


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        worlds.november_until(made.pekalongan, "bought")
        yield made


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, DIFFERS),
        ({"promised": 100, "day": "2024-11-01"}, DIFFERS),
        ({"damaged": 1}, CHECK),
        ({"damaged": 1, "reason": "\u200b \u2800"}, CHECK),
        ({"damaged": 11, "reason": "basah"}, CHECK),
        ({"damaged": -1, "reason": "basah"}, CHECK),
        ({"arrived": "NaN", "reason": "basah"}, CHECK),
        ({"arrived": 0}, CHECK),
        ({"promised": -1, "day": "2024-11-01"}, CHECK),
        ({"promised": 100}, CHECK),
        ({"promised": 100, "day": "1024-11-01"}, CHECK),
    ],
)
def test_an_arrival_fits_what_is_booked(world: World, changed: dict[str, Any], said: str):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        assert attacker.tries(ARRIVAL, {**USUAL, **changed, "journal": attacker.value(JOURNAL)}) == said


def test_nobody_adds_one_to_a_receipt_of_before(world: World):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        earlier = attacker.value("SELECT id FROM guyub.journal WHERE kind = 'receipt' LIMIT 1")
        assert attacker.tries(ARRIVAL, {**USUAL, "journal": earlier}) == NOT_LIKE_THIS

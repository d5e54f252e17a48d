"""The same document is attacked by raw SQL: it enters the books once, or names what it repeats."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, RECEIVED, Attacker, World, gift

KNOWN, NOT_LIKE_THIS = "GU040", "GU005"
BOOKED = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence, repeats)
            SELECT f.facility_id, 'receipt', DATE '2024-11-20', 'x', %(evidence)s, %(repeats)s
            FROM guyub.fund f WHERE f.code = 'UANG'"""
EARLIER = "SELECT id FROM guyub.journal WHERE kind = %(kind)s ORDER BY recorded_at LIMIT 1"
RECORDED = """INSERT INTO guyub.fund_receipt (facility_id, fund_id, journal_id, plugin, kind, form, occasion)
              SELECT f.facility_id, f.id, %(journal)s, 'hibah', 'gift', '{}', %(occasion)s
              FROM guyub.fund f WHERE f.code = 'UANG'"""


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive([gift("UANG", 2_000_000)], RECEIVED)
        yield made


@pytest.fixture
def treasurer(world: World) -> Iterator[Attacker]:
    with worlds.attacker(world.installation, world.database) as thief:
        thief.enter("pengelola", PEKALONGAN)
        yield thief


def booked(thief: Attacker, evidence: str, repeats: Any = None) -> str:
    return thief.tries(BOOKED, {"evidence": evidence, "repeats": repeats})


def test_a_document_enters_the_books_once_or_names_what_it_repeats(treasurer: Attacker):
    evidence = str(treasurer.value("SELECT evidence FROM guyub.journal WHERE kind = %(kind)s", {"kind": "receipt"}))
    assert booked(treasurer, evidence) == KNOWN
    assert booked(treasurer, f" {evidence.upper().replace(' ', '  -')} ") == KNOWN
    assert booked(treasurer, "another") == "1 rows"
    assert booked(treasurer, "") == "1 rows"
    earlier = treasurer.value(EARLIER, {"kind": "receipt"})
    assert booked(treasurer, evidence, earlier) == "1 rows"


def test_what_is_repeated_is_an_entry_of_the_facility(treasurer: Attacker):
    assert booked(treasurer, "another", "01900000-0000-7000-8000-000000000000") == NOT_LIKE_THIS


def test_an_occasion_is_recorded_once(treasurer: Attacker):
    opened = BOOKED + " RETURNING id"
    first = treasurer.value(opened, {"evidence": "A-1", "repeats": None})
    assert treasurer.tries(RECORDED, {"journal": first, "occasion": "2024-10"}) == "1 rows"
    second = treasurer.value(opened, {"evidence": "A-2", "repeats": None})
    assert treasurer.tries(RECORDED, {"journal": second, "occasion": "2024-11"}) == "1 rows"
    assert treasurer.tries(RECORDED, {"journal": second, "occasion": "2024-10"}) == KNOWN
    third = treasurer.value(opened, {"evidence": "A-3", "repeats": first})
    assert treasurer.tries(RECORDED, {"journal": third, "occasion": "2024-10"}) == "1 rows"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BAST-07/2024", "BAST-07 / 2024", True),
        ("BAST-07/2024", "bast 7-2024", True),
        ("BAST-07/2024", "Nomor: BAST07/2024", True),
        ("BAST-07/2024", "BAST-07/2025", False),
        ("BAST-07/2024", "BAST-072/024", False),
        ("1-12", "11-2", False),
        ("No. 12; lampiran", "nota 12", True),
        ("100", "10", False),
    ],
)
def test_numbers_of_documents_are_compared_by_their_words_and_numbers(
    treasurer: Attacker, one: str, other: str, same: bool
):
    asked = "SELECT guyub.document_key(%(one)s) = guyub.document_key(%(other)s)"
    assert treasurer.value(asked, {"one": one, "other": other}) is same


def test_another_facility_is_told_nothing_of_it(world: World):
    with worlds.attacker(world.installation, world.database) as thief:
        thief.enter("pengelola.kebumen", KEBUMEN)
        foreign = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence)
                     VALUES (%(facility)s, 'receipt', DATE '2024-11-20', 'x', 'BAST')"""
        with world.database.work(world.database.as_service("tests", PEKALONGAN)) as work:
            facility = work.here.id
        assert thief.tries(foreign, {"facility": facility}) in ("GU001", "42501")

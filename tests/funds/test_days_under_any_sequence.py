"""Random people act on random days, in any order and from forms of any age: days and sums of the books hold."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.demo import families
from tests import worlds
from tests.worlds import PEKALONGAN, World

from .any_sequence import A_MONTH, FACTORS, PACKAGE, PRICES, STAFF, Facility, Step, hold, of_examples


@pytest.fixture(scope="module")
def begun(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "hibah", "paket") as made:
        made.pekalongan.register(families.PEKALONGAN[:4], worlds.SURVEYED)
        worlds.configure(made.database, "paket", PEKALONGAN, package=PACKAGE)
        yield made


who = st.sampled_from(STAFF)
ago = st.integers(0, 40)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("later"), st.integers(1, 25)),
        st.tuples(st.just("receive"), who, ago, st.integers(1, 1_500_000), st.booleans()),
        st.tuples(st.just("approve"), who, who, st.integers(0, 1)),
        st.tuples(
            st.just("buy"),
            who,
            ago,
            st.sampled_from([Decimal(1), Decimal("0.4")]),
            st.dictionaries(st.sampled_from(sorted(PRICES)), st.sampled_from(FACTORS), min_size=1),
            st.booleans(),
        ),
        st.tuples(st.just("cancel"), who, ago, st.integers(1, 3), st.booleans()),
        st.tuples(st.just("ask"), who, st.sampled_from(sorted(PRICES)), st.integers(1, 50_000)),
        st.tuples(st.just("decide"), who, st.booleans()),
        st.tuples(st.just("hand_over"), who, ago, st.integers(1, 4), st.booleans()),
        st.tuples(st.just("undo"), who, st.integers(1, 4)),
        st.tuples(st.just("close_book"), who, st.integers(0, 1)),
    ),
    min_size=1,
    max_size=14,
)
ITS_END: list[Step] = [
    ("buy", "pengelola", 0, Decimal(1), {"beras": Decimal("1.02"), "gula": Decimal("0.8")}, False),
    ("cancel", "pengelola", 0, 1, False),
    ("ask", "pengelola", "beras", 50_000),
    ("decide", "karutan", True),
    ("buy", "pengelola", 0, Decimal(1), {"beras": Decimal("1.2"), "gula": Decimal("0.9")}, False),
    ("hand_over", "kasubsi", 0, 1, False),
    ("hand_over", "kasubsi", 0, 2, False),
    ("undo", "kasubsi", 2),
    ("later", 20),
    ("close_book", "pengelola", 0),
    ("receive", "pengelola", 20, 70_000, True),
    ("hand_over", "kasubsi", 18, 3, True),
]


any_sequence = given(before=steps, month=st.sampled_from([[], A_MONTH, [*A_MONTH, *ITS_END[:9]]]), after=steps)


@of_examples(8)
@any_sequence
def test_days_and_sums_hold(begun: World, before: list[Step], month: list[Step], after: list[Step]):
    hold(Facility, begun, [*before, *month, *after])


@pytest.mark.deep
@pytest.mark.timeout(900)
@of_examples(120)
@any_sequence
def test_days_and_sums_hold_under_many_sequences(
    begun: World, before: list[Step], month: list[Step], after: list[Step]
):
    hold(Facility, begun, [*before, *month, *after])


def test_a_whole_month_is_accepted_or_the_tests_above_prove_nothing(begun: World):
    sequence = [*A_MONTH, *ITS_END]
    assert hold(Facility, begun, sequence) == [name for name, *_ in sequence]


def test_a_late_note_is_not_taken_back_in_the_book_before_it_was_booked(begun: World):
    sequence: list[Step] = [
        *A_MONTH,
        ("later", 20),
        ("close_book", "pengelola", 0),
        ("buy", "pengelola", 10, Decimal(1), {"beras": Decimal(1)}, True),
        ("later", 3),
        ("cancel", "pengelola", 5, 1, False),
    ]
    assert hold(Facility, begun, sequence) == [name for name, *_ in sequence[:-1]]

"""The fixture `households` judges as the core does, without an installation."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from guyub.testing.households import Households, running
from guyub_bansos import plugin
from guyub_bansos.config import BansosConfig

(STAPLE_FOOD,) = plugin.program_types
POOR = {"members": 4, "surveyed": True, "monthly_income": 800_000, "breadwinner_detained": True}


@pytest.fixture(scope="module")
def households() -> Iterator[Households]:
    with running() as started:
        yield started


def test_each_household_names_the_rules_that_it_does_not_meet(households: Households):
    surveyed, unknown, institution = households.judge(
        STAPLE_FOOD, BansosConfig(), [POOR, {}, {"category": "institution", "surveyed": True}]
    )
    assert surveyed.unmet == ()
    assert unknown.unmet == ("surveyed",)
    assert institution.unmet == ("category",)


def test_points_are_those_of_the_configuration_and_what_is_unknown_counts_nothing(households: Households):
    poor, unknown = households.judge(STAPLE_FOOD, BansosConfig(weight_income=30), [POOR, {}])
    assert (poor.points["income"], poor.points["breadwinner_detained"]) == (Decimal(30), Decimal(15))
    assert (unknown.points["income"], unknown.points["welfare_decile"]) == (Decimal(0), Decimal(0))
    assert poor.score == sum(poor.points.values())


def test_nothing_of_one_question_is_left_for_the_next(households: Households):
    assert len(households.judge(STAPLE_FOOD, BansosConfig(), [POOR] * 3)) == 3
    assert len(households.judge(STAPLE_FOOD, BansosConfig(), [POOR])) == 1

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql

from guyub.sdk import Criterion, Facility, ProgramContext
from guyub_bansos import plugin
from guyub_bansos.config import BansosConfig
from guyub_bansos.eligibility import months_before
from guyub_bansos.program import StapleFood

NOVEMBER = date(2024, 11, 1)
RUTAN = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
STRICT = BansosConfig(cool_down_months=3, survey_max_age_days=180, exclude_other_aid=True)


def of(config: BansosConfig) -> ProgramContext[BansosConfig]:
    return ProgramContext(config, RUTAN, NOVEMBER)


def sql(expression: ColumnElement[object]) -> str:
    compiled = select(expression).compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return " ".join(str(compiled).split())


def rules(config: BansosConfig) -> dict[str, str]:
    return {rule.key: sql(rule.expression) for rule in StapleFood().eligibility(of(config))}


def criterion(key: str) -> Criterion:
    return next(criterion for criterion in StapleFood().criteria(of(BansosConfig())) if criterion.key == key)


def test_the_plugin_offers_one_programme_of_goods_each_month():
    (kind,) = plugin.program_types
    assert (plugin.slug, kind.key, kind.benefit, kind.schedule(BansosConfig())) == (
        "bansos",
        "sembako",
        "goods",
        "FREQ=MONTHLY",
    )


def test_quota_and_package_come_from_the_configuration():
    assert StapleFood().quota(BansosConfig(quota=90)) == 90
    assert StapleFood().package(of(BansosConfig())) == BansosConfig().package


def test_by_default_only_category_and_survey_decide_who_may_receive():
    assert list(rules(BansosConfig())) == ["category", "surveyed"]


def test_a_facility_may_do_without_surveys():
    assert list(rules(BansosConfig(survey_required=False))) == ["category"]


def test_every_configured_condition_becomes_a_rule():
    assert list(rules(STRICT)) == ["category", "surveyed", "survey_recent", "rotation", "no_other_aid"]


def test_rotation_waits_for_whole_months():
    assert "last_served < '2024-08-01'" in rules(STRICT)["rotation"]


def test_the_age_of_a_survey_is_counted_to_the_first_of_the_month():
    assert "surveyed_on >= '2024-05-05'" in rules(STRICT)["survey_recent"]


def test_every_rule_and_criterion_reads_only_the_published_facts():
    kind = StapleFood()
    expressions = [rule.expression for rule in kind.eligibility(of(STRICT))]
    expressions += [criterion.expression for criterion in kind.criteria(of(STRICT))]
    for expression in expressions:
        assert sql(expression).endswith("FROM guyub.household_facts")


def test_every_reason_is_given_in_both_languages():
    kind = StapleFood()
    texts = [rule.otherwise for rule in kind.eligibility(of(STRICT))]
    texts += [criterion.label for criterion in kind.criteria(of(STRICT))]
    assert all(text.id and text.en and text.id != text.en and "{" not in text.id + text.en for text in texts)


def test_the_default_weights_add_up_to_a_hundred_points():
    assert sum(criterion.weight for criterion in StapleFood().criteria(of(BansosConfig()))) == 100


def test_a_criterion_without_weight_is_left_out():
    keys = [criterion.key for criterion in StapleFood().criteria(of(BansosConfig(weight_housing=0)))]
    assert "housing" not in keys
    assert len(keys) == 9


def test_income_is_shared_among_the_members_and_a_household_of_nobody_divides_by_nothing():
    text = sql(criterion("income").expression)
    assert "CAST(guyub.household_facts.monthly_income AS NUMERIC) / CAST(nullif(" in text
    assert "1000000 - " in text
    assert "700000" in text


def test_the_same_configuration_gives_the_same_statement():
    assert sql(criterion("waiting").expression) == sql(criterion("waiting").expression)


@pytest.mark.parametrize(
    ("months", "first"),
    [(1, date(2024, 10, 1)), (10, date(2024, 1, 1)), (11, date(2023, 12, 1)), (24, date(2022, 11, 1))],
)
def test_months_are_counted_back_over_the_turn_of_the_year(months: int, first: date):
    assert months_before(NOVEMBER, months) == first


def test_a_facility_may_leave_months_out():
    assert StapleFood().schedule(BansosConfig(months=("07", "01"))) == "FREQ=MONTHLY;BYMONTH=1,7"
    assert StapleFood().schedule(BansosConfig(months=("07", "07"))) == "FREQ=MONTHLY;BYMONTH=7"
    with pytest.raises(ValueError, match="months"):
        BansosConfig(months=())

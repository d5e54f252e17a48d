from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from guyub.sdk import Facility, FundingContext, Invalid, Posting
from guyub_canteen_profit import plugin
from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.receipts import MonthlyStatement
from guyub_canteen_profit.source import CanteenSource

RUTAN = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
STATEMENT: dict[str, Any] = {
    "month": "2024-11",
    "canteen_sales": 12_000_000,
    "canteen_costs": 11_000_000,
    "canteen_share": 150_000,
    "food_supply_margin": 100_000,
    "basis_number": "BA-03/2024",
    "received_on": "2024-11-08",
    "voucher_number": "BKK-17",
}


def statement(**changed: Any) -> MonthlyStatement:
    return MonthlyStatement.model_validate(STATEMENT | changed)


def post(receipt: MonthlyStatement, **config: Any) -> Posting:
    return CanteenSource().post(FundingContext(CanteenConfig(**config), RUTAN), receipt)


def refusal(receipt: MonthlyStatement, **config: Any) -> Invalid:
    with pytest.raises(Invalid) as refused:
        post(receipt, **config)
    assert refused.value.what.id != refused.value.what.en
    return refused.value


def test_the_plugin_understands_one_receipt():
    (source,) = plugin.funding_sources
    assert (source.key, [receipt.key for receipt in source.receipts]) == ("canteen", ["monthly_statement"])


def test_share_and_margin_enter_the_fund_of_their_month():
    posting = post(statement())
    assert posting.fund.code == "KANTIN-2024-11"
    assert posting.fund.name == "Keuntungan kantin dan bama November 2024"
    assert (posting.money, posting.goods, posting.received_on) == (250_000, (), date(2024, 11, 8))
    assert posting.evidence == "BKK-17; dasar bama: BA-03/2024"
    assert posting.memo == "Keuntungan kantin dan bama November 2024: kantin Rp150.000, bama Rp100.000"


def test_a_food_supply_margin_is_flagged_and_canteen_profit_alone_is_not():
    assert post(statement()).fund.sensitive
    assert not post(statement(food_supply_margin=0)).fund.sensitive


@pytest.mark.parametrize("month", ["2024-11", "2024-11-01", "2024-11-30", date(2024, 11, 16)])
def test_a_month_is_understood_from_any_of_its_days(month: object):
    assert statement(month=month).month == date(2024, 11, 1)


def test_a_share_above_the_profit_is_refused_and_all_amounts_are_named():
    refused = refusal(statement(canteen_share=1_000_001))
    assert refused.field == "canteen_share"
    assert refused.what.id == (
        "Bagian kantin Rp1.000.001 melebihi Rp1.000.000, yaitu 100% dari keuntungan Rp1.000.000."
    )


def test_a_share_of_the_whole_profit_is_accepted_where_the_configuration_allows_it():
    assert post(statement(canteen_share=1_000_000)).money == 1_100_000


def test_a_facility_may_set_aside_less_than_the_whole_profit():
    assert post(statement(canteen_share=250_000), share_percent=25).money == 350_000
    assert "25% dari keuntungan" in refusal(statement(canteen_share=250_001), share_percent=25).what.id


def test_a_month_of_loss_sets_nothing_aside():
    lost = statement(canteen_costs=12_500_000)
    assert "Kantin merugi Rp500.000" in refusal(lost).what.id
    assert post(statement(canteen_costs=12_500_000, canteen_share=0)).money == 100_000


def test_a_statement_that_brings_nothing_is_refused():
    assert refusal(statement(canteen_share=0, food_supply_margin=0)).code == "canteen_profit.nothing"


def test_a_month_above_the_ceiling_is_refused_and_one_at_the_ceiling_is_not():
    assert "Rp250.000 melebihi batas Rp249.999" in refusal(statement(), ceiling=249_999).what.id
    assert post(statement(), ceiling=250_000).money == 250_000


def test_money_that_came_before_its_month_is_refused():
    assert refusal(statement(received_on="2024-10-31")).field == "received_on"


def test_a_food_supply_margin_needs_a_written_basis_whatever_the_configuration_says():
    assert refusal(statement(basis_number=" "), basis_required=False).field == "basis_number"


def test_the_canteens_share_needs_a_basis_unless_the_configuration_waives_it():
    alone = statement(food_supply_margin=0, basis_number="")
    assert refusal(alone).field == "basis_number"
    assert post(alone, basis_required=False).evidence == "BKK-17"


def test_a_regional_acknowledgement_is_demanded_for_a_margin_only_where_it_is_compulsory():
    assert refusal(statement(), acknowledgement_required=True).field == "acknowledgement_number"
    acknowledged = statement(acknowledgement_number="W.13-UM.01.01-77")
    assert post(acknowledged, acknowledgement_required=True).evidence.endswith("; Kanwil: W.13-UM.01.01-77")
    assert post(statement(food_supply_margin=0), acknowledgement_required=True).money == 150_000


@pytest.mark.parametrize(
    "changed",
    [{"canteen_sales": -1}, {"voucher_number": ""}, {"basis_number": "BA-1; Kanwil: X"}, {"month": "November"}],
)
def test_a_form_that_makes_no_sense_is_refused(changed: dict[str, Any]):
    with pytest.raises(ValidationError, match=next(iter(changed))):
        statement(**changed)

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from guyub.sdk import Facility, HookContext, PlannedSpending, SpendingBatch
from guyub_canteen_profit import plugin
from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.evidence import evidence_line
from guyub_canteen_profit.receipts import MonthlyStatement

NOVEMBER = date(2024, 11, 1)
RUTAN = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")


def papers(**changed: Any) -> str:
    base = {"month": "2024-11", "received_on": "2024-11-08", "voucher_number": "BKK-17", "basis_number": "BA-03/2024"}
    return evidence_line(MonthlyStatement.model_validate(base | changed))


def levels(*evidence: str, opened_by: str = "canteen_profit", **config: Any) -> list[str]:
    planned = PlannedSpending("KANTIN-2024-11", "Keuntungan November", opened_by, True, evidence, 250_000)
    batch = SpendingBatch("bansos", NOVEMBER, (planned,))
    ctx = HookContext(CanteenConfig(**config), RUTAN, NOVEMBER)
    return [finding.level for finding in plugin.guyub_review_spending(ctx, batch)]


def test_canteen_profit_with_its_documents_passes_without_a_word():
    assert levels(papers(canteen_share=150_000)) == []


def test_a_margin_that_the_regional_office_has_not_acknowledged_is_pointed_out():
    assert levels(papers(food_supply_margin=100_000)) == ["warning"]


def test_such_a_margin_is_held_where_the_letter_is_compulsory():
    assert levels(papers(food_supply_margin=100_000), acknowledgement_required=True) == ["blocking"]


def test_an_acknowledged_margin_passes():
    line = papers(food_supply_margin=100_000, acknowledgement_number="W.13-UM.01.01-77")
    assert levels(line, acknowledgement_required=True) == []


def test_each_margin_of_a_fund_needs_its_own_letter():
    acknowledged = papers(food_supply_margin=100_000, acknowledgement_number="W.13-UM.01.01-77")
    assert levels(acknowledged, papers(food_supply_margin=50_000)) == ["warning"]


def test_a_number_cannot_pass_itself_off_as_an_acknowledgement():
    assert levels(papers(food_supply_margin=1, voucher_number="Kanwil: 1", basis_number="Kanwil: 2")) == ["warning"]


@pytest.mark.parametrize("evidence", [(), ("",), ("BKK-17", " ")])
def test_money_without_evidence_is_held(evidence: tuple[str, ...]):
    assert levels(*evidence) == ["blocking"]


def test_funds_of_other_sources_are_left_to_them():
    assert levels("", opened_by="csr_funding") == []

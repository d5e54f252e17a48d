from datetime import date
from uuid import UUID

import pytest

from guyub.sdk import Facility, HookContext, PlannedSpending, SpendingBatch
from guyub_csr_funding import plugin
from guyub_csr_funding.config import CsrConfig

NOVEMBER = date(2024, 11, 1)
RUTAN = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")


def levels(sensitive: bool, *evidence: str, opened_by: str = "csr_funding") -> list[str]:
    planned = PlannedSpending("CSR-7", "CSR PT Contoh (7)", opened_by, sensitive, evidence, 400_000)
    batch = SpendingBatch("bansos", NOVEMBER, (planned,))
    return [item.level for item in plugin.guyub_review_spending(HookContext(CsrConfig(), RUTAN, NOVEMBER), batch)]


def test_an_ordinary_gift_with_evidence_passes_without_a_word():
    assert levels(False, "BAST-07/2024") == []


def test_a_vendors_gift_is_pointed_out_to_the_approver():
    assert levels(True, "BAST-07/2024") == ["warning"]


@pytest.mark.parametrize("evidence", [(), ("",), ("BAST-07/2024", " ")])
def test_money_without_evidence_is_held(evidence: tuple[str, ...]):
    assert levels(False, *evidence) == ["blocking"]


def test_funds_of_other_sources_are_left_to_them():
    assert levels(True, "", opened_by="canteen_profit") == []

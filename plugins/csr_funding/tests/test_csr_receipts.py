from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from guyub.sdk import Facility, FundingContext, GoodsReceived, Invalid, Posting
from guyub_csr_funding import plugin
from guyub_csr_funding.config import CsrConfig
from guyub_csr_funding.receipts import CsrCash, CsrGoods
from guyub_csr_funding.source import CsrSource, fund_code

RUTAN = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
GIFT: dict[str, Any] = {
    "donor": "PT Sejahtera (contoh)",
    "agreement_number": "PKS/012/CSR/XI/2024",
    "agreement_date": "2024-11-01",
    "received_on": "2024-11-05",
    "evidence_number": "BAST-07/2024",
    "purpose": "sembako keluarga warga binaan",
}
RICE = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "25", "value": 391_825}


def cash(**changed: Any) -> CsrCash:
    return CsrCash.model_validate(GIFT | {"amount": 400_000} | changed)


def goods(**changed: Any) -> CsrGoods:
    return CsrGoods.model_validate(GIFT | {"lines": [RICE]} | changed)


def post(receipt: CsrCash | CsrGoods, **config: Any) -> Posting:
    return CsrSource().post(FundingContext(CsrConfig(**config), RUTAN), receipt)


def test_the_plugin_understands_gifts_in_money_and_in_goods():
    (source,) = plugin.funding_sources
    assert (source.key, [receipt.key for receipt in source.receipts]) == ("csr", ["csr_cash", "csr_goods"])


def test_money_enters_the_fund_of_its_agreement_with_its_evidence():
    posting = post(cash())
    assert posting.fund.code == "CSR-PKS-012-CSR-XI-2024"
    assert posting.fund.name == "CSR PT Sejahtera (contoh) (PKS/012/CSR/XI/2024)"
    assert (posting.money, posting.goods, posting.received_on) == (400_000, (), date(2024, 11, 5))
    assert posting.evidence == "BAST-07/2024"
    assert posting.memo == "Penerimaan CSR dari PT Sejahtera (contoh): sembako keluarga warga binaan"
    assert not posting.fund.sensitive


def test_goods_enter_line_by_line_with_what_they_are_worth():
    oil = {"code": "minyak", "name": "Minyak goreng", "unit": "liter", "quantity": "2.5", "value": 52_525}
    posting = post(goods(lines=[RICE, oil]))
    assert posting.money == 0
    assert posting.goods == (
        GoodsReceived("beras", "", "kg", Decimal(25), 391_825),
        GoodsReceived("minyak", "", "liter", Decimal("2.5"), 52_525),
    )


def test_money_and_goods_of_one_agreement_are_one_fund():
    assert post(cash()).fund == post(goods()).fund


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("PKS/012/CSR/XI/2024", "CSR-PKS-012-CSR-XI-2024"),
        (" pks 012 csr xi 2024 ", "CSR-PKS-012-CSR-XI-2024"),
        ("CSR/7/2024", "CSR-7-2024"),
    ],
)
def test_the_same_agreement_is_the_same_fund_however_it_is_written(number: str, code: str):
    assert fund_code(cash(agreement_number=number)) == code


def test_the_donors_restrictions_become_those_of_the_fund():
    terms = post(cash(categories=["neighbour"], programs=["bansos"], usable_until="2024-12-31")).fund
    assert (terms.categories, terms.programs, terms.usable_until) == (("neighbour",), ("bansos",), date(2024, 12, 31))


def test_the_default_categories_apply_only_where_the_donor_restricts_none():
    assert post(cash(), default_categories=("inmate_family",)).fund.categories == ("inmate_family",)
    assert post(cash(categories=["neighbour"]), default_categories=("inmate_family",)).fund.categories == ("neighbour",)


def test_a_gift_without_an_agreement_number_is_refused():
    with pytest.raises(Invalid) as refused:
        post(cash(agreement_number=" - "))
    assert refused.value.field == "agreement_number"
    assert refused.value.what.id == "Pemberian PT Sejahtera (contoh) belum menyebut nomor perjanjiannya."


def test_where_agreements_are_not_demanded_donor_and_month_name_the_fund():
    terms = post(cash(agreement_number=""), agreement_required=False).fund
    assert terms.code == "CSR-PT-SEJAHTERA-CONTOH-2024-11"
    assert terms.name == "CSR PT Sejahtera (contoh) (11-2024)"


def test_a_company_without_identity_is_refused_where_it_is_demanded():
    with pytest.raises(Invalid) as refused:
        post(cash(), donor_identity_required=True)
    assert refused.value.field == "donor_identity"
    assert post(cash(donor_identity="9900000000001"), donor_identity_required=True).money == 400_000


def test_a_vendors_gift_is_recorded_as_declared_and_flagged():
    assert post(cash(is_vendor=True, declaration_number="SP-01/2024")).fund.sensitive


def test_all_that_is_missing_is_refused_at_once():
    gift = cash(agreement_number="", is_vendor=True, agreement_date=date(2024, 12, 1), usable_until=date(2024, 1, 1))
    with pytest.raises(Invalid) as refused:
        post(gift, donor_identity_required=True)
    assert [each.field for each in refused.value.all()] == [
        "agreement_number",
        "donor_identity",
        "agreement_date",
        "usable_until",
        "declaration_number",
    ]


def test_the_form_knows_what_the_configuration_demands():
    def needed(**config: Any) -> list[str]:
        return list(CsrSource().needed(FundingContext(CsrConfig(**config), RUTAN), CsrCash))

    assert needed() == ["agreement_number"]
    assert needed(agreement_required=False, donor_identity_required=True) == ["donor_identity"]


def test_a_vendors_gift_without_declaration_is_refused():
    with pytest.raises(Invalid) as refused:
        post(goods(is_vendor=True))
    assert refused.value.field == "declaration_number"
    assert "benturan kepentingan" in refused.value.what.id
    assert post(goods(is_vendor=True), declaration_required=False).fund.sensitive


def test_a_facility_may_refuse_gifts_of_vendors_altogether():
    with pytest.raises(Invalid) as refused:
        post(cash(is_vendor=True, declaration_number="SP-01/2024"), vendors_allowed=False)
    assert refused.value.field == "is_vendor"


def test_an_agreement_dated_after_the_gift_is_refused_and_both_days_are_named():
    with pytest.raises(Invalid) as refused:
        post(cash(agreement_date="2024-11-06"))
    assert refused.value.what.id == "Perjanjian bertanggal 06-11-2024, sesudah penerimaan 05-11-2024."


def test_a_gift_that_expired_before_it_came_is_refused():
    with pytest.raises(Invalid) as refused:
        post(cash(usable_until="2024-11-04"))
    assert refused.value.field == "usable_until"


@pytest.mark.parametrize(
    "changed", [{"amount": 0}, {"amount": -1}, {"amount": 1.5}, {"donor": "  "}, {"evidence_number": ""}, {"gift": 1}]
)
def test_a_form_that_makes_no_sense_is_refused(changed: dict[str, Any]):
    with pytest.raises(ValidationError, match=next(iter(changed))):
        cash(**changed)


@pytest.mark.parametrize("line", [{"quantity": 0}, {"value": 0}, {"code": ""}])
def test_goods_need_a_code_a_quantity_and_a_value(line: dict[str, Any]):
    with pytest.raises(ValidationError, match=next(iter(line))):
        goods(lines=[RICE | line])

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from guyub.sdk import Invalid, PackageItem
from guyub_bansos.config import DEFAULT_PACKAGE, BansosConfig, package_value


def rice(**changed: Any) -> PackageItem:
    return PackageItem(**{"code": "beras", "name": "Beras", "unit": "kg", "quantity": 5, "price": 15_673} | changed)


def test_the_programme_can_be_activated_without_any_setting():
    config = BansosConfig()
    assert config.quota == 5
    assert config.categories == ("inmate_family", "neighbour")
    assert [(line.code, line.quantity, line.unit) for line in config.package] == [
        ("beras", 5, "kg"),
        ("gula", 1, "kg"),
        ("minyak", 1, "liter"),
    ]


def test_the_usual_package_is_worth_the_sum_of_its_published_prices():
    assert package_value(DEFAULT_PACKAGE) == 117_507


def test_a_line_of_a_package_rounds_half_a_rupiah_up():
    assert package_value([rice(quantity=Decimal("0.5"), price=15_673)]) == 7_837


def test_a_package_above_the_ceiling_is_refused_and_both_values_are_named():
    with pytest.raises(Invalid) as refused:
        BansosConfig(ceiling=100_000)
    assert refused.value.field == "package"
    assert refused.value.what.id == "Nilai satu paket Rp117.507 melebihi batas Rp100.000."
    assert refused.value.what.en == "One package is worth Rp117.507, above the ceiling of Rp100.000."


def test_a_package_worth_exactly_the_ceiling_is_accepted():
    assert BansosConfig(ceiling=117_507).ceiling == 117_507


def test_a_line_that_follows_the_size_of_the_household_counts_at_its_cap():
    growing = rice(quantity=2, per_member=True, at_most=10)
    assert package_value([growing]) == 156_730
    with pytest.raises(Invalid, match=r"Rp156\.730"):
        BansosConfig(package=(growing,), ceiling=150_000)


def test_a_line_that_grows_without_a_cap_is_refused():
    with pytest.raises(Invalid) as refused:
        BansosConfig(package=(rice(per_member=True),))
    assert "Beras dikali jumlah jiwa tanpa batas" in refused.value.what.id


def test_the_same_item_twice_in_a_package_is_refused():
    with pytest.raises(Invalid, match="“beras” stands in the package more than once"):
        BansosConfig(package=(rice(), rice()))


@pytest.mark.parametrize("quota", [0, 100_001])
def test_a_quota_outside_one_to_a_hundred_thousand_is_refused(quota: int):
    with pytest.raises(ValidationError, match="quota"):
        BansosConfig(quota=quota)


def test_incomes_that_leave_no_range_are_refused():
    with pytest.raises(Invalid, match=r"full points \(Rp1\.000\.000\) must be below the income for none"):
        BansosConfig(income_poorest=1_000_000)


def test_a_score_without_any_weight_is_refused():
    weights = {name: 0 for name in BansosConfig.model_fields if name.startswith("weight_")}
    assert len(weights) == 10
    with pytest.raises(Invalid, match="All weights are 0"):
        BansosConfig(**weights)


@pytest.mark.parametrize("values", [{"categories": []}, {"categories": ["friends"]}, {"package": []}, {"unknown": 1}])
def test_values_that_make_no_sense_are_refused(values: dict[str, Any]):
    with pytest.raises(ValidationError):
        BansosConfig.model_validate(values)


def test_values_as_files_and_forms_write_them_are_understood():
    config = BansosConfig.model_validate(
        {
            "quota": 90,
            "package": [{"code": "beras", "name": "Beras", "unit": "kg", "quantity": "10", "price": 15673}],
            "categories": ["neighbour"],
        }
    )
    assert config.package[0].quantity == 10
    assert BansosConfig.model_validate(config.model_dump(mode="json")) == config

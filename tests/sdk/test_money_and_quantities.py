"""Rupiah and quantities: one way to print them, every way that people write them."""

from decimal import Decimal

import pytest

from guyub.sdk.money import format_rupiah, parse_rupiah
from guyub.sdk.quantities import format_quantity, parse_quantity


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(0, "Rp0"), (150_000, "Rp150.000"), (1_500_000, "Rp1.500.000"), (-50_000, "-Rp50.000"), (999, "Rp999")],
)
def test_rupiah_are_printed_without_a_space(amount: int, printed: str):
    assert format_rupiah(amount) == printed


@pytest.mark.parametrize(
    "written",
    ["Rp1.500.000", "Rp 1.500.000", "Rp\u00a01.500.000", "Rp. 1.500.000,-", "1.500.000,00", "1500000", " rp1500000 "],
)
def test_every_usual_way_to_write_rupiah_is_read(written: str):
    assert parse_rupiah(written) == 1_500_000


def test_thousands_and_millions_in_words_are_read():
    assert parse_rupiah("Rp150 ribu") == 150_000
    assert parse_rupiah("2 juta") == 2_000_000


@pytest.mark.parametrize("written", ["", "Rp", "1.5", "1,5", "15.00", "seratus", "٣٠٠", "1 500"])
def test_what_is_no_whole_amount_is_refused(written: str):
    with pytest.raises(ValueError, match="rupiah"):
        parse_rupiah(written)


@pytest.mark.parametrize(
    ("quantity", "indonesian", "english"),
    [
        (Decimal("1.500"), "1,5", "1.5"),
        (Decimal("1500"), "1.500", "1,500"),
        (Decimal("5.000"), "5", "5"),
        (Decimal("1234.125"), "1.234,125", "1,234.125"),
        (Decimal("-0.5"), "-0,5", "-0.5"),
    ],
)
def test_quantities_follow_the_language(quantity: Decimal, indonesian: str, english: str):
    assert format_quantity(quantity) == indonesian
    assert format_quantity(quantity, "en") == english


@pytest.mark.parametrize(
    ("written", "quantity"),
    [("1,5", "1.5"), ("1.5", "1.5"), ("1.500", "1500"), ("1.500,25", "1500.25"), (" 10 ", "10"), ("0,125", "0.125")],
)
def test_decimal_commas_and_grouped_thousands_are_read(written: str, quantity: str):
    assert parse_quantity(written) == Decimal(quantity)


@pytest.mark.parametrize("written", ["", "-1", "satu", "1,2,3", "1e3", "٣"])
def test_what_is_no_quantity_is_refused(written: str):
    with pytest.raises(ValueError, match="quantity"):
        parse_quantity(written)

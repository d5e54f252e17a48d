"""Rupiah and quantities: one way to print them, every way that people write them."""

from contextlib import suppress
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.sdk.money import format_rupiah, parse_rupiah
from guyub.sdk.quantities import format_quantity, parse_quantity
from guyub.sdk.typed import NotRead


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(0, "Rp0"), (150_000, "Rp150.000"), (1_500_000, "Rp1.500.000"), (-50_000, "-Rp50.000"), (999, "Rp999")],
)
def test_rupiah_are_printed_without_a_space(amount: int, printed: str):
    assert format_rupiah(amount) == printed


@pytest.mark.parametrize(
    "written",
    [
        "1,500,000",
        "1,500,000.00",
        "Rp1,5 juta",
        "1,5jt",
        "1.5 Juta",
        "1.500 ribu",
        "IDR 1500000",
        "Rp1.500.000.-",
        "Rp\u200b1.500.000",
        "Rp1.500.000",
        "Rp 1.500.000",
        "Rp\u00a01.500.000",
        "Rp. 1.500.000,-",
        "1.500.000,00",
        "1500000",
        "1500000.00",
        " rp1500000 ",
    ],
)
def test_every_usual_way_to_write_rupiah_is_read(written: str):
    assert parse_rupiah(written) == 1_500_000


def test_thousands_and_millions_in_words_are_read():
    assert parse_rupiah("Rp150 ribu") == 150_000
    assert parse_rupiah("2 juta") == 2_000_000


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("1,5", ["Rp1.500.000", "Rp1.500"]), ("1.500,50", ["Rp1.500"]), ("15.00", ["Rp15"]), ("1 500", ["Rp1.500"])],
)
def test_a_part_of_a_rupiah_is_refused_with_the_amounts_that_may_be_meant(written: str, nearest: list[str]):
    with pytest.raises(NotRead) as refused:
        parse_rupiah(written)
    assert [english for _, english in refused.value.nearest] == nearest


@pytest.mark.parametrize("written", ["", "Rp", "1.5", "1,5", "15.00", "seratus", "٣٠٠", "1 500", "1,2345678 juta"])
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
    [
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1.500", "1500"),
        ("1.500,25", "1500.25"),
        (" 10 ", "10"),
        ("0,125", "0.125"),
        ("0.500", "0.5"),
        ("0.125", "0.125"),
        ("1234.500", "1234.5"),
        ("1,000.5", "1000.5"),
        (",5", "0.5"),
        ("1.500.000", "1500000"),
        ("1,500,000", "1500000"),
        ("1.125", "1125"),
        ("1,500", "1.5"),
        ("0,3333", "0.3333"),
    ],
)
def test_decimal_commas_and_grouped_thousands_are_read(written: str, quantity: str):
    assert parse_quantity(written) == Decimal(quantity)


@pytest.mark.parametrize(
    ("written", "quantity"),
    [
        ("1,500", "1500"),
        ("1.125", "1.125"),
        ("0.500", "0.5"),
        ("1,500.25", "1500.25"),
        ("1.500,25", "1500.25"),
        ("2,5", "2.5"),
    ],
)
def test_on_english_pages_a_comma_before_three_digits_groups_thousands(written: str, quantity: str):
    assert parse_quantity(written, "en") == Decimal(quantity)


@pytest.mark.parametrize(
    ("written", "lang", "nearest"),
    [
        ("1.500", "en", [("1.500", "1,500"), ("1,5", "1.5")]),
        ("12.5,5", "id", [("125,5", "125.5"), ("12,55", "12.55")]),
        ("1.50.000", "id", [("150.000", "150,000")]),
        ("1 500", "id", [("1.500", "1,500")]),
        ("5 kg", "id", [("5", "5")]),
    ],
)
def test_what_may_mean_several_things_is_refused_with_each_of_them(
    written: str, lang: str, nearest: list[tuple[str, str]]
):
    with pytest.raises(NotRead) as refused:
        parse_quantity(written, lang)
    assert list(refused.value.nearest) == nearest


@pytest.mark.parametrize("lang", ["id", "en"])
@given(quantity=st.decimals(0, 10**11, places=3))
def test_a_quantity_that_a_page_shows_is_read_as_itself(lang: str, quantity: Decimal):
    assert parse_quantity(format_quantity(quantity, lang), lang) == quantity


@given(amount=st.integers(-(10**16), 10**16))
def test_an_amount_that_a_page_shows_is_read_as_itself(amount: int):
    assert parse_rupiah(format_rupiah(amount)) == amount


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_refused(written: str):
    for parse in (parse_rupiah, parse_quantity, partial(parse_quantity, lang="en")):
        with suppress(NotRead):
            parse(written)


@pytest.mark.parametrize("written", ["", "-1", "satu", "1,2,3", "1e3", "٣"])
def test_what_is_no_quantity_is_refused(written: str):
    with pytest.raises(ValueError, match="quantity"):
        parse_quantity(written)

"""A NIK or family card number: sixteen digits or refused; everything else is a warning with both values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.registry.nik import PROVINCES, check_family_card, check_nik, mask
from guyub.sdk.errors import Invalid

WOMAN = "3375015708909901"  # born on the 17th: 17 + 40
MAN = "3375011708909902"


def warnings_about(nik: str, sex: str = "") -> list[str]:
    return [warning.id for warning in check_nik(nik, sex).warnings]


def test_spaces_dots_and_dashes_are_stripped_and_a_tidy_number_has_no_warning():
    assert check_nik(" 3375.0157 0890-9901 ").normalised == WOMAN
    assert warnings_about(WOMAN, "female") == []
    assert warnings_about(MAN, "male") == []


@pytest.mark.parametrize(
    "written", ["'3375015708909901", "3375\u200b015708909901", "3375’0157 0890‑9901", "\ufeff3375015708909901\u00a0"]
)
def test_signs_of_spreadsheets_and_signs_that_nobody_sees_are_stripped(written: str):
    assert check_nik(written).normalised == WOMAN
    assert check_family_card(written).normalised == WOMAN


@pytest.mark.parametrize("given", ["", "337501570890990", "33750157089099011", "337501570890990O", "٣٣٧٥٠١٥٧٠٨٩٠٩٩٠١"])
def test_anything_but_sixteen_ascii_digits_is_refused_in_both_languages(given: str):
    with pytest.raises(Invalid) as refused:
        check_nik(given)
    assert refused.value.field == "nik"
    assert "16 angka" in refused.value.what.id
    assert "16 digits" in refused.value.what.en


def test_a_refusal_says_how_many_digits_were_typed_but_never_repeats_them():
    with pytest.raises(Invalid) as refused:
        check_nik("337501570890990")
    assert "15 angka" in refused.value.what.id
    assert "3375" not in str(refused.value)


@pytest.mark.parametrize(
    ("nik", "said"),
    [
        ("3375013208909901", "tertulis 32"),
        ("3375014008909901", "tertulis 40"),
        ("3375017208909901", "tertulis 72"),
        ("3375010008909901", "tertulis 00"),
        ("3375011713909901", "tertulis 13"),
        ("3375013102909901", "31-02-90"),
        ("3375017102909901", "31-02-90"),
        ("3375011708900000", "0000"),
        ("2075011708909901", "provinsi 20"),
        ("0337501100219901", "NIK sementara"),
    ],
)
def test_what_looks_odd_is_a_warning_and_no_error(nik: str, said: str):
    (warning,) = warnings_about(nik)
    assert said in warning


def test_the_twenty_ninth_of_february_is_accepted_in_a_leap_year_of_either_century():
    assert warnings_about("3375012902009901") == []
    assert warnings_about("3375012902969901") == []
    assert len(warnings_about("3375012902979901")) == 1


def test_a_sex_that_differs_from_the_number_is_warned_about_with_both_values():
    (warning,) = check_nik(WOMAN, "male").warnings
    assert "“Laki-laki”" in warning.id
    assert "“Perempuan”" in warning.id
    assert "“Male”" in warning.en
    assert "“Female”" in warning.en


def test_there_are_thirty_eight_provinces():
    assert len(PROVINCES) == 38
    assert {"11", "33", "96"} <= PROVINCES


def test_a_nik_in_the_box_of_the_family_card_is_noticed():
    assert check_family_card("3375011611240001", nik=WOMAN).warnings == ()
    (warning,) = check_family_card(WOMAN, nik=WOMAN).warnings
    assert "No. KK sama dengan NIK" in warning.id
    assert WOMAN not in warning.id


def test_a_family_card_number_of_fifteen_digits_is_refused_by_its_own_name():
    with pytest.raises(Invalid, match=r"No\. KK has 16 digits") as refused:
        check_family_card("337501161124000")
    assert refused.value.field == "family_card"


@given(st.integers(0, 10**16 - 1).map("{:016}".format))
def test_a_nik_that_a_page_shows_is_read_as_itself(number: str):
    """Revealed it stands in one, on documents and cards in groups."""
    groups = re.findall(".{4}", number)
    written = (number, " ".join(groups), ".".join(groups), "-".join(groups), f" {number}\u00a0", "\u200b" + number)
    assert {check_nik(text).normalised for text in written} == {number}


def test_the_mask_keeps_the_first_and_the_last_four():
    assert mask(WOMAN) == "3375••••••••9901"
    assert mask("") == ""

"""Names, phones, RT and RW as people write them."""

import pytest

from guyub.registry.contact import check_name, normalise_neighbourhood, normalise_phone
from guyub.sdk.errors import Invalid


@pytest.mark.parametrize("name", ["Contoh", "Siti Nur'aini", "Dr. Contoh-Satu, S.H., M.H.", "Contoh al. Cok"])
def test_one_word_titles_apostrophes_and_hyphens_are_names(name: str):
    assert check_name(f"  {name.replace(' ', '   ')} ") == name


@pytest.mark.parametrize("name", ["", "  ", "123", "x" * 81, "Siti\x00Contoh"])
def test_what_has_no_letters_or_is_too_long_is_no_name(name: str):
    with pytest.raises(Invalid) as refused:
        check_name(name)
    assert refused.value.field == "full_name"


@pytest.mark.parametrize(
    "given", ["0812 3456 7890", "0812-3456-7890", "+62 812 3456 7890", "62812.3456.7890", "+62 (812) 34567890"]
)
def test_the_usual_spellings_of_a_mobile_number_are_one(given: str):
    assert normalise_phone(given) == "+6281234567890"


def test_a_landline_is_accepted_and_nothing_stays_nothing():
    assert normalise_phone("(0285) 123456") == "+62285123456"
    assert normalise_phone("  ") == ""


@pytest.mark.parametrize("given", ["0801234567", "081234567", "08123456789012", "12345", "08a2345678", "٠٨١٢٣٤٥٦٧٨٩٠"])
def test_a_number_that_cannot_be_dialled_is_refused_with_an_example(given: str):
    with pytest.raises(Invalid) as refused:
        normalise_phone(given)
    assert "0812 3456 7890" in refused.value.remedy.id


@pytest.mark.parametrize("given", ["7", "07", "007", "RT 7", "rt.07", "Rt: 7"])
def test_rt_becomes_three_digits(given: str):
    assert normalise_neighbourhood(given) == "007"


def test_an_empty_rw_and_a_dash_are_the_same_and_letters_are_refused_by_name():
    assert normalise_neighbourhood("-", "rw") == normalise_neighbourhood("", "rw") == ""
    with pytest.raises(Invalid, match="RW “delapan”") as refused:
        normalise_neighbourhood("delapan", "rw")
    assert refused.value.field == "rw"

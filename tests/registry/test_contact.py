"""Names, phones, RT and RW as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.registry.contact import check_name, normalise_neighbourhood, normalise_phone, split_neighbourhood
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
    "given",
    [
        "0812 3456 7890",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "62812.3456.7890",
        "+62 (812) 34567890",
        "+62 0812 3456 7890",
        "62812 3456 7890",
        "0062 812 3456 7890",
        "0812–3456–7890",
        "0812\u200b34567890",
        "'081234567890",
    ],
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


@pytest.mark.parametrize(
    "given", ["7", "07", "007", "0007", "RT 7", "rt.07", "Rt: 7", "RT-7", "RT – 7", "RT no. 7", "RT\u00a07"]
)
def test_rt_becomes_three_digits(given: str):
    assert normalise_neighbourhood(given) == "007"


@pytest.mark.parametrize("written", ["rt.007/rw.02", "RT 7 RW 2", "007/002", "RT-7, RW-2"])
def test_rt_and_rw_in_one_field_are_two_numbers(written: str):
    both = split_neighbourhood(written)
    assert both is not None
    assert (normalise_neighbourhood(both[0]), normalise_neighbourhood(both[1], "rw")) == ("007", "002")
    assert split_neighbourhood("RT 7") is None


@given(st.integers(1, 999))
def test_an_rt_that_a_page_shows_is_read_as_itself(number: int):
    kept = f"{number:03}"
    assert {normalise_neighbourhood(text) for text in (kept, f"RT {kept}", f"RT {number}", f"{number}")} == {kept}


@given(st.integers(1, 999))
def test_an_rw_that_a_page_shows_is_read_as_itself(number: int):
    kept = f"{number:03}"
    written = (kept, f"RW {kept}", f"RW {number}", f"rw.{number}", f"{number}")
    assert {normalise_neighbourhood(text, "rw") for text in written} == {kept}


@given(st.one_of(st.just(""), st.integers(1, 999).map("{:03}".format)), st.integers(1, 999).map("{:03}".format))
def test_rt_and_rw_as_a_page_shows_them_together_are_read_as_themselves(rt: str, rw: str):
    """The page says "RT 003/RW –" where one of them is not known."""
    for one, other in ((rt, rw), (rw, rt)):
        both = split_neighbourhood(f"RT {one or '–'}/RW {other or '–'}")
        assert both is not None
        assert (normalise_neighbourhood(both[0]), normalise_neighbourhood(both[1], "rw")) == (one, other)


@given(st.from_regex(r"8[1-9][0-9]{7,10}|[2-7][0-9]{6,10}", fullmatch=True))
def test_a_phone_that_is_kept_is_read_as_itself(national: str):
    kept = f"+62{national}"
    assert {normalise_phone(text) for text in (kept, f"0{national}", f"+62 0{national}", f"+62 {national}")} == {kept}


def test_signs_that_nobody_sees_are_no_part_of_a_name_and_control_signs_are_refused():
    assert check_name("Siti\u200b \ufeffContoh\u00a0") == "Siti Contoh"
    with pytest.raises(Invalid):
        check_name("Siti\x07Contoh")


def test_an_empty_rw_and_a_dash_are_the_same_and_letters_are_refused_by_name():
    assert normalise_neighbourhood("-", "rw") == normalise_neighbourhood("", "rw") == ""
    with pytest.raises(Invalid, match="RW “delapan”") as refused:
        normalise_neighbourhood("delapan", "rw")
    assert refused.value.field == "rw"

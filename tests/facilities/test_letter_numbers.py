import pytest

from guyub.facilities.letter_numbers import letter_number


def test_a_template_is_filled_and_everything_else_is_free_text():
    number = letter_number(
        "W.13.PAS.PAS40-{class}-{seq:04} TAHUN {year}", classification="UM.01.01", sequence=6, year=2024
    )
    assert number == "W.13.PAS.PAS40-UM.01.01-0006 TAHUN 2024"


@pytest.mark.parametrize("template", ["{nomor}", "{seq", "{}", "{seq.real.x}", "{class:04d}"])
def test_a_template_with_another_token_or_a_loose_brace_is_refused(template):
    with pytest.raises(ValueError, match="not a template"):
        letter_number(template, classification="UM.01.01", sequence=6, year=2024)

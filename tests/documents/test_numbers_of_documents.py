"""Letter numbers leave room for the office's own register; slips are numbered by us."""

import pytest

from guyub.documents.numbering import letter_number, slip_number


def test_a_letter_number_leaves_its_running_part_to_the_office():
    number = letter_number("W.13.PAS.PAS.40-{class}-{seq:04} TAHUN {year}", "PB.02.01", 2024)
    assert number == "W.13.PAS.PAS.40-PB.02.01-……………… TAHUN 2024".replace("………………", "……" * 3)


def test_without_a_template_the_whole_number_is_left_blank():
    assert set(letter_number("", "PB.02.01", 2024)) == {"…"}


def test_a_template_that_is_none_is_reported():
    with pytest.raises(ValueError, match="template"):
        letter_number("W.13-{unknown}", "PB.02.01", 2024)


def test_a_slip_carries_the_number_of_its_bundle_and_its_place_on_the_list():
    assert slip_number("012/TT/XI/2024", 3) == "012.03/TT/XI/2024"

"""Days and months, as people type them."""

from datetime import date

import pytest

from guyub.ui.parsing import parse_date, parse_month

NOVEMBER_16 = date(2024, 11, 16)


@pytest.mark.parametrize(
    "typed",
    [
        "16/11/2024",
        "16-11-2024",
        "16.11.2024",
        "2024-11-16",
        "16 November 2024",
        "16 Nopember 2024",
        "16 nov 2024",
        "Sabtu, 16 November 2024",
        " 16  November  2024 ",
    ],
)
def test_a_day_is_understood_however_offices_write_it(typed: str):
    assert parse_date(typed) == NOVEMBER_16


@pytest.mark.parametrize("typed", ["11/16/2024", "31/02/2024", "16/11/24", "November 16", "kemarin", "", "16 Foo 2024"])
def test_what_is_no_day_is_refused_and_never_read_the_american_way(typed: str):
    with pytest.raises(ValueError, match=r"date|month|day"):
        parse_date(typed)


@pytest.mark.parametrize("typed", ["2024-11", "11/2024", "November 2024", "nov 2024", "16/11/2024", "2024-11-01"])
def test_a_month_is_its_first_day(typed: str):
    assert parse_month(typed) == date(2024, 11, 1)


@pytest.mark.parametrize("typed", ["13/2024", "2024-00", "bulan lalu"])
def test_what_is_no_month_is_refused(typed: str):
    with pytest.raises(ValueError, match=r"date|month"):
        parse_month(typed)

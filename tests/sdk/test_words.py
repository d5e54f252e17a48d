"""Amounts and dates in words: the vectors that documents are checked against."""

from datetime import UTC, date, datetime, time

import pytest

from guyub.sdk.words import (
    date_in_words,
    format_day,
    format_moment,
    format_time,
    in_words,
    period_name,
    rupiah_in_words,
)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (1_100, "seribu seratus"),
        (1_999, "seribu sembilan ratus sembilan puluh sembilan"),
        (11_000, "sebelas ribu"),
        (21_000, "dua puluh satu ribu"),
        (101_000, "seratus satu ribu"),
        (150_000, "seratus lima puluh ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (2_950_000, "dua juta sembilan ratus lima puluh ribu"),
        (11_111_111, "sebelas juta seratus sebelas ribu seratus sebelas"),
        (1_001_001_001, "satu miliar satu juta seribu satu"),
        (-50, "minus lima puluh"),
        (2_000_000_000_000, "dua triliun"),
    ],
)
def test_numbers_are_written_as_formal_indonesian_has_them(number: int, words: str):
    assert in_words(number) == words


def test_a_number_beyond_all_documents_is_refused():
    with pytest.raises(ValueError, match="beyond"):
        in_words(10**15)


def test_minutes_begin_with_the_date_in_words():
    assert date_in_words(date(2024, 11, 16)) == "Sabtu tanggal enam belas bulan November tahun dua ribu dua puluh empat"


@pytest.mark.parametrize(("day", "name"), [(date(2025, 2, 21), "Jumat"), (date(2024, 12, 20), "Jumat")])
def test_the_name_of_the_day_comes_from_the_date(day: date, name: str):
    assert format_day(day).startswith(f"{name}, ")


def test_hours_have_a_dot_and_the_zone_of_the_facility():
    assert format_time(time(9), "Asia/Jakarta") == "09.00 WIB"
    assert (
        format_moment(datetime(2024, 11, 16, 17, 30, tzinfo=UTC), "Asia/Jayapura") == "17 November 2024 pukul 02.30 WIT"
    )


def test_months_are_named_in_both_languages():
    assert (period_name(date(2024, 8, 1)), period_name(date(2024, 8, 1), "en")) == ("Agustus 2024", "August 2024")


def test_rupiah_in_words_end_with_the_currency():
    assert rupiah_in_words(587_535) == "lima ratus delapan puluh tujuh ribu lima ratus tiga puluh lima rupiah"

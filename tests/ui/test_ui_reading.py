"""Days, months, hours and moments, as people type them and as pages show them."""

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.db.limits import FIRST_DAY, FIRST_MONTH, LAST_DAY, LAST_MONTH
from guyub.sdk.errors import Invalid
from guyub.sdk.quantities import DeclaredUnit
from guyub.sdk.typed import NotRead
from guyub.sdk.words import ZONES, format_date, format_day, format_moment, format_time, period_name
from guyub.ui.language import speak
from guyub.ui.parsing import parse_date, parse_moment, parse_month, parse_time, parse_whole_number
from guyub.ui.typed_values import day_at, day_if_any, hour_if_any, month_at, quantity_at, rupiah_at

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
        "16-Nov-2024",
        "Sabtu 16 November 2024",
        "hari Sabtu, tanggal 16 November 2024",
        "Sat, 16 Nov 2024",
        "16th November 2024",
        "November 16, 2024",
        "16\u200b/11/2024",
        "16\u00a0November\u00a02024",
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


@pytest.mark.parametrize("written", ["Jum’at, 20 Februari 2026", "Jum'at, 20 Februari 2026", "Jumʻat 20 Feb 2026"])
def test_friday_is_read_with_every_apostrophe(written: str):
    assert parse_date(written) == date(2026, 2, 20)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("16/11/24", "16 November 2024"),
        ("31/02/2024", "29 February 2024"),
        ("31 November 2024", "30 November 2024"),
        ("11/16/2024", "16 November 2024"),
    ],
)
def test_a_day_that_is_none_is_refused_with_the_nearest(written: str, nearest: str):
    with pytest.raises(NotRead) as refused:
        parse_date(written)
    assert [english for _, english in refused.value.nearest] == [nearest]


def test_a_weekday_that_is_not_that_of_the_date_is_pointed_out_with_both():
    with pytest.raises(Invalid) as refused:
        day_at("Senin, 16 November 2024", "on")
    assert (refused.value.field, refused.value.what.id) == ("on", "16 November 2024 bukan hari Senin.")
    assert "Sabtu, 16 November 2024" in refused.value.remedy.id
    assert "Saturday, 16 November 2024" in refused.value.remedy.en


DAYS_MEANT = st.dates(FIRST_DAY, LAST_DAY)
LANGUAGES = pytest.mark.parametrize("lang", ["id", "en"])


@LANGUAGES
@given(day=DAYS_MEANT)
def test_a_day_that_a_page_shows_is_read_as_itself(lang: str, day: date):
    short = f"{day.day} {format_date(day, lang).split()[1][:3]} {day.year}"
    shown = [
        format_date(day, lang),
        format_day(day, lang),
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        short,
    ]
    assert {parse_date(text) for text in shown} == {day}


@LANGUAGES
@given(month=st.dates(FIRST_MONTH, LAST_MONTH))
def test_a_month_that_a_page_shows_is_read_as_itself(lang: str, month: date):
    first = month.replace(day=1)
    assert {parse_month(text) for text in (period_name(month, lang), f"{month:%Y-%m}", f"{month:%m/%Y}")} == {first}


@LANGUAGES
@pytest.mark.parametrize("zone", ZONES)
@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)))
def test_a_moment_that_a_page_shows_is_read_as_itself(lang: str, zone: str, moment: datetime):
    minute = moment.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone))
    assert parse_moment(format_moment(minute, zone, lang), zone) == minute
    assert parse_time(format_time(minute.time(), zone), zone) == minute.time()


def test_an_hour_of_another_zone_is_refused():
    assert parse_time("9.00 WIB", "Asia/Pontianak") == time(9)
    with pytest.raises(ValueError, match="hour"):
        parse_time("09.00 WIT", "Asia/Jakarta")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_at_its_field(written: str):
    for read in (day_at, day_if_any, month_at, hour_if_any, rupiah_at, quantity_at):
        with suppress(Invalid):
            read(written, "field")
    with suppress(ValueError):
        parse_whole_number(written)


@pytest.mark.parametrize(("written", "unit"), [("2,5 kg", "kg"), ("2,5 Kilogram", "kg"), ("2,5", "kg"), ("2.5", "")])
def test_a_quantity_is_read_with_its_own_unit(written: str, unit: str):
    assert quantity_at(written, "rice.quantity", unit) * 2 == 5


@pytest.mark.parametrize(
    ("written", "unit"), [("1" * 12, ""), ("1" * 26, ""), ("1" * 40, ""), ("100.000.000 ton", "kg")]
)
def test_more_than_can_be_kept_is_refused_with_the_most(written: str, unit: str):
    with pytest.raises(Invalid) as refused:
        quantity_at(written, "rice.quantity", unit, [DeclaredUnit("ton", Decimal(1000))])
    assert refused.value.code == "form.quantity_most"
    assert "99.999.999.999,999" in refused.value.remedy.id


def test_more_decimals_than_goods_have_are_refused_with_the_nearest():
    with pytest.raises(Invalid) as refused:
        quantity_at("0,3333", "rice.quantity")
    assert "0,333" in refused.value.remedy.id
    assert "0.333" in refused.value.remedy.en


def test_a_quantity_is_read_in_the_language_of_the_reader():
    speak("en")
    try:
        assert quantity_at("1,500", "rice.quantity") == 1500
        with pytest.raises(Invalid) as refused:
            quantity_at("1.500", "rice.quantity")
        assert "Did you mean 1,500 or 1.5?" in refused.value.remedy.en
    finally:
        speak("id")

"""A sentence writes its values in its own language, counts in words that fit, and is put together from parts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from guyub.sdk import Amount, Moment, Money, Period, Text, Weekday

DAY = date(2024, 5, 18)
SHOWN = Text(id="{value}", en="{value}")
HOUSEHOLDS = Text(id="{count} keluarga", en="{count} households", en_one="{count} household")


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (DAY, "18 Mei 2024", "18 May 2024"),
        (Period(DAY), "Mei 2024", "May 2024"),
        (Weekday(DAY), "Sabtu, 18 Mei 2024", "Saturday, 18 May 2024"),
        (
            Moment(datetime(2024, 5, 18, 2, tzinfo=UTC), "Asia/Jakarta"),
            "18 Mei 2024 pukul 09.00 WIB",
            "18 May 2024 at 09.00 WIB",
        ),
        (Money(1_500_000), "Rp1.500.000", "Rp1.500.000"),
        (Decimal("1500.50"), "1.500,5", "1,500.5"),
        (Amount(Decimal("2.500"), "kg"), "2,5 kg", "2.5 kg"),
        (Amount(3), "3", "3"),
        (Text(id="bulan", en="month"), "bulan", "month"),
        (2024, "2024", "2024"),
        ("apa adanya", "apa adanya", "apa adanya"),
        (None, "None", "None"),
        (Decimal("NaN"), "NaN", "NaN"),
    ],
)
def test_a_value_is_written_in_the_language_of_the_sentence(value: object, indonesian: str, english: str):
    assert SHOWN.format(value=value) == Text.same(value) == Text(id=indonesian, en=english)


def test_a_sentence_may_say_itself_how_a_date_or_number_is_written():
    sentence = Text(id="{day:%d-%m-%Y}, {share:.1f}, {day!r}", en="{day:%Y-%m-%d}, {share:.0f}, {share!r}")
    assert sentence.format(day=DAY, share=Decimal("0.25")) == Text(
        id="18-05-2024, 0.2, datetime.date(2024, 5, 18)", en="2024-05-18, 0, Decimal('0.25')"
    )


@pytest.mark.parametrize(
    ("count", "english"),
    [(0, "0 households"), (1, "1 household"), (2, "2 households"), (11, "11 households"), ("1", "1 household")],
)
def test_one_is_counted_in_the_singular(count: object, english: str):
    assert HOUSEHOLDS.format(count=count).en == english


def test_the_count_is_the_value_of_that_name_or_the_first_number_of_the_sentence():
    waiting = Text(id="{rows} dari {total}", en="{rows} of {total} wait", en_one="{rows} of {total} waits")
    assert waiting.format(rows=1, total=7).en == "1 of 7 waits"
    assert waiting.format(total=1, rows=7).en == "7 of 1 wait"
    named = Text(id="{month}: {count}", en="{month}: {count} acts", en_one="{month}: {count} act")
    assert named.format(month=5, count=1).en == "5: 1 act"


def test_two_counts_are_two_texts():
    members = Text(id="{count} orang", en="{count} people", en_one="{count} person")
    both = Text(id="{households}, {members}", en="{households}, {members}")
    assert (
        both.format(households=HOUSEHOLDS.format(count=1), members=members.format(count=4)).en
        == "1 household, 4 people"
    )


def test_parts_are_joined_in_each_language():
    parts = [Text(id="beras", en="rice"), "Rp50.000", DAY]
    assert Text.join(", ", parts) == Text(id="beras, Rp50.000, 18 Mei 2024", en="rice, Rp50.000, 18 May 2024")
    assert Text.join(Text(id=" dan ", en=" and "), parts[:2]) == Text(id="beras dan Rp50.000", en="rice and Rp50.000")
    assert Text.join(", ", []) == Text(id="", en="")


def test_the_singular_is_no_part_of_what_is_sent():
    adapter = TypeAdapter(Text)
    assert adapter.dump_python(HOUSEHOLDS) == {"id": "{count} keluarga", "en": "{count} households"}
    assert set(adapter.json_schema(mode="serialization")["properties"]) == {"id", "en"}


@pytest.mark.parametrize("wrong", [{"id": 1, "en": "a"}, {"id": "a", "en": None}, {"id": "a", "en": "b", "en_one": 3}])
def test_a_text_is_of_strings(wrong: dict[str, object]):
    with pytest.raises(TypeError, match="a Text is two str"):
        Text(**wrong)  # type: ignore[arg-type]  # what the test tries

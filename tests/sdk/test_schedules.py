"""A schedule says which months are due: a rule of RFC 5545 that occurs at most once a month and does not end."""

from datetime import date

import pytest

from guyub.sdk.schedules import occurrence, schedule_problem


def days_of_2025(rule: str) -> dict[int, int]:
    """Returns the month and day of each occurrence."""
    assert schedule_problem(rule) is None
    days = [occurrence(rule, date(2025, month, 1)) for month in range(1, 13)]
    return {day.month: day.day for day in days if day is not None}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY", dict.fromkeys(range(1, 13), 1)),
        ("freq=monthly", dict.fromkeys(range(1, 13), 1)),
        ("FREQ=YEARLY", {1: 1}),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15", {1: 15, 7: 15}),
        ("FREQ=MONTHLY;BYMONTH=3", {3: 1}),
        ("FREQ=MONTHLY;INTERVAL=3", {1: 1, 4: 1, 7: 1, 10: 1}),
        ("FREQ=YEARLY;INTERVAL=2", {}),
        ("FREQ=MONTHLY;BYMONTHDAY=31", dict.fromkeys((1, 3, 5, 7, 8, 10, 12), 31)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;BYMONTH=2", {2: 28}),
        ("FREQ=MONTHLY;BYMONTH=2;BYDAY=3SA", {2: 15}),
        ("FREQ=MONTHLY;BYMONTH=2;BYHOUR=23;BYMINUTE=59", {2: 1}),
        ("FREQ=MONTHLY;BYMONTH=5;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", {5: 30}),
    ],
)
def test_a_month_is_due_where_the_rule_occurs_in_it(rule: str, expected: dict[int, int]):
    assert days_of_2025(rule) == expected


def test_every_second_year_is_an_even_one():
    assert occurrence("FREQ=YEARLY;INTERVAL=2", date(2026, 1, 15)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=DAILY",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYDAY=SA",
        "FREQ=MONTHLY;BYDAY=1SA,3SA",
        "FREQ=MONTHLY;BYHOUR=8,14",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,-1",
        "FREQ=YEARLY;BYWEEKNO=20",
    ],
)
def test_a_finer_rule_is_not_supported_yet(rule: str):
    problem = schedule_problem(rule)
    assert problem is not None
    assert "more than once a month" in problem.en
    assert "lebih dari sekali sebulan" in problem.id
    assert rule in problem.id


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;COUNT=3", "FREQ=MONTHLY;UNTIL=20251231"])
def test_a_rule_does_not_end_by_itself(rule: str):
    problem = schedule_problem(rule)
    assert problem is not None
    assert "ends by itself" in problem.en


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=13"])
def test_a_rule_occurs_some_day(rule: str):
    problem = schedule_problem(rule)
    assert problem is not None
    assert "never occurs" in problem.en


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "bulanan",
        "MONTHLY",
        "FREQ=FORTNIGHTLY",
        "FREQ=MONTHLY;",
        "FREQ=MONTHLY;INTERVAL=-1",
        "FREQ=MONTHLY;BYEASTER=0",
        "RRULE:FREQ=MONTHLY",
        "DTSTART:20240101T000000\nRRULE:FREQ=MONTHLY",
    ],
)
def test_what_is_no_rule_is_told_so(rule: str):
    problem = schedule_problem(rule)
    assert problem is not None
    assert "no rule of RFC 5545" in problem.en

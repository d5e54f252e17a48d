"""Every field that takes a day shows the earliest and the latest that is possible."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import guyub
from guyub.db.limits import FIRST_DAY, LAST_DAY
from guyub.ui.parsing import OutsideDay, parse_date
from guyub.ui.possible_days import ANY_DAY, PossibleDays

TEMPLATES = sorted(Path(guyub.__file__).parent.rglob("templates/**/*.html"))
READING = "asks what held on a day; nothing is written"
SETTING = "a setting holds from any day that can be written; the preview says what it touches"
ANY = {
    ("components.html", "each.name"): READING,
    ("profile.html", '"on"'): READING,
    ("values.html", '"on"'): READING,
    ("history.html", '"on"'): READING,
    ("report.html", '"since"'): READING,
    ("report.html", '"until"'): READING,
    ("switch.html", '"_valid_from"'): SETTING,
    ("change.html", '"_valid_from"'): SETTING,
    ("reset.html", '"_valid_from"'): SETTING,
    ("configure.html", '"_valid_from"'): SETTING,
}
"""Fields without bounds of their own: they have those of any day."""


def test_every_form_says_which_days_are_possible_or_takes_any():
    unbounded = {
        (template.name, name)
        for template in TEMPLATES
        for name, rest in re.findall(r"\bfield\.date\(([^,]+),(.*)", template.read_text())
        if "days=" not in rest
    }
    assert unbounded == set(ANY)


def test_no_template_makes_a_field_of_days_but_the_one_that_bounds_them():
    own = [template.name for template in TEMPLATES if 'type="date"' in template.read_text()]
    assert own == ["fields.html"]


@pytest.mark.parametrize(("end", "step"), [(FIRST_DAY, -1), (LAST_DAY, 1)])
def test_any_day_is_what_every_door_reads_as_a_day(end: date, step: int):
    assert ANY_DAY.holds(end)
    assert parse_date(end.isoformat()) == end
    outside = end + timedelta(days=step)
    assert not ANY_DAY.holds(outside)
    with pytest.raises(OutsideDay):
        parse_date(outside.isoformat())


def test_days_without_a_first_one_have_all_until_the_last():
    days = PossibleDays(None, date(2024, 11, 16))
    assert days.holds(FIRST_DAY)
    assert days.holds(date(2024, 11, 16))
    assert not days.holds(date(2024, 11, 17))

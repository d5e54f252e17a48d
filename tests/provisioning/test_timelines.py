from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guyub.configuration.settings import Setting
from guyub.configuration.timelines import steps_to

NEW_YEAR = date(2025, 1, 1)
settings = st.builds(
    Setting,
    st.sampled_from([None, 1, True, 5, 5.0, "5"]),
    st.integers(0, 6).map(lambda days: NEW_YEAR + timedelta(days)),
    st.booleans(),
)


def on(timeline: Sequence[Setting], day: date) -> Setting | None:
    return next((known for known in reversed(timeline) if known.valid_from <= day), None)


def with_steps(timeline: Sequence[Setting], want: Setting, unset: Any = None) -> list[Setting]:
    """What the database answers afterwards: of one day the later row counts, in the order of days."""
    by_day = {known.valid_from: known for known in timeline}
    by_day |= {added.valid_from: added for _, added in steps_to(timeline, [want], unset=unset)}
    return [by_day[day] for day in sorted(by_day)]


@given(st.lists(settings, max_size=8))
def test_what_was_declared_last_holds_from_its_day_on_whatever_came_before(declared):
    timeline: list[Setting] = []
    for want in declared:
        before = timeline
        timeline = with_steps(timeline, want)
        for days in range(8):
            day = NEW_YEAR + timedelta(days)
            if day < want.valid_from:
                assert on(timeline, day) == on(before, day)
            else:
                holds = on(timeline, day) or Setting(None, day)
                assert (repr(holds.value), holds.locked) == (repr(want.value), want.locked)


@given(st.lists(settings, max_size=8))
def test_declaring_the_same_again_adds_nothing(declared):
    timeline: list[Setting] = []
    for want in declared:
        timeline = with_steps(timeline, want)
        assert list(steps_to(timeline, [want], unset=None)) == []


def test_a_plugin_that_never_ran_needs_no_row_to_stay_off():
    assert list(steps_to([], [Setting(False, NEW_YEAR)], unset=False)) == []
    assert [added.value for _, added in steps_to([], [Setting(True, NEW_YEAR)], unset=False)] == [True]


@given(
    st.lists(settings, max_size=6), st.lists(settings, min_size=1, max_size=4, unique_by=lambda item: item.valid_from)
)
def test_several_days_that_are_wanted_hold_each_from_its_own_day(recorded, wanted):
    wanted.sort(key=lambda item: item.valid_from)
    timeline: list[Setting] = []
    for item in recorded:
        timeline = with_steps(timeline, item)
    by_day = {known.valid_from: known for known in timeline}
    by_day |= {added.valid_from: added for _, added in steps_to(timeline, wanted, unset=None)}
    after = [by_day[day] for day in sorted(by_day)]
    for days in range(8):
        day = NEW_YEAR + timedelta(days)
        want = on(wanted, day)
        if want is not None:
            assert (on(after, day) or Setting(None, day)).is_like(want)
        else:
            assert on(after, day) == on(timeline, day)
    assert list(steps_to(after, wanted, unset=None)) == []

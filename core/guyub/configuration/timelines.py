"""Works out what to add to a history that is never rewritten, so that from a day on it says what is wanted."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Any

from guyub.configuration.settings import Setting
from guyub.ui.months import following


def on_day(timeline: Sequence[Setting], day: date) -> Setting | None:
    """Returns what holds on a day; ``timeline`` is in the order of days."""
    return next((known for known in reversed(timeline) if known.valid_from <= day), None)


def steps_to(
    timeline: Sequence[Setting], wanted: Sequence[Setting], *, unset: Any
) -> Iterator[tuple[Setting | None, Setting]]:
    """Yields the settings to add, in the order of their days, each with what is recorded for its day so far: without
    any of them.

    Both are in the order of days; ``unset`` is what holds before the first. What was recorded for a day after the first
    wanted one is overruled on its own day.
    """
    first = wanted[0].valid_from
    days = {want.valid_from for want in wanted} | {known.valid_from for known in timeline if known.valid_from > first}
    becomes = list(timeline)
    for day in sorted(days):
        want, have = on_day(wanted, day), on_day(becomes, day)
        assert want is not None
        if not (have or Setting(unset, day)).is_like(want):
            added = replace(want, valid_from=day)
            becomes = with_added(becomes, [added])
            yield on_day(timeline, day), added


def postpone_start(
    timeline: Sequence[Setting], wanted: Sequence[Setting], *, today: date, unset: Any
) -> Sequence[Setting]:
    """Returns what is wanted from tomorrow on, where it begins on a later day only: until then it stays as it is today.

    What is recorded for the days between and not wanted any more does not begin: a start to come was put off.
    """
    first = wanted[0]
    between = next((known.valid_from for known in timeline if today < known.valid_from < first.valid_from), None)
    if between is None:
        return wanted
    held = on_day(timeline, today) or Setting(unset, today)
    return [Setting(held.value, between, held.locked, reason=first.reason), *wanted]


def replaced_value(
    earlier: tuple[Setting | None, Setting] | None, was: Setting | None, step: Setting
) -> Setting | None:
    """Returns what a step takes the place of: what the step before it (``earlier``, with what was recorded for its day)
    has left, or what ``was`` recorded for its own day, where that is something else."""
    if earlier is None or earlier[1].is_like(step):
        return was
    before = earlier[0]
    is_the_same = before is was or (before is not None and was is not None and before.is_like(was))
    return earlier[1] if is_the_same else was


def with_added(timeline: Sequence[Setting], added: Sequence[Setting]) -> list[Setting]:
    """Returns the timeline after more was recorded: of two settings for a day the later one counts."""
    by_day = {known.valid_from: known for known in (*timeline, *added)}
    return [by_day[day] for day in sorted(by_day)]


def first_month(
    since: date, beginnings: Iterable[date], opened: Set[date], counts: Callable[[date], bool]
) -> date | None:
    """Returns the first month of a programme from a day on that is not opened yet and for which a change ``counts``;
    None where there is none. A month takes what holds on its first day, and keeps it once opened.

    ``beginnings`` are the days on which something else begins that decides about it; between them nothing changes.
    """
    days = {since, *(day for day in beginnings if day > since), *map(following, opened)}
    months = sorted({day if day.day == 1 else following(day) for day in days})
    return next((month for month in months if month >= since and month not in opened and counts(month)), None)

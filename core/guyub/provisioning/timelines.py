"""What to add to a history that is never rewritten, so that from a day on it says what is wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from guyub.provisioning.declared import Setting


def on_day(timeline: Sequence[Setting], day: date) -> Setting | None:
    """What holds on a day; ``timeline`` is in the order of days."""
    return next((known for known in reversed(timeline) if known.valid_from <= day), None)


def steps(
    timeline: Sequence[Setting], wanted: Sequence[Setting], *, unset: Any
) -> Iterator[tuple[Setting | None, Setting]]:
    """The settings to add, in the order of their days, each with the one that holds on its day so far.

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
            yield have, added


def with_added(timeline: Sequence[Setting], added: Sequence[Setting]) -> list[Setting]:
    """The timeline after more was recorded: of two settings for a day the later one counts."""
    by_day = {known.valid_from: known for known in (*timeline, *added)}
    return [by_day[day] for day in sorted(by_day)]

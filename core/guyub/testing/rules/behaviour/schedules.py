"""Cycles come again, and not all the time."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any

from dateutil.rrule import rrulestr

from guyub.testing.calls import of_programs
from guyub.testing.contexts import A_DAY
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH016",
    "A schedule comes at least once in two years, at most once a day, and does not end.",
    why="A rule that never fires opens no cycle and says nothing; one that fires all the time opens cycles without end.",
    fix="write FREQ=MONTHLY, FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1 or the like, without UNTIL and COUNT",
)

_LATER = datetime.combine(A_DAY.replace(year=A_DAY.year + 20), time())
"""Long after the plugin was written."""


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config):
        for of_program in of_programs(specimen.plugin, config):
            if of_program.method == "schedule" and (wrong := _wrong(of_program.ask().answer)):
                yield RULE.broken(
                    f"{of_program.owner.__name__}.schedule: {wrong}", specimen.member(of_program.owner, "schedule")
                )


def _wrong(answer: Any) -> str:
    if not isinstance(answer, str):
        return ""
    said = answer.upper()
    if said.startswith(("RRULE:", "DTSTART")):
        return f"{answer!r}: only what stands after RRULE: is wanted"
    for frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        if f"FREQ={frequency}" in said:
            return f"{answer!r} comes more than once a day"
    if "UNTIL=" in said or "COUNT=" in said:
        return f"{answer!r} ends"
    try:
        # A day that is not there is looked for up to the year 9999; two years are enough.
        rule = rrulestr(f"{answer};UNTIL={_LATER + timedelta(days=731):%Y%m%dT%H%M%S}", dtstart=_LATER)
        days = list(islice(rule, 3))
    except (ValueError, TypeError):
        return ""  # BEH003 tells
    if not days:
        return f"{answer!r} never comes"
    if any(later - earlier < timedelta(days=1) for earlier, later in pairwise(days)):
        return f"{answer!r} comes more than once a day"
    return ""

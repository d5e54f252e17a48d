"""Describes when a month is late: the one rule that home, map, tables, API, reminders and recap read.

A month in hand is late after its planned day, or when it is over. One that is due and was never opened is late after the day by
which its regional office wants it opened, or after the day of its schedule where that comes later; once it cannot be distributed
any more it is no longer awaited. What is not due is not late.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from guyub.programs.cycles import LATEST_MONTHS, days_of
from guyub.programs.due_months import DueMonth
from guyub.programs.labels import STATES
from guyub.reports.reporting_days import RecapDays
from guyub.sdk.text import Text
from guyub.ui.months import back, last_day

CycleStateShown = Literal[
    "not_opened",
    "planned",
    "proposed",
    "approved",
    "distributing",
    "closed",
    "cancelled",
    "late",
    "not_due",
    "no_program",
]
SHOWN: Mapping[str, Text] = {
    "not_opened": Text(id="Belum dibuka", en="Not opened"),
    **{state: STATES[state] for state in ("planned", "proposed", "approved", "distributing", "closed")},
    "late": Text(id="Terlambat", en="Late"),
    "cancelled": Text(id="Dibatalkan", en="Cancelled"),
    "not_due": Text(id="Tidak dijadwalkan", en="Not due"),
    "no_program": Text(id="Tanpa program", en="No programme"),
}
"""The states of a month as the region sees them, in the order in which they are listed."""
_NEVER_OPENED = Text(id="Belum dibuka, terlambat", en="Not opened, late")

OVER = ("closed", "cancelled")
"""Steps after which nothing of a month is awaited; only a closed one is done."""


def late_after(step: CycleStateShown, period: date, distribution_on: date | None) -> date | None:
    """Returns the last day on which a month in hand is in time; None for one that is over."""
    if step in OVER:
        return None
    end = last_day(period)
    return end if distribution_on is None else min(distribution_on, end)


def shown_state(step: CycleStateShown, period: date, distribution_on: date | None, today: date) -> CycleStateShown:
    """Returns how a month in hand is shown on a day: "late", or the step that it stands at."""
    after = late_after(step, period, distribution_on)
    return "late" if after is not None and after < today else step


@dataclass(frozen=True, slots=True)
class UnopenedMonth:
    """A month that is due at a facility and was never opened; ``open_by`` is the last day on which that is in time."""

    facility_id: UUID
    plugin: str
    period: date
    open_by: date
    state: CycleStateShown

    @property
    def is_late(self) -> bool:
        return self.state == "late"


def unopened(
    due: Iterable[DueMonth], opened: Collection[tuple[UUID, str, date]], days: Mapping[UUID, RecapDays], today: date
) -> list[UnopenedMonth]:
    """Returns the months that are ``due`` and not among the ``opened`` ones (facility, programme and month); ``days`` are
    those of the regional office of each facility, where it has set its own."""
    return [
        _unopened(month, days.get(month.facility_id, RecapDays()), today)
        for month in due
        if (month.facility_id, month.plugin, month.period) not in opened
    ]


def _unopened(month: DueMonth, days: RecapDays, today: date) -> UnopenedMonth:
    open_by = max(month.period.replace(day=days.open), month.on)
    is_awaited = today <= days_of(month.period)[1]
    state: CycleStateShown = "late" if open_by < today and is_awaited else "not_opened"
    return UnopenedMonth(month.facility_id, month.plugin, month.period, open_by, state)


def unopened_label(state: CycleStateShown) -> Text:
    """Returns the words for a month that was never opened."""
    return _NEVER_OPENED if state == "late" else SHOWN[state]


def awaited(today: date) -> list[date]:
    """Returns the months up to this one that can still be distributed, newest first."""
    months = [back(today, before) for before in range(LATEST_MONTHS)]
    return [month for month in dict.fromkeys(months) if days_of(month)[1] >= today]

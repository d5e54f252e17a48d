"""The months of a programme that can be opened at a facility: those that are due, and others, which need a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guyub.configuration.activations import ActivationPeriods
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import LATEST_MONTHS, Cycle, days_of
from guyub.programs.due_months import MONTHS_AHEAD, due_here, months_from
from guyub.sdk.text import Period, Text
from guyub.ui.months import back

OFFERED = 4
"""So many months that are due are offered from the last one on, and so many others."""

_NOT_DUE = Text(id="{month} – di luar jadwal", en="{month} – not due")
_AGAIN = Text(id="{month} – dibuka lagi", en="{month} – opened again")


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """A month that can be opened; ``was_cancelled``: it was opened before."""

    period: date
    is_due: bool
    was_cancelled: bool = False

    @property
    def label(self) -> Text:
        label = Text.same(Period(self.period))
        if self.was_cancelled:
            label = _AGAIN.format(month=label)
        return label if self.is_due else _NOT_DUE.format(month=label)


def month_choices(
    work: Work,
    plugins: PluginRegistry,
    plugin: str,
    known: Sequence[Cycle],
    runs: ActivationPeriods,
    first: date,
    today: date,
) -> list[MonthChoice]:
    """Returns the months from ``first`` on that can be opened, after those before it that are due, were never opened and can
    still be distributed; due ones before others."""
    taken = {cycle.period for cycle in known if cycle.state != "cancelled"}
    cancelled = {cycle.period for cycle in known} - taken
    earlier = [back(today, months) for months in range(LATEST_MONTHS - 1, -1, -1)]
    behind = [month for month in earlier if month < first and days_of(month)[1] >= today]
    ahead = months_from(first, MONTHS_AHEAD)
    due = due_here(work, plugins, plugin, [*behind, *ahead])
    due_ahead = [month for month in ahead if month in due and month not in taken][:OFFERED]
    others = [month for month in ahead if month not in due and month not in taken and runs.runs(month)]
    if due_ahead:
        others = [month for month in others if month < due_ahead[-1]]
    offered = [*(month for month in behind if month in due and month not in taken), *due_ahead, *others[:OFFERED]]
    return [MonthChoice(month, month in due, month in cancelled) for month in offered]

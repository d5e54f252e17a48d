"""Opens a month of a programme and scores its candidates, as the page and the API do."""

from collections.abc import Sequence
from datetime import date, time

from guyub.configuration import activations
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycles, selection
from guyub.programs.cycles import Cycle
from guyub.programs.month_choices import MonthChoice, month_choices
from guyub.ui.months import following


def open_month(
    work: Work,
    plugins: PluginRegistry,
    plugin: str,
    period: date,
    *,
    fund_codes: Sequence[str],
    distribution_on: date | None,
    starts_at: time | None,
    place: str,
    reason: str,
) -> Cycle:
    """Opens a month that follows the newest one before it, and scores every household. Raises as ``open_cycle`` does."""
    known = cycles.all_of(work, plugin)
    before = next((cycle for cycle in known if cycle.period < period and cycle.state != "cancelled"), None)
    opened = cycles.open_cycle(
        work,
        plugins,
        plugin,
        period,
        fund_codes=fund_codes,
        distribution_on=distribution_on,
        starts_at=starts_at,
        place=place,
        previous_id=before.id if before else None,
        reason=reason,
    )
    selection.score(work, plugins, opened)
    return opened


def offered_months(
    work: Work, plugins: PluginRegistry, plugin: str, known: Sequence[Cycle], today: date
) -> tuple[date, list[MonthChoice]]:
    """Returns the month that comes next, and the months that can be opened: due ones first."""
    previous = next((cycle for cycle in known if cycle.state != "cancelled"), None)
    runs = activations.activation_periods(work, plugin)
    wanted = following(previous.period) if previous else today.replace(day=1)
    first = runs.first_month(wanted) or wanted
    return first, month_choices(work, plugins, plugin, known, runs, first, today)

"""On which days a month can be planned for and handed over; the database keeps it (``88_days.sql``)."""

from datetime import date

from guyub.db.unit_of_work import Work
from guyub.funds import days
from guyub.programs.cycles import Cycle, days_of
from guyub.ui.possible_days import PossibleDays


def of_plan(period: date) -> PossibleDays:
    """Returns the days for which a month can be planned."""
    return PossibleDays(*days_of(period))


def of_hand_over(work: Work, cycle: Cycle, today: date) -> PossibleDays:
    """Returns the days on which something of a month can have been handed over: in the month or later, after its approval and the
    arrival of its goods, within the terms of its funds."""
    spending = days.of_holder(work, cycle.id, today)
    bounds = (cycle.period, spending.first, days.goods_came(work, cycle.id))
    return PossibleDays(max(day for day in bounds if day is not None), spending.last, spending.closed_until)

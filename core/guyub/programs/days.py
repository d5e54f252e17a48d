"""On which days a month can be planned for and handed over; the database keeps it (``88_days.sql``)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Date, func, select

from guyub.db.unit_of_work import Work
from guyub.funds import days
from guyub.funds.reservations import Promise
from guyub.programs.cycles import Cycle, days_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.ui.possible_days import PossibleDays


def of_plan(period: date) -> PossibleDays:
    """Returns the days for which a month can be planned."""
    return PossibleDays(*days_of(period))


def of_approval(work: Work, cycle: Cycle, promises: Sequence[Promise], today: date) -> PossibleDays:
    """Returns the days on which a proposal can have been approved: not before it was made, and when the funds that would pay can
    pay."""
    proposed = work.scalar(select(func.guyub.earliest_approval(cycle.id, type_=Date)))
    assert proposed is not None
    return days.of_promises(work, promises, min(proposed, today), today)


def moment_of_approval(on: date | None, now: datetime, possible: PossibleDays) -> tuple[date, datetime | None]:
    """Returns the day of an approval and, of one of today, its moment. Raises ``Invalid`` for a day that is not possible."""
    day = on or now.date()
    if not possible.holds(day):
        raise ProgramsRefusal.DAY_OF_APPROVAL.invalid("on", possible=possible.sentence)
    return day, now if day == now.date() else None


def of_hand_over(work: Work, cycle: Cycle, today: date) -> PossibleDays:
    """Returns the days on which something of a month can have been handed over: in the month or later, after its approval and the
    arrival of its goods, within the terms of its funds."""
    spending = days.of_holder(work, cycle.id, today)
    bounds = (cycle.period, spending.first, days.goods_came(work, cycle.id))
    return PossibleDays(max(day for day in bounds if day is not None), spending.last, spending.closed_until)

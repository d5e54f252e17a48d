"""On which days a month can be planned for and handed over; the database keeps it (``88_days.sql``)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Date, cast, func, select

from guyub.db.unit_of_work import Work
from guyub.funds import days
from guyub.funds.reservations import Promise
from guyub.programs.cycles import Cycle, days_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.ui.possible_days import PossibleDays


def today_here(work: Work) -> date:
    """Returns the day of the database's clock at the facility."""
    today = work.scalar(select(cast(func.timezone(work.here.zone, func.clock_timestamp()), Date)))
    assert today is not None
    return today


def of_plan(period: date) -> PossibleDays:
    """Returns the days for which a month can be planned."""
    return PossibleDays(*days_of(period))


def of_approval(work: Work, cycle: Cycle, promises: Sequence[Promise], today: date) -> PossibleDays:
    """Returns the days on which a proposal can have been approved: not before it was made, and when the funds that would pay can
    pay."""
    proposed = work.scalar(select(func.guyub.earliest_approval(cycle.id, type_=Date)))
    assert proposed is not None
    possible = days.of_promises(work, promises, min(proposed, today), today)
    planned = cycle.distribution_on
    if planned is None or planned >= possible.last or (possible.first is not None and planned < possible.first):
        return possible
    return replace(possible, last=planned)


def moment_of_approval(
    cycle: Cycle, on: date | None, now: datetime, possible: PossibleDays
) -> tuple[date, datetime | None]:
    """Returns the day of an approval and, of one of today, its moment. Raises ``Invalid`` for none, for a day that is not
    possible, and for one after the planned day of the distribution."""
    if on is None:
        raise ProgramsRefusal.NO_DAY_OF_APPROVAL.invalid("on", possible=possible.sentence)
    if cycle.distribution_on is not None and cycle.distribution_on < on <= now.date():
        raise ProgramsRefusal.PLANNED_BEFORE_APPROVAL.invalid("on", day=cycle.distribution_on)
    if not possible.holds(on):
        raise ProgramsRefusal.DAY_OF_APPROVAL.invalid("on", possible=possible.sentence)
    return on, now if on == now.date() else None


def of_proposal(work: Work, cycle: Cycle, today: date) -> PossibleDays:
    """Returns the days on which a month can have been proposed: after its list was made, and of one that is entered afterwards
    near it."""
    first = work.scalar(select(func.guyub.earliest_proposal(cycle.id, type_=Date)))
    assert first is not None
    return PossibleDays(min(first, today), today)


def demand_day_of_proposal(on: date | None, possible: PossibleDays) -> date:
    """Returns the day of a proposal. Raises ``Invalid`` for none and for one that is not possible."""
    if on is None:
        raise ProgramsRefusal.NO_DAY_OF_PROPOSAL.invalid("on", possible=possible.sentence)
    if not possible.holds(on):
        raise ProgramsRefusal.DAY_OF_PROPOSAL.invalid("on", possible=possible.sentence)
    return on


def of_absence(cycle: Cycle, today: date) -> PossibleDays:
    """Returns the days on which somebody can have stayed away: from the planned day of the distribution until today."""
    first = max(cycle.distribution_on or cycle.period, cycle.period)
    return PossibleDays(first, max(first, today))


def demand_day_of_absence(cycle: Cycle, on: date | None, today: date) -> date:
    """Returns the day of an absence. Raises ``Invalid`` for none and for one that is not possible."""
    possible = of_absence(cycle, today)
    if possible.first is not None and possible.first > today:
        raise ProgramsRefusal.ABSENT_TOO_EARLY.invalid("absent_on", day=possible.first)
    if on is None:
        raise ProgramsRefusal.NO_DAY_OF_ABSENCE.invalid("absent_on", possible=possible.sentence)
    if not possible.holds(on):
        raise ProgramsRefusal.DAY_OF_ABSENCE.invalid("absent_on", possible=possible.sentence)
    return on


def of_hand_over(work: Work, cycle: Cycle, today: date) -> PossibleDays:
    """Returns the days on which something of a month can have been handed over: in the month or later, after its approval and the
    arrival of its goods, within the terms of its funds."""
    spending = days.of_holder(work, cycle.id, today)
    bounds = (cycle.period, spending.first, days.goods_came(work, cycle.id))
    return PossibleDays(max(day for day in bounds if day is not None), spending.last, spending.closed_until)

"""The overview of a region as JSON: counts and amounts, nothing about a person."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from guyub.http import Clock, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.reports.lateness import CycleStateShown
from guyub.reports.overrides import Override, of_view
from guyub.reports.period_param import length_asked, month_asked
from guyub.reports.region import FacilityRow, Overview, overview
from guyub.reports.region_figures import MonthAt
from guyub.reports.trend import MonthTotal

api = APIRouter(prefix="/region/{region}")


class FamiliesOut(BaseModel):
    """Households of one category on the list, and those served."""

    listed: int
    received: int


class CycleInMonthOut(BaseModel):
    """A month of a programme; ``state`` is "late" or its ``step``, ``value`` the cost of what was handed over, in rupiah."""

    program: str
    cycle: str
    state: CycleStateShown
    step: str
    distribution_on: date | None
    families: dict[str, FamiliesOut]
    value: int


class MoneyOut(BaseModel):
    """The funds of one source, in whole rupiah; ``for_review`` counts those that the regional office reviews."""

    plugin: str
    source: str
    received: int
    left: int
    spent: int
    for_review: int


class DifferenceOut(BaseModel):
    """A value that a facility has set for itself, in words, and what it would inherit."""

    plugin: str
    field: str
    own: str
    inherited: str


class UnopenedOut(BaseModel):
    """A month that is due and was never opened; ``state`` is "late" after ``open_by``, the last day in time."""

    program: str
    month: str
    state: CycleStateShown
    open_by: date | None


class FacilityOut(BaseModel):
    """``programs`` and ``sources`` are the plugins active there; ``earlier`` months from before that are still open. ``unopened``
    are months that are due and were never opened, also late ones from before; ``not_due`` programmes that leave the month out,
    ``late`` counts what is late of all these."""

    code: str
    name: str
    programs: list[str]
    sources: list[str]
    not_opened: list[str]
    not_due: list[str]
    unopened: list[UnopenedOut]
    late: int
    cycles: list[CycleInMonthOut]
    earlier: list[CycleInMonthOut]
    money: list[MoneyOut]
    differences: list[DifferenceOut]


class MonthTotalOut(BaseModel):
    """A month up to this one: programmes' months that were opened, households, rupiah handed over (``value``) and received
    (``income``)."""

    month: str
    months: int
    closed: int
    cancelled: int
    listed: int
    received: int
    packages: int
    value: int
    income: int


class OverviewOut(BaseModel):
    """``by_state`` counts months of programmes, and facilities without a programme under ``no_program``."""

    region: str
    month: str
    by_state: dict[str, int]
    by_category: dict[str, FamiliesOut]
    received: int
    packages: int
    value: int
    facilities: list[FacilityOut]
    trend: list[MonthTotalOut]


@api.get("/overview")
def region_overview(work: RegionWork, plugins: Plugins, clock: Clock, month: str = "", months: int = 0) -> OverviewOut:
    """Returns a month (like 2024-11; this one when left out) at all facilities of a region, and the 12 (or 36) months
    up to it."""
    here = work.office
    today = clock.today(work)
    view = overview(work, plugins, here.id, month_asked(month, today), today, length_asked(months))
    own = of_view(work, plugins, here.id, view, today)
    return _out(work.office.code, view, own)


def _out(region: str, view: Overview, own: Mapping[UUID, Sequence[Override]]) -> OverviewOut:
    return OverviewOut(
        region=region,
        month=f"{view.period:%Y-%m}",
        by_state=dict(view.by_state),
        by_category={
            code: FamiliesOut(listed=listed, received=got) for code, (listed, got) in view.by_category.items()
        },
        received=view.received,
        packages=view.packages,
        value=view.value,
        facilities=[_facility(row, own[row.place.id]) for row in view.rows],
        trend=[total_out(total) for total in view.trend],
    )


def total_out(total: MonthTotal) -> MonthTotalOut:
    return MonthTotalOut(
        month=f"{total.period:%Y-%m}",
        months=total.months,
        closed=total.closed,
        cancelled=total.cancelled,
        listed=total.listed,
        received=total.received,
        packages=total.packages,
        value=total.value,
        income=total.income,
    )


def _facility(row: FacilityRow, own: Sequence[Override]) -> FacilityOut:
    return FacilityOut(
        code=row.place.code,
        name=row.place.name,
        programs=[program.slug for program in row.programs],
        sources=[source.slug for source in row.sources],
        not_opened=[program.slug for program in row.not_opened],
        not_due=[program.slug for program in row.not_due],
        unopened=[
            UnopenedOut(
                program=program.slug, month=f"{program.period:%Y-%m}", state=program.state, open_by=program.open_by
            )
            for program in (*row.not_opened, *row.never_opened)
        ],
        late=row.late,
        cycles=[_month(month) for month in row.months],
        earlier=[_month(month) for month in row.earlier],
        money=[
            MoneyOut(
                plugin=money.plugin,
                source=money.source,
                received=money.received,
                left=money.left,
                spent=money.spent,
                for_review=money.sensitive,
            )
            for money in row.money
        ],
        differences=[
            DifferenceOut(
                plugin=override.plugin.id, field=override.field.id, own=override.own.id, inherited=override.inherited.id
            )
            for override in own
        ],
    )


def _month(month: MonthAt) -> CycleInMonthOut:
    return CycleInMonthOut(
        program=month.plugin,
        cycle=month.code,
        state=month.state,
        step=month.step,
        distribution_on=month.distribution_on,
        families={code: FamiliesOut(listed=listed, received=got) for code, (listed, got) in month.families.items()},
        value=month.value,
    )

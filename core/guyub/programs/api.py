"""The programmes of a facility as JSON: figures and states, nothing about a person."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from guyub.funds import queries as books
from guyub.http import Clock, FacilityWork
from guyub.plugins.dependencies import Plugins
from guyub.programs import cycle_facts, cycles, overview
from guyub.programs.labels import CycleState
from guyub.programs.overview import MonthLine
from guyub.programs.pages.common import AskedCycle
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

api = APIRouter(prefix="/f/{facility}")


class MonthOut(BaseModel):
    """One month: counts of households, ``value`` in whole rupiah of what was handed over."""

    cycle: str
    state: CycleState
    quota: int
    listed: int
    received: int
    absent: int
    value: int
    distribution_on: date | None
    place: str


class ProgramOut(BaseModel):
    """A programme that runs at the facility today, its newest month first."""

    plugin: str
    title: Text
    ready: bool
    cycles: list[MonthOut]


class SpendingOut(BaseModel):
    """Holds what one fund paid, in whole rupiah."""

    fund: str
    source: str
    amount: int


class CycleOut(MonthOut):
    """A month with what it spent; the amounts add up to ``value``."""

    facility: str
    program: str
    by_category: dict[str, int]
    spending: list[SpendingOut]


@api.get("/programs")
def programs(work: FacilityWork, plugins: Plugins, clock: Clock) -> list[ProgramOut]:
    """Returns the programmes that run at this facility today, with their months."""
    work.require("programs.read")
    today = clock.today(work)
    lines = overview.months(work)
    pending = []
    for slug in plugins.active(work, work.here.id, today):
        own = [line for line in lines if line.plugin == slug]
        try:
            title = cycles.require_program(work, plugins, slug, today).title
            ready = True
        except Refusal:
            if not own:
                continue
            title, ready = own[0].title, False
        pending.append(
            ProgramOut(
                plugin=slug,
                title=title,
                ready=ready,
                cycles=[_month(line) for line in own],
            )
        )
    return pending


@api.get("/cycles/{cycle}")
def cycle(address: AskedCycle) -> CycleOut:
    """Returns a cycle of this facility by its code, like 2024-11; ``cycles`` of a programme name them."""
    work = address.work
    view = address.readable()
    line = next(line for line in overview.months(work, view.cycle.plugin) if line.code == view.cycle.code)
    figures = cycle_facts.figures(work, view.cycle)
    spending = books.spending(work, view.cycle.id)
    return CycleOut(
        **_month(line).model_dump(),
        facility=work.here.code,
        program=view.cycle.plugin,
        by_category=dict(figures.by_category),
        spending=[SpendingOut(fund=item.fund, source=item.plugin, amount=item.amount) for item in spending],
    )


def _month(line: MonthLine) -> MonthOut:
    return MonthOut(
        cycle=line.code,
        state=line.state,
        quota=line.quota,
        listed=line.listed,
        received=line.received,
        absent=line.absent,
        value=line.value,
        distribution_on=line.distribution_on,
        place=line.place,
    )

"""The home of a facility: this month, what needs attention, the figures of the year, the months before."""

from dataclasses import dataclass
from datetime import date

from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.funds import queries as books
from guyub.funds.queries import FundBalance
from guyub.plugins.hook_results import Attributed
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import overview
from guyub.programs.overview import MonthLine
from guyub.registry import queries as registry
from guyub.registry.queries import RegistryCounts
from guyub.reports import active_programs, attention
from guyub.reports.active_programs import ActiveProgram
from guyub.reports.attention_items import Attention
from guyub.reports.by_source import SourceShare, SourceTotal, by_source
from guyub.reports.reporting_days import days_of
from guyub.sdk.panels import Card

RECENT = 6
"""Months in the table at the end."""


@dataclass(frozen=True, slots=True)
class FacilityHome:
    """``households`` and ``sources`` are None where the reader may not see them. ``packages`` and ``value`` are of this year;
    ``cards`` are the plugins' own, for those who work here; ``office`` is who can switch a programme on. ``closed_on`` is its
    last day once that is past, ``successor`` the facility that it was merged into. What is closed has no month to open."""

    programs: list[ActiveProgram]
    attention: list[Attention]
    registered: RegistryCounts | None
    sources: list[SourceTotal] | None
    free: int
    packages: int
    value: int
    recent: list[MonthLine]
    cards: list[Attributed[Card]]
    office: str
    closed_on: date | None
    successor: str


def home(work: Work, plugins: PluginRegistry, today: date) -> FacilityHome:
    """Returns the home for whoever may read programmes or reports here; nothing in it names a person who receives something."""
    if not work.may("reports.read"):
        work.require("programs.read")
    here = facilities.facility(work)
    closed_on = here.closed_on if here.closed_on is not None and here.closed_on < today else None
    lines = overview.months(work)
    days = days_of(work, here.region.id)
    programs = active_programs.programs(work, plugins, lines, days, today) if closed_on is None else []
    sees_money = work.may("funds.read") or work.may("reports.read")
    funds = books.balances(work) if sees_money else []
    registered = registry.counts(work) if work.may("registry.read") else {}
    of_year = [line for line in lines if line.period.year == today.year]
    return FacilityHome(
        programs=programs,
        attention=attention.of_facility(work, plugins, programs, funds, registered, today),
        registered=_all(registered) if work.may("registry.read") else None,
        sources=by_source(plugins, map(_part, funds)) if sees_money else None,
        free=sum(fund.free for fund in funds),
        packages=sum(line.packages for line in of_year),
        value=sum(line.value for line in of_year),
        recent=lines[:RECENT],
        cards=plugins.hooks.dashboard_cards(work, today) if work.may("programs.read") else [],
        office=here.region.office_name,
        closed_on=closed_on,
        successor=here.successor,
    )


def _part(fund: FundBalance) -> SourceShare:
    return SourceShare(fund.plugin, fund.source, fund.received, fund.free + fund.reserved + fund.stock, fund.used)


def _all(registered: dict[str, RegistryCounts]) -> RegistryCounts:
    return RegistryCounts(
        sum(category_counts.households for category_counts in registered.values()),
        sum(category_counts.surveyed for category_counts in registered.values()),
    )

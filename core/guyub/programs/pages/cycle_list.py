"""A programme at a facility: its months, and the opening of a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_funds, cycles, days, opening, overview
from guyub.programs.cycle_funds import FundChoice
from guyub.programs.cycles import Cycle
from guyub.programs.month_choices import MonthChoice
from guyub.programs.pages.common import (
    day,
    hour,
    order_of,
    program_url,
    typed,
    why_stopped,
    word,
)
from guyub.programs.tables import MONTHS
from guyub.programs.urls import cycle_url
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Period, Text
from guyub.sdk.words import ZONES
from guyub.ui.months import days_later
from guyub.ui.parsing import parse_month
from guyub.ui.possible_days import PossibleDays
from guyub.ui.problems import by_field, in_one
from guyub.ui.typed_values import month_at

router = APIRouter()


@router.get("/f/{facility}/programs/{plugin}/")
def months(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, plugin: PluginSlug) -> Response:
    work.require("programs.read")
    lines = overview.months(work, plugin)
    stopped = why_stopped(work, plugins, plugin, clock.today(work))
    if stopped is not None and not lines:
        raise stopped
    title, summary = _titles(plugins, plugin, lines[0].title if lines else Text.same(plugin))
    return http.render(
        request,
        work,
        "programs/cycle_list.html",
        title=title,
        summary=summary,
        lines=MONTHS.of(lines),
        stopped=stopped,
        url=program_url(work, plugin),
        cycle_url=cycle_url,
    )


@router.get("/f/{facility}/programs/{plugin}/open")
def ask_to_open(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, plugin: PluginSlug) -> Response:
    offer = _offer(work, plugins, clock, plugin)
    return _form(request, work, plugin, offer, offer.typed_values, {})


@router.post("/f/{facility}/programs/{plugin}/open")
def open_month(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, plugin: PluginSlug, form: FormInput
) -> Response:
    try:
        with work.attempt():
            cycle = _open(work, plugins, plugin, form)
    except Invalid as refusal:
        offer = _offer(work, plugins, clock, plugin)
        typed_values = typed(form, *offer.typed_values) | {"funds": "\n".join(order_of(form))}
        # A fault of the package stands in the programme's settings, and not in this form.
        problems = by_field([refusal]) if refusal.field in typed_values else {"": in_one(refusal)}
        if refusal.field == "on" and typed_values["on"] == offer.typed_values["on"]:
            # Nobody chose this day: it was that of another month.
            typed_values["on"] = _usual_day(offer, typed_values["month"])
        return _form(request, work, plugin, offer, typed_values, problems, 422)
    return http.redirect(
        request,
        cycle_url(work.here.code, cycle.code),
        Text(
            id="{month} dibuka dan keluarga calon sudah dinilai.", en="{month} is open and the candidates are scored."
        ).format(month=Period(cycle.period)),
    )


@dataclass(frozen=True, slots=True)
class _Offer:
    """Holds what the form offers and begins with: months on whose first day the programme runs, those that are due first;
    ``previous`` is the newest one, whose place, hour and funds it takes over."""

    title: Text
    months: Sequence[MonthChoice]
    funds: Sequence[FundChoice]
    previous: Cycle | None
    typed_values: Mapping[str, str]


def _offer(work: Work, plugins: PluginRegistry, clock: Clock, plugin: str) -> _Offer:
    work.require("programs.open")
    today = clock.today(work)
    declared = cycles.require_program(work, plugins, plugin, today)
    known = cycles.all_of(work, plugin)
    previous = next((cycle for cycle in known if cycle.state != "cancelled"), None)
    first, months = opening.offered_months(work, plugins, plugin, known, today)
    new = [month.period for month in months if month.period >= first and month.is_due and not month.was_cancelled]
    selected = min(new, default=months[0].period if months else first)
    funds = cycle_funds.choices(work, plugin, *cycles.days_of(selected))
    last = cycles.funds_that_last(work, previous, None) if previous else [fund.code for fund in funds]
    return _Offer(
        declared.title,
        months,
        funds,
        previous,
        {
            "month": f"{selected:%Y-%m}",
            "on": _same_weekday(previous, selected),
            "at": f"{previous.starts_at:%H.%M}" if previous and previous.starts_at else "09.00",
            "place": previous.place if previous else "",
            "reason": "",
            "funds": "\n".join(last),
        },
    )


def _usual_day(offer: _Offer, month: str) -> str:
    """Returns the day with which the form of a month begins; empty where it is no month."""
    try:
        return _same_weekday(offer.previous, parse_month(month))
    except ValueError:
        return ""


def _same_weekday(previous: Cycle | None, period: date) -> str:
    """Returns the same weekday of the month: after the third Saturday the third Saturday; empty when the month before
    had no day.
    """
    if previous is None or previous.distribution_on is None:
        return ""
    before = previous.distribution_on
    first = days_later(period, (before.weekday() - period.weekday()) % 7)
    on = days_later(first, 7 * ((before.day - 1) // 7))
    return (on if on.month == period.month else days_later(on, -7)).isoformat()


def _open(work: Work, plugins: PluginRegistry, plugin: str, form: FormData) -> Cycle:
    return opening.open_month(
        work,
        plugins,
        plugin,
        month_at(word(form, "month"), "month"),
        fund_codes=order_of(form),
        distribution_on=day(word(form, "on"), "on"),
        starts_at=hour(word(form, "at"), "at"),
        place=word(form, "place"),
        reason=word(form, "reason"),
    )


def _form(
    request: Request,
    work: Work,
    plugin: str,
    offer: _Offer,
    typed_values: Mapping[str, str],
    problems: Mapping[str, Text],
    status: int = 200,
) -> Response:
    return http.render(
        request,
        work,
        "programs/open.html",
        status=status,
        offer=offer,
        typed=typed_values,
        problems=problems,
        zone_name=ZONES[work.here.zone],
        url=program_url(work, plugin),
        selected=typed_values["funds"].splitlines(),
        periods=[(f"{month.period:%Y-%m}", month.label) for month in offer.months],
        days=_days(typed_values["month"]),
        asks_reason="reason" in problems or not all(month.is_due for month in offer.months),
    )


def _days(month: str) -> PossibleDays | None:
    """Returns the days of the month that the form shows; None while it is none."""
    try:
        return days.of_plan(parse_month(month))
    except ValueError:
        return None


def _titles(plugins: PluginRegistry, plugin: str, otherwise: Text) -> tuple[Text, Text]:
    """Returns title and summary of the programme; where its plugin is gone, what its last month was called."""
    try:
        declared = plugins.plugin(plugin)
    except Refusal:
        return otherwise, Text(id="", en="")
    return declared.title, declared.summary

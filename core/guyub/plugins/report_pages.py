"""The reports of a plugin, for those who may read them: a page with a declared table."""

from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.page_links import REPORTS, links_of, reports_url
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.report_table import ReportTable, report_of, table_of
from guyub.plugins.tables import name_of, report_rows
from guyub.sdk.errors import Invalid
from guyub.sdk.plugin import Plugin
from guyub.sdk.reports import Report
from guyub.ui.problems import by_field
from guyub.ui.typed_values import day_if_any

router = APIRouter(prefix="/f/{facility}/plugins/{slug}/reports")


@router.get("/")
def reports(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug) -> Response:
    plugin = plugins.require_active(work, slug, clock.today(work))
    links = links_of(work, plugin).reports
    if len(links) == 1:
        return http.redirect(request, links[0].url)
    return http.render(
        request,
        work,
        "plugins/reports.html",
        plugin=plugin,
        title=REPORTS.format(title=plugin.title),
        links=links,
    )


@router.get("/{key}")
def report(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    slug: PluginSlug,
    key: str,
    since: str = "",
    until: str = "",
) -> Response:
    """Returns the report from ``since`` to ``until``, without them from the first of this month to today."""
    table: ReportTable | None = None
    problems = {}
    plugin, today = _active(work, plugins, clock, slug)
    report = report_of(plugin, key)
    work.require(report.permission)
    first, last = today.replace(day=1), today
    try:
        first, last = _span(since, until, today)
    except Invalid as refusal:
        problems = by_field([refusal])
    else:
        table = table_of(work, plugins, plugin, report, first, last, today)
    return http.render(
        request,
        work,
        "plugins/report.html",
        status=422 if problems else 200,
        plugin=plugin,
        report=report,
        table=table,
        rows=report_rows(report, table) if table else None,
        problems=problems,
        since=since or first,
        until=until or last,
        file=file_address(reports_url(work.here.code, slug), report, f"since={first}&until={last}"),
    )


def file_address(reports: str, report: Report[Any], query: str) -> str:
    """Returns the address of a report's files, but for their shape at its end."""
    asked = f"{query}&" if query else ""
    return f"{reports}/{quote(report.key)}?{asked}table={name_of(report)}&export="


def _active(work: Work, plugins: PluginRegistry, clock: Clock, slug: str) -> tuple[Plugin, date]:
    today = clock.today(work)
    return plugins.require_active(work, slug, today), today


def _span(since: str, until: str, today: date) -> tuple[date, date]:
    """Raises ``Invalid`` at the field that cannot be read, or for a span that ends before it begins."""
    days = []
    for name, day, without in (("since", since, today.replace(day=1)), ("until", until, today)):
        days.append(day_if_any(day, name) or without)
    if days[1] < days[0]:
        raise PluginsRefusal.REPORT_SPAN.invalid("until")
    return days[0], days[1]

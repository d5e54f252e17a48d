"""The reports of a plugin, for those who may read them: as a page, as CSV and as a workbook."""

from datetime import date, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork
from guyub.plugins import report_files
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.page_links import REPORTS, links_of, reports_url
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.report_table import ReportTable, report_of, table_of
from guyub.plugins.tables import report_rows
from guyub.sdk.errors import Invalid
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.parsing import parse_date
from guyub.ui.problems import by_field, not_a_day

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
    """The report from ``since`` to ``until``, without them from the first of this month to today."""
    table: ReportTable | None = None
    problems = {}
    plugin, today = _active(work, plugins, clock, slug)
    found = report_of(plugin, key)
    work.require(found.permission)
    first, last = today.replace(day=1), today
    try:
        first, last = _span(since, until, today)
    except Invalid as refusal:
        problems = by_field([refusal])
    else:
        table = table_of(work, plugins, plugin, found, first, last, today)
    return http.render(
        request,
        work,
        "plugins/report.html",
        status=422 if problems else 200,
        plugin=plugin,
        report=found,
        table=table,
        rows=report_rows(found, table) if table else None,
        problems=problems,
        since=since or first,
        until=until or last,
        url=f"{reports_url(work.here.code, slug)}/{key}",
        asked=f"?since={first}&until={last}",
    )


@router.get("/{key}/csv")
def as_csv(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    slug: PluginSlug,
    key: str,
    since: str = "",
    until: str = "",
) -> Response:
    table, _, name, _ = _exported(work, plugins, clock, slug, key, since, until)
    return http.download(report_files.as_csv(table, http.language(request)), f"{name}.csv", report_files.CSV)


@router.get("/{key}/xlsx")
def as_workbook(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    slug: PluginSlug,
    key: str,
    since: str = "",
    until: str = "",
) -> Response:
    table, title, name, now = _exported(work, plugins, clock, slug, key, since, until)
    lang = http.language(request)
    return http.download(report_files.as_workbook(table, title.in_(lang), lang, now), f"{name}.xlsx", report_files.XLSX)


def _exported(
    work: Work, plugins: PluginRegistry, clock: Clock, slug: str, key: str, since: str, until: str
) -> tuple[ReportTable, Text, str, datetime]:
    plugin, today = _active(work, plugins, clock, slug)
    found = report_of(plugin, key)
    first, last = _span(since, until, today)
    table = table_of(work, plugins, plugin, found, first, last, today)
    return table, found.title, f"{slug}-{key}-{work.here.code}-{first}-{last}", clock.now(work)


def _active(work: Work, plugins: PluginRegistry, clock: Clock, slug: str) -> tuple[Plugin, date]:
    today = clock.today(work)
    return plugins.require_active(work, slug, today), today


def _span(since: str, until: str, today: date) -> tuple[date, date]:
    """Raises ``Invalid`` at the field that cannot be read, or for a span that ends before it begins."""
    days = []
    for name, given, without in (("since", since, today.replace(day=1)), ("until", until, today)):
        try:
            days.append(parse_date(given) if given else without)
        except ValueError as error:
            raise not_a_day(error).invalid(name) from None
    if days[1] < days[0]:
        raise PluginsRefusal.REPORT_SPAN.invalid("until")
    return days[0], days[1]

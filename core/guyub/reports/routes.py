"""Home of a facility and overview of a region: pages, the workbook, and their places in the menu."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.db.work import Named, Work
from guyub.host.plugin_host import PluginHost
from guyub.programs.cycles import following
from guyub.programs.vocabulary import STATES, STEPS
from guyub.reports import facility as facility_reports
from guyub.reports import region as region_reports
from guyub.reports import region_attention
from guyub.reports.api import api
from guyub.reports.asked import month_asked
from guyub.reports.region import SHOWN
from guyub.reports.running import month_url, way_url
from guyub.reports.workbook import MEDIA_TYPE, workbook
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

router = APIRouter()


@router.get("/f/{facility}/")
def facility_home(request: Request, facility: str) -> Response:
    with http.open_work(request, facility) as work:
        home = facility_reports.home(work, _host(request), http.today(request, work))
    return http.render(
        request, work, "reports/facility.html", home=home, states=STATES, steps=STEPS,
        step_labels=[STATES[step] for step in STEPS], month_url=month_url, way_url=way_url,
    )  # fmt: skip


@router.get("/region/{region}/")
def region_home(request: Request, region: str, month: str = "") -> Response:
    with http.open_region(request, region) as (work, here):
        today = http.today(request, work)
        period = month_asked(month, today)
        view = region_reports.overview(work, _host(request), here.id, period, today)
    matters = region_attention.of_region(_host(request), view.rows)
    return http.render(
        request, work, "reports/region.html", view=view, matters=matters, states=SHOWN, categories=CATEGORIES,
        office=here.office_name, before=(period - timedelta(days=1)).replace(day=1), after=following(period),
    )  # fmt: skip


@router.get("/region/{region}/overview.xlsx")
def region_workbook(request: Request, region: str, month: str = "") -> Response:
    with http.open_region(request, region) as (work, here):
        today = http.today(request, work)
        view = region_reports.overview(work, _host(request), here.id, month_asked(month, today), today)
        made_at = http.now(request, work)
    name = f"{region}-{view.period:%Y-%m}-ringkasan.xlsx"
    return http.download(workbook(here.office_name, view, made_at), name, MEDIA_TYPE)


def navigation(work: Work, host: Any, today: date) -> list[NavItem]:
    return [NavItem(Text(id="Bulan ini", en="This month"), f"/f/{work.here.code}/", "home", exact=True)]


def region_navigation(work: Work, region: Named, today: date) -> list[NavItem]:
    return [NavItem(Text(id="Ringkasan wilayah", en="Overview"), f"/region/{region.code}/", "map", exact=True)]


def _host(request: Request) -> PluginHost:
    host: PluginHost = http.state(request).host
    return host

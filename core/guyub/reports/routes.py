"""Home of a facility and overview of a region: pages, the workbook, and their places in the menu."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import CodeName, Work
from guyub.http import Clock, FacilityWork, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.labels import STATES, STEPS
from guyub.reports import (
    audit_log_routes,
    calendar_routes,
    facility_map,
    nation_routes,
    overrides,
    region_attention,
    region_figures,
    reminders_routes,
    tables,
)
from guyub.reports import facility as facility_reports
from guyub.reports import region as region_reports
from guyub.reports.active_programs import month_url, way_url
from guyub.reports.api import api as region_api
from guyub.reports.lateness import SHOWN
from guyub.reports.monthly_series import drawn, lengths
from guyub.reports.nation_api import api as nation_api
from guyub.reports.period_param import length_asked, month_asked, month_beside
from guyub.reports.recap import routes as recap_routes
from guyub.reports.trend import trend
from guyub.reports.workbook import MEDIA_TYPE, workbook
from guyub.sdk.text import Text
from guyub.ui.charts import tile_map
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

router = APIRouter(
    routes=[
        *nation_routes.router.routes,
        *recap_routes.router.routes,
        *reminders_routes.router.routes,
        *calendar_routes.router.routes,
        *audit_log_routes.router.routes,
    ]
)
api = APIRouter(routes=[*region_api.routes, *nation_api.routes])

_BY_FACILITY = Text(id="{month} per UPT", en="{month} by facility")
TILES = Text(id="UPT menurut abjad", en="Facilities in alphabetical order")


@router.get("/f/{facility}/")
def facility_home(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock) -> Response:
    home = facility_reports.home(work, plugins, clock.today(work))
    return http.render(
        request,
        work,
        "reports/facility.html",
        home=home,
        recent=tables.recent_months(work.may("programs.read"), work.here.code, len(home.programs) > 1).of(home.recent),
        left=tables.LEFT.of(home.sources or ()),
        states=SHOWN,
        steps=STEPS,
        step_labels=[STATES[step] for step in STEPS],
        month_url=month_url,
        way_url=way_url,
    )


@router.get("/region/{region}/")
def region_home(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, month: str = "", months: int = 0
) -> Response:
    here = work.office
    today = clock.today(work)
    period = month_asked(month, today)
    view = region_reports.overview(work, plugins, here.id, period, today, length_asked(months))
    matters = [
        *region_attention.of_region(plugins, work.office.code, view.rows, today),
        *region_attention.from_plugins(work, plugins, work.office.code, view.rows, today),
    ]
    lang, month_code, path = http.language(request), f"{period:%Y-%m}", f"/region/{work.office.code}/"
    return http.render(
        request,
        work,
        "reports/region.html",
        view=view,
        states=SHOWN,
        rows=tables.by_facility(_BY_FACILITY.format(month=tables.period_text(period))).of(
            row for row in view.rows if row.programs or row.months
        ),
        **tables.figures(view),
        office=here.office_name,
        matters=region_attention.most_urgent_first(matters),
        drawn_tiles=tile_map(facility_map.of_facilities(view.rows, lang), TILES.in_(lang)),
        drawn_course=drawn(view.trend, lang),
        lengths=lengths(path, month_code, lang),
        here=f"{path}?month={month_code}&months={len(view.trend)}",
        before=month_beside(period, -1),
        after=month_beside(period, 1),
    )


@router.get("/region/{region}/programs")
def region_programs(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, month: str = "") -> Response:
    """Returns what runs at each facility, and what it has set otherwise than its region."""
    here = work.office
    today = clock.today(work)
    view = region_reports.overview(work, plugins, here.id, month_asked(month, today), today)
    own = overrides.of_view(work, plugins, here.id, view, today)
    return http.render(
        request,
        work,
        "reports/region_programs.html",
        view=view,
        rows=tables.programs(own).of(row for row in view.rows if row.programs or row.sources),
        without=[row for row in view.rows if not row.programs and not row.sources],
        own=own,
        office=here.office_name,
    )


@router.get("/region/{region}/facilities/{code}/cycles")
def facility_months(
    request: Request, work: RegionWork, clock: Clock, code: str, month: str = "", months: int = 0
) -> Response:
    """Returns a facility of the region by its aggregates alone."""
    here = work.office
    work.require("reports.read")
    place = region_figures.name_of(work, here.id, code)
    period = month_asked(month, clock.today(work))
    course = trend(work, [here.id], period, length_asked(months), code)
    lang, month_code, path = (
        http.language(request),
        f"{period:%Y-%m}",
        f"/region/{work.office.code}/facilities/{code}/cycles",
    )
    return http.render(
        request,
        work,
        "reports/facility_months.html",
        place=place,
        code=code,
        trend=course,
        months=tables.MONTHS.of(reversed(course)),
        drawn_course=drawn(course, lang),
        lengths=lengths(path, month_code, lang),
        here=f"{path}?month={month_code}&months={len(course)}",
    )


@router.get("/region/{region}/overview.xlsx")
def region_workbook(work: RegionWork, plugins: Plugins, clock: Clock, month: str = "") -> Response:
    here = work.office
    today = clock.today(work)
    view = region_reports.overview(work, plugins, here.id, month_asked(month, today), today)
    made_at = clock.now(work)
    name = f"{work.office.code}-{view.period:%Y-%m}-ringkasan.xlsx"
    return http.download(workbook(here.office_name, view, made_at), name, MEDIA_TYPE)


AUDIT_LOG = Text(id="Jejak kegiatan", en="Audit log")


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    month = NavItem(Text(id="Bulan ini", en="This month"), f"/f/{work.here.code}/", "home", exact=True)
    audit_log = NavItem(AUDIT_LOG, f"/f/{work.here.code}/audit", "history")
    return [month, *([audit_log] if work.may("audit.read") else [])]


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    nation = [NavItem(Text(id="Ringkasan nasional", en="National overview"), "/national", "building-community")]
    own = NavItem(Text(id="Ringkasan wilayah", en="Overview"), f"/region/{region.code}/", "map", exact=True)
    recap = NavItem(Text(id="Rekap bulanan", en="Monthly recap"), f"/region/{region.code}/recap", "file-text")
    late = NavItem(Text(id="Pengingat", en="Reminders"), f"/region/{region.code}/reminders", "brand-whatsapp")
    audit_log = NavItem(AUDIT_LOG, f"/region/{region.code}/audit", "history")
    return [
        own,
        recap,
        *([late] if work.may("programs.campaign") else []),
        *([audit_log] if work.may("audit.read") else []),
        *(nation if work.is_national else []),
    ]

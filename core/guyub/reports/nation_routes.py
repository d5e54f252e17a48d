"""The overview over regions: its page and its workbook, for people with a national role."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, ReaderWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports import facility_map, nation_attention, tables
from guyub.reports.monthly_series import drawn, lengths
from guyub.reports.nation import Nation, nation
from guyub.reports.nation_workbook import nation_workbook
from guyub.reports.period_param import length_asked, month_asked, month_beside
from guyub.reports.refusals import ReportsRefusal
from guyub.reports.workbook import MEDIA_TYPE
from guyub.sdk.text import Text
from guyub.ui.charts import tile_map

router = APIRouter()

_BY_REGION = Text(id="{month} per wilayah", en="{month} by region")
TILES = Text(id="Kantor wilayah menurut abjad", en="Regional offices in alphabetical order")


def nation_asked(work: Work, plugins: PluginRegistry, clock: Clock, month: str, months: int) -> Nation:
    """Returns what the address asks for. Raises ``NotFound`` for those without a national role."""
    if not work.is_national:
        raise ReportsRefusal.NOT_NATIONAL.not_found()
    today = clock.today(work)
    return nation(work, plugins, month_asked(month, today), today, length_asked(months))


@router.get("/national")
def national_home(
    request: Request, work: ReaderWork, plugins: Plugins, clock: Clock, month: str = "", months: int = 0
) -> Response:
    view, lang = nation_asked(work, plugins, clock, month, months), http.language(request)
    month_code = f"{view.period:%Y-%m}"
    return http.render(
        request,
        work,
        "reports/nation.html",
        view=view,
        rows=tables.by_region(_BY_REGION.format(month=tables.period_text(view.period)), month_code).of(view.rows),
        **tables.figures(view),
        matters=nation_attention.of_nation(plugins, view.rows, month_code),
        drawn_tiles=tile_map(facility_map.of_regions(view.rows, month_code, lang), TILES.in_(lang)),
        drawn_course=drawn(view.trend, lang),
        lengths=lengths("/national", month_code, lang),
        here=f"/national?month={month_code}&months={len(view.trend)}",
        before=month_beside(view.period, -1),
        after=month_beside(view.period, 1),
    )


@router.get("/national/overview.xlsx")
def national_workbook(work: ReaderWork, plugins: Plugins, clock: Clock, month: str = "") -> Response:
    view, made_at = nation_asked(work, plugins, clock, month, 0), clock.now(work)
    return http.download(nation_workbook(view, made_at), f"nasional-{view.period:%Y-%m}-ringkasan.xlsx", MEDIA_TYPE)

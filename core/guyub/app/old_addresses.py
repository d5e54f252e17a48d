"""Leads old addresses to the new ones for good, so that kept links still work."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import RedirectResponse, Response

from guyub.db.unit_of_work import Work
from guyub.funds.urls import purchases_url
from guyub.http import Clock, FacilityWork
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.page_links import reports_url
from guyub.plugins.report_pages import file_address
from guyub.plugins.report_table import report_of
from guyub.programs import cycles
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.urls import cycle_url
from guyub.ui.parsing import parse_month

MOVED: tuple[tuple[str, str], ...] = (
    ("/f/{facility}/trail", "/f/{facility}/audit"),
    ("/f/{facility}/looked", "/f/{facility}/purpose/views"),
    ("/region/{region}/trail", "/region/{region}/audit"),
    ("/region/{region}/months/{code}", "/region/{region}/facilities/{code}/cycles"),
    ("/region/{region}/configuration/hand-over", "/region/{region}/configuration/managed-by/facilities"),
)
"""What is called otherwise now; the parts between braces are the same."""

PERMANENTLY = 308
"""As 301, and a form that was sent stays one."""


class _Month(StringConvertor):
    """A month in an address, like 2024-11: what is none belongs to another page."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"


class _ReportFile(StringConvertor):
    """The shapes in which a report was offered."""

    regex = "csv|xlsx"


register_url_convertor("month", _Month())
register_url_convertor("report_file", _ReportFile())
router = APIRouter()


def _moves(old: str, new: str) -> None:
    """Makes an old address lead to the new one."""

    def moved(request: Request) -> Response:
        parts = {name: quote(value, safe="") for name, value in request.path_params.items()}
        return _to(request, new.format(**parts))

    router.add_api_route(old, moved, methods=["GET", "HEAD", "POST"])


for _old, _new in MOVED:
    _moves(_old, _new)


@router.api_route("/f/{facility}/programs/{plugin}/{month:month}", methods=["GET", "HEAD", "POST"])
@router.api_route("/f/{facility}/programs/{plugin}/{month:month}/{below:path}", methods=["GET", "HEAD", "POST"])
def cycle(request: Request, work: FacilityWork, plugin: str, month: str, below: str = "") -> Response:
    """Leads on from the pages of a cycle that lay below its programme and month."""
    return _to(request, cycle_url(work.here.code, _code(work, plugin, month)) + quote(below))


@router.api_route("/f/{facility}/funds/purchases/{plugin}/{month:month}", methods=["GET", "HEAD", "POST"])
@router.api_route("/f/{facility}/funds/purchases/{plugin}/{month:month}/{below:path}", methods=["GET", "HEAD", "POST"])
def purchases(request: Request, work: FacilityWork, plugin: str, month: str, below: str = "") -> Response:
    """Redirects the shopping list of a cycle to its page of today."""
    url = purchases_url(work.here.code, _code(work, plugin, month))
    return _to(request, f"{url}/{quote(below)}" if below else url)


@router.get("/api/v1/f/{facility}/programs/{plugin}/cycles/{month:month}")
def cycle_as_json(request: Request, work: FacilityWork, plugin: str, month: str) -> Response:
    """Redirects the JSON of a cycle to its address of today."""
    return _to(request, f"/api/v1/f/{work.here.code}/cycles/{_code(work, plugin, month)}")


@router.get("/f/{facility}/plugins/{slug}/reports/{key}/{shape:report_file}")
def report_file(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug, key: str, shape: str
) -> Response:
    """Redirects the files of a plugin's report to those of its table."""
    plugin = plugins.require_active(work, slug, clock.today(work))
    report = report_of(plugin, key)
    work.require(report.permission)
    address = file_address(reports_url(work.here.code, slug), report, request.url.query)
    return RedirectResponse(address + shape, PERMANENTLY)


def _code(work: Work, plugin: str, month: str) -> str:
    """Raises ``NotFound`` where that programme has no such month here."""
    work.require("programs.read")
    try:
        period = parse_month(month)
    except ValueError as error:
        raise ProgramsRefusal.UNKNOWN_CODE.not_found(code=month, place=work.here.name) from error
    return cycles.get(work, plugin, period).code


def _to(request: Request, path: str) -> Response:
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, PERMANENTLY)

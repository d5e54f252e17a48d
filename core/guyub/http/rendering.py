"""Renders pages from templates within the reader's work; they are sent when it is committed, so they are true."""

from dataclasses import replace

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from guyub.db.unit_of_work import Work
from guyub.http import table_download
from guyub.http.addresses import address_in_view, can_be_asked_again, way_back
from guyub.http.app_state import state
from guyub.http.clock import now
from guyub.http.cookies import VISIT_COOKIE, language, set_cookie, theme
from guyub.http.csrf import begin_visit, csrf_token, new_visit
from guyub.http.downloads import exports, stream
from guyub.http.flash import FLASH_COOKIE, flash_of
from guyub.http.work import page_of
from guyub.ui.render import PageContext
from guyub.ui.table_files import FILES

_ROOMS_OF_PEOPLE = ("registry", "programs")


def render(request: Request, work: Work | None, template: str, /, *, status: int = 200, **data: object) -> Response:
    """Returns a page from a template (``<room>/<name>.html``).

    ``work`` is None for a page without a reader. Every template gets ``page``, beside ``data``. Where the address asks for a
    table of the page as a file (``exports``), the answer is that file.
    """
    if work is not None and status == 200 and exports(request):
        return _table_file(request, work, template, data)
    begin_visit(request)
    page = replace(
        _page_context(request, work),
        downloads=work is not None and can_be_asked_again(request) and not _is_lent(work, template),
    )
    answer = HTMLResponse(state(request).pages.render(template, page, **data), status)
    if visit := new_visit(request):
        set_cookie(request, answer, VISIT_COOKIE, visit)
    if FLASH_COOKIE in request.cookies:
        answer.delete_cookie(FLASH_COOKIE)
    return answer


def _is_lent(work: Work | None, template: str) -> bool:
    """Returns whether this page is about people whom the reader sees for a purpose only: then it is read, and not taken
    along."""
    return work is not None and work.purpose is not None and template.partition("/")[0] in _ROOMS_OF_PEOPLE


def _table_file(request: Request, work: Work, template: str, data: dict[str, object]) -> Response:
    """Returns one table of the page as a file, and records who took it in the audit log."""
    if _is_lent(work, template):
        raise table_download.only_to_read()
    page, shape = _page_context(request, work), request.query_params["export"]
    table = table_download.table_of(request.query_params.get("table", ""), data)
    file, rows = table_download.written_file(table, page, shape, work)
    if work.facility is not None:
        caption = table.declared_caption or table.caption
        state(request).record_export(work, page_of(request), table=table.name, caption=caption, shape=shape, rows=rows)
    name = table_download.name_of(table.caption, page, shape, data, request.path_params)
    return stream(file, name, FILES[shape][1])


def _page_context(request: Request, work: Work | None) -> PageContext:
    page = PageContext(
        lang=language(request),
        path=request.url.path,
        here=address_in_view(request) if can_be_asked_again(request) else way_back(request),
        csrf_token=csrf_token(request),
        now=now(request, work),
        theme=theme(request),
        answers_form=request.method == "POST",
        flash=flash_of(request),
        banner=state(request).banner,
    )
    if work is None:
        return page
    return replace(
        page,
        reader=work.person_name,
        login=work.login,
        facility=work.facility,
        region=request.state.region,
        facilities=work.facilities,
        regions=work.regions,
        permissions=work.permissions,
        navigation=tuple(request.state.navigation),
        purpose=state(request).notice_of(work.purpose) if work.purpose else None,
    )

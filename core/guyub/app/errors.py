"""Shows every refusal as a page in the reader's language: what happened, and how to fix it. Under /api as JSON (RFC 9457)."""

import logging
import re
from secrets import token_hex
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from guyub import http
from guyub.app.limits import too_large
from guyub.app.refusals import AppRefusal
from guyub.app.sending_again import sent_form
from guyub.app.sign_in_view import sign_in_page
from guyub.db.errors import SignedOut, Unavailable
from guyub.plugins.status import as_read_by
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.text import Text

log = logging.getLogger("guyub.app")

_BY_STATUS = {
    404: AppRefusal.NO_PAGE.not_found(),
    405: AppRefusal.METHOD.refusal(),
    400: AppRefusal.UNREADABLE_REQUEST.invalid(),
    413: too_large(),
}


_NO_JSON = AppRefusal.NO_JSON.invalid()


_NO_TEXT = AppRefusal.NO_TEXT.invalid()
_NO_SIGN = re.compile(
    rb"\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u)[dD][c-fC-F][0-9a-fA-F]{2})"
)
"""Signs that JSON can write and no text can hold: the zero sign, and one half of a sign that is written as two."""


_COUNTS_ONCE = Text(
    id="Formulir ini sudah terkirim dan tercatat; tidak dicatat dua kali.",
    en="This form was sent before and is recorded; it was not recorded twice.",
)
_RELOAD = Text(id="Tunggu sebentar, lalu muat ulang halaman ini.", en="Wait a moment, then reload this page.")
_RELOAD_LESS = Text(
    id="Muat ulang sebentar lagi; persempit pencarian atau jangka waktunya bila berulang.",
    en="Reload in a moment; narrow the search or the span of time if it goes on.",
)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(http.SentBefore, _sent_before)
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _unreadable)


async def refuse_unreadable(request: Request) -> None:
    """Refuses signs that no text can hold, for the whole application.

    Raises ``NotFound`` for an address with a sign that no text can hold, and ``Invalid`` for JSON with one.
    """
    if "\0" in request.url.path or any("\0" in part for pair in request.query_params.multi_items() for part in pair):
        raise _BY_STATUS[404]
    if _wants_json(request) and _NO_SIGN.search(await request.body()):
        raise _NO_TEXT


def answer(request: Request, refusal: Refusal, status: int | None = None) -> Response:
    """Returns the refusal as a page, or as a problem document under /api."""
    response = _in_words(request, refusal, status)
    if isinstance(refusal, Unavailable):
        response.headers["retry-after"] = str(refusal.retry_after)
    return response


def _in_words(request: Request, refusal: Refusal, status: int | None) -> Response:
    lang = http.language(request)
    status = status or refusal.status
    refusal = as_read_by(http.last_work(request), refusal)
    is_read = request.method in ("GET", "HEAD")
    if is_read and isinstance(refusal, Unavailable) and refusal.code != "db.unavailable":
        remedy = _RELOAD_LESS if refusal.code == "db.too_long" else _RELOAD
        refusal = type(refusal)(refusal.code, refusal.what, remedy)
    if _wants_json(request):
        problem: dict[str, Any] = {
            "type": "about:blank",
            "title": refusal.what.in_(lang),
            "status": status,
            "detail": refusal.remedy.in_(lang),
            "code": refusal.code,
        }
        if isinstance(refusal, Invalid) and refusal.field:
            problem["field"] = refusal.field
        if isinstance(refusal, Invalid) and refusal.others:
            problem["others"] = [
                {
                    "code": other.code,
                    "field": other.field,
                    "title": other.what.in_(lang),
                    "detail": other.remedy.in_(lang),
                }
                for other in refusal.others
            ]
        return JSONResponse(problem, status, media_type="application/problem+json")
    return http.render(
        request,
        http.last_work(request),
        "app/error.html",
        status=status,
        refusal=refusal,
        status_code=status,
        back=http.way_back(request),
        reload=http.local_path(http.address_of(request)) if is_read and status >= 500 else "",
        sent=sent_form(request) if _may_pass(refusal, status) else None,
        waits=isinstance(refusal, Unavailable),
    )


def _may_pass(refusal: Refusal, status: int) -> bool:
    """Returns whether the same form may be accepted later: not where its values, its address or its sender are at fault."""
    return not isinstance(refusal, Invalid | NotFound | Forbidden | SignedOut) and status in (409, 500, 503)


async def last_resort(request: Request, error: Exception) -> Response:
    """Returns what nobody expected: the reader gets a code, the log the same code with the whole story."""
    code = token_hex(4)
    log.error("unexpected %s: %s %s", code, request.method, request.url.path, exc_info=error)
    perhaps_saved = http.has_committed(request) and request.method not in ("GET", "HEAD")
    kind = AppRefusal.UNEXPECTED_PERHAPS_SAVED if perhaps_saved else AppRefusal.UNEXPECTED
    refusal = kind.refusal(code=code)
    return answer(request, refusal, 500)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    if isinstance(error, SignedOut) and not _wants_json(request):
        kept = sent_form(request)
        return http.to_sign_in(request) if kept is None else sign_in_page(request, kept=kept, status=error.status)
    return answer(request, error)


def _sent_before(request: Request, error: Exception) -> Response:
    assert isinstance(error, http.SentBefore)
    return http.redirect(request, error.led_to, _COUNTS_ONCE)


def _no_such_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if 300 <= error.status_code < 400:
        return RedirectResponse((error.headers or {})["location"], error.status_code)
    refusal = _BY_STATUS.get(error.status_code) or AppRefusal.STATUS.refusal(status=error.status_code)
    return answer(request, refusal, error.status_code)


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(problem["loc"][0] == "path" for problem in error.errors()):
        return answer(request, _BY_STATUS[404])
    if any(problem["type"] == "json_invalid" for problem in error.errors()):
        return answer(request, _NO_JSON)
    fields = ", ".join(sorted({str(problem["loc"][-1]) for problem in error.errors()}))
    return answer(
        request,
        AppRefusal.UNREADABLE.invalid(fields, fields=fields),
    )


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")

"""Every "no" as a page in the reader's language: what happened, and how to mend it. Under /api as JSON (RFC 9457)."""

import logging
from secrets import token_hex
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from guyub import http
from guyub.app.limits import too_large
from guyub.app.sending_again import sent_form
from guyub.db.errors import SignedOut, Unavailable
from guyub.plugins.status import as_read_by
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.text import Text

log = logging.getLogger("guyub.app")

_OTHER_STATUS = Text(
    id="Permintaan ini tidak dapat dilayani ({status}).", en="This request cannot be served ({status})."
)
_GO_BACK = Text(id="Kembali ke halaman sebelumnya, lalu coba lagi.", en="Go back to the page before and try again.")
_BY_STATUS = {
    404: NotFound(
        "web.no_page",
        Text(id="Halaman ini tidak ada.", en="There is no such page."),
        Text(
            id="Periksa alamatnya, atau mulai lagi dari beranda.",
            en="Check the address, or start again from the home page.",
        ),
    ),
    405: Refusal(
        "web.method",
        Text(id="Halaman ini tidak dapat dibuka dengan cara itu.", en="This page cannot be opened in that way."),
        _GO_BACK,
    ),
    400: Invalid(
        "web.unreadable_request",
        Text(id="Permintaan ini tidak dapat dibaca.", en="This request cannot be read."),
        _GO_BACK,
    ),
    413: too_large(),
}


_NO_JSON = Invalid(
    "web.no_json",
    Text(id="Isi permintaan ini bukan JSON yang utuh.", en="The body of this request is not valid JSON."),
    Text(
        id="Periksa tanda kutip, koma dan kurungnya, lalu kirim lagi. Tidak ada yang disimpan.",
        en="Check its quotes, commas and brackets, then send it again. Nothing was saved.",
    ),
)


_NO_TEXT = Invalid(
    "web.no_text",
    Text(
        id="Permintaan ini memuat tanda \\u0000, yang tidak dapat disimpan dalam teks mana pun.",
        en="This request holds the sign \\u0000, which no text can hold.",
    ),
    Text(
        id="Hapus tanda itu, lalu kirim lagi. Tidak ada yang disimpan.",
        en="Remove it, then send again. Nothing was saved.",
    ),
)


_RELOAD = Text(id="Tunggu sebentar, lalu muat ulang halaman ini.", en="Wait a moment, then reload this page.")
_RELOAD_LESS = Text(
    id="Muat ulang sebentar lagi; persempit pencarian atau jangka waktunya bila berulang.",
    en="Reload in a moment; narrow the search or the span of time if it goes on.",
)
_NOTHING_SAVED = Text(
    id="Tidak ada yang disimpan. Coba lagi; bila berulang, sampaikan kode itu kepada administrator.",
    en="Nothing was saved. Try again; if it goes on, give that code to your administrator.",
)
_PERHAPS_SAVED = Text(
    id="Sebagian mungkin sudah tersimpan: periksa dahulu, lalu coba lagi bila belum. Bila berulang, sampaikan kode itu kepada "
    "administrator.",
    en="A part may have been saved: look first, and try again if it was not. If it goes on, give that code to your "
    "administrator.",
)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _unreadable)


async def refuse_unreadable(request: Request) -> None:
    """A dependency of the whole application. Raises ``NotFound`` for an address with a sign that no text can hold, and
    ``Invalid`` for JSON with one."""
    if "\0" in request.url.path or any("\0" in part for pair in request.query_params.multi_items() for part in pair):
        raise _BY_STATUS[404]
    if _wants_json(request) and b"\\u0000" in await request.body():
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
    refusal = Refusal(
        "web.unexpected",
        Text(
            id="Terjadi kesalahan pada aplikasi. Kode: {code}.",
            en="Something went wrong in the application. Code: {code}.",
        ).format(code=code),
        _PERHAPS_SAVED if http.has_committed(request) and request.method not in ("GET", "HEAD") else _NOTHING_SAVED,
    )
    return answer(request, refusal, 500)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    if isinstance(error, SignedOut) and not _wants_json(request):
        return http.to_sign_in(request)
    return answer(request, error)


def _no_such_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if 300 <= error.status_code < 400:
        return RedirectResponse((error.headers or {})["location"], error.status_code)
    refusal = _BY_STATUS.get(error.status_code) or Refusal(
        "web.status", _OTHER_STATUS.format(status=error.status_code), _GO_BACK
    )
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
        Invalid(
            "web.unreadable",
            Text(id="Isian ini tidak dapat dibaca: {fields}.", en="These values cannot be read: {fields}.").format(
                fields=fields
            ),
            Text(
                id="Periksa isian tersebut pada halaman sebelumnya, lalu kirim lagi.",
                en="Check them on the page before and send again.",
            ),
            field=fields,
        ),
    )


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")

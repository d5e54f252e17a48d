"""No foreign page acts in a reader's name: every unsafe request proves that a page of ours sent it."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from fastapi import Request

from guyub import http
from guyub.app import sending_again
from guyub.app.refusals import AppRefusal
from guyub.http.work import not_signed_in
from guyub.sdk.errors import Forbidden

CONFIGURATION = "/configuration"
"""How the addresses of the API end that a token may write to."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def protect(request: Request) -> AsyncIterator[None]:
    """Returns a dependency of the whole application: it runs before every handler, before anything is read or written.

    Raises ``Forbidden`` for an unsafe request from another origin, or without the token of the reader's own session; where it
    has that of a session that ended in this browser, a refusal that keeps what was sent. The
    token comes in the form field ``csrf_token`` or, from scripts, in the header ``X-CSRF-Token``.
    """
    is_token = request.headers.get("authorization", "").lower().startswith("bearer ")
    if request.method not in SAFE_METHODS and is_token:
        # No browser sends a token by itself, so no foreign page can; the database lets it write configuration alone.
        if not (request.url.path.startswith("/api/") and request.url.path.endswith(CONFIGURATION)):
            raise _only_reads()
    elif request.method not in SAFE_METHODS:
        if not _is_from_here(request):
            raise _refusal()
        token = request.headers.get("x-csrf-token") or await _token_in_form(request)
        if not http.is_csrf_token(request, token):
            if not _is_of_ended_session(request, token):
                raise _refusal()
            await sending_again.keep(request)
            raise AppRefusal.OTHER_SESSION.refusal() if http.session_token(request) else not_signed_in()
        await sending_again.keep(request)
    try:
        yield
    finally:
        await request.close()


def _is_from_here(request: Request) -> bool:
    """Returns what the browser itself says about the sender; old browsers say nothing, so silence is no refusal."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    # Behind a proxy that ends TLS the scheme differs, the host does not.
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _is_of_ended_session(request: Request, token: str) -> bool:
    """Returns whether this browser had the page of ours that sent this: its session ended, or another one began in it."""
    return bool(token) and (
        http.is_token_of_ended_session(request, token) or request.headers.get("sec-fetch-site") == "same-origin"
    )


async def _token_in_form(request: Request) -> str:
    token = (await request.form()).get("csrf_token")
    return token if isinstance(token, str) else ""


def _only_reads() -> Forbidden:
    return AppRefusal.TOKEN_ONLY_READS.forbidden()


def _refusal() -> Forbidden:
    return AppRefusal.CSRF.forbidden()

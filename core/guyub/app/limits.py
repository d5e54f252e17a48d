"""Bounds the size of requests: one that is too large is refused before it is read, in words, and costs no memory.

Behind the headers of ``SecurityHeaders`` and around everything that reads: forms, JSON and plugins see no more than is
allowed here. How long a request may take to arrive, and how many may be on their way, is the matter of ``guyub.app.connections``.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guyub.app.refusals import AppRefusal
from guyub.http import BODY, LARGER_BODY
from guyub.sdk.errors import Refusal

QUERY = 8 * 1024
"""Bytes after the question mark: a filter with every facility of the country in it takes half of that."""
HEADERS = 16 * 1024
"""Bytes of all headers together. Our cookies take one kilobyte."""
FIELDS = 1000
"""Of one form; what Starlette parses. Counted before it is parsed, as parsing 20 MB of empty fields takes seconds."""

Refuse = Callable[[Request, Refusal], Response]
Larger = Sequence[tuple[re.Pattern[str], int]]


class TooLarge(Refusal):
    status = 413


class AddressTooLong(Refusal):
    status = 414


class HeadersTooLarge(Refusal):
    status = 431


class Limits:
    """``refuse`` makes the answer; ``larger`` holds the paths of routes that take more than others."""

    def __init__(self, app: ASGIApp, refuse: Refuse, larger: Larger = ()) -> None:
        self.app = app
        self.refuse = refuse
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = next((bytes_ for path, bytes_ in self.larger if path.match(scope["path"])), BODY)
        refusal = _refusal(scope, most)
        if refusal is not None:
            await self.refuse(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, _counted(scope, receive, most), send)


def larger_bodies(routes: Iterable[BaseRoute], prefix: str = "") -> list[tuple[re.Pattern[str], int]]:
    """Returns the paths of routes that are marked with ``guyub.http.takes_up_to``, under ``prefix``."""
    return [
        (re.compile(re.escape(prefix) + route.path_regex.pattern.removeprefix("^")), most)
        for route in routes
        if isinstance(route, APIRoute) and (most := getattr(route.endpoint, LARGER_BODY, None)) is not None
    ]


def _refusal(scope: Scope, most: int) -> Refusal | None:
    """Returns what can be said before the body is asked for."""
    if len(scope["query_string"]) > QUERY:
        return _address_too_long()
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS:
        return _headers_too_large()
    length = Headers(scope=scope).get("content-length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > most):
        return too_large(most)
    return None


def _counted(scope: Scope, receive: Receive, most: int) -> Receive:
    """Returns the body as it comes, up to the piece that is too much: the length that a sender announces need not be true."""
    is_form = Headers(scope=scope).get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    read = fields = 0

    async def counted() -> Message:
        nonlocal read, fields
        message = await receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            read += len(body)
            if read > most:
                # Passes through those who call anything but this a malformed body.
                raise HTTPException(TooLarge.status)
            if is_form:
                fields += body.count(b"&") + body.count(b";")
                if fields > FIELDS:
                    raise _too_many_fields()
        return message

    return counted


def too_large(most: int = BODY) -> TooLarge:
    return AppRefusal.TOO_LARGE.of(TooLarge, most=max(1, most // 1024 // 1024))


def _too_many_fields() -> TooLarge:
    return AppRefusal.TOO_MANY_FIELDS.of(TooLarge, most=FIELDS)


def _address_too_long() -> AddressTooLong:
    return AppRefusal.ADDRESS_TOO_LONG.of(AddressTooLong)


def _headers_too_large() -> HeadersTooLarge:
    return AppRefusal.HEADERS_TOO_LARGE.of(HeadersTooLarge)

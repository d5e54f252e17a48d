"""Headers of every answer, and the page of last resort. Pure ASGI: it sees each answer, whoever made it."""

from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

LastResort = Callable[[Request, Exception], Awaitable[Response]]


class SecurityHeaders:
    """Puts the security headers on every answer; turns what nobody expected into the answer of ``last_resort``."""

    def __init__(self, app: ASGIApp, last_resort: LastResort) -> None:
        self.app = app
        self.last_resort = last_resort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                # Pages show people's data; what may be kept says so itself (static files).
                headers.setdefault("cache-control", "no-store")
                if scope["scheme"] == "https":
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as error:  # the web edge: the one place that may catch everything
            if started:
                raise
            answer = await self.last_resort(Request(scope, receive), error)
            await answer(scope, receive, send_guarded)

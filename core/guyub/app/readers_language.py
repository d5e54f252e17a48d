"""Tells the forms of a request the reader's language. Pure ASGI, so that threads of handlers know it as well."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from guyub import http
from guyub.ui.language import speak


class ReadersLanguage:
    """Sets ``guyub.ui.language`` from the cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            speak(http.language(Request(scope)))
        await self.app(scope, receive, send)

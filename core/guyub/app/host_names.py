"""Refuses requests for a host that is not this installation: addresses that pages print are made of the name that was asked for.

An address in figures and this machine's own name always pass: nobody else can lead a browser here by them.
"""

from collections.abc import Callable, Collection
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from guyub.app.refusals import AppRefusal
from guyub.sdk.errors import Refusal

LOCAL = "localhost"


class MisdirectedHost(Refusal):
    status = 421


class HostNames:
    """``names`` are those of the installation, in lower case; None takes any, for applications that nobody serves."""

    def __init__(
        self, app: ASGIApp, refuse: Callable[[Request, Refusal], Response], names: Collection[str] | None
    ) -> None:
        self.app = app
        self.refuse = refuse
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.names is not None and not is_ours(_host_of(scope), self.names):
            refusal = AppRefusal.OTHER_HOST.of(MisdirectedHost)
            await self.refuse(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_ours(host: str, names: Collection[str]) -> bool:
    """Returns whether a host, with or without its port, is this installation."""
    name = host.lower()
    if name.startswith("["):
        return _is_figures(name[1:].partition("]")[0])
    name = name.partition(":")[0].removesuffix(".")
    return name == LOCAL or name in names or _is_figures(name)


def _is_figures(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _host_of(scope: Scope) -> str:
    """Returns what was asked for; two of them are none."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return hosts[0] if len(hosts) == 1 else ""

"""Checks the pages that a plugin declares: its routes, the entries of the menu, and the permissions that they name."""

import inspect
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from guyub.access.roles import PERMISSIONS
from guyub.plugins.declaration_fault import DeclarationFault, all_of, unknown_permission, wrong_type
from guyub.sdk.plugin import Permission
from guyub.sdk.reports import Report
from guyub.sdk.text import Text
from guyub.sdk.web import NavEntry, Router
from guyub.ui.render import ICONS

_PATH = re.compile(r"/|(/([a-z0-9._-]+|{[a-z_][a-z0-9_]*}))+")


def faults(plugin: Any) -> Iterator[DeclarationFault]:
    """Yields each fault in routes, menu and the permissions of reports."""
    if plugin.routes is not None and not isinstance(plugin.routes, Router):
        yield wrong_type("routes")
        return
    known = _known_permissions(plugin)
    yield from _routes(plugin.routes.routes if plugin.routes is not None else (), known)
    if not all_of(plugin.nav, NavEntry):
        yield wrong_type("nav")
        return
    for entry in plugin.nav:
        yield from _menu_entry(entry, known)
    for report in plugin.reports if all_of(plugin.reports, Report) else ():
        needed = getattr(report, "permission", "")
        if needed and needed not in known:
            yield unknown_permission("reports", f"reports.{report.key}", needed, thing=type(report))


def page_of_receipt(receipt: Any, plugin: Any) -> Iterator[DeclarationFault]:
    """Yields a fault where the page of a receipt, to which the core leads staff, is not mounted."""
    routes = plugin.routes.routes if isinstance(plugin.routes, Router) else ()
    pages = {route.path for route in routes if route.method == "GET" and route.permission and "{" not in route.path}
    if receipt.page and receipt.page not in pages:
        text = Text(
            id="Penerimaan “{key}” menyebut halaman {page}, yang tidak ada pada routes (GET, berwewenang, tanpa nilai).",
            en="The receipt “{key}” names the page {page}, which is not in routes (GET, with a permission, without values).",
        ).format(key=getattr(receipt, "key", ""), page=receipt.page)
        yield DeclarationFault("PKG011", text, "routes", receipt)


def _known_permissions(plugin: Any) -> set[str]:
    own = plugin.permissions if all_of(plugin.permissions, Permission) else ()
    return {*PERMISSIONS, *(permission.key for permission in own)}


def _routes(routes: Any, known: set[str]) -> Iterator[DeclarationFault]:
    seen: set[tuple[str, str]] = set()
    for route in routes:
        name = f"{route.method} {route.path}"
        shape = (route.method, re.sub(r"{\w+}", "{}", route.path))
        if not _PATH.fullmatch(route.path) or shape in seen:
            text = Text(
                id="Alamat {name} harus berawalan “/”, dengan kata biasa atau nilai dalam kurung kurawal, dan hanya satu kali.",
                en="The address {name} must begin with “/”, have plain words or values in braces, and stand there once.",
            ).format(name=name)
            yield DeclarationFault("WEB015", text, "routes", route.handler)
        if route.permission and route.permission not in known:
            yield unknown_permission("routes", name, route.permission, thing=route.handler)
        yield from _handler(name, route.handler)
        seen.add(shape)


def _handler(name: str, handler: Any) -> Iterator[DeclarationFault]:
    if inspect.iscoroutinefunction(handler) or not inspect.isroutine(handler):
        text = Text(
            id="{name} bukan fungsi biasa (tanpa async).", en="{name} is no plain function (without async)."
        ).format(name=name)
        yield DeclarationFault("WEB010", text, "routes", handler)
    elif inspect.isfunction(handler) and len(inspect.signature(handler).parameters) != 1:
        text = Text(
            id="{name} harus menerima kunjungan (visit) saja, bukan {arguments}.",
            en="{name} must take the visit alone, not {arguments}.",
        ).format(name=name, arguments=inspect.signature(handler))
        yield DeclarationFault("WEB010", text, "routes", handler)


def _menu_entry(entry: Any, known: set[str]) -> Iterator[DeclarationFault]:
    if not isinstance(entry.title, Text) or not entry.path.startswith("/"):
        yield wrong_type(f"nav {entry.path}")
    if entry.icon not in ICONS:
        near = get_close_matches(entry.icon, ICONS, 3)
        text = Text(
            id="Ikon “{icon}” pada menu {path} tidak ada.{hint}",
            en="The icon “{icon}” of menu {path} does not exist.{hint}",
        ).format(
            icon=entry.icon,
            path=entry.path,
            hint=Text(id=" Yang mirip: {near}.", en=" Near: {near}.").format(near=", ".join(near)) if near else "",
        )
        yield DeclarationFault("WEB013", text, "nav")
    if entry.permission not in known:
        yield unknown_permission("nav", f"nav {entry.path}", entry.permission)

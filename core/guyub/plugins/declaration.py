"""Whether what a plugin declares can be used at all: asked once, when it is loaded, so that nothing breaks in a page later."""

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer
from sqlalchemy import MetaData

from guyub.access.roles import PERMISSIONS
from guyub.sdk.config import Config
from guyub.sdk.funding import FundingSource
from guyub.sdk.plugin import Permission, PersonalData, Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.reports import Report, ReportColumn
from guyub.sdk.tables import PUBLISHED
from guyub.sdk.text import Text
from guyub.sdk.web import NavEntry, Router
from guyub.ui.model_fields import NotShown, fields_of
from guyub.ui.render import ICONS

SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
RESERVED = frozenset(
    {
        "access",
        "cli",
        "db",
        "documents",
        "facilities",
        "field",
        "funds",
        "guyub",
        "host",
        "information_schema",
        "jobs",
        "page",
        "plugin",
        "programs",
        "provisioning",
        "public",
        "registry",
        "reports",
        "scaffold",
        "sdk",
        "testing",
        "ui",
        "web",
    }
)
"""Schemas and prefixes that are not a plugin's."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def faults(plugin: Any, package: Path | None) -> Iterator[Text]:
    """Each mistake in a sentence, the first ones first; whatever reading an attribute raises is raised."""
    yield from _identity(plugin)
    yield from _configuration(plugin)
    yield from _kinds(plugin)
    yield from _permissions(plugin)
    yield from _pages(plugin)
    yield from _tables(plugin, package)
    if not _all_of(plugin.personal_data, PersonalData):
        yield _wrong("personal_data")


def warnings(plugin: Any) -> Iterator[Text]:
    """What the plugin runs without."""
    for route in plugin.routes.routes if plugin.routes is not None else ():
        if not route.permission:
            yield Text(
                id="Halaman {method} {path} tidak dipasang karena tidak menyebut wewenang.",
                en="The page {method} {path} is not mounted: it names no permission.",
            ).format(method=route.method, path=route.path)
    for report in plugin.reports:
        if not getattr(report, "permission", ""):
            yield Text(
                id="Laporan “{key}” tidak ditampilkan karena tidak menyebut wewenang.",
                en="The report “{key}” is not shown: it names no permission.",
            ).format(key=report.key)


def _identity(plugin: Any) -> Iterator[Text]:
    if not SLUG.fullmatch(plugin.slug) or plugin.slug in RESERVED or plugin.slug.startswith("pg_"):
        yield Text(
            id="Slug “{slug}” tidak dapat dipakai (huruf kecil, angka, garis bawah; bukan nama milik inti).",
            en="The slug “{slug}” cannot be used (lower case, digits, underscores; no name of the core's).",
        ).format(slug=plugin.slug)
    for name in ("title", "summary"):
        if not isinstance(getattr(plugin, name, None), Text):
            yield _wrong(name)
    choices = get_args(get_args(get_type_hints(Plugin)["availability"])[0])
    yield from _choice("availability", plugin.availability, choices)
    if not _all_of(plugin.requires, str):
        yield _wrong("requires")


def _choice(name: str, value: Any, choices: Sequence[str]) -> Iterator[Text]:
    if value not in choices:
        yield Text(
            id="“{name}” bernilai {value!r}; yang dapat dipakai: {choices}.",
            en="“{name}” is {value!r}; it may be {choices}.",
        ).format(name=name, value=value, choices=", ".join(choices))


def _configuration(plugin: Any) -> Iterator[Text]:
    if not (isinstance(plugin.config, type) and issubclass(plugin.config, Config)):
        yield _wrong("config")
        return
    yield from _form(plugin.config)
    if not isinstance(plugin.config_version, int) or plugin.config_version < 1:
        yield _wrong("config_version")
        return
    lacking = [str(n) for n in range(1, plugin.config_version) if not callable(plugin.config_migrations.get(n))]
    if lacking:
        yield Text(
            id="Tidak ada config_migrations dari versi {versions}.",
            en="There are no config_migrations from {versions}.",
        ).format(versions=", ".join(lacking))


def _kinds(plugin: Any) -> Iterator[Text]:
    kinds: Sequence[tuple[str, type]] = (
        ("program_types", ProgramType),
        ("funding_sources", FundingSource),
        ("reports", Report),
    )
    for name, kind in kinds:
        declared: tuple[Any, ...] = getattr(plugin, name)
        if not _all_of(declared, kind):
            yield _wrong(name)
            continue
        keys = [getattr(item, "key", "") for item in declared]
        for one, key in zip(declared, keys, strict=True):
            if not isinstance(key, str) or not _KEY.fullmatch(key) or keys.count(key) > 1:
                yield Text(
                    id="Kunci {key!r} pada {name} tidak sah atau ganda.",
                    en="The key {key!r} in {name} is not valid or used twice.",
                ).format(key=key, name=name)
            if not isinstance(getattr(one, "title", None), Text):
                yield _wrong(f"{name}.{key}.title")
    # The core reserves, hands over and prints these kinds; another one would be goods in one place and money in the next.
    benefits = get_args(get_type_hints(ProgramType)["benefit"])
    for program in plugin.program_types if _all_of(plugin.program_types, ProgramType) else ():
        yield from _choice(f"program_types.{getattr(program, 'key', '')}.benefit", program.benefit, benefits)
    for source in plugin.funding_sources if _all_of(plugin.funding_sources, FundingSource) else ():
        for receipt in source.receipts:
            yield from _form(receipt)
            yield from _page_of(receipt, plugin)
    for report in plugin.reports if _all_of(plugin.reports, Report) else ():
        if not _all_of(getattr(report, "columns", None), ReportColumn):
            yield _wrong(f"reports.{report.key}.columns")


def _page_of(receipt: Any, plugin: Any) -> Iterator[Text]:
    """The core leads staff there: it must be mounted, and say itself what it shows."""
    routes = plugin.routes.routes if isinstance(plugin.routes, Router) else ()
    pages = {route.path for route in routes if route.method == "GET" and route.permission and "{" not in route.path}
    if receipt.page and receipt.page not in pages:
        yield Text(
            id="Penerimaan “{key}” menyebut halaman {page}, yang tidak ada pada routes (GET, berwewenang, tanpa nilai).",
            en="The receipt “{key}” names the page {page}, which is not in routes (GET, with a permission, without values).",
        ).format(key=getattr(receipt, "key", ""), page=receipt.page)


def _permissions(plugin: Any) -> Iterator[Text]:
    if not _all_of(plugin.permissions, Permission):
        yield _wrong("permissions")
        return
    keys = [permission.key for permission in plugin.permissions]
    for permission in plugin.permissions:
        slug, _, word = permission.key.partition(".")
        if slug != plugin.slug or not _KEY.fullmatch(word) or keys.count(permission.key) > 1:
            yield Text(
                id="Wewenang “{key}” harus berawalan “{slug}.” dan hanya satu kali.",
                en="The permission “{key}” must begin with “{slug}.” and stand there once.",
            ).format(key=permission.key, slug=plugin.slug)
        if permission.granted_with and permission.granted_with not in PERMISSIONS:
            yield _unknown_permission(f"permissions.{permission.key}", permission.granted_with)


def _known_permissions(plugin: Any) -> set[str]:
    own = plugin.permissions if _all_of(plugin.permissions, Permission) else ()
    return {*PERMISSIONS, *(permission.key for permission in own)}


def _pages(plugin: Any) -> Iterator[Text]:
    known = _known_permissions(plugin)
    if plugin.routes is not None and not isinstance(plugin.routes, Router):
        yield _wrong("routes")
        return
    seen: set[tuple[str, str]] = set()
    for route in plugin.routes.routes if plugin.routes is not None else ():
        where = f"{route.method} {route.path}"
        if not route.path.startswith("/") or (route.method, route.path) in seen:
            yield Text(
                id="Alamat {where} harus berawalan “/” dan hanya satu kali.",
                en="The address {where} must begin with “/” and stand there once.",
            ).format(where=where)
        if route.permission and route.permission not in known:
            yield _unknown_permission(where, route.permission)
        if inspect.iscoroutinefunction(route.handler) or not inspect.isroutine(route.handler):
            yield Text(
                id="{where} bukan fungsi biasa (tanpa async).", en="{where} is no plain function (without async)."
            ).format(where=where)
        seen.add((route.method, route.path))
    if not _all_of(plugin.nav, NavEntry):
        yield _wrong("nav")
        return
    for entry in plugin.nav:
        if not isinstance(entry.title, Text) or not entry.path.startswith("/") or entry.icon not in ICONS:
            yield _wrong(f"nav {entry.path} ({entry.icon})")
        if entry.permission not in known:
            yield _unknown_permission(f"nav {entry.path}", entry.permission)
    for report in plugin.reports if _all_of(plugin.reports, Report) else ():
        needed = getattr(report, "permission", "")
        if needed and needed not in known:
            yield _unknown_permission(f"reports.{report.key}", needed)
    if plugin.commands is not None and not isinstance(plugin.commands, typer.Typer):
        yield _wrong("commands")


def _tables(plugin: Any, package: Path | None) -> Iterator[Text]:
    if plugin.tables is None:
        return
    if not isinstance(plugin.tables, MetaData):
        yield _wrong("tables")
        return
    for table in plugin.tables.tables.values():
        if table.schema != plugin.slug and not table.info.get(PUBLISHED):
            yield Text(
                id="Tabel “{table}” berada di luar skema “{slug}”.",
                en="The table “{table}” is outside schema “{slug}”.",
            ).format(table=table.fullname, slug=plugin.slug)
    if package is None or not (package / "migrations").is_dir():
        yield Text(
            id="Memiliki tabel tetapi tidak memiliki folder migrations.",
            en="It has tables but no folder migrations.",
        )


def _form(model: Any) -> Iterator[Text]:
    try:
        fields_of(model)
    except TypeError as error:
        yield Text(id="Isian tidak dapat ditampilkan: {error}.", en="A field cannot be shown: {error}.").format(
            error=error.said if isinstance(error, NotShown) else error
        )


def _all_of(declared: object, kind: type) -> bool:
    return isinstance(declared, tuple) and all(isinstance(item, kind) for item in declared)


def _wrong(name: str) -> Text:
    return Text(
        id="Pernyataan “{name}” tidak lengkap atau salah jenis.",
        en="The declaration “{name}” is missing or of a wrong type.",
    ).format(name=name)


def _unknown_permission(where: str, permission: str) -> Text:
    return Text(
        id="{where} menyebut wewenang yang tidak dikenal: “{permission}”.",
        en="{where} names an unknown permission: “{permission}”.",
    ).format(where=where, permission=permission)

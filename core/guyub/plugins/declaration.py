"""Checks what a plugin declares, once, when it is loaded, so that nothing breaks in a page later.

The host quarantines a plugin for its first fault; ``guyub plugin check`` lists all of them, each under the rule of
conformance that is its ``code``. What the host can run with is a matter of the rules of ``guyub.testing`` alone.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer
from pydantic import ValidationError
from sqlalchemy import MetaData

from guyub.access.roles import PERMISSIONS
from guyub.plugins import hook_checks, page_checks
from guyub.plugins.crash import Broke, unless
from guyub.plugins.declaration_fault import DeclarationFault, all_of, unknown_permission, wrong_type
from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.funding import FundingSource
from guyub.sdk.plugin import API_LEVEL, Permission, PersonalData, Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.reports import Report, ReportColumn
from guyub.sdk.schedules import schedule_problem
from guyub.sdk.tables import PUBLISHED
from guyub.sdk.text import Text
from guyub.ui.model_fields import NotShown, WithoutTitle, fields_of

ACCEPTED_API_LEVELS = tuple(level for level in (API_LEVEL - 1, API_LEVEL) if level > 0)
SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
RESERVED = frozenset(
    {
        "access",
        "app",
        "attachments",
        "cli",
        "configuration",
        "db",
        "demo",
        "documents",
        "facilities",
        "field",
        "funds",
        "guyub",
        "host",
        "http",
        "imports",
        "information_schema",
        "jobs",
        "operations",
        "page",
        "plugin",
        "plugins",
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


def faults(plugin: Any, package: Path | None) -> Iterator[DeclarationFault]:
    """Yields each fault, the first ones first; whatever reading an attribute raises is raised."""
    yield from _api(plugin)
    yield from hook_checks.faults(plugin)
    yield from _identity(plugin)
    yield from _configuration(plugin)
    yield from _kinds(plugin)
    yield from _permissions(plugin)
    yield from page_checks.faults(plugin)
    if plugin.commands is not None and not isinstance(plugin.commands, typer.Typer):
        yield wrong_type("commands")
    yield from _tables(plugin, package)
    if not all_of(plugin.personal_data, PersonalData):
        yield wrong_type("personal_data")


def warnings(plugin: Any) -> Iterator[Text]:
    """Yields what the plugin runs without."""
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


def _api(plugin: Any) -> Iterator[DeclarationFault]:
    if plugin.api not in ACCEPTED_API_LEVELS:
        text = Text(
            id="Dibuat untuk API tingkat {api}; yang diterima {accepted}.",
            en="Made for API level {api}; accepted is {accepted}.",
        ).format(
            api=plugin.api if type(plugin.api) is int else repr(plugin.api),
            accepted=", ".join(map(str, ACCEPTED_API_LEVELS)),
        )
        yield DeclarationFault("PKG012", text, "api")


def _identity(plugin: Any) -> Iterator[DeclarationFault]:
    if not SLUG.fullmatch(plugin.slug) or plugin.slug in RESERVED or plugin.slug.startswith("pg_"):
        text = Text(
            id="Slug “{slug}” tidak dapat dipakai (huruf kecil, angka, garis bawah; bukan nama milik inti).",
            en="The slug “{slug}” cannot be used (lower case, digits, underscores; no name of the core's).",
        ).format(slug=plugin.slug)
        yield DeclarationFault("PKG011", text, "slug")
    for name in ("title", "summary"):
        if not isinstance(getattr(plugin, name, None), Text):
            yield wrong_type(name, code="DOC003")
    choices = get_args(get_args(get_type_hints(Plugin)["availability"])[0])
    yield from _choice("availability", plugin.availability, choices)
    if not all_of(plugin.requires, str):
        yield wrong_type("requires")


def _choice(name: str, value: Any, choices: Sequence[str], thing: object = None) -> Iterator[DeclarationFault]:
    if value not in choices:
        text = Text(
            id="“{name}” bernilai {value!r}; yang dapat dipakai: {choices}.",
            en="“{name}” is {value!r}; it may be {choices}.",
        ).format(name=name, value=value, choices=", ".join(choices))
        yield DeclarationFault("PKG011", text, name.partition(".")[0], thing)


def _configuration(plugin: Any) -> Iterator[DeclarationFault]:
    if not (isinstance(plugin.config, type) and issubclass(plugin.config, Config)):
        yield wrong_type("config")
        return
    yield from _form(plugin.config, "config")
    if not isinstance(plugin.config_version, int) or plugin.config_version < 1:
        yield wrong_type("config_version")
        return
    versions = range(1, plugin.config_version)
    lacking = [str(version) for version in versions if not callable(plugin.config_migrations.get(version))]
    if lacking:
        text = Text(
            id="Tidak ada config_migrations dari {versions}.", en="There are no config_migrations from {versions}."
        ).format(versions=", ".join(lacking))
        yield DeclarationFault("CONF006", text, "config_version")
    if further := sorted(map(str, plugin.config_migrations.keys() - set(versions))):
        text = Text(
            id="config_migrations dari {versions} tidak terpakai: config_version adalah {current}.",
            en="There are config_migrations from {versions}, but config_version is {current}.",
        ).format(versions=", ".join(further), current=plugin.config_version)
        yield DeclarationFault("CONF006", text, "config_migrations")


def _kinds(plugin: Any) -> Iterator[DeclarationFault]:
    kinds: Sequence[tuple[str, type]] = (
        ("program_types", ProgramType),
        ("funding_sources", FundingSource),
        ("reports", Report),
    )
    for name, kind in kinds:
        declared: tuple[Any, ...] = getattr(plugin, name)
        if all_of(declared, kind):
            yield from _keys_and_titles(name, declared)
        else:
            yield wrong_type(name)
    # The core reserves, hands over and prints these kinds; another one would be goods in one place and money in the next.
    benefits = get_args(get_type_hints(ProgramType)["benefit"])
    for program in plugin.program_types if all_of(plugin.program_types, ProgramType) else ():
        name = f"program_types.{getattr(program, 'key', '')}.benefit"
        yield from _choice(name, program.benefit, benefits, type(program))
        yield from _schedule(plugin, program)
    for source in plugin.funding_sources if all_of(plugin.funding_sources, FundingSource) else ():
        for receipt in source.receipts:
            yield from _form(receipt, "funding_sources")
            yield from page_checks.page_of_receipt(receipt, plugin)
    for report in plugin.reports if all_of(plugin.reports, Report) else ():
        if not all_of(getattr(report, "columns", None), ReportColumn):
            yield wrong_type(f"reports.{report.key}.columns", thing=type(report))


def _schedule(plugin: Any, program: ProgramType[Any]) -> Iterator[DeclarationFault]:
    """Yields the fault of a schedule that the core does not follow, as the defaults have it; other faults of the method are
    reported where it is asked."""
    try:
        with unless(ValidationError, Refusal):
            rule: object = program.schedule(plugin.config())
    except (ValidationError, Refusal, Broke):
        return
    if isinstance(rule, str) and (problem := schedule_problem(rule)) is not None:
        yield DeclarationFault("BEH016", problem, "program_types", type(program))


def _keys_and_titles(name: str, declared: tuple[Any, ...]) -> Iterator[DeclarationFault]:
    keys = [getattr(item, "key", "") for item in declared]
    for item, key in zip(declared, keys, strict=True):
        if not isinstance(key, str) or not _KEY.fullmatch(key) or keys.count(key) > 1:
            text = Text(
                id="Kunci {key!r} pada {name} tidak sah atau ganda.",
                en="The key {key!r} in {name} is not valid or used twice.",
            ).format(key=key, name=name)
            yield DeclarationFault("PKG011", text, name, type(item))
        if not isinstance(getattr(item, "title", None), Text):
            yield wrong_type(f"{name}.{key}.title", thing=type(item))


def _permissions(plugin: Any) -> Iterator[DeclarationFault]:
    if not all_of(plugin.permissions, Permission):
        yield wrong_type("permissions")
        return
    keys = [permission.key for permission in plugin.permissions]
    for permission in plugin.permissions:
        slug, _, word = permission.key.partition(".")
        if slug != plugin.slug or not _KEY.fullmatch(word) or keys.count(permission.key) > 1:
            text = Text(
                id="Wewenang “{key}” harus berawalan “{slug}.” dan hanya satu kali.",
                en="The permission “{key}” must begin with “{slug}.” and stand there once.",
            ).format(key=permission.key, slug=plugin.slug)
            yield DeclarationFault("WEB002", text, "permissions")
        if not isinstance(permission.title, Text) or not permission.title.id or not permission.title.en:
            text = Text(
                id="Wewenang “{key}” tidak berjudul.", en="The permission “{key}” has no title in both languages."
            ).format(key=permission.key)
            yield DeclarationFault("WEB002", text, "permissions")
        if permission.granted_with and permission.granted_with not in PERMISSIONS:
            yield unknown_permission("permissions", f"permissions.{permission.key}", permission.granted_with, "WEB002")


def _tables(plugin: Any, package: Path | None) -> Iterator[DeclarationFault]:
    if plugin.tables is None:
        return
    if not isinstance(plugin.tables, MetaData):
        yield wrong_type("tables")
        return
    for table in plugin.tables.tables.values():
        if table.schema != plugin.slug and not table.info.get(PUBLISHED):
            text = Text(
                id="Tabel “{table}” berada di luar skema “{slug}”.",
                en="The table “{table}” is outside schema “{slug}”.",
            ).format(table=table.fullname, slug=plugin.slug)
            yield DeclarationFault("DATA001", text, "tables")
    if package is None or not (package / "migrations").is_dir():
        text = Text(
            id="Memiliki tabel tetapi tidak memiliki folder migrations.",
            en="It has tables but no folder migrations.",
        )
        yield DeclarationFault("DATA005", text, "tables")


def _form(model: Any, attribute: str) -> Iterator[DeclarationFault]:
    try:
        fields_of(model)
    except TypeError as error:
        code = "CONF001" if isinstance(error, WithoutTitle) else "CONF009"
        text = Text(id="Isian tidak dapat ditampilkan: {error}.", en="A field cannot be shown: {error}.").format(
            error=error.sentence if isinstance(error, NotShown) else error
        )
        yield DeclarationFault(code, text, attribute, model)

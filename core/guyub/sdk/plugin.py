"""A plugin: its attributes are all that it declares, its methods marked ``@hookimpl`` are its behaviour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pluggy
import typer
from sqlalchemy import MetaData

from guyub.sdk.config import Config
from guyub.sdk.funding import FundingSource
from guyub.sdk.program import ProgramType
from guyub.sdk.reports import Report
from guyub.sdk.text import Text
from guyub.sdk.web import NavEntry, Router

API_LEVEL = 1
"""The level of this SDK; the host also accepts the one before."""

hookimpl = pluggy.HookimplMarker("guyub")
"""Marks a method as the implementation of the hook of its name; used bare, without options."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Data about people that a plugin keeps: what, why, and for how many years."""

    what: Text
    why: Text
    years: int


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission of a plugin. ``key`` is the slug, a point and a word ("infak.collect").

    Whoever holds ``granted_with``, a permission of the core, holds it too wherever the plugin is active, so that it works
    at once; a role may name it explicitly as well.
    """

    key: str
    title: Text
    granted_with: str = ""


class NoConfig(Config):
    """The configuration of a plugin with nothing to configure."""


Migration = Callable[[dict[str, Any]], dict[str, Any]]


class Plugin:
    """Derive from this; the entry point of group ``guyub`` names an instance, under the name of its ``slug``.

    Beside it, in the same package: ``templates/`` (named ``<slug>/...``), ``static/`` (served under ``/static/p/<slug>/``)
    and ``migrations/`` (Alembic's scripts for ``tables``), where it has any.
    """

    slug: ClassVar[str]
    """Lower case with underscores, 2 to 40: also the entry point's name, the database schema, the URL segment, the prefix
    of permissions and of templates."""
    title: ClassVar[Text]
    summary: ClassVar[Text]
    api: ClassVar[int] = API_LEVEL
    availability: ClassVar[Literal["open", "regional"]] = "open"
    """``regional``: only a regional office may activate it at a facility."""
    requires: ClassVar[tuple[str, ...]] = ()
    """Slugs of plugins without which this one does not run."""

    config: ClassVar[type[Config]] = NoConfig
    config_version: ClassVar[int] = 1
    config_migrations: ClassVar[Mapping[int, Migration]] = {}
    """From version n to n + 1: a pure function of the values stored at one layer (only overrides, by field)."""

    program_types: ClassVar[tuple[ProgramType[Any], ...]] = ()
    funding_sources: ClassVar[tuple[FundingSource[Any], ...]] = ()
    reports: ClassVar[tuple[Report[Any], ...]] = ()

    permissions: ClassVar[tuple[Permission, ...]] = ()
    routes: ClassVar[Router | None] = None
    nav: ClassVar[tuple[NavEntry, ...]] = ()
    commands: ClassVar[typer.Typer | None] = None
    """Run as ``guyub plugin run SLUG ...``."""

    tables: ClassVar[MetaData | None] = None
    """Made with ``guyub.sdk.tables.plugin_tables``."""
    personal_data: ClassVar[tuple[PersonalData, ...]] = ()

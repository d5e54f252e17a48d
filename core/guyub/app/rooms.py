"""The rooms whose pages the application serves. A new room is one line in ``ROOMS``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

from fastapi import APIRouter

from guyub.access import routes as access
from guyub.configuration import routes as configuration
from guyub.db.unit_of_work import CodeName, Work
from guyub.facilities import routes as facilities
from guyub.funds import routes as funds
from guyub.plugins import routes as plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import routes as programs
from guyub.registry import routes as registry
from guyub.reports import routes as reports
from guyub.ui.render import NavItem


@dataclass(frozen=True, slots=True)
class Room:
    """Holds what a room's ``routes`` offers; its templates lie beside it, under the room's name.

    ``router`` holds pages, ``api`` what is mounted under /api/v1. ``navigation(work, host, today)`` gives the menu of a
    facility's pages, ``region_navigation(work, region, today)`` that of a region's.
    """

    name: str
    templates: Path
    router: APIRouter
    api: APIRouter | None
    navigation: Callable[[Work, PluginRegistry, date], list[NavItem]] | None
    region_navigation: Callable[[Work, CodeName, date], list[NavItem]] | None

    @classmethod
    def of(cls, routes: ModuleType) -> "Room":
        """Returns the room of a module ``guyub.<room>.routes``."""
        assert routes.__file__ is not None
        return cls(
            name=routes.__name__.split(".")[-2],
            templates=Path(routes.__file__).parent / "templates",
            router=routes.router,
            api=getattr(routes, "api", None),
            navigation=getattr(routes, "navigation", None),
            region_navigation=getattr(routes, "region_navigation", None),
        )


ROOMS: tuple[Room, ...] = tuple(
    Room.of(routes) for routes in (reports, registry, programs, funds, facilities, configuration, plugins, access)
)
"""In the order of the menu."""

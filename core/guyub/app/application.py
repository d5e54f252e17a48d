"""Puts the application together: state, rooms, guards, static files."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

from fastapi import Depends, FastAPI

import guyub.operations.consequences
import guyub.operations.database_refusals
import guyub.operations.household_history  # noqa: F401  rooms answer: refusals of the database, timelines of households
from guyub.access import audit, purposes
from guyub.access.sign_in import IDLE_LIMIT
from guyub.app import csrf, errors, health, old_addresses, plugin_files, plugin_pages, sign_in_pages
from guyub.app.compression import Compressed, LastingFiles
from guyub.app.host_names import HostNames
from guyub.app.limits import Larger, Limits, larger_bodies
from guyub.app.navigation import all_of
from guyub.app.readers_language import ReadersLanguage
from guyub.app.rooms import ROOMS, Room
from guyub.app.security_headers import SecurityHeaders
from guyub.app.sign_in_throttle import Throttle
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.facilities import queries as facilities
from guyub.http import AppState
from guyub.http.problems import OF_EVERY_ROUTE, SECURITY, as_problem_documents
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.render import STATIC, Pages

API = "/api/v1"
TEMPLATES = Path(__file__).parent / "templates"


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Described(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Returns the description of the JSON; it is made once."""
        return self.openapi_schema or as_problem_documents(super().openapi())


def create_app(
    database: Database,
    plugins: PluginRegistry,
    *,
    protector: Protector,
    clock: Callable[[], datetime] = utc_now,
    banner: Text | None = None,
    rooms: Sequence[Room] = ROOMS,
    host_names: Collection[str] | None = None,
    idle_limit: timedelta = IDLE_LIMIT,
) -> FastAPI:
    """Returns the application over one database. ``clock`` answers an aware moment; ``banner`` stands above every page.

    ``host_names`` are what it may be asked for beside addresses in figures; None takes any name. ``idle_limit`` is how
    long a session may lie unused.

    The caller owns the database and closes it.
    """
    app = _Described(
        title="Guyub",
        version=version("guyub"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(errors.refuse_unreadable), Depends(csrf.protect)],
    )
    # What belongs to the core comes last: no plugin's folder stands in its place.
    pages = Pages(
        plugin_files.folders(plugins, "templates") | {"app": TEMPLATES} | {room.name: room.templates for room in rooms}
    )
    app.state.guyub = AppState(
        database,
        plugins,
        protector,
        pages,
        clock,
        navigation=all_of(rooms, plugins),
        record_view=purposes.record_view,
        record_export=audit.record_export,
        notice_of=purposes.notice_of,
        region_in_view=facilities.region_in_view,
        banner=banner,
    )
    app.state.throttle = Throttle(monotonic)
    app.state.idle_limit = idle_limit
    # What is added last stands outermost.
    larger = [larger for room in rooms for larger in _larger_bodies(room)]
    app.add_middleware(ReadersLanguage)
    app.add_middleware(HostNames, refuse=errors.answer, names=host_names)
    app.add_middleware(Limits, refuse=errors.answer, larger=larger)
    app.add_middleware(Compressed)
    app.add_middleware(SecurityHeaders, last_resort=errors.last_resort)
    errors.install(app)
    for pages_of in (
        health.probes,
        sign_in_pages.router,
        *(room.router for room in rooms),
        plugin_pages.router,
        old_addresses.router,
    ):
        app.include_router(pages_of, include_in_schema=False)
    for room in rooms:
        if room.api is not None:
            app.include_router(room.api, prefix=API, tags=[room.name], responses=OF_EVERY_ROUTE, dependencies=SECURITY)
    for slug, folder in plugin_files.folders(plugins, "static").items():
        app.mount(f"{plugin_files.STATIC}/{slug}", LastingFiles(directory=folder))
    app.mount("/static", LastingFiles(directory=STATIC), name="static")
    return app


def _larger_bodies(room: Room) -> Larger:
    of_pages = larger_bodies(room.router.routes)
    return of_pages if room.api is None else of_pages + larger_bodies(room.api.routes, API)

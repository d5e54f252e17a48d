"""A room is known by what its routes offer."""

from pathlib import Path
from types import ModuleType

import pytest
from fastapi import APIRouter

from guyub.app.rooms import ROOMS, Room


def test_a_room_needs_nothing_but_pages():
    routes = ModuleType("guyub.visits.routes")
    routes.__file__ = "/somewhere/visits/routes.py"
    routes.router = APIRouter()  # type: ignore[attr-defined]  # a module made here
    room = Room.of(routes)
    assert (room.name, room.templates) == ("visits", Path("/somewhere/visits/templates"))
    assert (room.api, room.navigation, room.region_navigation) == (None, None, None)


def test_a_room_without_pages_is_an_error():
    routes = ModuleType("guyub.visits.routes")
    routes.__file__ = "/somewhere/visits/routes.py"
    with pytest.raises(AttributeError, match="router"):
        Room.of(routes)


ELSEWHERE = {
    "/national": "the nation is a place without a code",
    "/national/overview.xlsx": "the same",
    "/calendar/{token}.ics": "a calendar program has no session: its address carries a token",
    "/account/tokens": "of the reader, wherever they work",
    "/account/tokens/{token}/revoke": "the same",
}


def test_every_page_lies_below_a_place():
    """So that its facility or region decides what it shows; what lies elsewhere is named here, with its reason."""
    paths = {route.path for room in ROOMS for route in room.router.routes}  # type: ignore[attr-defined]  # every route here has a path
    assert {path for path in paths if not path.startswith(("/f/{facility}/", "/region/{region}/"))} == set(ELSEWHERE)

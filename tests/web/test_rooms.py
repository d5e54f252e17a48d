"""A room is known by what its routes offer."""

from pathlib import Path
from types import ModuleType

import pytest
from fastapi import APIRouter

from guyub.web.rooms import ROOMS, Room


def test_a_room_needs_nothing_but_pages():
    routes = ModuleType("guyub.visits.routes")
    routes.__file__ = "/somewhere/visits/routes.py"
    routes.router = APIRouter()  # type: ignore[attr-defined]
    room = Room.of(routes)
    assert (room.name, room.templates) == ("visits", Path("/somewhere/visits/templates"))
    assert (room.api, room.navigation, room.region_navigation) == (None, None, None)


def test_a_room_without_pages_is_a_mistake():
    routes = ModuleType("guyub.visits.routes")
    routes.__file__ = "/somewhere/visits/routes.py"
    with pytest.raises(AttributeError, match="router"):
        Room.of(routes)


def test_every_page_lies_below_a_place():
    """So that its facility or region decides what it shows; rooms have no pages elsewhere."""
    for room in ROOMS:
        for route in room.router.routes:
            assert route.path.startswith(("/f/{facility}/", "/region/{region}/")), route.path  # type: ignore[attr-defined]

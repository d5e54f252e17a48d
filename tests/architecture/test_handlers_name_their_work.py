"""Each handler of a place names its work in its signature: so nobody forgets to ask who is there, and nothing connects early."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from guyub.app import plugin_pages
from guyub.app.rooms import ROOMS
from guyub.http.dependencies import work_anywhere, work_at_facility, work_for_search, work_of_region

WORKS = {"/f/{facility}": {work_at_facility, work_for_search}, "/region/{region}": {work_of_region}}
_ALL = {work_anywhere, work_at_facility, work_for_search, work_of_region}


def routes() -> Iterator[APIRoute]:
    for room in ROOMS:
        for router in (room.router, room.api):
            yield from (route for route in (router.routes if router else ()) if isinstance(route, APIRoute))
    yield from (route for route in plugin_pages.router.routes if isinstance(route, APIRoute))


def walk(dependant: Dependant) -> Iterator[Dependant]:
    for dependency in dependant.dependencies:
        yield dependency
        yield from walk(dependency)


@pytest.mark.parametrize("place", WORKS)
def test_a_handler_of_a_place_names_the_work_of_that_place(place: str):
    here = [route for route in routes() if route.path.startswith(place)]
    assert len(here) > 20
    for route in here:
        works = {dependency.call for dependency in walk(route.dependant)} & _ALL
        assert works, route.endpoint
        assert works <= WORKS[place], route.endpoint


def test_a_work_ends_before_its_answer_is_sent():
    scopes = {dependency.scope for route in routes() for dependency in walk(route.dependant) if dependency.call in _ALL}
    assert scopes == {"function"}

"""The JSON describes itself: each route with its answer, what it refuses, and how a reader proves who they are."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from guyub.app import create_app
from guyub.app.rooms import ROOMS
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ALWAYS = {"401", "403", "404", "422", "500", "503"}
WRITING = {"409", "413"}


@pytest.fixture
def described(plugins: PluginRegistry, protector: Protector) -> dict[str, Any]:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:9/none", "key")
    app: FastAPI = create_app(nowhere, plugins, protector=protector)
    described: dict[str, Any] = app.openapi()
    assert app.openapi() is described
    return described


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_of_the_json_is_described(described: dict[str, Any]):
    routes: list[BaseRoute] = [route for room in ROOMS if room.api is not None for route in room.api.routes]
    known = {
        (method.lower(), f"/api/v1{route.path}")
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
    assert len(known) >= 6
    assert {(method, path) for method, path, _ in operations(described)} == known


def test_every_route_names_its_refusals(described: dict[str, Any]):
    for method, path, operation in operations(described):
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        matched = {"412"} if "If-Match" in names else set[str]()
        wanted = ALWAYS if method == "get" else ALWAYS | WRITING | matched
        assert set(refusals) == wanted, (method, path)
        assert all(answer["content"] == PROBLEM for answer in refusals.values()), (method, path)
        assert all(answer["description"] for answer in refusals.values()), (method, path)


def test_every_route_names_how_a_reader_proves_who_they_are(described: dict[str, Any]):
    schemes = described["components"]["securitySchemes"]
    assert {name: scheme["type"] for name, scheme in schemes.items()} == {"session": "apiKey", "token": "http"}
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "guyub_session")
    for method, path, operation in operations(described):
        assert operation["security"] == [{"session": []}, {"token": []}], (method, path)


def test_every_answer_has_a_schema_of_its_own(described: dict[str, Any]):
    for method, path, operation in operations(described):
        [answer] = [operation["responses"][code] for code in ("200", "201") if code in operation["responses"]]
        if path.endswith(".zip"):
            assert answer["content"].keys() == {"application/zip"}, (method, path)
            continue
        schema = answer["content"]["application/json"]["schema"]
        named = schema.get("$ref") or schema["items"]["$ref"]
        assert named.startswith("#/components/schemas/"), (method, path)


def test_places_in_an_address_say_what_they_may_be(described: dict[str, Any]):
    for method, path, operation in operations(described):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert "pattern" in parameter["schema"], (method, path, parameter["name"])
                assert parameter["description"], (method, path, parameter["name"])


def test_a_sentence_is_one_schema(described: dict[str, Any]):
    schemas = described["components"]["schemas"]
    assert set(schemas["Text"]["properties"]) == {"id", "en"}
    pairs = {name for schema in schemas.values() for name in schema.get("properties", {}) if name.endswith("_en")}
    assert pairs == set()

"""Pages are made for the names of this installation alone; whoever asks by another one is told in words."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from guyub.app import create_app
from guyub.app.host_names import is_ours
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry

OURS = {"guyub.contoh.id"}


@pytest.fixture
def app(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(database, plugins, protector=protector, host_names=OURS)


@pytest.mark.parametrize(
    "host",
    ["guyub.contoh.id", "GUYUB.contoh.id:8017", "guyub.contoh.id.", "localhost:8017", "10.1.2.3:8017", "[::1]:8017"],
)
def test_names_of_ours_and_figures_are_answered(app: FastAPI, host: str):
    assert TestClient(app).get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["penyerang.contoh", "guyub.contoh.id.penyerang.contoh", "xguyub.contoh.id", "", "[penyerang]", "10.1.2"]
)
def test_other_names_are_refused_in_words(app: FastAPI, host: str):
    answer = TestClient(app).get("/sign-in", headers={"host": host})
    assert answer.status_code == 421
    assert "bukan alamat Guyub ini" in answer.text
    assert TestClient(app).get("/healthz", headers={"host": host}).status_code == 421


def test_the_api_refuses_them_as_a_problem_document(app: FastAPI):
    answer = TestClient(app).get("/api/v1/openapi.json", headers={"host": "penyerang.contoh"})
    assert (answer.status_code, answer.json()["code"]) == (421, "web.other_host")


def test_two_hosts_at_once_are_none(app: FastAPI):
    headers = [("host", "guyub.contoh.id"), ("host", "penyerang.contoh")]
    assert TestClient(app).get("/sign-in", headers=headers).status_code == 421


def test_a_part_of_a_name_is_not_the_name():
    assert not is_ours("contoh.id", OURS)

"""``guyub goods`` lists a catalogue, adds goods and declares their units, for a facility and for its offices."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands, goods_commands
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World

HERE = ["--facility", worlds.PEKALONGAN, "--as", "pengelola"]
OFFICE = ["--region", "jawa-tengah", "--as", "kanwil"]


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        yield made


@pytest.fixture(autouse=True)
def _app(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for commands in (cycle_commands, goods_commands):
        monkeypatch.setattr(commands, "open_app", lambda: nullcontext(world.pekalongan.opened))


def run(*command: str) -> Any:
    return CliRunner().invoke(goods_commands.app, list(command))


def goods_of(*where: str) -> dict[str, Any]:
    return {item["code"]: item for item in json.loads(run("list", "--json", *where).output)}


def test_a_facility_adds_goods_and_declares_their_units():
    assert run("add", "Sarung", "--unit", "buah", *HERE).exit_code == 0
    assert run("unit", "sarung", "bal", "--holds", "100", *HERE).exit_code == 0
    item = goods_of(*HERE)["sarung"]
    assert (item["name"], item["unit"]) == ("Sarung", "buah")
    assert ("bal", 100) in [(unit["unit"], float(unit["holds"])) for unit in item["units"]]
    assert run("unit", "sarung", "bal", "--take-back", *HERE).exit_code == 0
    assert "bal" not in [unit["unit"] for unit in goods_of(*HERE)["sarung"]["units"]]


def test_an_office_adds_goods_that_its_facilities_pick():
    assert run("add", "Kurma", "--unit", "kg", *OFFICE).exit_code == 0
    assert goods_of(*HERE)["kurma"]["unit"] == "kg"
    assert "kurma" in goods_of(*OFFICE)
    for unit, holds in (("Dus", "10 kg"), ("dus", "12 kg")):
        assert run("unit", "kurma", unit, "--holds", holds, *OFFICE).exit_code == 0
    for where in (OFFICE, HERE):
        units = [(unit["unit"], float(unit["holds"])) for unit in goods_of(*where)["kurma"]["units"]]
        assert [pair for pair in units if pair[0].lower() == "dus"] == [("dus", 12)]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("add", "Beras", "--unit", "kg", *HERE), "funds.goods_twice"),
        (("unit", "bers", "sak", "--holds", "25", *HERE), "funds.item_unknown"),
        (("unit", "beras", "sak", "--holds", "0", *HERE), "funds.factor"),
        (("add", "Kurma", "--unit", "kg", "--nation", "--as", "kanwil"), "cli.nation"),
        (("add", "Kurma", "--unit", "kg", "--region", "jawa", "--as", "kanwil"), "cli.no_region"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_a_code(command: tuple[str, ...], code: str):
    answer = run(*command)
    assert isinstance(answer.exception, Refusal)
    assert answer.exception.code == code


def test_whose_catalogue_it_is_has_to_be_said():
    assert run("list", "--as", "kanwil").exit_code == 2
    assert run("list", *HERE, "--region", "jawa-tengah").exit_code == 2

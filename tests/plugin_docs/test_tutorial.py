"""The tutorial is true: what its reader writes is installed, conforms, and works for a month at one facility."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tutorial
from tests.clean_environment import ROOT, Environment, clean_environment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tutorial")
    tutorial.build(made)
    return made


@pytest.fixture(scope="module")
def clean(folder: Path) -> Iterator[Environment]:
    """The four wheels, and the two plugins of the page."""
    with clean_environment() as made:
        made.install(*(folder / slug for slug in tutorial.PLUGINS))
        yield made


def demand(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_plugins_are_ready_beside_the_three_that_come_with_guyub(clean: Environment, folder: Path):
    listed = json.loads(clean.run("guyub", "plugin", "list", "--json", cwd=folder).stdout)
    assert {item["slug"] for item in listed} == {"bansos", "canteen_profit", "csr_funding", "infak", "uang_sekolah"}
    assert [item["reason"] for item in listed if item["slug"] == "uang_sekolah"] == [None]


@pytest.mark.deep
@pytest.mark.parametrize(("slug", "tests"), [("infak", 4), ("uang_sekolah", 5)])
def test_a_plugin_of_the_page_passes_its_tests_and_the_check(clean: Environment, folder: Path, slug: str, tests: int):
    tested = demand(
        clean.run("python", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", slug, cwd=folder)
    )
    assert f"{tests} passed" in tested
    assert json.loads(demand(clean.run("guyub", "plugin", "check", slug, "--json", cwd=folder))) == []


@pytest.mark.deep
def test_a_month_at_one_facility_leaves_every_other_as_it_was(clean: Environment):
    month = ROOT / "tests/plugin_docs/tutorial_month.py"
    demand(clean.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", month, cwd=ROOT))


def test_every_command_that_the_page_tells_the_reader_to_type_is_there(clean: Environment, folder: Path):
    asked = {tuple(command[1:3]) for command in tutorial.commands() if command[0] == "guyub"}
    assert asked >= {("plugin", "new"), ("plugin", "check"), ("plugin", "list"), ("facilities", "apply")}
    for group in sorted({group for group, _ in asked}):
        helped = demand(clean.run("guyub", group, "--help", cwd=folder, COLUMNS="200"))
        assert {name for of, name in asked if of == group and name not in helped} == set()

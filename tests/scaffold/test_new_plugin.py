"""What `guyub plugin new` writes is a plugin: it installs, passes its own tests and the check, both kinds of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guyub.cli.plugin_commands import app
from guyub.scaffold import names_of, write
from guyub.sdk.errors import Invalid, Refusal
from guyub.testing.conformance import check
from tests.clean_environment import Environment, clean_environment


@pytest.fixture(scope="module")
def clean() -> Iterator[Environment]:
    with clean_environment() as made:
        yield made


@pytest.mark.deep
@pytest.mark.parametrize(("kind", "name"), [("--program", "uang_saku"), ("--funding", "hibah_alat")])
def test_a_new_plugin_installs_passes_its_tests_and_conforms_in_a_clean_environment(
    kind: str, name: str, clean: Environment, tmp_path: Path
):
    made = clean.run("guyub", "plugin", "new", name, kind, cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    clean.install(tmp_path / name)

    listed = clean.run("guyub", "plugin", "list", "--json", cwd=tmp_path, GUYUB_HOME=str(tmp_path / "home"))
    (found,) = [load for load in json.loads(listed.stdout) if load["slug"] == name]
    assert (found["state"], found["distribution"]) == ("ready", f"guyub-{name.replace('_', '-')}")

    tested = clean.run("python", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", name, cwd=tmp_path)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "passed" in tested.stdout

    checked = clean.run("guyub", "plugin", "check", name, "--json", cwd=tmp_path / name)
    assert (checked.returncode, json.loads(checked.stdout)) == (0, []), checked.stderr


def test_the_name_goes_into_distribution_module_and_class(tmp_path: Path):
    write(names_of("uang-saku"), "program", tmp_path / "uang-saku")
    project = (tmp_path / "uang-saku/pyproject.toml").read_text()
    assert 'name = "guyub-uang-saku"' in project
    assert 'uang_saku = "guyub_uang_saku:plugin"' in project
    assert "class UangSaku(Plugin):" in (tmp_path / "uang-saku/guyub_uang_saku/__init__.py").read_text()


@pytest.mark.parametrize("kind", ["program", "funding"])
@pytest.mark.parametrize("name", ["ab", "a" * 40, "tahun_2024"])
def test_short_and_long_names_give_conforming_plugins_too(kind: str, name: str, tmp_path: Path):
    write(names_of(name), kind, tmp_path / name)  # type: ignore[arg-type]  # a parameter with known values
    assert check(tmp_path / name) == []


@pytest.mark.parametrize(
    "name", ["Bansos", "a", "2kali", "uang saku", "uang__saku", "uang_", "../uang", "a" * 41, "é_a"]
)
def test_a_name_that_is_no_slug_is_refused_in_both_languages(name: str):
    with pytest.raises(Invalid) as refused:
        names_of(name)
    assert "tidak dapat dipakai" in refused.value.what.id
    assert "cannot be used" in refused.value.what.en
    assert refused.value.remedy.id != refused.value.remedy.en


@pytest.mark.parametrize(("name", "owner"), [("bansos", "guyub-bansos"), ("funds", "Guyub"), ("pg_saku", "Guyub")])
def test_a_name_that_is_taken_is_refused_and_says_by_whom(name: str, owner: str):
    with pytest.raises(Refusal) as refused:
        names_of(name)
    assert owner in refused.value.what.id
    assert owner in refused.value.what.en


def test_an_existing_folder_is_left_alone(tmp_path: Path):
    (tmp_path / "uang_saku").mkdir()
    with pytest.raises(Refusal) as refused:
        write(names_of("uang_saku"), "program", tmp_path / "uang_saku")
    assert "sudah ada" in refused.value.what.id
    assert "is there already" in refused.value.what.en
    assert list((tmp_path / "uang_saku").iterdir()) == []


def test_a_plugin_is_of_one_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(app, ["new", "uang_saku", "--program", "--funding"])
    assert refused.exit_code == 2
    assert list(tmp_path.iterdir()) == []

"""``guyub plugin list``: each plugin is loaded in a process of its own, so none of them can take the list down."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guyub.cli.plugin_commands import app
from guyub.plugins.probing import probe_all
from tests.distributions import GOOD, Shelf


def test_a_plugin_that_ends_its_process_is_reported_and_the_others_are_listed(shelf: Shelf):
    shelf.add("specimen", "import os; os._exit(0)")
    shelf.add("killed", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    shelf.add("dependent", declares="requires = ('specimen',)")
    listed = {item.slug: item for item in probe_all()}
    assert listed["bansos"].state == listed["csr_funding"].state == "ready"
    assert listed["specimen"].reason.en == "It ended the process while it was loaded (exit code 0)."
    assert "exit code -9" in listed["killed"].reason.en
    assert "pip uninstall guyub-killed" in listed["killed"].remedy.en
    assert listed["dependent"].code == "host.requires"


@pytest.mark.deep
def test_a_plugin_that_never_finishes_is_ended_with_all_that_it_started(shelf: Shelf):
    mark = shelf.folder / "child"
    shelf.add(
        "specimen",
        f"""
        import pathlib, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        pathlib.Path({str(mark)!r}).write_text(str(child.pid))
        while True:
            time.sleep(1)
        """,
    )
    status = next(item for item in probe_all(8) if item.slug == "specimen")
    assert status.code == "host.hang"
    assert status.reason.en == "It was not loaded within 8 seconds."
    assert not is_running(int(mark.read_text()))


def is_running(process: int) -> bool:
    """Whether there is such a process that has not ended; one that has ended may wait to be asked how."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.deep
def test_what_a_plugin_prints_and_reads_does_not_reach_the_list(shelf: Shelf, capfd: pytest.CaptureFixture[str]):
    shelf.add(
        "specimen", "print('{not json'); import sys; sys.stdin.read()\n" + GOOD.format(slug="specimen", declares="")
    )
    assert {item.slug: item.state for item in probe_all()}["specimen"] == "ready"
    assert capfd.readouterr().out == ""


@pytest.mark.deep
def test_the_list_as_json_names_state_reason_and_remedy(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GUYUB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GUYUB_DATABASE_URL", raising=False)
    shelf.add("specimen", "import sys; sys.exit(1)")
    answer = CliRunner().invoke(app, ["list", "--json"])
    assert answer.exit_code == 1
    listed = {load["slug"]: load for load in json.loads(answer.stdout)}
    assert listed["bansos"] | {"version": ""} == {
        "slug": "bansos",
        "distribution": "guyub-bansos",
        "version": "",
        "state": "ready",
        "reason": None,
        "remedy": None,
        "code": None,
        "warnings": [],
        "reason_id": None,
        "remedy_id": None,
        "warnings_id": [],
    }
    assert listed["specimen"]["state"] == "quarantined"
    assert "SystemExit" in listed["specimen"]["reason"]
    assert "pip install" in listed["specimen"]["remedy"]
    assert listed["specimen"]["remedy_id"].startswith("Pasang ulang")


def test_reason_and_remedy_stand_whole_in_both_languages_however_narrow_the_terminal(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("GUYUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("GUYUB_DATABASE_URL", raising=False)
    shelf.add("specimen", "import sys; sys.exit(1)", distribution="guyub-specimen-with-a-long-name")
    answer = CliRunner().invoke(app, ["list"])
    for said in ("Pasang ulang atau perbarui", "Re-install or update"):
        assert f"{said} guyub-specimen-with-a-long-name (pip install --force-reinstall" in answer.stdout
    assert "…" not in answer.stdout


@pytest.mark.deep
def test_the_folder_that_the_command_is_called_in_lends_no_modules(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
):
    shelf.add("specimen")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "json.py").write_text("raise ValueError('a module of the folder that the command is called in')")
    monkeypatch.chdir(elsewhere)
    listed = {item.slug: item.state for item in probe_all()}
    assert listed == dict.fromkeys(("bansos", "canteen_profit", "csr_funding", "specimen"), "ready")

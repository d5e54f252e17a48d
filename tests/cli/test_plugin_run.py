"""``guyub plugin run``: a plugin's own commands, within one facility where it runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import plugin_run
from guyub.cli.main import app
from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.operations.context import AppContext
from guyub.sdk.errors import NotFound, Refusal
from tests.config_changes import set_active

from ..distributions import shelf_in

SOURCE = """
import typer
from sqlalchemy import text
from guyub.sdk import Plugin, Text
from guyub.sdk.commands import at

commands = typer.Typer()

@commands.callback()
def group() -> None:
    pass

@commands.command()
def count(ctx: typer.Context, facility: str) -> None:
    with at(ctx, facility) as here:
        households = here.session.scalar(text("SELECT count(*) FROM guyub.household"))
        print(f"{here.facility.name}: {households}")

@commands.command()
def crash(facility: str) -> None:
    raise OSError(f"Ibu Contoh at {facility}")

@commands.command()
def leave(code: int) -> None:
    raise typer.Exit(code)

class Tally(Plugin):
    slug = "tally"
    title = Text(id="Hitungan", en="Tally")
    summary = Text(id="Menghitung.", en="It counts.")
    commands = commands

plugin = Tally()
"""


ALONE = """
import typer
from guyub.sdk import Plugin, Text

commands = typer.Typer()

@commands.command()
def greet(whom: str) -> None:
    print(f"salam, {whom}")

class Alone(Plugin):
    slug = "alone"
    title = Text(id="Sendiri", en="Alone")
    summary = Text(id="Satu perintah.", en="One command.")
    commands = commands

plugin = Alone()
"""


@pytest.fixture
def runner(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cluster: Any,
    installation: Installation,
    database: Database,
) -> Iterator[CliRunner]:
    """The command over this test's database, with the plugin installed and activated at Pekalongan alone."""
    with shelf_in(tmp_path, monkeypatch) as shelf:
        shelf.add("tally", SOURCE)
        shelf.add("alone", ALONE)
        plugins = plugin_registry()
        with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
            set_active(work, plugins, "tally", work.here.id, True, date(2024, 1, 1), "uji")
        opened = AppContext(cluster.home, cluster.keys, installation, database, plugins, cluster.keys.protector())

        @contextmanager
        def here() -> Iterator[AppContext]:
            yield opened

        monkeypatch.setattr(plugin_run, "open_app", here)
        yield CliRunner()


def test_a_command_works_at_the_facility_that_it_names(runner: CliRunner):
    done = runner.invoke(app, ["plugin", "run", "tally", "count", "rutan-pekalongan"])
    assert done.output == "Rutan Kelas IIA Pekalongan: 0\n"
    assert done.exit_code == 0


def test_the_help_is_that_of_the_plugins_commands(runner: CliRunner):
    assert "count" in runner.invoke(app, ["plugin", "run", "tally", "--help"]).output


@pytest.mark.parametrize("facility", ["rutan-kebumen", "rutan-nowhere"])
def test_where_the_plugin_does_not_run_its_commands_do_not_either(runner: CliRunner, facility: str):
    done = runner.invoke(app, ["plugin", "run", "tally", "count", facility])
    assert isinstance(done.exception, NotFound)


def test_a_plugin_without_commands_and_one_that_is_not_there_are_refused_by_name(runner: CliRunner):
    for slug in ("bansos", "nowhere"):
        done = runner.invoke(app, ["plugin", "run", slug])
        assert isinstance(done.exception, Refusal)
        assert slug in done.exception.what.en


def test_a_command_that_crashes_is_reported_by_plugin_and_code_and_the_whole_is_in_the_log(
    runner: CliRunner, cluster: Any
):
    done = runner.invoke(app, ["plugin", "run", "tally", "crash", "rutan-pekalongan"])
    assert isinstance(done.exception, Refusal)
    code = re.search(r"E-[0-9A-F]{6}", done.exception.what.en)
    assert code is not None
    assert done.exception.what.id == f"Perintah plugin “Hitungan” (tally) gagal: OSError. Kode: {code[0]}."
    log = cluster.home.path / plugin_run.LOG
    assert str(log) in done.exception.remedy.en
    kept = log.read_text(encoding="utf-8")
    assert code[0] in kept
    assert "OSError: Ibu Contoh at rutan-pekalongan" in kept
    assert log.stat().st_mode & 0o077 == 0


def test_a_single_command_keeps_its_name(runner: CliRunner):
    done = runner.invoke(app, ["plugin", "run", "alone", "greet", "UPT"])
    assert (done.output, done.exit_code) == ("salam, UPT\n", 0)
    helped = runner.invoke(app, ["plugin", "run", "alone", "--help"]).output
    assert "greet" in helped
    assert "completion" not in helped


def test_a_command_ends_with_the_code_that_it_chose(runner: CliRunner):
    assert runner.invoke(app, ["plugin", "run", "tally", "leave", "3"]).exit_code == 3
    assert runner.invoke(app, ["plugin", "run", "tally", "no-such-command"]).exit_code == 2

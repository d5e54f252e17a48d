"""``guyub cycle approve`` says what it approves, and approves no other version than the one that was read."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands
from guyub.programs import cycles
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World

MONTH = ["approve", "--facility", worlds.PEKALONGAN, "--period", "2024-11", "--as", "karutan", "--on", "2024-11-12"]


@pytest.fixture
def proposed(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with worlds.a_world(cluster, until="proposed") as made:
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def standing(world: World) -> Cycle:
    with world.pekalongan.work_of("karutan") as work:
        return cycles.get(work, "bansos", worlds.november.PERIOD)


def test_an_older_version_is_refused_and_the_standing_one_approved(proposed: World):
    version = standing(proposed).version
    runner = CliRunner()
    older = runner.invoke(cycle_commands.app, [*MONTH, "--version", str(version - 1)])
    assert isinstance(older.exception, Refusal)
    assert older.exception.code == "programs.proposal_changed"
    assert f"version {version}, proposed by Kasubsi Contoh Satu: 5 households, Rp587.535" in older.output
    assert standing(proposed).state == "proposed"
    assert runner.invoke(cycle_commands.app, [*MONTH, "--version", str(version)]).exit_code == 0
    assert standing(proposed).state == "approved"


def test_without_a_version_and_without_a_terminal_nothing_is_approved(proposed: World):
    answer = CliRunner().invoke(cycle_commands.app, MONTH, input="y\n")
    assert answer.exit_code == 2
    assert "5 households, Rp587.535" in answer.output
    assert f"--version {standing(proposed).version}" in answer.output
    assert standing(proposed).state == "proposed"


def test_where_two_approve_the_first_is_told_that_it_waits(proposed: World):
    worlds.employ(proposed.database, "plh", "head", worlds.PEKALONGAN)
    worlds.configure(proposed.database, "bansos", worlds.PEKALONGAN, second_approval_above=500_000)
    version = str(standing(proposed).version)
    runner = CliRunner()
    once = runner.invoke(cycle_commands.app, [*MONTH, "--version", version])
    assert once.exit_code == 0
    assert "worth more than Rp500.000, so two people approve it" in once.output
    assert "waits for a second approver" in once.output
    assert standing(proposed).state == "proposed"
    again = runner.invoke(cycle_commands.app, [*MONTH, "--version", version])
    assert isinstance(again.exception, Refusal)
    assert again.exception.code == "programs.second_approver"
    twice = runner.invoke(
        cycle_commands.app, [*("plh" if word == "karutan" else word for word in MONTH), "--version", version]
    )
    assert "approved first by Karutan Contoh Dua" in twice.output
    assert standing(proposed).state == "approved"

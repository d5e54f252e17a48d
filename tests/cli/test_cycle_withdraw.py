"""``guyub cycle withdraw`` says what it withdraws, with a reason and of the version that was read."""

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

MONTH = [
    "withdraw",
    "--facility",
    worlds.PEKALONGAN,
    "--cycle",
    "2024-11",
    "--as",
    "karutan",
    "--reason",
    "Harga keliru.",
]


@pytest.fixture
def approved(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with worlds.a_world(cluster, until="approved") as made:
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def standing(world: World) -> Cycle:
    with world.pekalongan.work_of("karutan") as work:
        return cycles.get(work, "bansos", worlds.november.PERIOD)


def test_the_version_that_was_read_is_withdrawn_and_no_other(approved: World):
    version = standing(approved).version
    runner = CliRunner()
    older = runner.invoke(cycle_commands.app, [*MONTH, "--version", str(version - 1)])
    assert isinstance(older.exception, Refusal)
    assert older.exception.code == "programs.proposal_changed"
    assert f"version {version}, approved: 5 households, Rp587.535 reserved" in older.output
    answer = runner.invoke(cycle_commands.app, [*MONTH, "--version", str(version)])
    assert answer.exit_code == 0
    assert "approval withdrawn, Rp587.535 went back to its funds" in answer.output
    assert standing(approved).state == "planned"


def test_without_a_version_and_without_a_terminal_nothing_is_withdrawn(approved: World):
    answer = CliRunner().invoke(cycle_commands.app, MONTH, input="y\n")
    assert answer.exit_code == 2
    assert standing(approved).state == "approved"

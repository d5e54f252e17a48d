"""``guyub cycle correct`` corrects a closed month in the version that was read, and names what it did."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands
from guyub.programs import corrections, cycle_facts, cycles
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World

MONTH = ["correct", "--facility", worlds.PEKALONGAN, "--period", "2024-11", "--reason", "Paketnya kembali."]


@pytest.fixture
def closed(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with worlds.a_world(cluster, until="closed") as made:
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def standing(world: World) -> tuple[int, int]:
    with world.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", worlds.november.PERIOD)
        return cycle_facts.figures(work, cycle).received, corrections.version_of(work, cycle)


def test_a_hand_over_is_taken_back_and_made_late(closed: World):
    runner = CliRunner()
    received, version = standing(closed)
    back = runner.invoke(cycle_commands.app, [*MONTH, "--as", "kasubsi", "--number", "1", "--version", str(version)])
    assert back.exit_code == 0
    assert "A hand-over was taken back" in back.output
    assert standing(closed) == (received - 1, version + 1)
    stale = runner.invoke(cycle_commands.app, [*MONTH, "--as", "kasubsi", "--number", "2", "--version", str(version)])
    assert isinstance(stale.exception, Refusal)
    assert stale.exception.code == "programs.proposal_changed"
    late = [
        *MONTH,
        "--as",
        "kasubsi",
        "--number",
        "1",
        "--late",
        "--witness",
        "Saksi Contoh",
        "--version",
        str(version + 1),
    ]
    assert "Handed over late" in runner.invoke(cycle_commands.app, late).output
    assert standing(closed) == (received, version + 2)


def test_without_a_version_and_without_a_terminal_nothing_is_corrected(closed: World):
    before = standing(closed)
    answer = CliRunner().invoke(cycle_commands.app, [*MONTH, "--as", "kasubsi", "--number", "1"], input="y\n")
    assert answer.exit_code == 2
    assert standing(closed) == before


def test_a_note_whose_goods_were_given_is_not_cancelled(closed: World):
    _, version = standing(closed)
    note = [*MONTH, "--as", "pengelola", "--note", "1/2024", "--version", str(version)]
    refused = CliRunner().invoke(cycle_commands.app, note)
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.code == "funds.purchase_used"
    for wrong in ("x", "1", "1/x"):
        assert CliRunner().invoke(cycle_commands.app, [*MONTH, "--as", "pengelola", "--note", wrong]).exit_code == 2

"""``guyub cycle replace``: proposed by staff, confirmed or declined by the approver, without a name on the terminal."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from guyub.cli import cycle_commands, replacement_commands
from guyub.programs import queries, replacements
from guyub.programs.queries import Recipient
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World


@pytest.fixture
def approved(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with worlds.a_world(cluster, until="approved") as made:
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def runs(command: str, actor: str, *more: str) -> Result:
    asked = [command, "--facility", worlds.PEKALONGAN, "--cycle", "2024-11", "--as", actor, *more]
    return CliRunner().invoke(replacement_commands.app, asked)


def listed(world: World) -> list[Recipient]:
    with world.pekalongan.work_of("kasubsi") as work:
        return queries.recipients(work, cycle_commands.asked_cycle(work, "2024-11", None))


@pytest.mark.parametrize(("command", "stays"), [("confirm", False), ("decline", True)])
def test_a_place_is_filled_from_the_command_line(approved: World, command: str, stays: bool):
    before = listed(approved)
    proposed = runs("propose", "kasubsi", "--number", "2", "--reason", "pindah")
    assert proposed.exit_code == 0, proposed.output
    shown = runs("list", "karutan")
    which, _, words = shown.output.partition(" ")
    assert "waits for the approver" in words
    assert not any(row.name in shown.output + proposed.output for row in before)
    self_confirmed = runs("confirm", "kasubsi", "--id", which)
    assert isinstance(self_confirmed.exception, Refusal)
    assert runs(command, "karutan", "--id", which).exit_code == 0
    assert (listed(approved)[1] == before[1]) is stays
    assert "waits" not in runs("list", "karutan").output


def test_nobody_waits_at_a_place_that_is_none(approved: World):
    answer = runs("propose", "kasubsi", "--number", "99", "--reason", "pindah")
    assert isinstance(answer.exception, Refusal)
    assert answer.exception.code == "programs.not_waiting"
    with approved.pekalongan.work_of("kasubsi") as work:
        assert replacements.of_cycle(work, cycle_commands.asked_cycle(work, "2024-11", None)) == []

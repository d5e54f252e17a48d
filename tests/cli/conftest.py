"""The command on a real installation, whose server keeps running for the tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import Command, new_home

FACILITIES = Path(__file__).parents[2] / "facilities"


@pytest.fixture(scope="module")
def guyub() -> Iterator[Command]:
    with new_home() as home:
        yield _settled(Command(home))


def _settled(command: Command) -> Command:
    command("db", "upgrade")
    command("facilities", "apply", str(FACILITIES))
    command(
        "user",
        "create",
        "kasubsi",
        "--name",
        "Kasubsi Contoh",
        "--role",
        "detainee_services",
        "--facility",
        "rutan-pekalongan",
        "--since",
        "2024-01-01",
        typed="kata sandi contoh\n",
    )
    return command

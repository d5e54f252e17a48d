"""The command on a real installation, whose server keeps running for the tests of a module."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from guyub.db.home import find_home
from guyub.operations.context import reach_database

GUYUB = [sys.executable, "-c", "from guyub.cli.main import main; main()"]
FACILITIES = Path(__file__).parents[2] / "facilities"


class Command:
    def __init__(self, home: Path) -> None:
        self.environment = os.environ | {"GUYUB_HOME": str(home)}

    def __call__(self, *arguments: str, given: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [*GUYUB, *arguments], env=self.environment, input=given, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def guyub() -> Iterator[Command]:
    """With the server kept running: each command would start and stop it."""
    folder = Path(tempfile.mkdtemp(prefix="guyub-cli-"))
    folder.chmod(0o711)
    command = Command(folder / "rumah")
    with reach_database(find_home({"GUYUB_HOME": str(folder / "rumah")}), settings=("fsync=off",)):
        yield _settled(command)
    shutil.rmtree(folder, ignore_errors=True)


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
        given="kata sandi contoh\n",
    )
    return command

"""``guyub ...`` in this process, which has imported everything already: a command of its own takes two seconds to start."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from guyub.cli import main as command_line
from guyub.db.home import find_home
from guyub.operations.context import reach_database


class Command:
    """The commands behind ``words`` on one home: returns what is printed, of a refusal also what stands on the other channel."""

    def __init__(self, home: Path, *words: str) -> None:
        self.environment = {"GUYUB_HOME": str(home)}
        self.words = words

    def __call__(self, *arguments: object, typed: str = "", code: int = 0) -> str:
        printed, complaints = self._run(arguments, typed, code)
        return printed if code == 0 and printed else printed + complaints

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self._run((*arguments, "--json"), "", code)[0])

    def _run(self, arguments: tuple[object, ...], typed: str, code: int) -> tuple[str, str]:
        words = ["guyub", *self.words, *map(str, arguments)]
        out, err = StringIO(), StringIO()
        with (
            patch.object(sys, "argv", words),
            patch.object(sys, "stdin", StringIO(typed)),
            patch.dict(os.environ, self.environment),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            ended = command_line._run()
        assert ended == code, out.getvalue() + err.getvalue()
        return out.getvalue(), err.getvalue()


@contextmanager
def new_home() -> Iterator[Path]:
    """A home whose server is kept running: each command would start and stop it."""
    folder = Path(tempfile.mkdtemp(prefix="guyub-cli-"))
    folder.chmod(0o711)
    home = folder / "rumah"
    try:
        with reach_database(find_home({"GUYUB_HOME": str(home)}), settings=("fsync=off",)):
            yield home
    finally:
        shutil.rmtree(folder, ignore_errors=True)

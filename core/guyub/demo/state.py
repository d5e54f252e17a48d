"""Holds what the home knows of its demonstration: whether it is complete, who signs in how, and what day it is there."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from guyub.db.home import Home, UnusableHome
from guyub.demo.refusals import DemoRefusal

_FILE = "demo.json"


@dataclass(frozen=True, slots=True)
class DemoState:
    """``shift`` is what the demonstration's clock is behind the real one, in seconds."""

    complete: bool
    passwords: dict[str, str]
    shift: float

    def clock(self) -> Callable[[], datetime]:
        shift = timedelta(seconds=self.shift)
        return lambda: datetime.now(UTC) - shift


def read(home: Home) -> DemoState | None:
    """Returns the state of the demonstration, None where none was begun here."""
    try:
        kept: dict[str, Any] = json.loads((home.path / _FILE).read_text())
        return DemoState(bool(kept["complete"]), dict(kept["passwords"]), float(kept["shift"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write(home: Home, state: DemoState) -> None:
    """Writes the state beside the keys, readable for the owner alone."""
    draft = home.path / f"{_FILE}.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(state), file, indent=1)
    draft.replace(home.path / _FILE)


def require_own_home(home: Home) -> None:
    """Refuses a home of a real installation, with which a demonstration never mixes. Raises ``UnusableHome``."""
    if read(home) is None and (home.data / "PG_VERSION").exists():
        raise DemoRefusal.REAL_HOME.of(UnusableHome, path=home.path)


@contextmanager
def only_demo(home: Home, address: str) -> Iterator[None]:
    """Keeps a home for one demonstration at a time; the other one is named by its address. Raises ``UnusableHome``."""
    lock = os.open(home.path / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(lock, 200, 0).decode(errors="replace") or "?"
            raise DemoRefusal.RUNNING.of(UnusableHome, path=home.path, other=other) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, address.encode(), 0)
        yield
    finally:
        os.close(lock)

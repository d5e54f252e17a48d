"""Where a run of the tests keeps what it throws away: in memory if there is room, as each database is hundreds of files."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
"""Bytes: two workers need about half a gigabyte of it at most."""
PREFIX = "guyub-run-"


def make() -> Path:
    """A new folder that root's server can reach as well; those of runs that were killed are removed."""
    parent = MEMORY if _is_fit(MEMORY) else Path(tempfile.gettempdir())
    for left in parent.glob(f"{PREFIX}*"):
        if not _runs(int(left.name.split("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
    folder.chmod(0o711)
    return folder


def _is_fit(folder: Path) -> bool:
    """Whether there is room, and programs may run from it: tests install some."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    system = os.statvfs(folder)
    return system.f_bavail * system.f_frsize >= ROOM and not system.f_flag & os.ST_NOEXEC


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

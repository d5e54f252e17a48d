"""What is installed and whether it would load, found out without loading any of it here: each plugin in a process of its own.

A plugin that ends its process or never finishes is reported like any other that fails; nothing of it reaches the caller.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from guyub.host import status as words
from guyub.host.discovery import Candidate, candidates
from guyub.host.loading import unmet
from guyub.host.status import PluginStatus
from guyub.sdk.text import Text

SECONDS = 20.0
_AT_ONCE = 4


def probe_all(seconds: float = SECONDS) -> list[PluginStatus]:
    """The status of every installed plugin, in the order of their slugs; each has ``seconds`` to load."""
    found = candidates()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        probed = list(pool.map(lambda one: _probe(one, seconds), found))
    statuses = {status.slug: status for status, _ in probed}
    needs = {status.slug: requires for status, requires in probed if status.state == "ready"}
    for slug, lacking in unmet(needs):
        statuses[slug] = words.quarantined(statuses[slug], words.lacks_plugins(lacking))
    return [statuses[slug] for slug in sorted(statuses)]


def _probe(candidate: Candidate, seconds: float) -> tuple[PluginStatus, tuple[str, ...]]:
    status = candidate.status
    if candidate.entry is None:
        return status, ()
    with tempfile.TemporaryDirectory(prefix="guyub-probe-") as folder:
        file = Path(folder) / "status.json"
        code = _run(status.slug, file, seconds)
        if code is None:
            return words.quarantined(status, words.did_not_answer(status, seconds)), ()
        try:
            said: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            how = Text(id=f"kode keluar {code}", en=f"exit code {code}")
            return words.quarantined(status, words.ended_the_process(status, how)), ()
    return _status(said["status"]), tuple(said["requires"])


def _run(slug: str, file: Path, seconds: float) -> int | None:
    """The exit code, or None when the time was up. The child finds what we find, and says nothing on our terminal."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "guyub.host.probe", slug, str(file)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        # With whatever it started itself: it leads a session of its own.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


def _status(said: Mapping[str, Any]) -> PluginStatus:
    status = PluginStatus(**{**said, "reason": None, "remedy": None, "warnings": ()})
    return replace(
        status,
        reason=_text(said["reason"]),
        remedy=_text(said["remedy"]),
        warnings=tuple(Text(**warning) for warning in said["warnings"]),
    )


def _text(said: Mapping[str, str] | None) -> Text | None:
    return Text(**said) if said else None

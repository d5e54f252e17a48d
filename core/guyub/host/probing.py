"""What is installed and whether it would load, found out without loading any of it here: each plugin in a process of its own.

A plugin that ends its process or never finishes is reported like any other that fails; nothing of it reaches the caller.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
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

Probed = tuple[PluginStatus, tuple[str, ...]]
"""The status of a plugin, and the slugs of those that it requires."""


def probe_all(seconds: float = SECONDS) -> list[PluginStatus]:
    """The status of every installed plugin, in the order of their slugs; each has ``seconds`` to load."""
    found = candidates()
    probed = [*probe([one for one in found if one.entry is not None], seconds)]
    probed += [(one.status, ()) for one in found if one.entry is None]
    statuses = {status.slug: status for status, _ in probed}
    needs = {status.slug: requires for status, requires in probed if status.state == "ready"}
    for slug, lacking in unmet(needs):
        statuses[slug] = words.quarantined(statuses[slug], words.lacks_plugins(lacking))
    return [statuses[slug] for slug in sorted(statuses)]


def probe(found: Sequence[Candidate], seconds: float) -> list[Probed]:
    """What came of each, loaded in a process of its own."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda one: _probe(one, seconds), found))


def probe_together(found: Sequence[Candidate], seconds: float) -> list[Probed]:
    """The same at the cost of one process; only where that does not end well each gets one of its own."""
    slugs = [one.status.slug for one in found]
    code, lines = _ask(slugs, seconds)
    return [_told(line) for line in lines] if code == 0 and len(lines) == len(slugs) else probe(found, seconds)


def _probe(candidate: Candidate, seconds: float) -> Probed:
    status = candidate.status
    code, lines = _ask([status.slug], seconds)
    if code is None:
        return words.quarantined(status, words.did_not_answer(status, seconds)), ()
    if not lines:
        how = Text(id=f"kode keluar {code}", en=f"exit code {code}")
        return words.quarantined(status, words.ended_the_process(status, how)), ()
    return _told(lines[0])


def _ask(slugs: Sequence[str], seconds: float) -> tuple[int | None, list[Mapping[str, Any]]]:
    """The exit code, None when the time was up, and what was written by then."""
    with tempfile.TemporaryDirectory(prefix="guyub-probe-") as folder:
        file = Path(folder) / "told.jsonl"
        code = _run([str(file), *slugs], seconds)
        try:
            return code, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError):
            return code, []


def _run(arguments: Sequence[str], seconds: float) -> int | None:
    """The exit code, or None when the time was up. The child finds what we find, and says nothing on our terminal."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "guyub.host.probe", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            # With whatever it started itself: it leads a session of its own.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _told(said: Mapping[str, Any]) -> Probed:
    return _status(said["status"]), tuple(said["requires"])


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

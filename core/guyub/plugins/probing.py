"""Holds what is installed and whether it would load, found out without loading any of it here: each plugin in a process
of its own.

A plugin that ends its process or never finishes is reported like any other that fails; nothing of it reaches the caller.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from guyub.plugins import status as words
from guyub.plugins.discovery import DiscoveredPlugin, candidates
from guyub.plugins.loading import unmet
from guyub.plugins.status import PluginStatus, QuarantineReason
from guyub.sdk.text import Text

SECONDS = 20.0
_AT_ONCE = 4
_LOOK_EVERY = 0.02

Probed = tuple[PluginStatus, tuple[str, ...]]
"""The status of a plugin, and the slugs of those that it requires."""


def probe_all(seconds: float = SECONDS, known: Mapping[str, QuarantineReason] | None = None) -> list[PluginStatus]:
    """Returns the status of every installed plugin, in the order of their slugs; each has ``seconds`` to load.

    ``known``: by slug those that are not tried, as it is known what would come of it.
    """
    discovered = candidates()
    judged = known or {}
    to_try = [
        discovered for discovered in discovered if discovered.entry is not None and discovered.status.slug not in judged
    ]
    probed = [*probe(to_try, seconds)]
    probed += [(discovered.status, ()) for discovered in discovered if discovered.entry is None]
    probed += [
        (words.quarantined(discovered.status, judged[discovered.status.slug]), ())
        for discovered in discovered
        if discovered.entry is not None and discovered.status.slug in judged
    ]
    statuses = {status.slug: status for status, _ in probed}
    needs = {status.slug: requires for status, requires in probed if status.state == "ready"}
    for slug, lacking in unmet(needs):
        statuses[slug] = words.quarantined(statuses[slug], words.lacks_plugins(lacking))
    return [statuses[slug] for slug in sorted(statuses)]


def probe(discovered: Sequence[DiscoveredPlugin], seconds: float) -> list[Probed]:
    """Returns what came of each, loaded in a process of its own."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda item: _probe(item, seconds), discovered))


def probe_together(discovered: Sequence[DiscoveredPlugin], seconds: float) -> list[Probed]:
    """Returns the same at the cost of one process. Where one of them does not finish, the rest get another; where the
    process ends, each gets one of its own, as it may have been ended by any that was loaded before."""
    probed: list[Probed] = []
    while len(probed) < len(discovered):
        left = discovered[len(probed) :]
        code, lines = _ask([discovered.status.slug for discovered in left], seconds)
        reported = [_probed_of(line) for line in lines[: len(left)]]
        if len(reported) == len(left) and code == 0:
            return [*probed, *reported]
        if code is not None or len(reported) == len(left):
            return [*probed, *probe(left, seconds)]
        probed += [*reported, _hangs(left[len(reported)], seconds)]
    return probed


def _probe(candidate: DiscoveredPlugin, seconds: float) -> Probed:
    status = candidate.status
    code, lines = _ask([status.slug], seconds)
    if code is None:
        return _hangs(candidate, seconds)
    if not lines:
        how = Text(id="kode keluar {code}", en="exit code {code}").format(code=code)
        return words.quarantined(status, words.ended_the_process(status, how)), ()
    return _probed_of(lines[0])


def _hangs(candidate: DiscoveredPlugin, seconds: float) -> Probed:
    return words.quarantined(candidate.status, words.did_not_answer(candidate.status, seconds)), ()


def _ask(slugs: Sequence[str], seconds: float) -> tuple[int | None, list[Mapping[str, Any]]]:
    """Returns the exit code, None when the time of one of them was up, and what was written by then."""
    with tempfile.TemporaryDirectory(prefix="guyub-probe-") as folder:
        file = Path(folder) / "statuses.jsonl"
        code = _run(file, slugs, seconds)
        try:
            return code, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError):
            return code, []


def _run(file: Path, slugs: Sequence[str], seconds: float) -> int | None:
    """Returns the exit code, or None when nothing more came for so long. The child finds what we find, and says nothing on
    our terminal."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "guyub.plugins.probe", str(file), *slugs],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return _waited_for(process, file, seconds)
    finally:
        if process.poll() is None:
            # With whatever it started itself: it leads a session of its own.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _waited_for(process: "subprocess.Popen[bytes]", file: Path, seconds: float) -> int | None:
    """Returns the exit code, or None when the time was up; each line that is written gives the next plugin its own time."""
    written, since = 0, time.monotonic()
    while time.monotonic() < since + seconds:
        try:
            return process.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            size = file.stat().st_size if file.exists() else 0
        if size != written:
            written, since = size, time.monotonic()
    return None


def _probed_of(line: Mapping[str, Any]) -> Probed:
    return _status(line["status"]), tuple(line["requires"])


def _status(fields: Mapping[str, Any]) -> PluginStatus:
    status = PluginStatus(**{**fields, "reason": None, "remedy": None, "warnings": ()})
    return replace(
        status,
        reason=_text(fields["reason"]),
        remedy=_text(fields["remedy"]),
        warnings=tuple(Text(**warning) for warning in fields["warnings"]),
    )


def _text(sentence: Mapping[str, str] | None) -> Text | None:
    return Text(**sentence) if sentence else None

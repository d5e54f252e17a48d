"""``check_separately`` checks a plugin in a process of its own, as ``guyub plugin check`` does, and always has an answer.

A plugin that never answers, that ends its process or that reaches for the world outside is reported with the line that
does it. The database is started and stopped here, where no code of the plugin runs.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from guyub.testing.conformance import CheckResult, RuleRun, exemptions, result
from guyub.testing.finding import RuleFinding, SourcePlace
from guyub.testing.households import Households, running
from guyub.testing.plugin_under_test import LocatedPlugin, located
from guyub.testing.refusals import TestingRefusal

SECONDS = 60.0
"""How long importing a plugin may take, and each rule."""
_OF_ALL = 20
"""How many times that all rules together may take."""
_LOOK_EVERY = 0.05
_TO_START = 60.0
_TO_WRITE_THE_TRACE = 0.5
_LOADS, _ANSWERS_ONLY = "PKG008", "BEH002"
_TRACE_LINE = re.compile(r'File "(.+)", line (\d+)')
_NO_WAITING = "let it end at once: what waits for others belongs in guyub_on_event, with a time limit of its own"
_NO_ENDING = "raise a Refusal or an error instead; the process is that of all plugins and facilities"


def check_separately(slug_or_path: str | Path, seconds: float = SECONDS) -> CheckResult:
    """Returns what is wrong with the plugin of a folder or with an installed one.

    Raises ``NotFound`` where there is none, ``Invalid`` for a bad exemption, ``guyub.db.home.UnusableHome`` where no
    database can be started.
    """
    plugin = located(slug_or_path)
    exempt = exemptions(plugin.project)
    which = Path(slug_or_path)
    with tempfile.TemporaryDirectory(prefix="guyub-check-") as folder, ExitStack() as database:
        lines, trace = Path(folder) / "lines.jsonl", Path(folder) / "trace"
        code = _run(
            [str(which.resolve() if which.is_dir() else which), str(lines), str(trace)], lines, seconds, database
        )
        written, where = _read(lines), _traced(trace, plugin.package)
    if not written:
        raise TestingRefusal.NO_PROCESS.refusal(which=which, code=code)
    runs = [_rule_run(line) for line in written if "rule" in line]
    done = result(runs, exempt, plugin.project)
    if written and "refused" in written[-1]:
        return replace(done, findings=(*done.findings, *_refused(written[-1]["refused"], done, exempt)))
    return replace(done, findings=(*done.findings, _ended(plugin, written, code, where, seconds)))


def _run(order: Sequence[str], lines: Path, seconds: float, database: ExitStack) -> int | None:
    """Returns the exit code, or None when nothing more came for so long; then the process has written where it stands."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "guyub.testing.separate_process", *order],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = _waited_for(process, lines, seconds, database)
        if code is None:
            process.send_signal(signal.SIGUSR1)
            time.sleep(_TO_WRITE_THE_TRACE)
        return code
    finally:
        # With whatever it started itself: it leads a session of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdin is not None
        process.stdin.close()


def _waited_for(process: "subprocess.Popen[bytes]", lines: Path, seconds: float, database: ExitStack) -> int | None:
    """Returns the exit code, or None when nothing came for ``seconds``. Each line that is written gives what comes next its
    own time; starting the process and the database take none."""
    began = since = time.monotonic()
    size, served = 0, False
    while time.monotonic() < min(since + (seconds if size else _TO_START), began + _TO_START + _OF_ALL * seconds):
        try:
            return process.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            now = lines.stat().st_size if lines.exists() else 0
        if now != size:
            if not served and any("needs" in line for line in _read(lines)[-1:]):
                served = True
                _hand_over(process, database.enter_context(running()))
            size, since = now, time.monotonic()
    return None


def _hand_over(process: "subprocess.Popen[bytes]", households: Households) -> None:
    address = households.connection.engine.url.render_as_string(hide_password=False)
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(f"{address}\n".encode())
        process.stdin.flush()


def _read(lines: Path) -> list[dict[str, Any]]:
    """Reads the lines that were written whole: the last one may be cut."""
    written: list[dict[str, Any]] = []
    with suppress(OSError, ValueError):
        written += (json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines())
    return written


def _traced(trace: Path, package: Path) -> SourcePlace | None:
    """Returns the first line of the plugin in what Python wrote of a process that hung or crashed."""
    with suppress(OSError):
        for path, line in _TRACE_LINE.findall(trace.read_text(encoding="utf-8", errors="replace")):
            if Path(path).is_relative_to(package):
                return SourcePlace(Path(path), int(line))
    return None


def _rule_run(line: dict[str, Any]) -> RuleRun:
    broken = (
        RuleFinding(item["rule"], item["sentence"], item["fix"], SourcePlace(Path(item["path"]), item["line"]))
        for item in line["broken"]
    )
    return RuleRun(line["rule"], tuple(broken), line["stumbled"])


def _refused(tried: Sequence[tuple[str, str, int]], done: CheckResult, exempt: dict[str, str]) -> list[RuleFinding]:
    """Returns the findings of what it tried to do outside and no rule has named."""
    named = {item.place for item in (*done.findings, *(exempted.finding for exempted in done.exempted))}
    fix = "do it in guyub_on_event, which comes after the commit"
    return [
        RuleFinding(_ANSWERS_ONLY, f"while it is asked it {what}, which the check refused", fix, place)
        for what, path, line in tried
        if (place := SourcePlace(Path(path), line)) not in named and _ANSWERS_ONLY not in exempt
    ]


def _ended(
    plugin: LocatedPlugin,
    written: Sequence[dict[str, Any]],
    code: int | None,
    where: SourcePlace | None,
    seconds: float,
) -> RuleFinding:
    """Returns the finding of a process that did not come to its end."""
    rule = next((line["begins"] for line in reversed(written) if "begins" in line), "")
    end = next((line for line in reversed(written) if "exit" in line), None)
    if end is not None and end["path"]:
        where = SourcePlace(Path(end["path"]), end["line"])
    if code is None:
        sentence, fix = f"it does not answer within {seconds:g} seconds", _NO_WAITING
    else:
        how = end["how"] if end else f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        sentence, fix = f"it ends the process ({how})", _NO_ENDING
    sentence = (
        f"while it is asked, {sentence}; no further rule was checked" if rule else f"while it is imported, {sentence}"
    )
    return RuleFinding(rule or _LOADS, sentence, fix, where or SourcePlace(plugin.package / "__init__.py"))

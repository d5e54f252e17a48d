"""The process that checks one plugin: ``python -m guyub.testing.separate_process PLUGIN LINES TRACE``.

Into LINES goes one line of JSON before and after each rule, as the rule may end the process or never end; into TRACE what
Python says of a crash. The address of the database comes from standard input, when a line has asked for it.
"""

import faulthandler
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never, TextIO

from guyub.testing.conformance import rules, run
from guyub.testing.finding import RuleFinding
from guyub.testing.plugin_under_test import innermost_line, located, opened
from guyub.testing.sandbox import use_server
from guyub.testing.side_effects import line_in


def main(which: str, lines_file: str, trace_file: str) -> None:
    with (
        Path(lines_file).open("w", encoding="utf-8", buffering=1) as lines,
        Path(trace_file).open("w", encoding="utf-8") as trace,
    ):
        faulthandler.enable(trace, all_threads=True)
        faulthandler.register(signal.SIGUSR1, trace, all_threads=True)
        write = _writer(lines)
        use_server(lambda: _address(write))
        package = located(which).package
        end_process = os._exit
        for name in ("_exit", "abort"):
            setattr(os, name, _noting_the_end(package, write, end_process))
        write(begins="")
        try:
            _check(which, write)
        except BaseException as error:  # what is neither an exit nor an error ends a process as well
            place = innermost_line(error, package)
            write(exit=1, how=type(error).__name__, path=str(place.path), line=place.line)
        # What the plugin has left running, a thread or what it registered for the end, does not keep us.
        end_process(0)


def _check(which: str, write: Callable[..., None]) -> None:
    with opened(which, refuse_outside=True) as specimen:
        for rule in rules():
            write(begins=rule.id)
            done = run(rule, specimen)
            write(rule=done.rule, stumbled=done.stumbled, broken=[_as_json(finding) for finding in done.broken])
        tried = dict.fromkeys(specimen.refused)
        write(refused=[(deed.what, str(deed.place.path), deed.place.line) for deed in tried])


def _writer(lines: TextIO) -> Callable[..., None]:
    def write(**line: Any) -> None:
        lines.write(json.dumps(line) + "\n")

    return write


def _address(write: Callable[..., None]) -> str:
    write(needs="database")
    return sys.stdin.readline().strip()


def _noting_the_end(package: Path, write: Callable[..., None], end_process: Callable[[int], Never]) -> Any:
    def end(code: int = 134) -> Never:
        place = line_in(package, sys._getframe(1))
        write(
            exit=code, how=f"exit code {code}", path=str(place.path) if place else "", line=place.line if place else 1
        )
        end_process(code)

    return end


def _as_json(finding: RuleFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "sentence": finding.sentence,
        "fix": finding.fix,
        "path": str(finding.place.path),
        "line": finding.place.line,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The child process that typesets: it reads jobs on its standard input and writes files on its standard output.

Typesetting takes memory that is not given back, so it happens here: within a limit, for a number of jobs, and never longer
than the process that asked lives. A job is a frame of JSON, its answer a frame of JSON and one of bytes.
"""

import json
import os
import select
import signal
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

import typst

from guyub.documents import joining
from guyub.documents.signs import OFFICE_FONT, displayable, font_folder, readable

_TEMPLATE = Path(__file__).parent / "template" / "document.typ"
_EMBEDDED_FONT = "Libertinus Serif"
_ENOUGH = 320 * 1024 * 1024
"""Bytes in use after which a process makes room for a new one: what is typeset is remembered until then."""
_IDLE = 60
"""Seconds without a job after which a process ends."""


def main() -> int:
    parent, memory = map(int, sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    serve(jobs, answers)
    return 0


def serve(jobs: IO[bytes], answers: IO[bytes]) -> None:
    """Typesets until there is no more job for a while, or enough memory is in use."""
    while _waits(jobs) and (frame := read_frame(jobs)) is not None:
        job = json.loads(frame)
        answer, content = _typeset(job) if job["do"] == "typeset" else _join(job, jobs)
        peak = peak_memory()
        last = peak > _ENOUGH
        write_frame(answers, json.dumps(answer | {"peak": peak, "last": last}).encode())
        write_frame(answers, content)
        answers.flush()
        if last:
            return


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Reads one frame; returns None at the end of the stream, also in the midst of a frame."""
    length = stream.read(4)
    if len(length) < 4:
        return None
    wanted = struct.unpack(">I", length)[0]
    content = stream.read(wanted)
    return content if len(content) == wanted else None


def write_frame(stream: IO[bytes], content: bytes) -> None:
    stream.write(struct.pack(">I", len(content)))
    stream.write(content)


def peak_memory() -> int:
    """Returns the most that this process had in memory, in bytes; 0 where the system does not tell.

    Linux counts in ``ru_maxrss`` also what the process had before it became this program: the memory of whoever started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _typeset(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Returns the file, compressed, and how many pages it has.

    A sign that the fonts lack, or a mixture of scripts at which the typesetter panics, is set again as boxes.
    """
    try:
        content = _compile(job, readable)
    except BaseException as error:
        if not _is_of_the_typesetter(error):
            raise
        try:
            content = _compile(job, displayable)
        except BaseException as second:
            if not _is_of_the_typesetter(second):
                raise
            return {"problem": str(second)}, b""
    return {"pages": joining.pages_of(content)}, zlib.compress(content, 3)


def _join(job: dict[str, Any], jobs: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    parts = [read_frame(jobs) or b"" for _ in range(job["parts"])]

    def unpacked() -> Iterator[bytes]:
        for place, part in enumerate(parts):
            parts[place] = b""
            yield zlib.decompress(part)

    return {}, joining.join(unpacked())


def _is_of_the_typesetter(error: BaseException) -> bool:
    """Returns whether an error is a refusal or a panic of the typesetter; panics derive from ``BaseException`` and are
    known by their name alone."""
    return isinstance(error, typst.TypstError) or type(error).__name__ == "PanicException"


def _compile(job: dict[str, Any], words: Callable[[str], str]) -> bytes:
    families, fonts = _fonts()
    return typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": json.dumps(_said(job["document"], words) | {"fonts": families})},
        pdf_standards=job["standards"],
        timestamp=job["at"],
    )


@cache
def _fonts() -> tuple[list[str], typst.Fonts]:
    """Returns the households in order, and where they are: Arimo (the measures of Arial) where its package is, else typst's
    own serif."""
    folder = font_folder()
    if folder is None:
        return [_EMBEDDED_FONT], typst.Fonts(include_system_fonts=False)
    return [OFFICE_FONT, _EMBEDDED_FONT], typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _said(value: Any, words: Callable[[str], str]) -> Any:
    """Returns the same with every string passed through ``words``."""
    if isinstance(value, dict):
        return {key: _said(part, words) for key, part in value.items()}
    if isinstance(value, list):
        return [_said(part, words) for part in value]
    return words(value) if isinstance(value, str) else value


def _limit_memory(memory: int) -> None:
    """Limits the memory where the system allows it; beyond it the process ends, and the caller gets an error."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = memory if hard == resource.RLIM_INFINITY else min(hard, memory)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (OSError, ValueError):  # macOS has the limit by name alone
        return


def _waits(jobs: IO[bytes]) -> bool:
    """Returns whether a job came within the time; pipes of Windows cannot be waited for, so there it waits for good."""
    return os.name == "nt" or bool(select.select([jobs], [], [], _IDLE)[0])


def _end_with(parent: int) -> None:
    """Ends this process with the one that started it: one that was killed closes no job, not even one at hand."""
    while os.getppid() == parent or os.name == "nt":
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())

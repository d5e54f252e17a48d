"""Runs at most two processes that typeset, started when there is work and used again; ``typesetting`` is what they run.

Whoever asks waits in a thread, so the others are served meanwhile. A process that crashes or takes too long is ended, and
becomes a refusal in words.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guyub.documents.refusals import DocumentsRefusal
from guyub.documents.typesetting import read_frame, write_frame
from guyub.sdk.errors import Refusal

MOST = 2
"""Processes at the same time."""
SECONDS_FOR_A_JOB = 120.0
SECONDS_FOR_A_PLACE = 300.0
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space of a process, of which less than half is memory in use even by a long document."""
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TMPDIR", "TEMP")
_ALONE = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0", "PYTHONHASHSEED": "0"}
"""One thread and one heap: two processes share the machine with the web server and its database."""


class Unprinted(Refusal):
    """The typesetter could not make a document now."""

    status = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a process: ``about`` is what it reports of its work, ``content`` the file."""

    about: Mapping[str, Any]
    content: bytes


class _Gone(Exception):
    """The process ended before it answered; ``in_time`` says that nobody had to end it."""

    def __init__(self, *, in_time: bool) -> None:
        super().__init__()
        self.in_time = in_time


class _Child:
    def __init__(self, memory: int) -> None:
        self.used = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "guyub.documents.typesetting", str(os.getpid()), str(memory)],
            env={
                **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                **_ALONE,
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: Mapping[str, Any], payloads: Sequence[bytes], seconds: float) -> Answer:
        """Sends a job and returns the answer. Raises ``_Gone``; the process is then ended."""
        late = threading.Event()
        timer = threading.Timer(seconds, self._end_late, (late,))
        timer.start()
        try:
            answer = self._exchange(job, payloads)
        except (OSError, EOFError, ValueError) as error:
            self.end()
            raise _Gone(in_time=not late.is_set()) from error
        finally:
            timer.cancel()
            timer.join()
        self.used = True
        return answer

    def _exchange(self, job: Mapping[str, Any], payloads: Sequence[bytes]) -> Answer:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        for frame in (json.dumps(job).encode(), *payloads):
            write_frame(process.stdin, frame)
        process.stdin.flush()
        about, content = read_frame(process.stdout), read_frame(process.stdout)
        if about is None or content is None:
            raise EOFError
        return Answer(json.loads(about), content)

    def _end_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def end(self) -> None:
        """Closes its pipes and waits for it, so that nothing of it is left."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # what was not read by the end is lost with it
                pass
        self._process.wait()


@dataclass(slots=True)
class Typesetters:
    """The processes. ``seconds`` is the time limit of a job, ``memory`` the bytes that a process may have."""

    most: int = MOST
    seconds: float = SECONDS_FOR_A_JOB
    memory: int = MEMORY
    _places: threading.BoundedSemaphore = field(init=False)
    _idle: list[_Child] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    peak: int = 0
    """The most memory that any of the processes had, in bytes."""

    def __post_init__(self) -> None:
        self._places = threading.BoundedSemaphore(self.most)

    def ask(self, title: str, job: Mapping[str, Any], payloads: Sequence[bytes] = ()) -> Answer:
        """Typesets a job and returns the answer. Raises ``Unprinted``, which names the document by its ``title``."""
        if not self._places.acquire(timeout=SECONDS_FOR_A_PLACE):
            raise DocumentsRefusal.BUSY.of(Unprinted, title=title[:80])
        try:
            return self._ask(title, job, payloads)
        finally:
            self._places.release()

    def _ask(self, title: str, job: Mapping[str, Any], payloads: Sequence[bytes]) -> Answer:
        while True:
            child = self._take()
            used = child.used
            try:
                answer = child.ask(job, payloads, self.seconds)
            except _Gone as gone:
                if used and gone.in_time:
                    continue  # one that was idle ended just now; a new one is asked
                raise _stopped(title, in_time=gone.in_time) from gone
            self.peak = max(self.peak, answer.about["peak"])
            self._give_back(child, last=answer.about["last"])
            if "problem" in answer.about:
                raise _stopped(title, in_time=True)
            return answer

    def _take(self) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.end()
        return _Child(self.memory)

    def _give_back(self, child: _Child, *, last: bool) -> None:
        if last:
            child.end()
            return
        with self._lock:
            self._idle.append(child)

    @property
    def pids(self) -> list[int]:
        """Returns the ids of the processes that wait for work."""
        with self._lock:
            return [child.pid for child in self._idle]

    def close(self) -> None:
        """Ends those that wait for work; the next job starts a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()


def _stopped(title: str, *, in_time: bool) -> Unprinted:
    code = DocumentsRefusal.STOPPED if in_time else DocumentsRefusal.TOO_SLOW
    return code.of(Unprinted, title=title[:80])


typesetters = Typesetters()
"""Those of this process."""
atexit.register(typesetters.close)

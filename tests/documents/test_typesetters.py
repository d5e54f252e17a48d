"""The processes that typeset: few, bounded, used again, ended with whoever started them, and refused in words when they fail."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guyub.documents import rendering
from guyub.documents.blocks import Document, DocumentColumn, DocumentTable, DocumentTitle, Paragraph
from guyub.documents.rendering import Printed, to_pdf
from guyub.documents.typesetters import Typesetters, Unprinted

SHORT = Document("try", "Contoh", "c.pdf", (DocumentTitle(("CONTOH",)), Paragraph("isi")))
LONG = Document(
    "try", "Contoh panjang", "c.pdf", (DocumentTitle(("CONTOH",)), *(Paragraph("isi " * 900) for _ in range(400)))
)
LINUX = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[Typesetters]:
    """Processes of this test alone."""
    made = Typesetters()
    monkeypatch.setattr(rendering, "typesetters", made)
    yield made
    made.close()


def gone(pid: int) -> bool:
    """Whether the process ends within ten seconds."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


def test_a_process_is_used_again_and_at_most_two_work_at_once(ours: Typesetters, printed: Printed):
    with ThreadPoolExecutor(8) as threads:
        files = list(threads.map(lambda _: to_pdf(SHORT, printed), range(16)))
    assert len(set(files)) == 1
    assert 1 <= len(ours.pids) <= 2


def test_a_process_that_ended_while_it_was_idle_is_replaced(ours: Typesetters, printed: Printed):
    before = to_pdf(SHORT, printed)
    (pid,) = ours.pids
    os.kill(pid, signal.SIGKILL)
    assert to_pdf(SHORT, printed) == before
    assert ours.pids != [pid]


def test_what_takes_too_long_is_refused_and_the_next_document_is_made(
    monkeypatch: pytest.MonkeyPatch, ours: Typesetters, printed: Printed
):
    ours.seconds = 0.001
    with pytest.raises(Unprinted) as refused:
        to_pdf(LONG, printed)
    assert (refused.value.code, refused.value.status) == ("documents.too_slow", 503)
    ours.seconds = 60
    assert to_pdf(SHORT, printed).startswith(b"%PDF")


@LINUX
def test_what_needs_more_memory_than_the_limit_is_refused(ours: Typesetters, printed: Printed):
    ours.memory = 256 * 1024 * 1024
    huge = Document("try", "Contoh besar", "c.pdf", tuple(Paragraph(f"kata {n} " * 900) for n in range(200)))
    with pytest.raises(Unprinted) as refused:
        to_pdf(huge, printed)
    assert refused.value.code == "documents.stopped"
    assert "Contoh besar" in refused.value.what.id
    assert to_pdf(SHORT, printed).startswith(b"%PDF")


@LINUX
def test_a_process_has_a_limit_of_memory_and_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch, ours: Typesetters, printed: Printed
):
    monkeypatch.setenv("GUYUB_DATABASE_URL", "postgresql://rahasia")
    to_pdf(SHORT, printed)
    (pid,) = ours.pids
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert [line.split()[3] for line in limits.splitlines() if line.startswith("Max address space")] == ["1073741824"]
    assert b"rahasia" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert 0 < ours.peak < 600 * 1024 * 1024


@LINUX
def test_a_process_ends_with_the_one_that_started_it_also_when_that_is_killed():
    code = """
import time
from datetime import UTC, datetime
from guyub.documents.blocks import Document, DocumentTitle
from guyub.documents.rendering import Printed, to_pdf
from guyub.documents.typesetters import typesetters
to_pdf(Document("try", "Contoh", "c.pdf", (DocumentTitle(("CONTOH",)),)), Printed("x", datetime.now(UTC), "Asia/Jakarta"))
print(typesetters.pids[0], flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert gone(child)


@LINUX
def test_nothing_is_left_open(printed: Printed, monkeypatch: pytest.MonkeyPatch):
    made = Typesetters()
    monkeypatch.setattr(rendering, "typesetters", made)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        to_pdf(SHORT, printed)
        (pid,) = made.pids
        made.close()
        assert not Path(f"/proc/{pid}").exists()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_process_that_used_much_makes_room_for_a_new_one(ours: Typesetters, printed: Printed):
    rows = tuple((str(n), "Contoh panjang " * 6) for n in range(200))
    pids = set()
    for place in range(12):
        body = (
            DocumentTitle((f"CONTOH {place}",)),
            DocumentTable((DocumentColumn("No.", 12), DocumentColumn("Nama")), rows),
        )
        to_pdf(Document("try", "Contoh", "c.pdf", body), printed)
        pids |= set(ours.pids)
    assert ours.peak < 600 * 1024 * 1024


@LINUX
def test_the_memory_of_whoever_starts_a_process_is_not_counted_as_its_own(ours: Typesetters, printed: Printed):
    big = bytearray(700 * 1024 * 1024)
    big[::4096] = b"x" * len(big[::4096])
    to_pdf(SHORT, printed)
    assert len(ours.pids) == 1, "it was sent away as one that had used much"
    assert ours.peak < len(big)

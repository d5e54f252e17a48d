"""The month in one command: from an empty machine to its documents, and nothing left behind."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

GUYUB = [sys.executable, "-c", "from guyub.cli.main import main; main()"]


def guyub(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*GUYUB, *arguments], capture_output=True, text=True, check=False, **more)


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hasil") / "november 2024"
    done = guyub("demo", "--once", "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def summary(november: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((november / "summary.json").read_text())
    return read


def test_five_packages_for_five_households_of_pekalongan_in_november(summary: dict[str, Any]):
    assert summary["facility"] == {"code": "rutan-pekalongan", "name": "Rutan Kelas IIA Pekalongan"}
    assert (summary["cycle"], summary["households"], summary["packages"]) == ("2024-11", 5, 5)


def test_what_csr_and_canteen_paid_adds_up_to_the_value(summary: dict[str, Any]):
    sources = [item["source"] for item in summary["spending"]]
    assert sources == ["csr_funding", "canteen_profit"]
    assert sum(item["amount"] for item in summary["spending"]) == summary["value"] > 0
    assert all(isinstance(item["amount"], int) for item in summary["spending"])


def test_ledger_and_audit_log_were_read_and_are_whole(summary: dict[str, Any]):
    for check in (summary["ledger_check"], summary["audit_check"]):
        assert check["ok"] is True
        assert check["checked"] > 0
        assert check["problems"] == []


def test_every_document_lies_there_with_the_hash_that_is_kept(november: Path, summary: dict[str, Any]):
    kinds = {item["kind"] for item in summary["documents"]}
    assert {"recipient_list", "handover_record", "activity_report", "cash_book", "chat_report", "recap"} <= kinds
    for item in summary["documents"]:
        assert hashlib.sha256((november / item["file"]).read_bytes()).hexdigest() == item["sha256"]


def test_the_minutes_begin_with_the_day_in_words(november: Path):
    text = " ".join(PdfReader(november / "rutan-pekalongan-2024-11-bast.pdf").pages[0].extract_text().split())
    assert "Pada hari ini Sabtu tanggal enam belas bulan November tahun dua ribu dua puluh empat" in text


def test_the_cash_books_are_closed_on_the_day_of_the_demonstration_by_who_held_the_posts(november: Path):
    books = sorted(november.glob("rutan-pekalongan-2024-11-bku-*.pdf"))
    assert len(books) == 2
    for book in books:
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(book).pages).split())
        assert "belum ditutup" not in text
        assert "2 Desember 2024" in text
        assert "Bagus Contoh Wicaksono" in text
        assert "Hendra Contoh Saputra" in text


@pytest.mark.deep
def test_a_folder_that_cannot_be_written_to_is_one_sentence_with_the_remedy(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = guyub("demo", "--once", "--out", str(tmp_path / "file"))
    assert done.returncode == 1
    assert "tidak dapat ditulis" in done.stderr
    assert "--out" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--once",),
        *(
            pytest.param(arguments, marks=pytest.mark.deep)
            for arguments in (("--out", "x"), ("--port", "0"), ("--port", "many"), ("--no-such",))
        ),
    ],
)
def test_wrong_usage_is_code_two_and_starts_nothing(arguments: tuple[str, ...], tmp_path: Path):
    done = guyub("demo", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []

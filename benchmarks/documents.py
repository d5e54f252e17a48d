"""Acknowledgements of 250, 2,000 and 5,000 households: seconds, the memory of this process and of those that typeset.

A slip has what a real one has: letterhead, title, four lines, two signatures. Memory is the most that was in use: of this
process as growth since the start of the size, of the children as they say it themselves.
"""

import argparse
import resource
import sys
import time
from datetime import UTC, datetime

from guyub.documents.blocks import (
    Block,
    Document,
    DocumentTitle,
    Halves,
    KeyValues,
    Letterhead,
    Signature,
    Signatures,
    Strong,
)
from guyub.documents.rendering import Printed, to_pdf
from guyub.documents.typesetters import typesetters

SIZES = (250, 2_000, 5_000)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks documents")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    printed = Printed("Ratna Contoh", datetime(2024, 11, 16, 4, 30, tzinfo=UTC), "Asia/Jakarta")
    print(f"{'slips':>6} {'seconds':>8} {'ms each':>8} {'MB file':>8} {'MB here':>8} {'MB child':>8}")
    for size in parser.parse_args(arguments).sizes:
        document = Document("receipts", "Tanda terima", "t.pdf", (Halves(tuple(_slip(n) for n in range(1, size + 1))),))
        before, began = _peak(), time.perf_counter()
        content = to_pdf(document, printed)
        seconds = time.perf_counter() - began
        print(
            f"{size:>6} {seconds:>8.1f} {1000 * seconds / size:>8.1f} {len(content) / 1e6:>8.1f} "
            f"{(_peak() - before) / 1e6:>8.0f} {typesetters.peak / 1e6:>8.0f}"
        )


def _slip(number: int) -> tuple[Block, ...]:
    return (
        Letterhead(
            (), "RUMAH TAHANAN NEGARA KELAS IIA CONTOH", ("Jalan Contoh Nomor 1, Pekalongan 51100",), compact=True
        ),
        DocumentTitle(("TANDA TERIMA",), f"Nomor: 001.{number:04}/TT/XI/2024"),
        KeyValues(
            (
                ("Telah terima dari", "Rumah Tahanan Negara Kelas IIA Contoh"),
                (
                    "Berupa",
                    "1 (satu) paket bantuan sosial sembako berisi beras 5 kg, gula 1 kg, dan minyak goreng 1 liter",
                ),
                ("Senilai", (Strong("Rp116.510"), " (seratus enam belas ribu lima ratus sepuluh rupiah)")),
                ("Untuk", "Bantuan sosial sembako periode November 2024"),
            )
        ),
        Signatures(
            (
                (
                    Signature(("Yang menerima,",), f"Keluarga Contoh {number}", ("NIK 3375••••••••9901",)),
                    Signature(("Pekalongan, 16 November 2024", "Yang menyerahkan,"), "Ratna Contoh", ("NIP 1985",)),
                ),
            )
        ),
    )


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

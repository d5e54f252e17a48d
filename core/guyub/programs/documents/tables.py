"""The declared table of the documents that are kept of a cycle."""

from collections.abc import Callable

from guyub.documents.storage import KeptDocument
from guyub.sdk.page_tables import Column, Table
from guyub.sdk.text import Amount, Text

_KILOBYTE = 1024


def kept_documents(called: Callable[[KeptDocument], Text]) -> Table[KeptDocument]:
    return Table(
        name="kept_papers",
        caption=Text(id="Dokumen tersimpan", en="Kept documents"),
        columns=(
            Column(
                "paper",
                Text(id="Dokumen", en="Document"),
                called,
                below=(
                    Column("file", Text(id="Berkas", en="File"), lambda row: row.file_name),
                    Column("number", Text(id="Nomor", en="Number"), lambda row: row.number),
                ),
            ),
            Column(
                "made",
                Text(id="Dibuat", en="Made"),
                lambda row: row.made_at,
                kind="moment",
                below=(Column("made_by", Text(id="Oleh", en="By")),),
            ),
            Column(
                "size",
                Text(id="Ukuran", en="Size"),
                lambda row: Amount(-(-row.size // _KILOBYTE), "KB"),
                kind="amount",
            ),
            Column(
                "digest_sha_256",
                Text(id="Sidik (SHA-256)", en="Digest (SHA-256)"),
                lambda row: row.sha256[:12],
                cell="digest",
            ),
            Column("download", Text(id="Unduh", en="Download"), kind="action", cell="downloads"),
        ),
    )

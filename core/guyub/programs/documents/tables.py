"""The declared table of the documents that are kept of a cycle."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from guyub.documents.storage import KeptDocument
from guyub.sdk.page_tables import Code, Column, Sentence, Table, Value
from guyub.sdk.text import Amount, Text

_KILOBYTE = 1024


_OUTDATED = Code("outdated", Text(id="Usang", en="Outdated"), "warning", "alert-triangle")
_CHANGED = Text(id="Berubah sejak dibuat: {what}", en="Changed since: {what}")


def kept_documents(
    called: Callable[[KeptDocument], Text], outdated: Mapping[UUID, Sequence[Text]]
) -> Table[KeptDocument]:
    """Returns the table of kept documents; ``outdated`` says of some what changed since they were made."""

    def state(row: KeptDocument) -> Value:
        return _OUTDATED if row.id in outdated else None

    def changed(row: KeptDocument) -> Value:
        return Sentence(_CHANGED, what=Text.join(", ", outdated[row.id])) if row.id in outdated else None

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
                    Column("state", Text(id="Keadaan", en="State"), state),
                    Column("changed", Text(id="Yang berubah", en="What changed"), changed),
                ),
            ),
            Column("stated_on", Text(id="Bertanggal", en="Dated"), kind="date"),
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

"""Papers as they were made, for good: made again, they are kept beside the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guyub.access import audit
from guyub.db.unit_of_work import Work
from guyub.sdk.errors import NotFound
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A finished file. ``personal``: it names people who receive something, so it is kept within the personal scope."""

    kind: str
    title: str
    file_name: str
    media_type: str
    content: bytes
    personal: bool
    number: str = ""


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A file of a cycle without its content; ``size`` in bytes, ``sha256`` as 64 hexadecimal digits."""

    id: UUID
    kind: str
    title: str
    number: str
    file_name: str
    media_type: str
    sha256: str
    size: int
    personal: bool
    made_by: str
    made_at: datetime


_KEPT = "id, kind, title, number, file_name, media_type, sha256, length(content), personal, made_by, made_at"


def store(work: Work, cycle_id: UUID, subject: str, files: Sequence[MadeDocument]) -> list[KeptDocument]:
    """Keeps a bundle in one statement, in the order given; ``subject`` is how the audit trail names the cycle."""
    work.require("documents.make")
    rows = work.run(
        f"""WITH given AS (
                SELECT uuidv7() AS id, f.* FROM unnest(
                    CAST(:kinds AS text[]), CAST(:titles AS text[]), CAST(:numbers AS text[]), CAST(:names AS text[]),
                    CAST(:types AS text[]), CAST(:contents AS bytea[]), CAST(:personal AS boolean[]))
                WITH ORDINALITY AS f (kind, title, number, file_name, media_type, content, personal, place)),
            kept AS (
                INSERT INTO guyub.document (id, facility_id, cycle_id, kind, title, number, file_name, media_type, content,
                                            personal)
                SELECT id, :facility, :cycle, kind, title, number, file_name, media_type, content, personal FROM given
                ORDER BY place
                RETURNING {_KEPT})
            SELECT kept.* FROM kept JOIN given USING (id) ORDER BY given.place""",
        facility=work.here.id,
        cycle=cycle_id,
        kinds=[f.kind for f in files],
        titles=[f.title for f in files],
        numbers=[f.number for f in files],
        names=[f.file_name for f in files],
        types=[f.media_type for f in files],
        contents=[f.content for f in files],
        personal=[f.personal for f in files],
    )
    kept = [KeptDocument(*row) for row in rows]
    audit.record(work, "documents.make", subject, details={document.file_name: document.sha256 for document in kept})
    return kept


def of_cycle(work: Work, cycle_id: UUID) -> list[KeptDocument]:
    """All that was kept for a cycle and may be seen, newest first."""
    work.require("documents.read")
    rows = work.run(f"SELECT {_KEPT} FROM guyub.document WHERE cycle_id = :cycle ORDER BY seq DESC", cycle=cycle_id)
    return [KeptDocument(*row) for row in rows]


def newest(work: Work, cycle_id: UUID) -> list[KeptDocument]:
    """Of each file of a cycle the one made last, in the order in which the bundle was made."""
    work.require("documents.read")
    rows = work.run(
        f"""SELECT {_KEPT} FROM (SELECT DISTINCT ON (d.file_name) d.* FROM guyub.document d WHERE d.cycle_id = :cycle
                                  ORDER BY d.file_name, d.seq DESC) newest
            ORDER BY seq""",
        cycle=cycle_id,
    )
    return [KeptDocument(*row) for row in rows]


def load(work: Work, document_id: UUID) -> tuple[KeptDocument, bytes]:
    """One file with its content; that a paper about people was taken out is audited. Raises ``NotFound``."""
    work.require("documents.read")
    row = work.run(
        f"SELECT {_KEPT}, content FROM guyub.document WHERE id = :id AND facility_id = :facility",
        id=document_id,
        facility=work.here.id,
    ).one_or_none()
    if row is None:
        raise NotFound(
            "documents.unknown",
            Text(id="Dokumen ini tidak ada dalam jangkauan Anda.", en="There is no such document within your reach."),
            Text(id="Pilih dokumen dari halaman periode.", en="Choose one on the cycle's page."),
        )
    *about, content = row
    kept = KeptDocument(*about)
    if kept.personal:
        audit.record(work, "documents.fetch", kept.file_name, details={"sha256": kept.sha256})
    return kept, bytes(content)

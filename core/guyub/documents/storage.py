"""Keeps documents as they were made, for good: a document that is made again is kept beside the earlier ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.documents.models import DocumentModel
from guyub.documents.refusals import DocumentsRefusal


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
    stated_on: date | None = None
    """The day that it bears."""
    basis: Mapping[str, str] | None = None
    """A digest of the facts that it rests on, by topic."""
    book: tuple[UUID, date] | None = None
    """Of a cash book: its fund, and the day until which it runs."""


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
    stated_on: date | None = None


_KEPT = "id, kind, title, number, file_name, media_type, sha256, length(content) AS size, personal, made_by, made_at, stated_on"


def _kept(document: type[DocumentModel] = DocumentModel) -> Select[*tuple[Any, ...]]:
    """Selects what a ``KeptDocument`` holds."""
    return select(
        col(document.id),
        col(document.kind),
        col(document.title),
        col(document.number),
        col(document.file_name),
        col(document.media_type),
        col(document.sha256),
        func.length(col(document.content)).label("size"),
        col(document.personal),
        col(document.made_by),
        col(document.made_at),
        col(document.stated_on),
    )


def store(work: Work, cycle_id: UUID, subject: str, files: Sequence[MadeDocument]) -> list[KeptDocument]:
    """Keeps a bundle in one statement, in the order given; ``subject`` is how the audit log names the cycle."""
    return _store(work, subject, files, cycle_id=cycle_id)


def store_for_entry(work: Work, journal_id: UUID, subject: str, files: Sequence[MadeDocument]) -> list[KeptDocument]:
    """Keeps documents of an entry of the books, as ``store`` does those of a cycle."""
    return _store(work, subject, files, journal_id=journal_id)


def _store(
    work: Work,
    subject: str,
    files: Sequence[MadeDocument],
    *,
    cycle_id: UUID | None = None,
    journal_id: UUID | None = None,
) -> list[KeptDocument]:
    work.require("documents.make")
    # unnest: however many files, one statement keeps them and returns them in their order.
    kept = work.rows(
        KeptDocument,
        f"""WITH given AS (
                SELECT uuidv7() AS id, f.* FROM unnest(
                    CAST(:kinds AS text[]), CAST(:titles AS text[]), CAST(:numbers AS text[]), CAST(:names AS text[]),
                    CAST(:types AS text[]), CAST(:contents AS bytea[]), CAST(:personal AS boolean[]),
                    CAST(:days AS date[]), CAST(:bases AS jsonb[]), CAST(:funds AS uuid[]), CAST(:until AS date[]))
                WITH ORDINALITY AS f (kind, title, number, file_name, media_type, content, personal, stated_on, basis,
                                      book_fund_id, book_until, place)),
            kept AS (
                INSERT INTO guyub.document (id, facility_id, cycle_id, journal_id,
                                            kind, title, number, file_name, media_type, content,
                                            personal, stated_on, basis, book_fund_id, book_until)
                SELECT id, :facility, CAST(:cycle AS uuid), CAST(:journal AS uuid),
                       kind, title, number, file_name, media_type, content, personal, stated_on, basis,
                       book_fund_id, book_until
                FROM given
                ORDER BY place
                RETURNING {_KEPT})
            SELECT kept.* FROM kept JOIN given USING (id) ORDER BY given.place""",
        facility=work.here.id,
        cycle=cycle_id,
        journal=journal_id,
        kinds=[f.kind for f in files],
        titles=[f.title for f in files],
        numbers=[f.number for f in files],
        names=[f.file_name for f in files],
        types=[f.media_type for f in files],
        contents=[f.content for f in files],
        personal=[f.personal for f in files],
        days=[f.stated_on for f in files],
        bases=[None if f.basis is None else json.dumps(dict(f.basis)) for f in files],
        funds=[f.book[0] if f.book else None for f in files],
        until=[f.book[1] if f.book else None for f in files],
    )
    audit.record(work, "documents.make", subject, details={document.file_name: document.sha256 for document in kept})
    return kept


def of_cycle(work: Work, cycle_id: UUID) -> list[KeptDocument]:
    """Returns all documents that were kept for a cycle and may be seen, newest first."""
    work.require("documents.read")
    of_this = _kept().where(col(DocumentModel.cycle_id) == cycle_id).order_by(col(DocumentModel.seq).desc())
    return work.rows(KeptDocument, of_this)


def of_entry(work: Work, journal_id: UUID) -> list[KeptDocument]:
    """Returns all documents that were kept for an entry of the books, newest first."""
    work.require("documents.read")
    of_this = _kept().where(col(DocumentModel.journal_id) == journal_id).order_by(col(DocumentModel.seq).desc())
    return work.rows(KeptDocument, of_this)


def newest(work: Work, cycle_id: UUID) -> list[KeptDocument]:
    """Returns the newest of each file of a cycle, in the order in which the bundle was made."""
    work.require("documents.read")
    return known(work, cycle_id)


def known(work: Work, cycle_id: UUID) -> list[KeptDocument]:
    """Returns the same for a document that names them, whoever makes it."""
    file_name, seq = col(DocumentModel.file_name), col(DocumentModel.seq)
    last = (
        select(DocumentModel)
        .ext(distinct_on(file_name))
        .where(col(DocumentModel.cycle_id) == cycle_id)
        .order_by(file_name, seq.desc())
        .subquery("newest")
    )
    document = aliased(DocumentModel, last)
    return work.rows(KeptDocument, _kept(document).order_by(col(document.seq)))


def load(work: Work, document_id: UUID) -> tuple[KeptDocument, bytes]:
    """Returns one file with its content, and audits that a document about people was taken out. Raises ``NotFound``."""
    work.require("documents.read")
    document = DocumentModel
    of_this = _kept().where(col(document.id) == document_id, col(document.facility_id) == work.here.id)
    rows = work.all(of_this.add_columns(col(document.content)))
    if not rows:
        raise DocumentsRefusal.UNKNOWN.not_found()
    kept = part_of(rows[0], KeptDocument)
    if kept.personal:
        audit.record(work, "documents.fetch", kept.file_name, details={"sha256": kept.sha256})
    return kept, bytes(rows[0].content)

"""Minutes of a stock take or of a receipt of goods that are kept: made again, they stand beside the earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.documents.models import DocumentModel
from guyub.documents.storage import KeptDocument, MadeDocument

TOPICS = ("entry", "officials", "facility")
"""What minutes rest on: the entry, which may be taken back, and who signs and whose letterhead it is on their day."""


@dataclass(frozen=True, slots=True)
class KeptMinutes:
    """A kept document of an entry; ``outdated`` where it does not say any more what is."""

    document: KeptDocument
    outdated: bool


def keep(work: Work, journal_id: UUID, subject: str, files: Sequence[MadeDocument]) -> list[KeptDocument]:
    """Keeps minutes of an entry; ``subject`` is how the audit log names it. Raises ``Forbidden`` for who makes no documents."""
    resting = [
        replace(made, basis=_basis(work, journal_id, made.stated_on)) if made.stated_on else made for made in files
    ]
    return storage.store_for_entry(work, journal_id, subject, resting)


def kept(work: Work, journal_id: UUID) -> list[KeptMinutes]:
    """Returns the kept minutes of an entry, the newest first; of those that were made again only the newest can be current."""
    documents = storage.of_entry(work, journal_id)
    bases: dict[UUID, dict[str, str] | None] = dict(
        work.all(
            select(col(DocumentModel.id), col(DocumentModel.basis)).where(col(DocumentModel.journal_id) == journal_id)
        )
    )
    now = {day: _basis(work, journal_id, day) for day in {each.stated_on for each in documents if each.stated_on}}
    newest: set[str] = set()
    listed = []
    for each in documents:
        is_older = each.file_name in newest
        newest.add(each.file_name)
        stands = now[each.stated_on] if each.stated_on else None
        listed.append(KeptMinutes(each, is_older or bases[each.id] != stands))
    return listed


def _basis(work: Work, journal_id: UUID, day: date) -> dict[str, str]:
    row = work.all(
        select(
            func.guyub.day_basis(work.here.id, day).label("of_day"),
            func.guyub.is_undone(journal_id).label("undone"),
        )
    )[0]
    of_day = row.of_day or {}
    entry = "undone" if row.undone else "stands"
    return {"entry": entry, **{topic: of_day[topic] for topic in TOPICS if of_day.get(topic) is not None}}

"""What waits at the facilities of a region: cash books to be closed, documents to be made anew. One query for all of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from guyub.db.unit_of_work import Work
from guyub.funds import book_closing
from guyub.programs.documents import outdated


@dataclass(frozen=True, slots=True)
class WaitingAt:
    """Counts the ``books`` of a facility that wait to be closed since the month ``books_of``, and the ``documents`` that are
    outdated since that of ``documents_of``; None where there are none."""

    facility_id: UUID
    books: int | None
    books_of: date | None
    documents: int | None
    documents_of: date | None


def waiting(work: Work, facilities: Collection[UUID], today: date) -> dict[UUID, WaitingAt]:
    """Returns it for those of the facilities where anything waits."""
    books = book_closing.counted_by_facility(today).subquery("books").c
    documents = outdated.counted_by_facility(facilities, today).subquery("documents").c
    both = select(
        func.coalesce(books.facility_id, documents.facility_id).label("facility_id"),
        books.books,
        books.books_of,
        documents.documents,
        documents.documents_of,
    ).join_from(
        books.facility_id.table, documents.facility_id.table, books.facility_id == documents.facility_id, full=True
    )
    return {at.facility_id: at for at in work.rows(WaitingAt, both)}

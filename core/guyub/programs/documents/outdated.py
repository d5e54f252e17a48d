"""Which kept documents no longer say what is: each keeps a digest of the facts that it rests on, which another act changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, Integer, Select, Uuid, cast, column, func, literal, select, true
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.documents.models import DocumentModel
from guyub.programs.cycles import LATEST_MONTHS, Cycle
from guyub.sdk.text import Text
from guyub.ui.months import back

TOPICS = {
    "plan": Text(id="hari, jam, atau tempat", en="day, hour or place"),
    "list": Text(id="daftar penerima", en="the list of recipients"),
    "package": Text(id="isi bantuan", en="what each receives"),
    "hand_over": Text(id="penyerahan", en="hand-overs"),
    "approval": Text(id="persetujuan atau dananya", en="the approval or its funds"),
    "money": Text(id="belanja, pengeluaran, atau sisa", en="purchases, payments or what is left"),
    "state": Text(id="penutupan bulan", en="the closing of the month"),
    "officials": Text(id="pejabat penanda tangan", en="officials who sign"),
    "facility": Text(id="nama atau kop UPT", en="the name or letterhead of the facility"),
    "theme": Text(id="program kementerian", en="the ministry's programme"),
    "book": Text(id="baris buku kas atau penutupannya", en="lines of the cash book or its closing"),
}
"""What can change, in the words of pages."""
_SIGNED = ("officials", "facility")
_RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "decree": ("list", "package", "approval", "theme", *_SIGNED),
    "recipient_list": ("plan", "list", "package", *_SIGNED),
    "receipts": ("list", "package", "hand_over", *_SIGNED),
    "cash_book": ("book", *_SIGNED),
    "recipient_list_filled": ("plan", "list", "hand_over", *_SIGNED),
    "handover_record": ("plan", "hand_over", "money", *_SIGNED),
    "activity_report": ("plan", "list", "package", "hand_over", "approval", "money", "state", "theme", *_SIGNED),
    "chat_report": ("plan", "list", "hand_over", "money", "state", *_SIGNED),
    "recap": ("plan", "list", "package", "hand_over", "money", "state", "facility"),
}


def of_cycle_now(work: Work, cycle: Cycle) -> Mapping[str, str]:
    """Returns what the documents of a cycle rest on now. Asked before their facts are read: what is booked meanwhile makes them
    outdated."""
    return work.scalar(select(func.guyub.cycle_basis(cycle.id, type_=JSONB))) or {}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the documents that are being made rest on: of the cycle, of each of their days, of each book."""

    of_cycle: Mapping[str, str]
    of_days: Mapping[date, Mapping[str, str]]
    of_books: Mapping[tuple[UUID, date], str]

    def of(self, kind: str, on: date, book: tuple[UUID, date] | None = None) -> dict[str, str]:
        """Returns that of one document, without what it does not rest on."""
        known = {**self.of_cycle, **self.of_days.get(on, {}), **({"book": self.of_books[book]} if book else {})}
        return {topic: known[topic] for topic in _RESTS_ON[kind] if known.get(topic) is not None}


def basis(
    work: Work, of_cycle: Mapping[str, str], days: Collection[date], books: Collection[tuple[UUID, date]]
) -> Basis:
    """Reads what is of these days and books. Two queries, for any number of them."""
    day = (
        func.unnest(literal(sorted(set(days)), ARRAY(Date))).table_valued(column("day", Date)).render_derived("asked").c
    )
    of_days = select(day.day, func.guyub.day_basis(work.here.id, day.day, type_=JSONB).label("basis"))
    asked = sorted(set(books))
    book = func.unnest(literal([fund for fund, _ in asked], ARRAY(Uuid)), literal([on for _, on in asked], ARRAY(Date)))
    rows = book.table_valued(column("fund", Uuid), column("until", Date)).render_derived("asked").c
    of_books = select(rows.fund, rows.until, func.guyub.book_basis(rows.fund, rows.until, type_=SqlText).label("basis"))
    return Basis(
        of_cycle,
        {row.day: row.basis or {} for row in work.all(of_days)},
        {(row.fund, row.until): row.basis for row in work.all(of_books)},
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    id: UUID
    basis: Mapping[str, str]
    of_cycle: Mapping[str, str] | None
    of_day: Mapping[str, str] | None
    of_book: str | None

    @property
    def changed(self) -> tuple[Text, ...]:
        now = {**(self.of_cycle or {}), **(self.of_day or {}), "book": self.of_book}
        return tuple(
            words for topic, words in TOPICS.items() if topic in self.basis and self.basis[topic] != now.get(topic)
        )


def outdated(work: Work, cycle: Cycle) -> dict[UUID, tuple[Text, ...]]:
    """Returns of the newest documents of a cycle those that are outdated, with what changed. One query."""
    kept = DocumentModel
    # Computed once, whatever the number of documents.
    now = select(func.guyub.cycle_basis(cycle.id, type_=JSONB).label("basis")).cte("now")
    now = now.prefix_with("MATERIALIZED", dialect="postgresql")
    newest = (
        select(kept)
        .ext(distinct_on(col(kept.file_name)))
        .where(col(kept.cycle_id) == cycle.id)
        .order_by(col(kept.file_name), col(kept.seq).desc())
        .subquery("newest")
        .c
    )
    compared = work.rows(
        _Compared,
        select(
            newest.id,
            newest.basis,
            now.c.basis.label("of_cycle"),
            func.guyub.day_basis(newest.facility_id, newest.stated_on, type_=JSONB).label("of_day"),
            func.guyub.book_basis(newest.book_fund_id, newest.book_until, type_=SqlText).label("of_book"),
        )
        .join(now, true())
        .where(newest.basis.is_not(None)),
    )
    return {document.id: document.changed for document in compared if document.changed}


@dataclass(frozen=True, slots=True)
class OutdatedInMonth:
    """Counts how many documents of a cycle are outdated."""

    code: str
    period: date
    documents: int


def outdated_here(work: Work, today: date) -> list[OutdatedInMonth]:
    """Returns the cycles of the facility with outdated documents that the reader may see, newest month first: of the months
    that can still be distributed. One query."""
    rows = _counted([work.here.id], today)
    counted = (
        select(rows.c.code, rows.c.period, cast(func.sum(rows.c.documents), Integer).label("documents"))
        .group_by(rows.c.code, rows.c.period)
        .order_by(rows.c.period.desc(), rows.c.code)
    )
    return work.rows(
        OutdatedInMonth, counted if work.may("registry.read") else counted.where(rows.c.personal.is_(False))
    )


def counted_by_facility(facilities: Collection[UUID], today: date) -> Select[*tuple[Any, ...]]:
    """Selects for each of these facilities how many documents are outdated, also such as an office does not see, and the oldest
    month with one."""
    rows = _counted(facilities, today)
    return select(
        rows.c.facility_id,
        cast(func.sum(rows.c.documents), Integer).label("documents"),
        cast(func.min(rows.c.period), Date).label("documents_of"),
    ).group_by(rows.c.facility_id)


def _counted(facilities: Collection[UUID], today: date) -> Any:
    return func.guyub.outdated_documents(
        literal(list(facilities), ARRAY(Uuid)), back(today, LATEST_MONTHS)
    ).table_valued(
        column("facility_id", Uuid),
        column("cycle_id", Uuid),
        column("code", SqlText),
        column("period", Date),
        column("personal", Boolean),
        column("documents", Integer),
    )

"""Finds what was recorded before: the same note, or the statement of the same month. It is recorded again on purpose only, and
then names the entry that it repeats; the database keeps it (``71_known_documents.sql``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, or_, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds.models import FundReceipt, Journal, Transfer

AGAIN = "again"
"""The box that is ticked to record a document once more."""


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """Describes an entry that stands: its day, its words, the number of its document and its value in rupiah."""

    id: UUID
    on: date
    memo: str
    evidence: str
    rupiah: int


def of_number(work: Work, kind: str, evidence: str) -> list[KnownDocument]:
    """Returns the receipts or purchases that rest on a document with this number, however it was written."""
    key = func.guyub.document_key(evidence)
    is_same = func.guyub.document_key(col(Journal.evidence)) == key
    return work.rows(KnownDocument, _standing(work, kind, is_same & (key != "")))


def of_receipt(
    work: Work, plugin: str, kind: str, evidence: str, occasion: str, form: dict[str, Any] | None = None
) -> list[KnownDocument]:
    """Returns the receipts that bring the same once more: of one document, of one occasion, or with the same form."""
    same: list[ColumnElement[bool]] = [col(FundReceipt.occasion) == occasion] if occasion else []
    if form is not None:
        same.append(col(FundReceipt.form) == form)
    number = func.guyub.document_key(evidence)
    is_same: list[ColumnElement[bool]] = [(func.guyub.document_key(col(Journal.evidence)) == number) & (number != "")]
    if same:
        of_kind = (col(FundReceipt.plugin) == plugin, col(FundReceipt.kind) == kind, or_(*same))
        of_facility = col(FundReceipt.facility_id) == work.here.id
        is_same.append(col(Journal.id).in_(select(col(FundReceipt.journal_id)).where(of_facility, *of_kind)))
    return work.rows(KnownDocument, _standing(work, "receipt", or_(*is_same)))


def first_of(known: Sequence[KnownDocument]) -> UUID | None:
    """Returns what a new entry of the same document names."""
    return known[0].id if known else None


def _standing(work: Work, kind: str, is_same: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Returns the entries of a kind that were not taken back, the oldest first."""
    brought = col(Transfer.quantity) > 0 if kind == "purchase" else col(Transfer.rupiah) >= 0
    rupiah = cast(func.coalesce(func.sum(col(Transfer.rupiah)).filter(brought), 0), BigInteger)
    return (
        select(
            col(Journal.id),
            col(Journal.occurred_on).label("on"),
            col(Journal.memo),
            col(Journal.evidence),
            rupiah.label("rupiah"),
        )
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .where(
            col(Journal.facility_id) == work.here.id,
            col(Journal.kind) == kind,
            is_same,
            ~func.guyub.is_undone(col(Journal.id)),
        )
        .group_by(col(Journal.id))
        .order_by(col(Journal.recorded_at), col(Journal.id))
    )

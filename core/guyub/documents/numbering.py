"""Numbers of documents: letter numbers come from the office's own register, numbers of slips from ours, without gaps."""

import re
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.documents.models import DocumentModel
from guyub.facilities.letter_numbers import letter_number as with_sequence

BLANK = "\N{HORIZONTAL ELLIPSIS}" * 6
_LONGEST_SEQUENCE = 9
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""Months, as letter numbers write them."""


class _LeftBlank(int):
    """A running number that the office writes in by hand, in whatever width the template pads it to."""

    def __format__(self, spec: str) -> str:
        return BLANK


def letter_number(template: str, classification: str, year: int) -> str:
    """Returns the number of a letter with its running part left blank; without a template the whole number is blank.

    Raises ``ValueError`` for a template that is none.
    """
    if not template:
        return BLANK * 2
    return with_sequence(template, classification=classification, sequence=_LeftBlank(), year=year)


def given_number(template: str, classification: str, year: int, given: str) -> str:
    """Returns the number that an office gave: as it was typed, or where that is the running number alone, in the template."""
    if not template or not given.isascii() or not given.isdigit() or len(given) > _LONGEST_SEQUENCE:
        return given
    return with_sequence(template, classification=classification, sequence=int(given), year=year)


def other_year(number: str, year: int) -> int | None:
    """Returns the year that a letter number ends with, where it is another than that of its letter: "UM.01.01-12/2023"."""
    ends = re.search(r"(?:[/ .-]|TAHUN )(20[0-9]{2})$", number.strip(), re.ASCII | re.IGNORECASE)
    return int(ends[1]) if ends and int(ends[1]) != year else None


def is_given(number: str) -> bool:
    """Returns whether nothing of a number is left blank."""
    return bool(number) and BLANK not in number


def is_of_another(work: Work, cycle_id: UUID, kind: str, number: str, year: int) -> bool:
    """Returns whether a number stands on a letter of this kind and year of another cycle; the database keeps it."""
    document = DocumentModel
    others = select(col(document.id)).where(
        col(document.facility_id) == work.here.id,
        col(document.kind) == kind,
        col(document.cycle_id) != cycle_id,
        func.upper(col(document.number)) == number.upper(),
        func.extract("year", col(document.stated_on)) == year,
    )
    return bool(work.scalar(select(others.exists())))


def slip_series(work: Work, cycle_id: UUID, kind: str, on: date) -> str:
    """Returns the number under which the slips of a cycle run, "001/TT/XI/2024": given once, found again for every reprint.

    It is the next of the facility's series ``kind`` in the year of ``on``. Taken in the transaction that keeps the
    paper, so the series has no gap.
    """
    work.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(f"guyub.slips:{cycle_id}", 0))))
    is_kept = (col(DocumentModel.cycle_id) == cycle_id, col(DocumentModel.kind) == kind)
    first = select(col(DocumentModel.number)).where(*is_kept).order_by(col(DocumentModel.made_at)).limit(1)
    if known := work.scalar(first):
        return known
    number = work.scalar(select(func.guyub.allocate_number(work.here.id, f"documents.{kind}", on.year)))
    return f"{number:03}/TT/{ROMAN[on.month - 1]}/{on.year}"


def slip_number(series: str, place: int) -> str:
    """Returns "001.03/TT/XI/2024": the slip of the third on the list."""
    book, _, rest = series.partition("/")
    return f"{book}.{place:02}/{rest}"

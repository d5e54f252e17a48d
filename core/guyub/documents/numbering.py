"""Numbers of papers: letter numbers come from the office's own register, numbers of slips from ours, without gaps."""

from datetime import date
from uuid import UUID

from guyub.db.work import Work
from guyub.facilities.letter_numbers import letter_number as with_sequence

BLANK = "\N{HORIZONTAL ELLIPSIS}" * 6
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""Months, as letter numbers write them."""


class _LeftBlank(int):
    """A running number that the office writes in by hand, in whatever width the template pads it to."""

    def __format__(self, spec: str) -> str:
        return BLANK


def letter_number(template: str, classification: str, year: int) -> str:
    """The number of a letter with its running part left blank; without a template all of it is.

    Raises ``ValueError`` for a template that is none.
    """
    if not template:
        return BLANK * 2
    return with_sequence(template, classification=classification, sequence=_LeftBlank(), year=year)


def slip_numbers(work: Work, cycle_id: UUID, kind: str, on: date) -> str:
    """The number under which the slips of a cycle run: given once, found again whenever they are printed anew.

    The next of the facility's series ``kind`` in the year of ``on``; taken only together with what bears it, in one
    transaction, so the series has no gap.
    """
    known: str | None = work.run(
        "SELECT number FROM guyub.document WHERE cycle_id = :cycle AND kind = :kind ORDER BY made_at LIMIT 1",
        cycle=cycle_id, kind=kind,
    ).scalar_one_or_none()  # fmt: skip
    if known:
        return known
    given: int = work.run(
        "SELECT guyub.next_number(:facility, :kind, :year)", facility=work.here.id, kind=kind, year=on.year
    ).scalar_one()
    return f"{given:03}/TT/{ROMAN[on.month - 1]}/{on.year}"

"""The cash book of one fund for one month, printed: with the letterhead and the officials of its last day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from guyub.db.limits import FIRST_MONTH, LAST_MONTH
from guyub.db.unit_of_work import Work
from guyub.documents.blocks import Letterhead
from guyub.documents.rendering import Printed, to_pdf
from guyub.facilities import queries as facilities
from guyub.funds import book_closing
from guyub.funds.cash_book_document import cash_book_document
from guyub.funds.queries import CashRow, FundBalance
from guyub.ui.cells import plain_name
from guyub.ui.months import back, last_day


def months(rows: Sequence[CashRow], today: date) -> list[date]:
    """Returns the months that a book has, newest first: from its first line to this month, also those without a line."""
    if not rows:
        return []
    # Whatever a row says, nobody reads a book of more months than there are.
    first = max(rows[0].on, FIRST_MONTH).replace(day=1)
    month = min(max(today, rows[-1].on), LAST_MONTH).replace(day=1)
    entries = []
    while month >= first:
        entries.append(month)
        month = back(month, 1)
    return entries


def print_month(
    work: Work, fund: FundBalance, rows: Sequence[CashRow], month: date, today: date, printed_at: datetime
) -> tuple[str, bytes]:
    """Returns file name and PDF. ``rows`` are all of the fund; a month that is not over ends with ``today``."""
    since = month.replace(day=1)
    until = min(last_day(since), max(today, since))
    closing = book_closing.of_month(work, fund.id, since)
    here = facilities.facility(work, closing.closed_on if closing else until)
    treasurer, head = book_closing.signatories(work, until)
    name = f"{here.code}-{since:%Y-%m}-bku-{plain_name(fund.code)}.pdf"
    document = cash_book_document(
        fund,
        rows,
        since,
        until,
        file_name=name,
        letterhead=Letterhead.of(here.letterhead, here.long_name.upper()),
        paper="A4" if here.paper == "A4" else "F4",
        place=here.letter_place,
        treasurer=treasurer,
        head=head,
        closing=closing,
    )
    return name, to_pdf(document, Printed(work.person_name, printed_at.astimezone(UTC), here.zone))

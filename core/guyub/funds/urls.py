"""Addresses of the pages of the funds: other rooms link to them by these functions."""

from datetime import date
from urllib.parse import quote, urlencode
from uuid import UUID


def funds_url(facility: str) -> str:
    """Returns the address of all funds of a facility (its code)."""
    return f"/f/{facility}/funds"


def fund_url(facility: str, code: str) -> str:
    """Returns the address of one fund with its cash book and stock; ``code`` is the fund's own."""
    return f"{funds_url(facility)}/fund/{quote(code, safe='')}"


def cash_book_url(facility: str, code: str, month: date) -> str:
    """Returns the address of the cash book of a month as PDF; ``month`` is any day of it."""
    return f"{fund_url(facility, code)}/cash-book.pdf?month={month:%Y-%m}"


def close_url(facility: str, code: str) -> str:
    """Returns the address of the page where the book of a fund is closed for its next month."""
    return f"{fund_url(facility, code)}/close"


def reverse_url(facility: str, code: str, booked_on: date, number: int) -> str:
    """Returns the address of the page where a wrong receipt is taken back: that of the fund with this journal number
    in the year of ``booked_on``."""
    return f"{fund_url(facility, code)}/receipts/{booked_on.year}/{number}/reverse"


def goods_minutes_url(facility: str, code: str, booked_on: date, number: int) -> str:
    """Returns the address of the minutes of the goods of a receipt as PDF."""
    return f"{fund_url(facility, code)}/receipts/{booked_on.year}/{number}/goods.pdf"


def receipt_documents_url(facility: str, code: str, booked_on: date, number: int) -> str:
    """Returns the address of the page with the minutes of the goods of a receipt, and those that were kept."""
    return f"{fund_url(facility, code)}/receipts/{booked_on.year}/{number}/documents"


def kept_minutes_url(facility: str, document: UUID) -> str:
    """Returns the address of minutes that were kept."""
    return f"{funds_url(facility)}/minutes/{document}"


def receive_url(facility: str, plugin: str = "", source: str = "", kind: str = "") -> str:
    """Returns the address of the choice among the kinds of receipts, or the form of one."""
    return "/".join((f"{funds_url(facility)}/receive", *(part for part in (plugin, source, kind) if part)))


def own_page_url(facility: str, plugin: str, path: str) -> str:
    """Returns the address of the page of a plugin on which it records a kind of receipt itself; ``path`` as the
    plugin names it."""
    return f"/f/{facility}/p/{plugin}{path}"


def purchases_url(facility: str, cycle: str) -> str:
    """Returns the address of the shopping list of a cycle (its code)."""
    return f"{funds_url(facility)}/purchases/{cycle}"


def note_of_request_url(facility: str, cycle: str, request_id: UUID) -> str:
    """Returns the address of the shopping list with the note for which more money was asked."""
    return f"{purchases_url(facility, cycle)}?note={request_id}"


def cancel_purchase_url(facility: str, cycle: str, booked_on: date, number: int) -> str:
    """Returns the address of the page where a note is cancelled: the purchase with this journal number in the year of
    ``booked_on``, for that cycle (its code)."""
    return f"{purchases_url(facility, cycle)}/notes/{booked_on.year}/{number}/cancel"


def top_up_url(facility: str, cycle: str, item: str, amount: int = 0) -> str:
    """Returns the address of the page where more money is reserved for an item (its code) of that cycle; ``amount``
    in rupiah fills the form in."""
    asked = urlencode({"item": item} | ({"amount": amount} if amount else {}))
    return f"{purchases_url(facility, cycle)}/top-up?{asked}"


def catalogue_url(facility: str) -> str:
    """Returns the address of the goods that a facility picks from, with their units."""
    return f"{funds_url(facility)}/goods"


def region_catalogue_url(region: str) -> str:
    """Returns the address of the goods that an office (its code) declares for its facilities."""
    return f"/region/{region}/goods"


def money_request_url(facility: str, cycle: str, request_id: UUID) -> str:
    """Returns the address of the page where a request for more money of that cycle (its code) is decided."""
    return f"{purchases_url(facility, cycle)}/requests/{request_id}"


def stock_takes_url(facility: str) -> str:
    """Returns the address of all counts and write-offs."""
    return f"{stock_url(facility)}/takes"


def count_url(facility: str, fund: str = "") -> str:
    """Returns the address of the form of a count: of the goods of a fund (its code), or of all."""
    return f"{stock_url(facility)}/count{_of_fund(fund)}"


def write_off_url(facility: str, fund: str = "") -> str:
    """Returns the address of the form that writes goods off without a count."""
    return f"{stock_url(facility)}/write-off{_of_fund(fund)}"


def stock_take_url(facility: str, booked_on: date, number: int) -> str:
    """Returns the address of one stock take, with its documents: that of this number in the year of ``booked_on``."""
    return f"{stock_takes_url(facility)}/{booked_on.year}/{number}"


def stock_document_url(facility: str, booked_on: date, number: int, kind: str) -> str:
    """Returns the address of a document of a stock take as PDF."""
    return f"{stock_take_url(facility, booked_on, number)}/{kind}.pdf"


def stock_card_url(facility: str, item: str) -> str:
    """Returns the address of the stock card of an item (its code)."""
    return f"{stock_url(facility)}/card/{item}"


def _of_fund(fund: str) -> str:
    return f"?{urlencode({'fund': fund})}" if fund else ""


def stock_url(facility: str) -> str:
    """Returns the address of all goods on hand, by lot."""
    return f"{funds_url(facility)}/stock"

"""Takes back a receipt that was recorded in error, by an entry that names it; nothing is erased."""

from datetime import date

from sqlalchemy import extract, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.unit_of_work import Work
from guyub.funds import fund_page, ledger
from guyub.funds.fund_page import ReceivedEntry
from guyub.funds.models import Journal, Transfer
from guyub.funds.queries import FundBalance
from guyub.funds.refusals import FundsRefusal
from guyub.jobs import outbox
from guyub.sdk.words import format_date


def receipt_of(work: Work, fund: FundBalance, year: int, number: int) -> ReceivedEntry:
    """Raises ``NotFound``."""
    for received_entry in fund_page.received(work, fund.id):
        if (received_entry.booked_on.year, received_entry.number) == (year, number):
            return received_entry
    raise FundsRefusal.NO_RECEIPT.not_found(fund=fund.name, number=number, year=year)


def reverse(work: Work, fund: FundBalance, receipt: ReceivedEntry, reason: str, on: date) -> None:
    """Takes the whole receipt back out of its fund. Raises ``Invalid`` without a reason.

    Raises ``Refusal`` when it was taken back before, and ``funds.below_zero`` when part of it is promised or spent.
    """
    work.require("funds.receive")
    reason = required_reason.require_reason(FundsRefusal.NO_REASON_TO_REVERSE, reason)
    ledger.lock(work)
    current = receipt_of(work, fund, receipt.booked_on.year, receipt.number)
    if current.reversed_on is not None:
        raise FundsRefusal.REVERSED_BEFORE.refusal(day=format_date(current.reversed_on))
    memo = f"Pembatalan penerimaan {receipt.memo}: {reason}"
    journal_id = ledger.open_journal(work, "reversal", on, memo, evidence=receipt.evidence)
    original = (
        select(col(Journal.id))
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .where(
            col(Transfer.fund_id) == fund.id,
            col(Journal.kind) == "receipt",
            col(Journal.number) == receipt.number,
            extract("year", col(Journal.booked_on)) == receipt.booked_on.year,
        )
    )
    for original_id in set(work.scalars(original)):
        ledger.take_back(work, journal_id, original_id)
    payload = {"source": fund.source, "receipt": receipt.kind, "rupiah": receipt.total, "evidence": receipt.evidence}
    outbox.emit(work, "fund.receipt_reversed", fund.code, on, payload)
    details = {"receipt": f"{receipt.number}/{receipt.booked_on.year}", "rupiah": receipt.total, "reason": reason}
    audit.record(work, "funds.reverse", fund.code, details=details)

"""Reads of the books: balances, the cash book, stock, what a cycle spent, and whether everything adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.funds.refusals import FundsRefusal


@dataclass(frozen=True, slots=True)
class FundBalance:
    """``free`` and ``reserved`` in cash, ``stock`` the cost of goods on hand (reserved or not), all rupiah."""

    id: UUID
    code: str
    name: str
    plugin: str
    source: str
    sensitive: bool
    received: int
    free: int
    reserved: int
    stock: int
    used: int


_BALANCES = """
    SELECT f.id, f.code, f.name, f.plugin, f.source, f.sensitive,
           COALESCE(-sum(a.rupiah) FILTER (WHERE a.kind = 'receipts'), 0)::bigint AS received,
           COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'cash'), 0)::bigint AS free,
           COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'cash_reserved'), 0)::bigint AS reserved,
           COALESCE(sum(a.rupiah) FILTER (WHERE a.kind IN ('stock', 'stock_reserved')), 0)::bigint AS stock,
           COALESCE(sum(a.rupiah) FILTER (WHERE a.kind IN ('distributed', 'payments')), 0)::bigint AS used
    FROM guyub.fund f LEFT JOIN guyub.account a ON a.fund_id = f.id
    WHERE f.facility_id = :facility AND (CAST(:code AS text) IS NULL OR f.code = :code)
    GROUP BY f.id ORDER BY f.opened_at, f.id
"""


def balances(work: Work) -> list[FundBalance]:
    return work.rows(FundBalance, _BALANCES, facility=work.here.id, code=None)


def fund(work: Work, code: str) -> FundBalance:
    row = work.first(FundBalance, _BALANCES, facility=work.here.id, code=code)
    if row is None:
        raise FundsRefusal.UNKNOWN.not_found(code=code)
    return row


@dataclass(frozen=True, slots=True)
class CashRow:
    """One line of the cash book: ``receipt`` or ``payment`` in rupiah, ``balance`` after it (reserved money included)."""

    on: date
    voucher: str
    memo: str
    evidence: str
    receipt: int
    payment: int
    balance: int


def cash_book(work: Work, fund_id: UUID) -> list[CashRow]:
    """The cash book (BKU) of one fund. Reservations move no cash, so they do not appear.

    A payment that was undone was not made: what undoes it stands on the payment's day.

    Vouchers are numbered without gaps for each kind and year: money in (BKM), purchases (BKK), money handed over to
    households (BPB), corrections (BKR).
    """
    return work.rows(
        CashRow,
        """SELECT m.booked_on AS on,
                  CASE j.kind WHEN 'receipt' THEN 'BKM' WHEN 'purchase' THEN 'BKK' WHEN 'hand_over' THEN 'BPB'
                                      ELSE 'BKR' END || '-'
                      || lpad(j.number::text, 3, '0') || '/' || extract(year FROM j.booked_on) AS voucher,
                  j.memo, j.evidence, greatest(sum(m.rupiah), 0)::bigint AS receipt,
                  greatest(-sum(m.rupiah), 0)::bigint AS payment,
                  (sum(sum(m.rupiah)) OVER (ORDER BY m.booked_on, min(m.seq)))::bigint AS balance
           FROM (SELECT t.journal_id, t.seq, COALESCE(paid.booked_on, own.booked_on) AS booked_on,
                        CASE WHEN d.kind IN ('cash', 'cash_reserved') THEN t.rupiah ELSE 0 END
                        - CASE WHEN c.kind IN ('cash', 'cash_reserved') THEN t.rupiah ELSE 0 END AS rupiah
                 FROM guyub.transfer t JOIN guyub.account d ON d.id = t.debit_account
                 JOIN guyub.account c ON c.id = t.credit_account JOIN guyub.journal own ON own.id = t.journal_id
                 LEFT JOIN guyub.transfer undone ON undone.id = t.reverses
                 LEFT JOIN guyub.journal paid ON paid.id = undone.journal_id AND paid.kind = 'hand_over'
                 WHERE t.fund_id = :fund) m
           JOIN guyub.journal j ON j.id = m.journal_id
           GROUP BY j.id, m.booked_on HAVING sum(m.rupiah) <> 0 ORDER BY m.booked_on, min(m.seq)""",
        fund=fund_id,
    )


@dataclass(frozen=True, slots=True)
class StockRow:
    """One lot; ``code`` is its fund's."""

    code: str
    fund: str
    item: str
    unit: str
    received_on: date
    free: Decimal
    reserved: Decimal
    distributed: Decimal
    cost: int


def stock(work: Work, fund_id: UUID | None = None) -> list[StockRow]:
    """Goods by lot, oldest first, of one fund or of all; ``cost`` is what remains of the lot in rupiah."""
    return work.rows(
        StockRow,
        """SELECT f.code, f.name AS fund, i.name AS item, i.unit, l.received_on,
                  COALESCE(sum(a.quantity) FILTER (WHERE a.kind = 'stock'), 0) AS free,
                  COALESCE(sum(a.quantity) FILTER (WHERE a.kind = 'stock_reserved'), 0) AS reserved,
                  COALESCE(sum(a.quantity) FILTER (WHERE a.kind = 'distributed'), 0) AS distributed,
                  COALESCE(sum(a.rupiah) FILTER (WHERE a.kind <> 'distributed'), 0)::bigint AS cost
           FROM guyub.lot l JOIN guyub.fund f ON f.id = l.fund_id JOIN guyub.item i ON i.id = l.item_id
           LEFT JOIN guyub.account a ON a.lot_id = l.id
           WHERE l.facility_id = :facility AND (CAST(:fund AS uuid) IS NULL OR l.fund_id = :fund)
           GROUP BY l.id, f.code, f.name, i.name, i.unit ORDER BY l.received_on, l.id""",
        facility=work.here.id,
        fund=fund_id,
    )


@dataclass(frozen=True, slots=True)
class Spending:
    """What one fund paid for a cycle, in rupiah at cost: goods and money that reached households."""

    fund: str
    code: str
    plugin: str
    source: str
    amount: int


def spending(work: Work, holder_id: UUID) -> list[Spending]:
    return work.rows(
        Spending,
        """SELECT f.name AS fund, f.code, f.plugin, f.source,
                  sum(CASE WHEN t.reverses IS NULL THEN t.rupiah ELSE -t.rupiah END)::bigint AS amount
           FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id JOIN guyub.fund f ON f.id = t.fund_id
           JOIN guyub.account d ON d.id = t.debit_account JOIN guyub.account c ON c.id = t.credit_account
           WHERE j.holder_id = :holder
             AND (d.kind IN ('distributed', 'payments') OR c.kind IN ('distributed', 'payments'))
           GROUP BY f.id ORDER BY f.opened_at, f.id""",
        holder=holder_id,
    )


REVERSED_ON = """(SELECT min(r.booked_on) FROM guyub.transfer o JOIN guyub.transfer b ON b.reverses = o.id
                  JOIN guyub.journal r ON r.id = b.journal_id WHERE o.journal_id = j.id)"""
"""SQL: the day on which a receipt ``j`` was taken back, NULL while it stands. Receipts are reversed as a whole."""


def evidence_of(work: Work, fund_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Papers behind the receipts of each fund that stand; an empty string where a receipt has none."""
    rows = work.run(
        f"""SELECT r.fund_id, array_agg(j.evidence ORDER BY j.number) FROM guyub.fund_receipt r
            JOIN guyub.journal j ON j.id = r.journal_id
            WHERE r.fund_id = ANY (:ids) AND {REVERSED_ON} IS NULL GROUP BY r.fund_id""",
        ids=list(fund_ids),
    )
    return {fund_id: tuple(papers) for fund_id, papers in rows}


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """``checked`` rows were read; ``problems`` are sentences for a technician, empty when all is well."""

    ok: bool
    checked: int
    problems: tuple[str, ...]


def check_ledger(work: Work) -> LedgerCheck:
    """Adds every transfer in scope up again, compares with the balances, and looks for what was slipped in later."""
    checked: int = work.run(
        "SELECT (SELECT count(*) FROM guyub.transfer) + (SELECT count(*) FROM guyub.account)"
    ).scalar_one()
    found: Sequence[Any] = work.run("SELECT id, problem FROM guyub.ledger_problems()").all()
    return LedgerCheck(not found, checked, tuple(f"{row.id}: {row.problem}" for row in found))

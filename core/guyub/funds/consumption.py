"""What leaves the books for households, and what goes back when it was not needed."""

from datetime import date
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.funds import ledger

RESERVED_BALANCES = """
    SELECT a.id, a.facility_id, a.fund_id, a.kind, a.item_id, a.lot_id, a.rupiah, a.quantity
    FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id
    WHERE r.holder_id = :holder AND (a.rupiah > 0 OR a.quantity > 0)
"""


def release(work: Work, holder_id: UUID, on: date, memo: str) -> int:
    """Returns all that is still reserved for a holder: money to its fund, goods to their lot. Three statements.

    Returns how many balances were returned.
    """
    ledger.lock(work)
    held: int = work.run(f"SELECT count(*) FROM ({RESERVED_BALANCES}) held", holder=holder_id).scalar_one()
    if not held:
        return 0
    journal_id = ledger.open_journal(work, "release", on, memo, holder_id=holder_id)
    free_kind = "CASE held.kind WHEN 'cash_reserved' THEN 'cash' ELSE 'stock' END"
    work.run(
        f"""INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id)
            SELECT facility_id, fund_id, {free_kind}, item_id, lot_id FROM ({RESERVED_BALANCES}) held
            ON CONFLICT DO NOTHING""",
        holder=holder_id,
    )
    work.run(
        f"""INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
            SELECT held.facility_id, :journal, held.fund_id, held.id, home.id, held.rupiah, held.quantity
            FROM ({RESERVED_BALANCES}) held
            JOIN guyub.account home ON home.fund_id = held.fund_id AND home.kind = {free_kind}
             AND home.lot_id IS NOT DISTINCT FROM held.lot_id AND home.reservation_id IS NULL""",
        holder=holder_id,
        journal=journal_id,
    )
    return held


def open_consumption_accounts(work: Work, holder_id: UUID) -> None:
    """The far side of hand-overs: one account for each lot or fund that the holder may consume. One statement."""
    work.run(
        f"""INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id)
            SELECT DISTINCT facility_id, fund_id, CASE kind WHEN 'cash_reserved' THEN 'payments' ELSE 'distributed' END,
                            item_id, lot_id
            FROM ({RESERVED_BALANCES}) held ON CONFLICT DO NOTHING""",
        holder=holder_id,
    )

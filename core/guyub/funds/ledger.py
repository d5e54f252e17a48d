"""The few ways in which rows enter the ledger. The database posts, costs and refuses; this only asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guyub.db.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class AccountKey:
    """An account by what it is: ``kind`` of ``guyub.account_kind``; goods name item and lot, promises their reservation."""

    fund_id: UUID
    kind: str
    item_id: UUID | None = None
    lot_id: UUID | None = None
    reservation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Value from one account to another: ``rupiah``, and ``quantity`` where goods move (their cost is the lot's)."""

    credit: AccountKey
    debit: AccountKey
    rupiah: int
    quantity: Decimal = Decimal(0)


def lock(work: Work) -> None:
    """One writer of a facility's books at a time: reading balances and acting on them is one step."""
    work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('guyub.ledger:' || :facility, 0))", facility=str(work.here.id)
    )


def open_journal(
    work: Work, kind: str, on: date, memo: str, *, evidence: str = "", holder_id: UUID | None = None
) -> UUID:
    """A journal is one event in the books; its number is the next of its kind and year, without gaps."""
    journal: UUID = work.run(
        "INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence, holder_id) "
        "VALUES (:facility, :kind, :on, :memo, :evidence, :holder) RETURNING id",
        facility=work.here.id,
        kind=kind,
        on=on,
        memo=memo,
        evidence=evidence,
        holder=holder_id,
    ).scalar_one()
    return journal


def post(work: Work, journal_id: UUID, moves: Sequence[Move]) -> None:
    """Opens the accounts that are new and inserts the transfers; a handful of statements for any number of moves."""
    if not moves:
        return
    keys = list(dict.fromkeys(key for move in moves for key in (move.credit, move.debit)))
    ids = _accounts(work, keys)
    work.run_many(
        "INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity) "
        "VALUES (:facility, :journal, :fund, :credit, :debit, :rupiah, :quantity)",
        [
            {
                "facility": work.here.id,
                "journal": journal_id,
                "fund": move.credit.fund_id,
                "credit": ids[move.credit],
                "debit": ids[move.debit],
                "rupiah": move.rupiah,
                "quantity": move.quantity,
            }
            for move in moves
        ],
    )


def _accounts(work: Work, keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    columns = {
        "funds": [k.fund_id for k in keys],
        "kinds": [k.kind for k in keys],
        "items": [k.item_id for k in keys],
        "lots": [k.lot_id for k in keys],
        "reservations": [k.reservation_id for k in keys],
    }
    asked = (
        "unnest(CAST(:funds AS uuid[]), CAST(:kinds AS text[]), CAST(:items AS uuid[]), CAST(:lots AS uuid[]), "
        "CAST(:reservations AS uuid[])) WITH ORDINALITY AS asked (fund_id, kind, item_id, lot_id, reservation_id, place)"
    )
    work.run(
        "INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id, reservation_id) "
        f"SELECT :facility, fund_id, kind, item_id, lot_id, reservation_id FROM {asked} ON CONFLICT DO NOTHING",
        facility=work.here.id,
        **columns,
    )
    found = work.run(
        f"""SELECT asked.place, a.id FROM {asked} JOIN guyub.account a
            ON a.facility_id = :facility AND a.fund_id = asked.fund_id AND a.kind = asked.kind
               AND a.lot_id IS NOT DISTINCT FROM asked.lot_id
               AND a.reservation_id IS NOT DISTINCT FROM asked.reservation_id""",
        facility=work.here.id,
        **columns,
    )
    return {keys[place - 1]: account for place, account in found}


def new_lots(work: Work, journal_id: UUID, received_on: date, fund_and_item: Sequence[tuple[UUID, UUID]]) -> list[UUID]:
    """One lot for each pair, in the order given."""
    rows = work.run(
        """WITH asked AS (
               SELECT fund_id, item_id, place, uuidv7() AS id
               FROM unnest(CAST(:funds AS uuid[]), CAST(:items AS uuid[])) WITH ORDINALITY AS a (fund_id, item_id, place)),
           made AS (
               INSERT INTO guyub.lot (id, facility_id, fund_id, item_id, received_on, journal_id)
               SELECT id, :facility, fund_id, item_id, :on, :journal FROM asked)
           SELECT id FROM asked ORDER BY place""",
        funds=[fund for fund, _ in fund_and_item],
        items=[item for _, item in fund_and_item],
        facility=work.here.id,
        on=received_on,
        journal=journal_id,
    )
    return list(rows.scalars())

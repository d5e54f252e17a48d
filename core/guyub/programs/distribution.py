"""Distribution day: each package is handed over once, and what the household got is what leaves the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import SQLColumnExpression, and_, func, insert, literal, select, update
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db import limits
from guyub.db.text_lengths import require_length
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds import consumption, days, ledger
from guyub.funds.models import Transfer
from guyub.jobs import outbox
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference, write
from guyub.programs.days import today_here
from guyub.programs.models import Entitlement, Handover, HandoverLine
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.searching import person_key
from guyub.sdk.unseen import is_blank
from guyub.ui.problems import CollectedRefusals

ALREADY = "programs.already_handed_over"
"""The code of the refusal when a package was handed over before."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Describes how a hand-over is proven: who witnessed it, what stands on the list, and the proxy's name and letter if any.

    ``witness_id`` is the witness's account when there is one: it must be another person than the one who hands over.
    """

    witness: str
    witness_id: UUID | None = None
    mark: Literal["signature", "thumbprint"] = "signature"
    proxy_name: str = ""
    proxy_letter: str = ""


def start(work: Work, cycle: Cycle, on: date | None = None, *, version: int | None = None) -> None:
    """Opens the distribution of an approved cycle on a day (``on``; none: that of the database). ``version`` is that of the
    cycle as it was read, None where it is read here.

    Raises ``Refusal`` before its month begins and when another version stands, ``Invalid`` while it has no day and place.
    """
    work.require("programs.handover")
    lock_in_state(work, cycle, "approved")
    read = demand_version(work, cycle, version)
    if on is not None and on < cycle.period:
        raise ProgramsRefusal.MONTH_NOT_BEGUN.refusal(day=cycle.period)
    if cycle.distribution_on is None or not cycle.place:
        raise ProgramsRefusal.NO_DAY.invalid("distribution_on")
    consumption.open_consumption_accounts(work, cycle.id)
    write(work, cycle, state="distributing", decided_version=read)
    outbox.emit(work, "cycle.started", reference(cycle), cycle.distribution_on)
    audit.record(work, "programs.start", reference(cycle))


def hand_over(
    work: Work,
    cycle: Cycle,
    entitlement_ids: Sequence[UUID],
    at: datetime,
    proof: Proof,
    *,
    late_on: date | None = None,
) -> int:
    """Hands over the packages of one or of many households in one transaction, each at most once; returns how many.

    Goods leave their lots first in, first out, at the lot's cost. ``at`` is a moment with its zone; ``late_on`` the day
    of today for one of a month whose book is closed. Raises ``Refusal``
    when a package was handed over before or its goods are not there: then none of them is recorded.
    """
    work.require("programs.handover")
    work.take_time()
    check_proof(work, proof)
    ids = list(dict.fromkeys(entitlement_ids))
    on = at.astimezone(ZoneInfo(work.here.zone)).date()
    ledger.lock(work)
    consumption.open_consumption_accounts(work, cycle.id)
    booked_on = days.book_day(work, days.funds_of_holder(work, cycle.id), on, late_on)
    journal_id = ledger.open_journal(
        work,
        "hand_over",
        on,
        f"Penyerahan {cycle.title.id}",
        booked_on=booked_on,
        evidence=reference(cycle),
        holder_id=cycle.id,
    )
    outcome: Any = work.run(
        _HAND_OVER,
        cycle=cycle.id,
        facility=work.here.id,
        journal=journal_id,
        ids=ids,
        at=at,
        me=work.person_id,
        witness=proof.witness,
        witness_id=proof.witness_id,
        mark=proof.mark,
        proxy=proof.proxy_name,
        letter=proof.proxy_letter,
        collector="proxy" if proof.proxy_name or proof.proxy_letter else "recipient",
    ).one()
    if outcome.handed_over != len(ids) or outcome.missing:
        raise _not_handed_over(len(ids), outcome.handed_over, outcome.missing or ())
    work.inserted_many(len(ids), "handover", "handover_line")
    payload = {"households": len(ids), "rupiah": outcome.rupiah}
    outbox.emit(work, "package.handed_over", reference(cycle), on, payload)
    audit.record(
        work,
        "programs.hand_over",
        reference(cycle),
        details={
            "households": len(ids),
            "rupiah": outcome.rupiah,
            "first": str(ids[0]) if ids else "",
            **days.late(on, booked_on),
        },
    )
    return len(ids)


# One long operation on sets, for any number of households at once.
# Demand and supply lie on one line per item, category and area: household after household against lot after lot. Where
# two stretches overlap, that quantity of that lot goes to that household. Rounding is cumulative along the lot, so the
# parts add up to what the ledger posts for the whole. Where goods are short nothing is inserted; that somebody was served
# before is left to the unique index to say.
_HAND_OVER = """
WITH asked AS MATERIALIZED (
    SELECT e.id, e.category, e.state, s.number,
           CASE WHEN EXISTS (SELECT FROM guyub.reservation r
                             WHERE r.holder_id = :cycle AND r.withdrawn_at IS NULL AND r.area <> '')
                THEN e.area ELSE '' END AS area
    FROM guyub.entitlement e JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
    WHERE e.cycle_id = :cycle AND e.id = ANY (:ids)),
demand AS MATERIALIZED (
    SELECT a.id AS entitlement_id, a.category, a.area, l.item_id, l.units,
           sum(l.units) OVER run AS upto
    FROM asked a JOIN (
        SELECT entitlement_id, item_id, line, CASE WHEN item_id IS NULL THEN quantity * price ELSE quantity END AS units
        FROM guyub.entitlement_line) l ON l.entitlement_id = a.id
    WINDOW run AS (PARTITION BY a.category, a.area, l.item_id ORDER BY a.number, a.id, l.line)),
supply AS MATERIALIZED (
    SELECT b.id AS account_id, b.fund_id, b.item_id, b.lot_id, b.rupiah AS cost, r.category, r.area, u.units,
           sum(u.units) OVER run AS upto
    FROM guyub.reservation r
    JOIN guyub.account b ON b.reservation_id = r.id AND b.kind = CASE WHEN r.item_id IS NULL THEN 'cash_reserved'
                                                                      ELSE 'stock_reserved' END
    LEFT JOIN guyub.lot t ON t.id = b.lot_id
    CROSS JOIN LATERAL (SELECT CASE WHEN r.item_id IS NULL THEN b.rupiah::numeric ELSE b.quantity END AS units) u
    WHERE r.holder_id = :cycle AND u.units > 0
    WINDOW run AS (PARTITION BY r.category, r.area, r.item_id ORDER BY t.received_on, t.id, r.id)),
part AS MATERIALIZED (
    SELECT d.entitlement_id, s.account_id, s.fund_id, s.item_id, s.lot_id, s.cost, s.units AS lot_units,
           greatest(d.upto - d.units, s.upto - s.units) - (s.upto - s.units) AS from_unit,
           least(d.upto, s.upto) - (s.upto - s.units) AS to_unit
    FROM demand d JOIN supply s ON s.category = d.category AND s.area = d.area AND s.item_id IS NOT DISTINCT FROM d.item_id
                               AND s.upto > d.upto - d.units AND s.upto - s.units < d.upto),
costed AS MATERIALIZED (
    SELECT p.*, to_unit - from_unit AS units,
           (round(cost * to_unit / lot_units) - round(cost * from_unit / lot_units))::bigint AS rupiah
    FROM part p),
taken AS MATERIALIZED (
    SELECT account_id, fund_id, item_id, lot_id, sum(units) AS units, sum(rupiah)::bigint AS rupiah
    FROM costed GROUP BY account_id, fund_id, item_id, lot_id),
short AS MATERIALIZED (
    SELECT COALESCE(i.name, 'Rp') AS name
    FROM (SELECT item_id, sum(units) AS units FROM demand GROUP BY item_id) need
    LEFT JOIN (SELECT item_id, sum(units) AS units FROM taken GROUP BY item_id) got
      ON got.item_id IS NOT DISTINCT FROM need.item_id
    LEFT JOIN guyub.item i ON i.id = need.item_id
    WHERE got.units IS DISTINCT FROM need.units AND NOT EXISTS (SELECT FROM asked WHERE state = 'received')),
posted AS (
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
    SELECT :facility, :journal, t.fund_id, t.account_id, far.id, t.rupiah,
           CASE WHEN t.item_id IS NULL THEN 0 ELSE t.units END
    FROM taken t JOIN guyub.account far ON far.facility_id = :facility AND far.fund_id = t.fund_id
     AND far.kind = CASE WHEN t.item_id IS NULL THEN 'payments' ELSE 'distributed' END
     AND far.lot_id IS NOT DISTINCT FROM t.lot_id AND far.reservation_id IS NULL
    WHERE NOT EXISTS (SELECT FROM short)
    ORDER BY t.account_id
    RETURNING id, credit_account),
made AS MATERIALIZED (SELECT uuidv7() AS handover_id, id AS entitlement_id, number FROM asked
                      WHERE NOT EXISTS (SELECT FROM short)),
handed AS (
    INSERT INTO guyub.handover (id, facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness, witness_id,
                                collected_by, proxy_name, proxy_letter, proof)
    SELECT handover_id, :facility, entitlement_id, :journal, number, :at, :me, :witness, :witness_id, :collector, :proxy,
           :letter, :mark
    FROM made),
lined AS (
    INSERT INTO guyub.handover_line (facility_id, handover_id, transfer_id, item_id, quantity, rupiah)
    SELECT :facility, m.handover_id, t.id, c.item_id, CASE WHEN c.item_id IS NULL THEN 0 ELSE sum(c.units) END,
           sum(c.rupiah)::bigint
    FROM costed c JOIN made m ON m.entitlement_id = c.entitlement_id JOIN posted t ON t.credit_account = c.account_id
    GROUP BY m.handover_id, t.id, c.item_id)
SELECT (SELECT count(*) FROM made) AS handed_over,
       (SELECT COALESCE(sum(rupiah), 0)::bigint FROM taken) AS rupiah,
       (SELECT array_agg(name ORDER BY name) FROM short) AS missing
"""


def undo(work: Work, cycle: Cycle, entitlement_id: UUID, reason: str, on: date) -> None:
    """Takes back a hand-over that was recorded in error: its goods return to the cycle's reservation at their cost."""
    work.require("programs.handover")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_UNDO, reason)
    ledger.lock(work)
    stands = and_(col(Handover.entitlement_id) == entitlement_id, col(Handover.reversed_at).is_(None))
    handed_over_in = work.scalar(select(col(Handover.journal_id)).where(stands))
    booked_on = on if handed_over_in is None else days.book_day_of_undoing(work, handed_over_in, on)
    journal_id = ledger.open_journal(
        work, "reversal", on, f"Pembatalan penyerahan: {reason}", booked_on=booked_on, holder_id=cycle.id
    )
    # Each row of the reversal, by the column that it fills.
    reversal: dict[str, SQLColumnExpression[Any]] = {
        "facility_id": col(Transfer.facility_id),
        "journal_id": literal(journal_id),
        "fund_id": col(Transfer.fund_id),
        "credit_account": col(Transfer.debit_account),
        "debit_account": col(Transfer.credit_account),
        "rupiah": col(HandoverLine.rupiah),
        "quantity": col(HandoverLine.quantity),
        "reverses": col(Transfer.id),
    }
    booked = (
        select(*reversal.values())
        .select_from(Handover)
        .join(HandoverLine, col(HandoverLine.handover_id) == col(Handover.id))
        .join(Transfer, col(Transfer.id) == col(HandoverLine.transfer_id))
        .where(stands)
    )
    work.change(insert(Transfer).from_select([*reversal], booked))
    undone = work.change(
        update(Handover)
        .where(stands)
        .values(
            reversed_at=func.now(),
            reversed_by=work.person_id,
            reversal_reason=reason,
            reversal_journal_id=journal_id,
        )
    )
    if undone != 1:
        raise ProgramsRefusal.NOT_HANDED_OVER.refusal()
    outbox.emit(work, "package.returned", reference(cycle), on)
    audit.record(work, "programs.undo", reference(cycle), reason=reason, details={"entitlement": str(entitlement_id)})


def mark_absent(work: Work, cycle: Cycle, entitlement_ids: Sequence[UUID], reason: str, on: date | None = None) -> int:
    """Notes who did not come and why; their packages stay reserved until the cycle is closed.

    ``on`` is the day of the absence, none: that of the database. Returns how many were marked: who received, or was marked
    before, is not. Raises ``Invalid`` without a reason, ``Refusal`` on a day before the planned one and when none of them
    waits any more. Whoever comes after all may still be served.
    """
    work.require("programs.handover")
    work.take_time()
    reason = reason_of_absence(reason)
    marked = work.change(
        update(Entitlement)
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            among(col(Entitlement.id), entitlement_ids),
            col(Entitlement.state) == "approved",
        )
        .values(state="absent", state_reason=reason, absent_on=on or today_here(work))
    )
    if not marked:
        raise ProgramsRefusal.NOT_WAITING.refusal()
    details = {"households": marked, **({"on": on.isoformat()} if on else {})}
    audit.record(work, "programs.absent", reference(cycle), reason=reason, details=details)
    return marked


def reason_of_absence(reason: str, field: str = "reason") -> str:
    """Returns the reason. Raises ``Invalid`` without one."""
    return required_reason.require_reason(ProgramsRefusal.NO_REASON_OF_ABSENCE, reason, field=field)


def check_proof(work: Work, proof: Proof) -> None:
    """Raises ``Invalid`` without a witness of their own, and for a proxy without a letter."""
    refusals = CollectedRefusals()
    with refusals.collected():
        _demand_own_witness(work, proof)
    with refusals.collected():
        _demand_letter(proof)
    refusals.demand_none()


def _demand_own_witness(work: Work, proof: Proof) -> None:
    if is_blank(proof.witness):
        raise ProgramsRefusal.WITNESS.invalid("witness")
    same_name = person_key(proof.witness) == person_key(work.person_name)
    if same_name or (proof.witness_id is not None and proof.witness_id == work.person_id):
        raise ProgramsRefusal.WITNESS.invalid("witness_name" if proof.witness_id is None else "witness")
    require_length(proof.witness, limits.WITNESS, "witness_name")


def _demand_letter(proof: Proof) -> None:
    require_length(proof.proxy_name, limits.WITNESS, "proxy_name")
    require_length(proof.proxy_letter, limits.WITNESS, "proxy_letter")
    if is_blank(proof.proxy_name) != is_blank(proof.proxy_letter):
        raise ProgramsRefusal.PROXY.invalid("proxy_name" if is_blank(proof.proxy_name) else "proxy_letter")


def _not_handed_over(asked: int, handed_over: int, missing: Sequence[str]) -> Refusal:
    if missing:
        return ProgramsRefusal.GOODS_MISSING.refusal(items=", ".join(missing))
    return ProgramsRefusal.UNKNOWN_ENTITLEMENT.refusal(count=asked - handed_over, asked=asked)

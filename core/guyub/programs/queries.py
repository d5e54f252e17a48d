"""Reads of a cycle: its candidates with their reasons, its package, its list on the day, its figures."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.programs.cycle_settings import criteria_of, points_of, reason_of
from guyub.programs.cycles import Cycle
from guyub.programs.models import CycleModel
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """One household of a cycle. ``reasons`` are points by criterion key; ``name`` is the recipient's, as registered now."""

    id: UUID
    household_id: UUID
    name: str
    address: str
    category: str
    members: int
    score: Decimal
    reasons: Mapping[str, Any]
    state: str
    state_reason: str


_JUDGED = """
    FROM guyub.entitlement e
    LEFT JOIN guyub.household h ON h.id = e.household_id
    LEFT JOIN guyub.member m ON m.household_id = h.id AND m.is_recipient AND m.active
    WHERE e.cycle_id = :cycle
"""
_CANDIDATES = f"""
    SELECT e.id, e.household_id, COALESCE(m.full_name, '') AS name,
           concat_ws(', ', NULLIF(h.village, ''), NULLIF(h.district, '')) AS address, e.category, e.members, e.score,
           e.reasons, e.state, e.state_reason {_JUDGED}
"""
_JUDGED_AS_ASKED = """ AND (CAST(:states AS text[]) = '{}' OR e.state = ANY (:states))
              AND (:name = '' OR strpos(casefold(m.full_name), casefold(:name)) > 0)
              AND (:category = '' OR e.category = :category)
"""
_BY_SCORE = "(e.state = 'excluded'), (e.state = 'candidate'), e.score DESC, e.household_id"
_CANDIDATE_KEYS: Mapping[str, str] = {
    "household": "casefold(m.full_name)",
    "category": "e.category",
    "members": "e.members",
    "score": "CASE WHEN e.state <> 'excluded' THEN e.score END",
}


@dataclass(frozen=True, slots=True)
class RowOrder:
    """``sort`` is the key of a column of a table, "" for the usual order of its rows."""

    sort: str = ""
    descending: bool = False

    def sql(self, columns: Mapping[str, str], usual: str) -> str:
        """Returns the ORDER BY; rows without a value are last in either order."""
        by = columns.get(self.sort)
        return (
            f"ORDER BY {by} {'DESC' if self.descending else 'ASC'} NULLS LAST, {usual}" if by else f"ORDER BY {usual}"
        )


_USUAL_ORDER = RowOrder()


def candidates(
    work: Work,
    cycle: Cycle,
    *,
    states: Sequence[str] = (),
    name: str = "",
    category: str = "",
    order: RowOrder = _USUAL_ORDER,
    limit: int = 50,
    offset: int = 0,
) -> list[Candidate]:
    """Returns usually highest scores first, selected ones before the rest; ``name`` is any part of one. One query."""
    return work.rows(
        Candidate,
        f"{_CANDIDATES} {_JUDGED_AS_ASKED} {order.sql(_CANDIDATE_KEYS, _BY_SCORE)} LIMIT :limit OFFSET :offset",
        cycle=cycle.id,
        states=list(states),
        name=name.strip(),
        category=category,
        limit=limit,
        offset=offset,
    )


def every_candidate(
    work: Work, cycle: Cycle, *, states: Sequence[str], name: str = "", category: str = "", order: RowOrder
) -> Iterator[Candidate]:
    """Yields all rows of ``candidates``, one after the other."""
    return work.each(
        Candidate,
        f"{_CANDIDATES} {_JUDGED_AS_ASKED} {order.sql(_CANDIDATE_KEYS, _BY_SCORE)}",
        cycle=cycle.id,
        states=list(states),
        name=name.strip(),
        category=category,
    )


def candidates_counted(
    work: Work, cycle: Cycle, *, states: Sequence[str] = (), name: str = "", category: str = ""
) -> int:
    """Returns how many rows ``candidates`` has in all."""
    count: int = work.run(
        f"SELECT count(*) {_JUDGED} {_JUDGED_AS_ASKED}",
        cycle=cycle.id,
        states=list(states),
        name=name.strip(),
        category=category,
    ).scalar_one()
    return count


def candidate(work: Work, cycle: Cycle, entitlement_id: UUID) -> Candidate:
    """Raises ``NotFound`` when the cycle does not know it."""
    row = work.first(Candidate, f"{_CANDIDATES} AND e.id = :id", cycle=cycle.id, id=entitlement_id)
    if row is None:
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    return row


def counts(work: Work, cycle: Cycle) -> dict[str, int]:
    """How many households are in each state; told to every reader of the cycle, also to those who see no people."""
    rows = work.run(
        "SELECT state, sum(households)::bigint FROM guyub.attendance(ARRAY[CAST(:cycle AS uuid)]) GROUP BY state",
        cycle=cycle.id,
    )
    return dict(rows.all())


def points(cycle: Cycle, reasons: Mapping[str, Any]) -> list[tuple[Text, Decimal, int]]:
    """The score of one household explained: (criterion, points, most possible), highest first, zeros left out."""
    explained = [
        (criterion.label, points_of(reasons, criterion.key), criterion.weight)
        for criterion in criteria_of(cycle.settings)
    ]
    return sorted((pair for pair in explained if pair[1]), key=lambda item: -item[1])


def why_excluded(cycle: Cycle, state_reason: str) -> Text:
    """The reason of an exclusion in words; a reason that staff wrote is returned as it is."""
    if state_reason.startswith("served_at:"):
        place = state_reason.removeprefix("served_at:")
        return Text(id="Sudah menerima bantuan bulan ini di {place}", en="Already served this month at {place}").format(
            place=place
        )
    return reason_of(cycle.settings, state_reason)


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """``item`` is what the programme calls the money, or the name of the goods. ``value`` is rupiah for one household at the
    planned price (before any multiplication by its size)."""

    item: Text
    code: str
    unit: str
    quantity: Decimal
    price: int
    per_member: bool

    @property
    def value(self) -> int:
        return round(self.quantity * self.price)


CALLED = "COALESCE(p.label, jsonb_build_object('id', i.name, 'en', i.name))"
"""SQL for what a line ``p`` of the package with its item ``i`` is called, in both languages."""


def package(work: Work, cycle: Cycle) -> list[PlannedLine]:
    rows = work.run(
        f"""SELECT {CALLED}, COALESCE(i.code, ''), COALESCE(i.unit, ''), p.quantity, p.price, p.per_member
            FROM guyub.package_line p LEFT JOIN guyub.item i ON i.id = p.item_id WHERE p.cycle_id = :cycle ORDER BY p.line""",
        cycle=cycle.id,
    )
    return [PlannedLine(Text(**called), *rest) for called, *rest in rows]


def package_of(work: Work, cycle: Cycle, entitlement_id: UUID) -> list[PlannedLine]:
    """What one household of the list gets: its own quantities, as they were frozen."""
    rows = work.run(
        f"""SELECT {CALLED}, COALESCE(i.code, ''), COALESCE(i.unit, ''), l.quantity, l.price, false
            FROM guyub.entitlement_line l JOIN guyub.entitlement e ON e.id = l.entitlement_id
            JOIN guyub.package_line p ON p.cycle_id = e.cycle_id AND p.line = l.line
            LEFT JOIN guyub.item i ON i.id = l.item_id
            WHERE e.cycle_id = :cycle AND l.entitlement_id = :id ORDER BY l.line""",
        cycle=cycle.id,
        id=entitlement_id,
    )
    return [PlannedLine(Text(**called), *rest) for called, *rest in rows]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A row of the frozen list, with what became of it; ``value`` is the cost of what was handed over, in rupiah.

    ``absence`` is why somebody did not come, ``reversal`` why the last hand-over was undone; each is empty once it no longer
    holds. Why a household was put on the list is not here: these rows are read in front of the families.
    """

    id: UUID
    number: int
    name: str
    nik_masked: str
    address: str
    category: str
    relationship: str
    inmate: str
    state: str
    absence: str
    reversal: str
    handed_at: datetime | None
    given_by: str
    witness: str
    proxy_name: str
    proof: str
    value: int


_RECIPIENTS = """
    SELECT e.id, s.number, s.full_name AS name, s.nik_masked, s.address, e.category, s.relationship,
           s.inmate_name AS inmate, e.state,
           CASE WHEN e.state = 'absent' THEN e.state_reason ELSE '' END AS absence,
           CASE WHEN e.state = 'approved' AND EXISTS (SELECT FROM guyub.handover r WHERE r.entitlement_id = e.id
                                                      AND r.reversed_at IS NOT NULL)
                THEN e.state_reason ELSE '' END AS reversal,
           h.handed_at, COALESCE(p.full_name, '') AS given_by, COALESCE(h.witness, '') AS witness,
           COALESCE(h.proxy_name, '') AS proxy_name, COALESCE(h.proof, '') AS proof, COALESCE(v.rupiah, 0)::bigint AS value
    FROM guyub.entitlement e
    JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
    LEFT JOIN guyub.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL
    LEFT JOIN guyub.person p ON p.id = h.given_by
    LEFT JOIN LATERAL (SELECT sum(l.rupiah) AS rupiah FROM guyub.handover_line l WHERE l.handover_id = h.id) v ON true
    WHERE e.cycle_id = :cycle
"""


_LISTED_AS_ASKED = """ AND (CAST(:states AS text[]) = '{}' OR e.state = ANY (:states))
              AND (:name = '' OR s.number::text = :name OR strpos(casefold(s.full_name), casefold(:name)) > 0)
"""


_BY_NUMBER = "s.number"
_RECIPIENT_KEYS: Mapping[str, str] = {
    "name": "casefold(s.full_name)",
    "address": "casefold(s.address)",
    "handed_over": "h.handed_at",
}


def recipients(
    work: Work,
    cycle: Cycle,
    *,
    states: Sequence[str] = (),
    name: str = "",
    limit: int | None = None,
    offset: int = 0,
    order: RowOrder = _USUAL_ORDER,
) -> list[Recipient]:
    """Returns the list, usually in its frozen order; ``name`` is any part of one, or a number on the list. One query."""
    return work.rows(
        Recipient,
        f"{_RECIPIENTS} {_LISTED_AS_ASKED} {order.sql(_RECIPIENT_KEYS, 's.number')} LIMIT :limit OFFSET :offset",
        cycle=cycle.id,
        states=list(states),
        name=name.strip(),
        limit=limit,
        offset=offset,
    )


def every_recipient(work: Work, cycle: Cycle, states: Sequence[str], name: str, order: RowOrder) -> Iterator[Recipient]:
    """Yields all rows of ``recipients``, one after the other."""
    return work.each(
        Recipient,
        f"{_RECIPIENTS} {_LISTED_AS_ASKED} {order.sql(_RECIPIENT_KEYS, 's.number')}",
        cycle=cycle.id,
        states=list(states),
        name=name.strip(),
    )


def recipients_named(work: Work, cycle: Cycle, name: str, states: Sequence[str] = ()) -> int:
    """How many rows ``recipients`` has for a name in all."""
    count: int = work.run(
        f"""SELECT count(*) FROM guyub.entitlement e JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
            WHERE e.cycle_id = :cycle {_LISTED_AS_ASKED}""",
        cycle=cycle.id,
        states=list(states),
        name=name.strip(),
    ).scalar_one()
    return count


def recipient(work: Work, cycle: Cycle, entitlement_id: UUID) -> Recipient:
    """Raises ``NotFound`` when it is not on the list of the cycle, or out of the reader's reach."""
    row = work.first(Recipient, f"{_RECIPIENTS} AND e.id = :id", cycle=cycle.id, id=entitlement_id)
    if row is None:
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    return row


def last_witness(work: Work, cycle: Cycle) -> tuple[UUID | None, str] | None:
    """The witness (account, name) of the newest hand-over that this person made in the cycle."""
    row = work.run(
        """SELECT h.witness_id, h.witness FROM guyub.handover h JOIN guyub.entitlement e ON e.id = h.entitlement_id
           WHERE e.cycle_id = :cycle AND h.given_by = :me AND h.reversed_at IS NULL
           ORDER BY h.seq DESC LIMIT 1""",
        cycle=cycle.id,
        me=work.person_id,
    ).one_or_none()
    return (row.witness_id, row.witness) if row else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a month amounts to. ``value`` is the cost of what reached households, in rupiah."""

    listed: int
    received: int
    absent: int
    by_category: Mapping[str, int]
    value: int


def figures(work: Work, cycle: Cycle) -> Figures:
    """Numbers without people: households counted by the database, the value from the books."""
    attended = work.run(
        "SELECT category, state, households FROM guyub.attendance(ARRAY[CAST(:cycle AS uuid)]) ORDER BY category",
        cycle=cycle.id,
    ).all()
    by_state = Counter[str]()
    for _, state, households in attended:
        by_state[state] += households
    return Figures(
        by_state.total() - by_state["candidate"] - by_state["excluded"],
        by_state["received"],
        by_state["absent"],
        {category: households for category, state, households in attended if state == "received"},
        sum(goods_value.cost for goods_value in goods_given(work, cycle)),
    )


@dataclass(frozen=True, slots=True)
class GoodsGiven:
    """What reached households of one item: quantity in its unit, cost in rupiah. Money is one, whatever it was given for."""

    item: str
    unit: str
    quantity: Decimal
    cost: int


def goods_given(work: Work, cycle: Cycle) -> list[GoodsGiven]:
    """Returns the goods in the order of the package; from the books, which say the same as the hand-overs."""
    return work.rows(
        GoodsGiven,
        """SELECT COALESCE(i.name, (SELECT string_agg(m.label ->> 'id', ', ' ORDER BY m.line) FROM guyub.package_line m
                                    WHERE m.cycle_id = :cycle AND m.item_id IS NULL)) AS item,
                  COALESCE(i.unit, '') AS unit, sum(g.sign * g.quantity) AS quantity,
                  sum(g.sign * g.rupiah)::bigint AS cost
           FROM (SELECT t.lot_id, t.quantity, t.rupiah, CASE WHEN t.reverses IS NULL THEN 1 ELSE -1 END AS sign
                 FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
                 JOIN guyub.account far ON far.id IN (t.debit_account, t.credit_account)
                                       AND far.kind IN ('distributed', 'payments')
                 WHERE j.holder_id = :cycle AND j.kind IN ('hand_over', 'reversal')) g
           LEFT JOIN guyub.lot o ON o.id = g.lot_id LEFT JOIN guyub.item i ON i.id = o.item_id
           LEFT JOIN LATERAL (SELECT min(p.line) AS line FROM guyub.package_line p
                              WHERE p.cycle_id = :cycle AND p.item_id IS NOT DISTINCT FROM i.id) place ON true
           GROUP BY i.id, i.name, i.unit HAVING sum(g.sign * g.quantity) <> 0 OR sum(g.sign * g.rupiah) <> 0
           ORDER BY min(place.line)""",
        cycle=cycle.id,
    )


@dataclass(frozen=True, slots=True)
class CycleHistoryEntry:
    """One entry of the cycle's history, from the audit trail."""

    at: datetime
    action: str
    actor: str
    reason: str
    details: Mapping[str, Any]


def history(work: Work, cycle: Cycle) -> list[CycleHistoryEntry]:
    return work.rows(
        CycleHistoryEntry,
        """SELECT a.at, a.action, COALESCE(p.full_name, a.actor_label) AS actor, a.reason, a.details
           FROM guyub.audit_entry a LEFT JOIN guyub.person p ON p.id = a.actor
           WHERE a.chain = :facility AND a.subject = :subject AND a.action LIKE 'programs.%' ORDER BY a.seq DESC LIMIT 100""",
        facility=work.here.id,
        subject=f"{cycle.plugin}/{cycle.code}",
    )


def returned(work: Work, cycle: Cycle) -> CycleHistoryEntry | None:
    """Returns who returned the proposal of a cycle that is being planned again, and why; None while none was returned."""
    state = work.scalar(select(col(CycleModel.state)).where(col(CycleModel.id) == cycle.id))
    return returned_last(state or "", history(work, cycle))


def returned_last(state: str, steps: Sequence[CycleHistoryEntry]) -> CycleHistoryEntry | None:
    """The same of a history that was read."""
    last = next((step for step in steps if step.action in ("programs.return", "programs.propose")), None)
    return last if last and state == "planned" and last.action == "programs.return" else None

"""Holds what is known of a cycle: its counts, its package, its figures, its history, and the reasons of its scores in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, TableValuedAlias, Uuid, column, false, func, literal, null, select
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB, array, distinct_on
from sqlmodel import col

from guyub.access.models import AuditEntryModel, PersonModel
from guyub.db.typed_reads import among, part_of
from guyub.db.unit_of_work import Work
from guyub.funds.models import ItemModel
from guyub.programs.cycle_settings import criteria_of, points_of, reason_of
from guyub.programs.cycles import Cycle
from guyub.programs.models import CycleModel, Entitlement, EntitlementLine, Handover, PackageLine
from guyub.sdk.text import Text


def _attendance(cycle: Cycle) -> TableValuedAlias:
    """Returns the function that counts households by category and state; for every reader of the cycle, also those
    who see no people."""
    columns = (
        column("category", SqlText),
        column("state", SqlText),
        column("households", BigInteger),
        column("packages", BigInteger),
    )
    return func.guyub.attendance(array([literal(cycle.id, Uuid)])).table_valued(*columns, name="attended")


def counts(work: Work, cycle: Cycle) -> dict[str, int]:
    """Returns how many households are in each state."""
    attended = _attendance(cycle).c
    summed = func.sum(attended.households).cast(BigInteger)
    return dict(work.all(select(attended.state, summed).group_by(attended.state)))


def households_and_packages(work: Work, cycle: Cycle) -> tuple[dict[str, int], dict[str, int]]:
    """Returns how many households are in each state, and how many packages these receive. One query."""
    attended = _attendance(cycle).c
    households, packages = (func.sum(what).cast(BigInteger) for what in (attended.households, attended.packages))
    rows = work.all(select(attended.state, households, packages).group_by(attended.state))
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def points(cycle: Cycle, reasons: Mapping[str, Any]) -> list[tuple[Text, Decimal, int]]:
    """Returns the score of one household explained: (criterion, points, most possible), highest first, zeros left out."""
    explained = [
        (criterion.label, points_of(reasons, criterion.key), criterion.weight)
        for criterion in criteria_of(cycle.settings)
    ]
    return sorted((pair for pair in explained if pair[1]), key=lambda item: -item[1])


def why_excluded(cycle: Cycle, state_reason: str) -> Text:
    """Returns the reason of an exclusion in words; a reason that staff wrote is returned as it is."""
    return exclusion(cycle.settings, state_reason)


def exclusion(settings: object, state_reason: str) -> Text:
    """Returns the same by the settings of a cycle."""
    if state_reason.startswith("served_at:"):
        place = state_reason.removeprefix("served_at:")
        return Text(
            id="Sudah menerima bantuan bulan ini di {place}", en="Already received this month at {place}"
        ).format(place=place)
    return reason_of(settings, state_reason)


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
    at_most: Decimal | None = None
    line: int = 0
    reason: str = ""
    """Why the goods were added for this month alone; empty for the package of the programme."""

    @property
    def value(self) -> int:
        return round(self.quantity * self.price)


def _lines(quantity: Any, price: Any, per_member: Any, at_most: Any) -> Select[*tuple[Any, ...]]:
    """Selects what a ``PlannedLine`` holds of lines of a package; ``called`` is what the line is called, in both languages."""
    names = func.jsonb_build_object("id", col(ItemModel.name), "en", col(ItemModel.name))
    return select(
        func.coalesce(col(PackageLine.label), names, type_=JSONB).label("called"),
        func.coalesce(col(ItemModel.code), "").label("code"),
        func.coalesce(col(ItemModel.unit), "").label("unit"),
        quantity.label("quantity"),
        price.label("price"),
        per_member.label("per_member"),
        at_most.label("at_most"),
        col(PackageLine.line),
        col(PackageLine.reason),
    ).select_from(PackageLine)


def _planned(work: Work, lines: Select[*tuple[Any, ...]]) -> list[PlannedLine]:
    return [part_of(row, PlannedLine, item=Text(**row.called)) for row in work.all(lines)]


def package(work: Work, cycle: Cycle) -> list[PlannedLine]:
    lines = _lines(
        col(PackageLine.quantity), col(PackageLine.price), col(PackageLine.per_member), col(PackageLine.at_most)
    )
    return _planned(
        work,
        lines.outerjoin(ItemModel, col(ItemModel.id) == col(PackageLine.item_id))
        .where(col(PackageLine.cycle_id) == cycle.id)
        .order_by(col(PackageLine.line)),
    )


def package_of(work: Work, cycle: Cycle, entitlement_id: UUID) -> list[PlannedLine]:
    """Returns what one household of the list gets: its own quantities, as they were frozen."""
    lines = _lines(col(EntitlementLine.quantity), col(EntitlementLine.price), false(), null())
    return _planned(
        work,
        lines.join(EntitlementLine, col(EntitlementLine.line) == col(PackageLine.line))
        .join(Entitlement, col(Entitlement.id) == col(EntitlementLine.entitlement_id))
        .outerjoin(ItemModel, col(ItemModel.id) == col(EntitlementLine.item_id))
        .where(
            col(PackageLine.cycle_id) == cycle.id,
            col(Entitlement.cycle_id) == cycle.id,
            col(EntitlementLine.entitlement_id) == entitlement_id,
        )
        .order_by(col(EntitlementLine.line)),
    )


def last_witness(work: Work, cycle: Cycle) -> tuple[UUID | None, str] | None:
    """Returns the witness (account, name) of the newest hand-over that this person made in the cycle."""
    witnessed = (
        select(col(Handover.witness_id), col(Handover.witness))
        .join(Entitlement, col(Entitlement.id) == col(Handover.entitlement_id))
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            col(Handover.given_by) == work.person_id,
            col(Handover.reversed_at).is_(None),
        )
        .order_by(col(Handover.seq).desc())
        .limit(1)
    )
    return next(((row.witness_id, row.witness) for row in work.all(witnessed)), None)


@dataclass(frozen=True, slots=True)
class Figures:
    """Holds what a month amounts to: households, and their packages, ``packages_listed`` and ``packages`` handed over. ``value``
    is the cost of what reached households, in rupiah."""

    listed: int
    received: int
    absent: int
    by_category: Mapping[str, int]
    value: int
    packages_listed: int = 0
    packages: int = 0


def figures(work: Work, cycle: Cycle) -> Figures:
    """Numbers without people: households counted by the database, the value from the books."""
    attended = _attendance(cycle).c
    columns = (attended.category, attended.state, attended.households, attended.packages)
    rows = work.all(select(*columns).order_by(attended.category))
    by_state, by_packages = Counter[str](), Counter[str]()
    for _, state, households, packages in rows:
        by_state[state] += households
        by_packages[state] += packages
    return Figures(
        by_state.total() - by_state["candidate"] - by_state["excluded"],
        by_state["received"],
        by_state["absent"],
        {category: households for category, state, households, _ in rows if state == "received"},
        sum(goods_value.cost for goods_value in goods_given(work, cycle)),
        by_packages.total() - by_packages["candidate"] - by_packages["excluded"],
        by_packages["received"],
    )


@dataclass(frozen=True, slots=True)
class GoodsGiven:
    """Holds what reached households of one item: quantity in its unit, cost in rupiah.

    Money is one, whatever it was given for.
    """

    item: str
    unit: str
    quantity: Decimal
    cost: int


def goods_given(work: Work, cycle: Cycle) -> list[GoodsGiven]:
    """Returns the goods in the order of the package; from the books, which say the same as the hand-overs."""
    # One long operation on sets: what came back is taken off what was given, line by line of the books.
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
    """One entry of the cycle's history, from the audit audit log."""

    at: datetime
    action: str
    actor: str
    reason: str
    details: Mapping[str, Any]

    @property
    def sent_back(self) -> Text:
        """By whom a list was sent back to planning."""
        if self.action == "programs.withdraw_approval":
            text = Text(id="Persetujuan ditarik oleh {name}", en="The approval was withdrawn by {name}")
        else:
            text = Text(id="Usulan dikembalikan oleh {name}", en="The proposal was returned by {name}")
        return text.format(name=self.actor)


def history(work: Work, cycle: Cycle) -> list[CycleHistoryEntry]:
    entry = AuditEntryModel
    return work.rows(
        CycleHistoryEntry,
        select(
            col(entry.at),
            col(entry.action),
            func.coalesce(col(PersonModel.full_name), col(entry.actor_label)).label("actor"),
            col(entry.reason),
            col(entry.details),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(entry.actor))
        .where(
            col(entry.chain) == work.here.id,
            col(entry.subject) == f"{cycle.plugin}/{cycle.code}",
            col(entry.action).like("programs.%"),
        )
        .order_by(col(entry.seq).desc())
        .limit(100),
    )


SENT_BACK = ("programs.return", "programs.withdraw_approval")
"""Actions after which a list is planned again: a proposal was returned, an approval withdrawn."""


def returned(work: Work, cycle: Cycle) -> CycleHistoryEntry | None:
    """Returns who returned the proposal of a cycle that is being planned again, or withdrew its approval, and why; None while
    neither happened."""
    state = work.scalar(select(col(CycleModel.state)).where(col(CycleModel.id) == cycle.id))
    return returned_last(state or "", history(work, cycle))


def returned_of(work: Work, references: Sequence[str]) -> dict[str, CycleHistoryEntry]:
    """Returns what sent each of these months in planning back last, by reference. One query."""
    entry = AuditEntryModel
    newest = (
        select(
            col(entry.subject),
            col(entry.at),
            col(entry.action),
            func.coalesce(col(PersonModel.full_name), col(entry.actor_label)).label("actor"),
            col(entry.reason),
            col(entry.details),
        )
        .ext(distinct_on(col(entry.subject)))
        .outerjoin(PersonModel, col(PersonModel.id) == col(entry.actor))
        .where(
            col(entry.chain) == work.here.id,
            among(col(entry.subject), references),
            col(entry.action).in_((*SENT_BACK, "programs.propose")),
        )
        .order_by(col(entry.subject), col(entry.seq).desc())
    )
    return {row.subject: part_of(row, CycleHistoryEntry) for row in work.all(newest) if row.action in SENT_BACK}


def returned_last(state: str, steps: Sequence[CycleHistoryEntry]) -> CycleHistoryEntry | None:
    """Returns the same of a history that was read."""
    last = next((step for step in steps if step.action in (*SENT_BACK, "programs.propose")), None)
    return last if last and state == "planned" and last.action in SENT_BACK else None

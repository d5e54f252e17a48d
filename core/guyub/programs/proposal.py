"""Who, what and from which fund: proposed by one person, approved by another, which reserves everything and freezes the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    SmallInteger,
    Uuid,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy import Text as SqlText
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.unit_of_work import Work
from guyub.funds import queries as books
from guyub.funds import reservations
from guyub.funds.models import ItemModel
from guyub.funds.reservations import Holder, Need, Shortfall
from guyub.jobs import outbox
from guyub.plugins.hook_results import UNREVIEWED, Unreviewed
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_facts, versions
from guyub.programs.cycles import Cycle, lock_in_state, reference, write
from guyub.programs.models import CycleFund, Entitlement, EntitlementLine, PackageLine, RecipientSnapshot
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.selection import selected
from guyub.sdk.errors import Refusal
from guyub.sdk.reviews import Enrolled, EnrolmentBatch, Finding, PlannedSpending, SpendingBatch
from guyub.sdk.text import Text


def propose(work: Work, plugins: PluginRegistry, cycle: Cycle) -> tuple[Finding, ...]:
    """Writes the list as it is proposed (names, packages, prices) and hands it to the approver; returns the warnings of
    the reviews of the list.

    Raises ``Invalid``, and ``Refusal`` with what a review blocks: the proposer hears it before the approver does.
    """
    work.require("programs.propose")
    work.take_time()
    lock_in_state(work, cycle, "planned")
    count = selected(work, cycle)
    if not 0 < count <= cycle.quota:
        raise ProgramsRefusal.QUOTA.invalid(count=count, quota=cycle.quota)
    if not funds_of(work, cycle):
        raise ProgramsRefusal.NO_FUNDS.invalid("funds")
    _write_packages(work, cycle)
    _write_names(work, cycle)
    work.inserted_many(count, "entitlement", "entitlement_line", "recipient_snapshot")
    findings = _review_list(work, plugins, cycle)
    _require_no_blocking_finding(findings, Text(id="usulkan lagi", en="propose again"))
    write(work, cycle, state="proposed")
    outbox.emit(work, "cycle.proposed", reference(cycle), cycle.period, {"households": count})
    audit.record(
        work,
        "programs.propose",
        reference(cycle),
        details={"households": count, "warnings": [finding.text.en for finding in findings]},
    )
    return findings


def return_proposal(work: Work, cycle: Cycle, reason: str, *, version: int) -> None:
    """Back to planning, with the reason that the proposer reads; ``version`` is that of the proposal as it was read.

    Raises ``Invalid`` without a reason, ``Refusal`` when another version stands.
    """
    if not (work.may("programs.approve") or work.may("programs.propose")):
        work.require("programs.approve")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_RETURN, reason)
    _lock_proposed(work, cycle)
    versions.demand(work, cycle, version)
    write(work, cycle, state="planned", decided_version=version)
    listed = select(col(Entitlement.id)).where(col(Entitlement.cycle_id) == cycle.id)
    work.change(delete(EntitlementLine).where(col(EntitlementLine.entitlement_id).in_(listed)))
    work.change(delete(RecipientSnapshot).where(col(RecipientSnapshot.entitlement_id).in_(listed)))
    outbox.emit(work, "cycle.returned", reference(cycle), cycle.period)
    audit.record(work, "programs.return", reference(cycle), reason=reason)


def approve(
    work: Work, plugins: PluginRegistry, cycle: Cycle, on: date, *, version: int, at: datetime | None = None
) -> tuple[Finding, ...]:
    """Reviews, reserves and freezes in one transaction; returns the warnings of the reviews.

    ``version`` is that of the proposal as it was read. ``on`` is the day of the decision, ``at`` its moment on that day where
    it is known: purchases are of that day or later, hand-overs of that moment or later.

    Raises ``Forbidden`` for the proposer, ``Refusal`` when another version stands, with the exact shortfall or with what a
    review blocks: then nothing is changed. The number of statements does not depend on the number of households.
    """
    work.require("programs.approve")
    work.take_time()
    if work.person_id is not None and work.person_id == cycle.proposed_by_id:
        raise ProgramsRefusal.SELF_APPROVAL.forbidden()
    _lock_proposed(work, cycle)
    versions.demand(work, cycle, version)
    memo = f"Cadangan {cycle.title.id} {cycle.period:%m-%Y}"
    holder = Holder(cycle.id, cycle.plugin, cycle.period, memo)
    fund_ids = funds_of(work, cycle)
    reserved = reservations.reserve(work, holder, needs(work, cycle, fund_ids), fund_ids, on)
    findings = review(work, plugins, cycle, reserved)
    _require_no_blocking_finding(findings, Text(id="setujui lagi", en="approve again"))
    write(work, cycle, state="approved", approved_from=at, decided_version=version)
    outbox.emit(work, "cycle.approved", reference(cycle), on, {"rupiah": sum(reserved.values())})
    audit.record(
        work,
        "programs.approve",
        reference(cycle),
        details={"rupiah": sum(reserved.values()), "warnings": [finding.text.en for finding in findings]},
    )
    return findings


def _lock_proposed(work: Work, cycle: Cycle) -> None:
    """Raises ``Refusal`` when the cycle is not proposed; of a proposal that came back, by whom and why."""
    try:
        lock_in_state(work, cycle, "proposed")
    except Refusal:
        returned = cycle_facts.returned(work, cycle)
        if returned is None:
            raise
        raise ProgramsRefusal.PROPOSAL_RETURNED.refusal(name=returned.actor, reason=returned.reason) from None


@dataclass(frozen=True, slots=True)
class FundShare:
    """What one fund of the cycle would pay for the selected households, in rupiah at the planned prices.

    ``to_spend`` is money still to be spent, ``from_stock`` the value of goods that lie ready.
    """

    fund_id: UUID
    fund: str
    to_spend: int
    from_stock: int

    @property
    def total(self) -> int:
        return self.to_spend + self.from_stock


@dataclass(frozen=True, slots=True)
class UncoveredNeed:
    """What no fund covers of one item, money with an empty unit: for how many households, worth how much rupiah."""

    label: str
    unit: str
    quantity: Decimal
    households: int
    rupiah: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who would pay what today, in the order of the funds, and what none of them covers."""

    shares: tuple[FundShare, ...]
    shortfalls: tuple[Shortfall, ...]

    @property
    def total(self) -> int:
        return sum(share.total for share in self.shares) + self.missing

    @property
    def missing(self) -> int:
        return sum(shortfall.rupiah for shortfall in self.shortfalls)

    @property
    def by_item(self) -> list[UncoveredNeed]:
        """Returns the shortfalls item by item, whatever category the households belong to."""
        shares = []
        for label, unit in dict.fromkeys((shortfall.need.label, shortfall.need.unit) for shortfall in self.shortfalls):
            of_item = [
                shortfall
                for shortfall in self.shortfalls
                if (shortfall.need.label, shortfall.need.unit) == (label, unit)
            ]
            quantity = sum((shortfall.need.each * shortfall.households for shortfall in of_item), Decimal(0))
            shares.append(
                UncoveredNeed(
                    label,
                    unit,
                    quantity,
                    sum(shortfall.households for shortfall in of_item),
                    sum(shortfall.rupiah for shortfall in of_item),
                )
            )
        return shares


def coverage(work: Work, cycle: Cycle) -> Coverage:
    """Returns what an approval would reserve today, from which fund; nothing is changed."""
    fund_ids = funds_of(work, cycle)
    holder = Holder(cycle.id, cycle.plugin, cycle.period, "")
    promises, short = reservations.plan(work, holder, needs(work, cycle, fund_ids), fund_ids)
    names = {promise.fund.id: promise.fund.name for promise in promises}
    shares = [
        FundShare(
            fund_id,
            names[fund_id],
            sum(promise.rupiah for promise in promises if promise.fund.id == fund_id and not promise.lots),
            sum(promise.rupiah for promise in promises if promise.fund.id == fund_id and promise.lots),
        )
        for fund_id in fund_ids
        if fund_id in names
    ]
    return Coverage(tuple(shares), tuple(short))


def shortfalls(work: Work, cycle: Cycle) -> list[Shortfall]:
    """Returns what the selected funds would not cover today: shown before anyone approves."""
    return list(coverage(work, cycle).shortfalls)


def needs(work: Work, cycle: Cycle, fund_ids: Sequence[UUID]) -> list[Need]:
    """Returns what the selected households need, grouped: as many rows as there are different packages, not households."""
    columns = (
        column("line", SmallInteger),
        column("category", SqlText),
        column("area", SqlText),
        column("item_id", Uuid),
        column("quantity", Numeric),
        column("price", BigInteger),
        column("households", BigInteger),
    )
    by_area = reservations.restricts_areas(work, fund_ids)
    needed = func.guyub.package_needs(cycle.id, by_area).table_valued(*columns, name="needed")
    need = needed.c
    return work.rows(
        Need,
        select(
            need.category,
            need.area,
            need.item_id,
            func.coalesce(col(ItemModel.name), cycle.title.id).label("label"),
            func.coalesce(col(ItemModel.unit), "").label("unit"),
            need.quantity.label("each"),
            need.price,
            need.households,
        )
        .select_from(needed)
        .outerjoin(ItemModel, col(ItemModel.id) == need.item_id)
        .order_by(need.line, need.category, need.area, need.quantity),
    )


def funds_of(work: Work, cycle: Cycle) -> list[UUID]:
    of_cycle = select(col(CycleFund.fund_id)).where(col(CycleFund.cycle_id) == cycle.id)
    return list(work.scalars(of_cycle.order_by(col(CycleFund.priority))))


def review(work: Work, plugins: PluginRegistry, cycle: Cycle, amounts: Mapping[UUID, int]) -> tuple[Finding, ...]:
    """Returns what the plugins find in the list and in spending ``amounts`` for it (rupiah by fund), blocking or not."""
    evidence = books.evidence_of(work, list(amounts))
    spending = tuple(
        PlannedSpending(fund.code, fund.name, fund.plugin, fund.sensitive, evidence.get(fund.id, ()), amounts[fund.id])
        for fund in books.balances(work)
        if fund.id in amounts
    )
    all_findings = plugins.hooks.review_spending(
        work, SpendingBatch(cycle.plugin, cycle.period, spending), cycle.period
    )
    all_findings = [*_review_list(work, plugins, cycle), *all_findings]
    # Who could not be asked about the list may be one whose money is concerned: that is said once, as what blocks.
    blocked = {finding.text for finding in all_findings if finding.level == "blocking"}
    return tuple(
        dict.fromkeys(finding for finding in all_findings if finding.level == "blocking" or finding.text not in blocked)
    )


def _review_list(work: Work, plugins: PluginRegistry, cycle: Cycle) -> tuple[Finding, ...]:
    """Returns what the plugins find in the list alone. A plugin that cannot be asked is named; the programme's own blocks."""
    # The list is not read for nobody.
    listed = _enrolled(work, cycle) if plugins.hooks.listens("guyub_review_enrolment") else ()
    return tuple(plugins.hooks.review_enrolment(work, EnrolmentBatch(cycle.plugin, cycle.period, listed), cycle.period))


def _enrolled(work: Work, cycle: Cycle) -> tuple[Enrolled, ...]:
    """Returns the selected households, whether the list is still planned or proposed."""
    columns = (Entitlement.household_id, Entitlement.category, Entitlement.area, Entitlement.members)
    selected = select(*map(col, columns)).where(_is_selected(cycle)).order_by(col(Entitlement.household_id))
    return tuple(work.rows(Enrolled, selected))


def _is_selected(cycle: Cycle) -> ColumnElement[bool]:
    return and_(col(Entitlement.cycle_id) == cycle.id, col(Entitlement.state) == "selected")


def _require_no_blocking_finding(findings: Sequence[Finding], again: Text) -> None:
    blocking = [finding for finding in findings if finding.level == "blocking"]
    if blocking:
        # What a review found is fixed by staff, a review that could not be run by somebody else.
        remedies = [UNREVIEWED] if any(isinstance(finding, Unreviewed) for finding in blocking) else []
        remedies += [_FIX] if any(not isinstance(finding, Unreviewed) for finding in blocking) else []
        raise ProgramsRefusal.REVIEW_BLOCKS.refusal(
            findings=Text.join(" ", (f.text for f in blocking)),
            remedies=Text.join(" ", remedies).format(again=again),
        )


_FIX = Text(id="Perbaiki hal tersebut, lalu {again}.", en="Fix this, then {again}.")


def _write_packages(work: Work, cycle: Cycle) -> None:
    quantity = func.guyub.entitlement_quantity(
        col(PackageLine.quantity), col(Entitlement.members), col(PackageLine.per_member), col(PackageLine.at_most)
    )
    lines = (
        select(
            col(Entitlement.facility_id),
            col(Entitlement.id),
            col(PackageLine.line),
            col(PackageLine.item_id),
            quantity,
            col(PackageLine.price),
        )
        .join(PackageLine, col(PackageLine.cycle_id) == col(Entitlement.cycle_id))
        .where(_is_selected(cycle))
    )
    columns = ["facility_id", "entitlement_id", "line", "item_id", "quantity", "price"]
    work.change(insert(EntitlementLine).from_select(columns, lines))


def _write_names(work: Work, cycle: Cycle) -> None:
    # One long operation on a set: the list is numbered as it is written.
    work.run(
        """INSERT INTO guyub.recipient_snapshot (entitlement_id, facility_id, number, full_name, nik_masked, address,
                                                 relationship, inmate_name)
           SELECT e.id, e.facility_id, row_number() OVER (ORDER BY e.score DESC, e.household_id), m.full_name, m.nik_masked,
                  concat_ws(', ', NULLIF(concat_ws('/', 'RT ' || NULLIF(h.rt, ''), 'RW ' || NULLIF(h.rw, '')), ''),
                            NULLIF(h.village, ''), NULLIF(h.district, '')),
                  COALESCE(k.relationship, ''), COALESCE(i.full_name, '')
           FROM guyub.entitlement e
           JOIN guyub.household h ON h.id = e.household_id
           JOIN guyub.member m ON m.household_id = h.id AND m.is_recipient AND m.active
           LEFT JOIN LATERAL (SELECT l.relationship, l.inmate_id FROM guyub.inmate_link l
                              WHERE l.household_id = h.id ORDER BY l.id LIMIT 1) k ON true
           LEFT JOIN guyub.inmate i ON i.id = k.inmate_id
           WHERE e.cycle_id = :cycle AND e.state = 'selected'""",
        cycle=cycle.id,
    )
    is_named = exists().where(col(RecipientSnapshot.entitlement_id) == col(Entitlement.id))
    nameless = select(func.count()).select_from(Entitlement).where(_is_selected(cycle), ~is_named)
    if count := work.scalar(nameless):
        raise ProgramsRefusal.NO_RECIPIENT.invalid(count=count)

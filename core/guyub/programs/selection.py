"""Candidates: every household of the registry, judged by the programme's own expressions in one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Numeric,
    Subquery,
    Text,
    Uuid,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db.bulk import rows_of
from guyub.db.unit_of_work import Work
from guyub.plugins.crash import naming
from guyub.plugins.plugin_proxies import DECLARED
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference, write
from guyub.programs.models import Entitlement
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.models import Household, Member
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import MOST_PACKAGES
from guyub.sdk.program import Criterion, ProgramContext, ProgramType
from guyub.sdk.queries import Expression, household, households

CHOOSABLE = ("candidate", "selected")
"""States of households that the list may still take or leave."""


def score(work: Work, plugins: PluginRegistry, cycle: Cycle, *, version: int | None = None) -> int:
    """Judges all households anew, selects nobody, and returns how many were judged. The statements are five.

    Who does not meet a rule is kept with the reason; who was served this month elsewhere is excluded with the name of
    that facility and nothing else. ``version`` as for ``select_top``.
    """
    work.require("programs.open")
    work.take_time()
    lock_in_state(work, cycle, "planned")
    if version is not None:
        demand_version(work, cycle, version)
    kind, facts = judged_now(work, plugins, cycle)
    work.change(delete(Entitlement).where(col(Entitlement.cycle_id) == cycle.id))
    with naming(
        plugins.plugin(cycle.plugin), f"{kind.key}, eligibility() / criteria()", work.here.code, sentence=DECLARED
    ):
        added = work.change(
            insert(Entitlement).from_select(
                [*(column.name for column in facts.c), "state"],
                select(facts, case((facts.c.state_reason == "", "candidate"), else_="excluded")),
            )
        )
    work.inserted_many(added, "entitlement")
    served = func.guyub.served_elsewhere(cycle.id).table_valued(
        column("entitlement_id", Uuid), column("facility", Text), name="served"
    )
    work.change(
        update(Entitlement)
        .where(col(Entitlement.id) == served.c.entitlement_id)
        .values(state="excluded", state_reason="served_at:" + served.c.facility)
    )
    write(work, cycle, scored_at=func.now())
    audit.record(work, "programs.score", reference(cycle), details={"households": added})
    return added


@dataclass(frozen=True, slots=True)
class ScoredAgain:
    """Counts the households that were judged anew, those whose place on the list stayed, and those who lost theirs."""

    judged: int
    kept: int
    lost: int


def score_again(work: Work, plugins: PluginRegistry, cycle: Cycle, *, version: int | None = None) -> ScoredAgain:
    """Judges all households anew and keeps the choice: who is selected stays so where still eligible, and what was decided by
    hand stands with its reason, as does a number of packages for this month alone. ``version`` as for ``score``."""
    lock_in_state(work, cycle, "planned")
    by_hand = or_(col(Entitlement.state_reason) != "", col(Entitlement.packages_reason) != "")
    columns = ("household_id", "state", "state_reason", "packages", "packages_reason")
    decided = work.all(
        select(*(col(getattr(Entitlement, name)) for name in columns)).where(
            col(Entitlement.cycle_id) == cycle.id,
            col(Entitlement.state).in_(CHOOSABLE),
            or_(col(Entitlement.state) == "selected", by_hand),
        )
    )
    judged = score(work, plugins, cycle, version=version)
    rows = [dict(zip(columns, row, strict=True)) for row in decided]
    if rows:
        given = rows_of(Entitlement, rows).c
        still = (
            col(Entitlement.cycle_id) == cycle.id,
            col(Entitlement.state) == "candidate",
            col(Entitlement.household_id) == given.household_id,
        )
        numbers = {"packages": given.packages, "packages_reason": given.packages_reason}
        is_other = (given.packages_reason != "", col(Entitlement.category) == "institution")
        work.change(update(Entitlement).where(*still, *is_other).values(numbers))
        work.change(update(Entitlement).where(*still).values(state=given.state, state_reason=given.state_reason))
    before, kept = sum(row["state"] == "selected" for row in rows), selected(work, cycle)
    audit.record(work, "programs.keep_selection", reference(cycle), details={"kept": kept, "lost": before - kept})
    return ScoredAgain(judged, kept, before - kept)


def judged_now(work: Work, plugins: PluginRegistry, cycle: Cycle) -> tuple[ProgramType[Any], Subquery]:
    """Returns the programme type, and all households as its own expressions judge them now: the rows of a list before
    anybody is selected, with the rule that is not met as ``state_reason``."""
    kind = plugins.program_type(cycle.plugin, cycle.program_type)
    config = plugins.resolve(work, cycle.plugin, work.here.id, cycle.period).config
    ctx = ProgramContext(config, work.here, cycle.period)
    points = [(criterion.key, points_of(criterion)) for criterion in kind.criteria(ctx)]
    total: Expression = literal(0, Numeric)
    for _, expression in points:
        total = total + expression
    parts = [part for key, expression in points for part in (literal(key), expression)]
    unmet = [(func.coalesce(rule.expression, False).is_(False), literal(rule.key)) for rule in kind.eligibility(ctx)]
    failed: Expression = case(*unmet, else_=literal("")) if unmet else literal("")
    judged = select(
        household.facility_id,
        literal(cycle.id).label("cycle_id"),
        household.household_id,
        household.category,
        household.village_code.label("area"),
        household.members,
        household.packages,
        func.round(total, 3).label("score"),
        cast(func.jsonb_build_object(*parts), JSONB).label("reasons"),
        failed.label("state_reason"),
    ).select_from(households)
    # When a household was last served is a fact of the programmes that exclude one another.
    work.scalar(select(func.set_config("guyub.asks_for", cycle.exclusion_group, True)))
    return kind, judged.where(household.facility_id == work.here.id).subquery("judged")


def select_top(
    work: Work,
    cycle: Cycle,
    places_wanted: int | None = None,
    category: str | None = None,
    *,
    version: int | None = None,
) -> int:
    """Selects the highest scores up to the quota (ties: the smaller id, so the order is fixed); returns how many households.

    A quota counts packages: an institution takes as many places as it receives packages, and where fewer are left the next
    one that fits takes them. ``places_wanted`` asks for fewer places than the quota.

    ``version`` is that of the list as it was read, None where it is read here. Raises ``Refusal`` when another one stands.
    """
    work.require("programs.open")
    work.take_time()
    lock_in_state(work, cycle, "planned")
    if version is not None:
        demand_version(work, cycle, version)
    places = min(places_wanted or cycle.quota, cycle.quota)
    within = func.guyub.places_by_score(cycle.id, category or "", places).table_valued(
        column("entitlement_id", Uuid), name="within"
    )
    is_within = col(Entitlement.id).in_(select(within.c.entitlement_id))
    judged = [col(Entitlement.cycle_id) == cycle.id, col(Entitlement.state).in_(CHOOSABLE)]
    if category is not None:
        judged.append(col(Entitlement.category) == category)
    changed = work.change(
        update(Entitlement)
        .where(*judged, is_within != (col(Entitlement.state) == "selected"))
        .values(state=case((is_within, "selected"), else_="candidate"), state_reason="")
    )
    count = selected(work, cycle)
    audit.record(work, "programs.select", reference(cycle), details={"selected": count, "changed": changed})
    return count


def choose(
    work: Work, cycle: Cycle, entitlement_id: UUID, wanted: bool, reason: str, *, read: str | None = None
) -> None:
    """Puts one household on the list or takes it off, against the order of the score: that needs a reason.

    ``read`` is the state in which it was read, None where it is read here. Raises ``Refusal`` when it is in another one.
    """
    work.require("programs.open")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_CHOOSE, reason)
    lock_in_state(work, cycle, "planned")
    of_household = select(col(Entitlement.state)).where(col(Entitlement.id) == entitlement_id)
    if read is not None and work.scalar(of_household) != read:
        raise ProgramsRefusal.PROPOSAL_CHANGED.refusal()
    changed = work.change(
        update(Entitlement)
        .where(
            col(Entitlement.id) == entitlement_id,
            col(Entitlement.cycle_id) == cycle.id,
            col(Entitlement.state).in_(CHOOSABLE),
        )
        .values(state="selected" if wanted else "candidate", state_reason=reason)
    )
    if changed != 1:
        raise ProgramsRefusal.NOT_A_CANDIDATE.invalid()
    audit.record(
        work,
        "programs.choose",
        reference(cycle),
        reason=reason,
        details={"entitlement": str(entitlement_id), "on": wanted},
    )


def take_next(work: Work, cycle: Cycle, in_place_of: UUID, reason: str) -> UUID:
    """Puts the highest score that nobody has taken off the list in the place of one who was just taken off it; returns who
    that is. Raises ``Invalid`` where nobody is left."""
    next_one = (
        select(col(Entitlement.id))
        .join(Household, col(Household.id) == col(Entitlement.household_id))
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            col(Entitlement.state) == "candidate",
            col(Entitlement.state_reason) == "",
            col(Entitlement.id) != in_place_of,
            col(Household.active),
            exists().where(col(Member.household_id) == col(Household.id), col(Member.is_recipient), col(Member.active)),
        )
        .order_by(col(Entitlement.score).desc(), col(Entitlement.household_id))
        .limit(1)
    )
    taken = work.scalar(next_one)
    if taken is None:
        raise ProgramsRefusal.NOBODY_LEFT.invalid("reason")
    choose(work, cycle, taken, True, f"Menggantikan: {reason}"[:500])
    return taken


def selected(work: Work, cycle: Cycle) -> int:
    return counted(work, cycle, "selected")


def places(work: Work, cycle: Cycle) -> int:
    """Returns how many places of the quota the selected households take: one for each package."""
    of_list = (col(Entitlement.cycle_id) == cycle.id, col(Entitlement.state) == "selected")
    return work.scalar(select(func.coalesce(func.sum(col(Entitlement.packages)), 0)).where(*of_list)) or 0


def set_packages(
    work: Work, cycle: Cycle, entitlement_id: UUID, packages: int, reason: str, *, read: int | None = None
) -> None:
    """Gives an institution another number of packages for this month alone. ``read`` is the number that was read, None where it
    is read here.

    Raises ``Invalid`` without a reason, for a household that is no institution, and for a number that is none of packages;
    ``Refusal`` when another number holds.
    """
    work.require("programs.open")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_FOR_PACKAGES, reason)
    lock_in_state(work, cycle, "planned")
    of_this = (col(Entitlement.id) == entitlement_id, col(Entitlement.cycle_id) == cycle.id)
    row = next(iter(work.all(select(col(Entitlement.category), col(Entitlement.packages)).where(*of_this))), None)
    if row is None:
        raise ProgramsRefusal.NOT_A_CANDIDATE.invalid("packages")
    if row.category != "institution":
        raise RegistryRefusal.PACKAGES_OF_INSTITUTIONS.invalid("packages")
    if read is not None and row.packages != read:
        raise ProgramsRefusal.PROPOSAL_CHANGED.refusal()
    if not 1 <= packages <= MOST_PACKAGES:
        raise RegistryRefusal.PACKAGES.invalid("packages")
    if packages == row.packages:
        raise RegistryRefusal.PACKAGES_ALREADY.invalid("packages")
    if packages > cycle.quota:
        raise ProgramsRefusal.PACKAGES_ABOVE_QUOTA.invalid("packages", quota=cycle.quota)
    work.change(update(Entitlement).where(*of_this).values(packages=packages, packages_reason=reason))
    audit.record(
        work,
        "programs.set_packages",
        reference(cycle),
        reason=reason,
        details={"entitlement": str(entitlement_id), "before": row.packages, "packages": packages},
    )


def counted(work: Work, cycle: Cycle, state: str) -> int:
    """Returns how many households of the cycle are in a state."""
    of_state = (col(Entitlement.cycle_id) == cycle.id, col(Entitlement.state) == state)
    return work.scalar(select(func.count()).select_from(Entitlement).where(*of_state)) or 0


def points_of(criterion: Criterion) -> Expression:
    """Returns weight times the expression; booleans count 0 or 1, NULL counts 0."""
    expression = criterion.expression
    if isinstance(expression.type, Boolean):
        expression = case((expression, 1), else_=0)
    share = func.least(1, func.greatest(0, func.coalesce(cast(expression, Numeric), 0)))
    return func.round(share * criterion.weight, 3)

"""Amounts above a configured threshold, and sensitive money, need two approvers: the first approval waits for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Select, column, func, insert, select
from sqlalchemy import Text as SqlText
from sqlmodel import col

from guyub.access import audit
from guyub.access.models import PersonModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.programs.cycles import Cycle, reference
from guyub.programs.models import FirstApproval, Proposal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

Reason = Literal["", "amount", "sensitive"]


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Holds what the settings of a programme ask of an approval on its day. ``above`` is 0 where any sum needs one approver;
    ``why`` says why this one needs two, empty where one is enough."""

    above: int
    for_sensitive: bool
    why: Reason

    @property
    def sentence(self) -> Text:
        """Says why two people approve this."""
        if self.why == "sensitive":
            return Text(
                id="Memakai dana sensitif, jadi perlu dua penyetuju.",
                en="It uses sensitive money, so two people approve it.",
            )
        return Text(
            id="Nilainya di atas {above}, jadi perlu dua penyetuju.",
            en="It is worth more than {above}, so two people approve it.",
        ).format(above=format_rupiah(self.above))


@dataclass(frozen=True, slots=True)
class FirstApprover:
    """Who approved a proposal first, and when."""

    cycle_id: UUID
    person_id: UUID
    name: str
    at: datetime


def rule_for(work: Work, cycle: Cycle, on: date, rupiah: int, fund_ids: Sequence[UUID]) -> ApprovalRule:
    """Returns what an approval on a day needs that reserves this much from these funds."""
    columns = (column("above", BigInteger), column("for_sensitive", Boolean), column("why", SqlText))
    asked = func.guyub.second_approval_here(work.here.id, cycle.plugin, on, rupiah, list(fund_ids))
    here = asked.table_valued(*columns, name="here").c
    return work.one(ApprovalRule, select(here.above, here.for_sensitive, here.why))


def first_approvers(work: Work, cycles: Sequence[Cycle]) -> dict[UUID, FirstApprover]:
    """Returns who approved the last proposal of each cycle first, by cycle: of a proposal that waits only while the version that
    they read stands. One query."""
    versions = {cycle.id: cycle.version for cycle in cycles if cycle.state == "proposed"}
    newest = (
        select(func.max(col(Proposal.version)))
        .where(col(Proposal.cycle_id) == col(FirstApproval.cycle_id))
        .scalar_subquery()
    )
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(FirstApproval.cycle_id),
            col(FirstApproval.approved_by).label("person_id"),
            func.coalesce(col(PersonModel.full_name), "").label("name"),
            col(FirstApproval.approved_at).label("at"),
            col(FirstApproval.version),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(FirstApproval.approved_by))
        .where(among(col(FirstApproval.cycle_id), [cycle.id for cycle in cycles]), col(FirstApproval.version) == newest)
    )
    return {
        row.cycle_id: FirstApprover(row.cycle_id, row.person_id, row.name, row.at)
        for row in work.all(statement)
        if versions.get(row.cycle_id, row.version) == row.version
    }


def first_approver(work: Work, cycle: Cycle) -> FirstApprover | None:
    """Returns who approved the last proposal of a cycle first; None where one approver is enough, or nobody has yet."""
    return first_approvers(work, [cycle]).get(cycle.id)


def record_first(work: Work, cycle: Cycle, version: int, rupiah: int, why: Reason) -> None:
    """Records the first approval of a proposal: nothing is reserved before the second."""
    values = {"facility_id": work.here.id, "cycle_id": cycle.id, "version": version}
    work.change(insert(FirstApproval).values(**values))
    audit.record(work, "programs.approve_first", reference(cycle), details={"rupiah": rupiah, "why": why})

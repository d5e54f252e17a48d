"""Holds what stands beside a proposed list for whoever decides: who was selected by hand, and who received in the month
before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.programs.cycles import Cycle
from guyub.programs.models import Entitlement
from guyub.registry.models import Household, Member


@dataclass(frozen=True, slots=True)
class SelectedByHand:
    """A household that was put on the list, or taken off it, against the order of the scores."""

    id: UUID
    household_id: UUID
    name: str
    score: object
    is_on: bool
    reason: str


def selected_by_hand(work: Work, cycle: Cycle) -> list[SelectedByHand]:
    """Returns those who were put on the list by hand and those who were taken off it, the highest scores first."""
    is_recipient = (col(Member.household_id) == col(Household.id)) & col(Member.is_recipient)
    return work.rows(
        SelectedByHand,
        select(
            col(Entitlement.id),
            col(Entitlement.household_id),
            func.coalesce(func.max(col(Member.full_name)), "").label("name"),
            col(Entitlement.score),
            (col(Entitlement.state) == "selected").label("is_on"),
            col(Entitlement.state_reason).label("reason"),
        )
        .select_from(Entitlement)
        .outerjoin(Household, col(Household.id) == col(Entitlement.household_id))
        .outerjoin(Member, is_recipient)
        .where(
            col(Entitlement.cycle_id) == cycle.id,
            among(col(Entitlement.state), ("selected", "candidate")),
            col(Entitlement.state_reason) != "",
        )
        .group_by(col(Entitlement.id))
        .order_by(col(Entitlement.score).desc(), col(Entitlement.household_id)),
    )


@dataclass(frozen=True, slots=True)
class EarlierRecipient:
    """Holds who received in the month before this one, and whether they are on this list."""

    household_id: UUID
    name: str
    is_on: bool
    reason: str


@dataclass(frozen=True, slots=True)
class EarlierMonth:
    """The last month in which this programme handed something over."""

    code: str
    period: object
    recipients: Sequence[EarlierRecipient]

    @property
    def again(self) -> int:
        return sum(recipient.is_on for recipient in self.recipients)

    @property
    def left_out(self) -> Sequence[EarlierRecipient]:
        return [recipient for recipient in self.recipients if not recipient.is_on]


def earlier_month(work: Work, cycle: Cycle) -> EarlierMonth | None:
    """Returns the recipients of the last month before this one; None where there was none. One statement."""
    # One question about two months at once: who received in the last one, and what this one says of them.
    rows = work.run(
        """WITH last AS MATERIALIZED (
               SELECT c.id, c.code, c.period FROM guyub.cycle c JOIN guyub.cycle this ON this.id = :cycle
               WHERE c.program_id = this.program_id AND c.period < this.period
                 AND EXISTS (SELECT FROM guyub.entitlement e WHERE e.cycle_id = c.id AND e.state = 'received')
               ORDER BY c.period DESC LIMIT 1)
           SELECT l.code, l.period, e.household_id, COALESCE(s.full_name, '') AS name,
                  COALESCE(n.state IN ('selected', 'approved', 'received', 'absent', 'returned'), false) AS is_on,
                  COALESCE(n.state_reason, '') AS reason
           FROM last l JOIN guyub.entitlement e ON e.cycle_id = l.id AND e.state = 'received'
           LEFT JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
           LEFT JOIN guyub.entitlement n ON n.cycle_id = :cycle AND n.household_id = e.household_id
           ORDER BY s.number""",
        cycle=cycle.id,
    ).all()
    if not rows:
        return None
    recipients = [EarlierRecipient(row.household_id, row.name, row.is_on, row.reason) for row in rows]
    return EarlierMonth(rows[0].code, rows[0].period, recipients)

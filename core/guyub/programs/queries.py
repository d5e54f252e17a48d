"""Lists of a cycle for its pages: its candidates with their reasons, and its recipients with what became of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access.models import PersonModel
from guyub.db.name_search import contains
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.programs.cycles import Cycle
from guyub.programs.models import Entitlement, Handover, HandoverLine, RecipientSnapshot
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.models import Household, Member


@dataclass(frozen=True, slots=True)
class RowOrder:
    """``sort`` is the key of a column of a table, "" for the usual order of its rows."""

    sort: str = ""
    descending: bool = False

    def of(self, columns: Mapping[str, Any], *usual: Any) -> list[Any]:
        """Returns what the rows are ordered by; rows without a value are last in either order."""
        by = columns.get(self.sort)
        if by is None:
            return list(usual)
        return [(by.desc() if self.descending else by.asc()).nulls_last(), *usual]


_USUAL_ORDER = RowOrder()


def _in_states(states: Sequence[str]) -> list[ColumnElement[bool]]:
    return [among(col(Entitlement.state), states)] if states else []


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
    packages: int
    packages_reason: str


def _judged(columns: Sequence[Any], cycle: Cycle) -> Select[*tuple[Any, ...]]:
    """Selects from the judged households of a cycle, each with its recipient as registered now."""
    is_recipient = and_(col(Member.household_id) == col(Household.id), col(Member.is_recipient), col(Member.active))
    return (
        select(*columns)
        .select_from(Entitlement)
        .outerjoin(Household, col(Household.id) == col(Entitlement.household_id))
        .outerjoin(Member, is_recipient)
        .where(col(Entitlement.cycle_id) == cycle.id)
    )


def _name() -> ColumnElement[str]:
    """Returns the recipient's name; of an institution its own, with the person responsible behind it."""
    institution = func.nullif(col(Household.institution_name), "")
    return func.concat_ws(" · ", institution, col(Member.full_name))


def _candidates(cycle: Cycle) -> Select[*tuple[Any, ...]]:
    address = func.concat_ws(", ", func.nullif(col(Household.village), ""), func.nullif(col(Household.district), ""))
    columns = [
        col(Entitlement.id),
        col(Entitlement.household_id),
        _name().label("name"),
        address.label("address"),
        col(Entitlement.category),
        col(Entitlement.members),
        col(Entitlement.score),
        col(Entitlement.reasons),
        col(Entitlement.state),
        col(Entitlement.state_reason),
        col(Entitlement.packages),
        col(Entitlement.packages_reason),
    ]
    return _judged(columns, cycle)


def _candidates_asked(states: Sequence[str], name: str, category: str) -> list[ColumnElement[bool]]:
    asked = _in_states(states)
    if name.strip():
        asked.append(contains(col(Member.full_name), name.strip()))
    if category:
        asked.append(col(Entitlement.category) == category)
    return asked


def _in_order_of_candidates(order: RowOrder) -> list[Any]:
    state, score = col(Entitlement.state), col(Entitlement.score)
    keys = {
        "household": func.casefold(col(Member.full_name)),
        "category": col(Entitlement.category),
        "members": col(Entitlement.members),
        "score": case((state != "excluded", score)),
    }
    return order.of(keys, state == "excluded", state == "candidate", score.desc(), col(Entitlement.household_id))


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
    asked = _candidates(cycle).where(*_candidates_asked(states, name, category))
    return work.rows(Candidate, asked.order_by(*_in_order_of_candidates(order)).limit(limit).offset(offset))


def every_candidate(
    work: Work, cycle: Cycle, *, states: Sequence[str], name: str = "", category: str = "", order: RowOrder
) -> Iterator[Candidate]:
    """Yields all rows of ``candidates``, one after the other."""
    asked = _candidates(cycle).where(*_candidates_asked(states, name, category))
    return work.each(Candidate, asked.order_by(*_in_order_of_candidates(order)))


def candidates_by_state(work: Work, cycle: Cycle, *, name: str = "", category: str = "") -> dict[str, int]:
    """Returns how many rows ``candidates`` has in each state."""
    state = col(Entitlement.state)
    asked = _candidates_asked((), name, category)
    return dict(work.all(_judged([state, func.count()], cycle).where(*asked).group_by(state)))


def candidate(work: Work, cycle: Cycle, entitlement_id: UUID) -> Candidate:
    """Raises ``NotFound`` when the cycle does not know it."""
    row = work.first(Candidate, _candidates(cycle).where(col(Entitlement.id) == entitlement_id))
    if row is None:
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    return row


@dataclass(frozen=True, slots=True)
class Recipient:
    """A row of the frozen list, with what became of it; ``value`` is the cost of what was handed over, in rupiah.

    ``absence`` is why somebody did not come, ``reversal`` why the last hand-over was undone; each is empty once it no longer
    holds. Why a household was put on the list is not here: these rows are read in front of the households.
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
    packages: int = 1
    absent_on: date | None = None


def _recipients(cycle: Cycle) -> Select[*tuple[Any, ...]]:
    undone = aliased(Handover, name="undone")
    was_undone = exists().where(col(undone.entitlement_id) == col(Entitlement.id), col(undone.reversed_at).is_not(None))
    state, reason = col(Entitlement.state), col(Entitlement.state_reason)
    value = select(func.sum(col(HandoverLine.rupiah))).where(col(HandoverLine.handover_id) == col(Handover.id))
    return (
        select(
            col(Entitlement.id),
            col(RecipientSnapshot.number),
            col(RecipientSnapshot.full_name).label("name"),
            col(RecipientSnapshot.nik_masked),
            col(RecipientSnapshot.address),
            col(Entitlement.category),
            col(RecipientSnapshot.relationship),
            col(RecipientSnapshot.inmate_name).label("inmate"),
            state,
            case((state == "absent", reason), else_="").label("absence"),
            case((state == "absent", col(Entitlement.absent_on)), else_=null()).label("absent_on"),
            case((and_(state.in_(("approved", "returned")), was_undone), reason), else_="").label("reversal"),
            col(Handover.handed_at),
            func.coalesce(col(PersonModel.full_name), "").label("given_by"),
            func.coalesce(col(Handover.witness), "").label("witness"),
            func.coalesce(col(Handover.proxy_name), "").label("proxy_name"),
            func.coalesce(col(Handover.proof), "").label("proof"),
            func.coalesce(value.scalar_subquery(), 0).cast(BigInteger).label("value"),
            col(Entitlement.packages),
        )
        .select_from(Entitlement)
        .join(RecipientSnapshot, col(RecipientSnapshot.entitlement_id) == col(Entitlement.id))
        .outerjoin(
            Handover, and_(col(Handover.entitlement_id) == col(Entitlement.id), col(Handover.reversed_at).is_(None))
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(Handover.given_by))
        # Whose place a reserve took is on the list no more.
        .where(col(Entitlement.cycle_id) == cycle.id, state != "excluded")
    )


def _recipients_asked(states: Sequence[str], name: str) -> list[ColumnElement[bool]]:
    asked = _in_states(states)
    if part := name.strip():
        is_number = cast(col(RecipientSnapshot.number), Text) == part
        asked.append(or_(is_number, contains(col(RecipientSnapshot.full_name), part)))
    return asked


def _in_order_of_recipients(order: RowOrder) -> list[Any]:
    keys = {
        "name": func.casefold(col(RecipientSnapshot.full_name)),
        "address": func.casefold(col(RecipientSnapshot.address)),
        "handed_over": col(Handover.handed_at),
    }
    return order.of(keys, col(RecipientSnapshot.number))


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
    asked = _recipients(cycle).where(*_recipients_asked(states, name))
    return work.rows(Recipient, asked.order_by(*_in_order_of_recipients(order)).limit(limit).offset(offset))


def every_recipient(work: Work, cycle: Cycle, states: Sequence[str], name: str, order: RowOrder) -> Iterator[Recipient]:
    """Yields all rows of ``recipients``, one after the other."""
    asked = _recipients(cycle).where(*_recipients_asked(states, name))
    return work.each(Recipient, asked.order_by(*_in_order_of_recipients(order)))


def recipients_by_state(work: Work, cycle: Cycle, name: str) -> dict[str, int]:
    """Returns how many rows ``recipients`` has for a name in each state."""
    state = col(Entitlement.state)
    asked = (
        select(state, func.count())
        .join(RecipientSnapshot, col(RecipientSnapshot.entitlement_id) == col(Entitlement.id))
        .where(col(Entitlement.cycle_id) == cycle.id, state != "excluded", *_recipients_asked((), name))
        .group_by(state)
    )
    return dict(work.all(asked))


def mark_of_waiting(work: Work, cycle: Cycle) -> str:
    """Returns a digest of who waits: another one when somebody received, was marked absent, or waits again."""
    in_order = func.array_agg(aggregate_order_by(col(Entitlement.id), col(Entitlement.id)))
    waiting = select(func.md5(func.coalesce(func.array_to_string(in_order, " "), ""))).where(
        col(Entitlement.cycle_id) == cycle.id, col(Entitlement.state) == "approved"
    )
    return work.scalar(waiting) or ""


def recipient_by_number(work: Work, cycle: Cycle, number: int) -> Recipient:
    """Returns the recipient at a place of the list. Raises ``NotFound`` as ``recipient`` does."""
    row = work.first(Recipient, _recipients(cycle).where(col(RecipientSnapshot.number) == number))
    if row is None:
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    return row


def recipients_by_number(work: Work, cycle: Cycle, numbers: Sequence[int]) -> list[Recipient]:
    """Returns the recipients at these places of the list. Raises ``NotFound`` where one of them is nobody's."""
    wanted = set(numbers)
    rows = work.rows(Recipient, _recipients(cycle).where(among(col(RecipientSnapshot.number), list(wanted))))
    if len(rows) != len(wanted):
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    return rows


def recipient(work: Work, cycle: Cycle, entitlement_id: UUID) -> Recipient:
    """Raises ``NotFound`` when it is not on the list of the cycle, or out of the reader's reach."""
    row = work.first(Recipient, _recipients(cycle).where(col(Entitlement.id) == entitlement_id))
    if row is None:
        raise ProgramsRefusal.NOT_ON_THE_LIST.not_found()
    return row

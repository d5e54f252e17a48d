"""Holds what happens to the people of a household: they join, leave, die, move, and another one receives.

Each is an act with its day and its reason, kept for good; the database lets the tables follow it, and a wrong one is
undone by another.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlmodel import col

from guyub.access import audit
from guyub.db.bulk import insert_rows, table_of
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.registry.models import Household, HouseholdEvent, InmateLink, Member
from guyub.registry.nik import earliest_birth
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import FamilyAct, MemberAct, NewMember, NewRecipient
from guyub.registry.service import add_member, subject, unknown_household


def member_joined(
    work: Work, protector: Protector, household_id: UUID, person: NewMember, act: MemberAct, on: date
) -> UUID:
    """Adds a person who came to a household on a day, and counts them there."""
    member_id = add_member(work, protector, household_id, person)
    _record(work, protector, member_id, "joined", act, on)
    return member_id


def member_returned(work: Work, protector: Protector, member_id: UUID, act: MemberAct, on: date) -> None:
    """Brings back a person who had left."""
    _record(work, protector, member_id, "joined", act, on)


def member_left(work: Work, protector: Protector, member_id: UUID, act: MemberAct, on: date) -> bool:
    """Ends a person's time in a household; returns whether it is archived, as nobody is left in it."""
    return _record(work, protector, member_id, "left", act, on)


def member_died(work: Work, protector: Protector, member_id: UUID, act: MemberAct, on: date) -> bool:
    """Records a death; returns whether the household is archived, as nobody is left in it."""
    return _record(work, protector, member_id, "died", act, on)


def member_moved(
    work: Work, protector: Protector, member_id: UUID, to_household_id: UUID, act: MemberAct, on: date
) -> bool:
    """Moves a person with the NIK to another household of this facility; returns whether the one left behind is archived."""
    if to_household_id == _member(work, member_id).household_id:
        raise RegistryRefusal.SAME_HOUSEHOLD.invalid("household")
    return _record(work, protector, member_id, "moved", act, on, to_household_id=to_household_id)


def make_recipient(work: Work, protector: Protector, member_id: UUID, act: NewRecipient, on: date) -> None:
    """Makes a member the recipient in place of whoever was: the link to each inmate and the consent are those of the act."""
    household_id = _member(work, member_id).household_id
    linked = work.scalars(
        select(col(InmateLink.inmate_id)).where(
            col(InmateLink.household_id) == household_id, col(InmateLink.ended_on).is_(None)
        )
    )
    for inmate_id in linked:
        if inmate_id not in act.relationships:
            raise RegistryRefusal.RELATIONSHIP_MISSING.invalid(f"relationships.{inmate_id}")
    relationships = {str(inmate_id): relationship for inmate_id, relationship in act.relationships.items()}
    _record(
        work,
        protector,
        member_id,
        "recipient",
        act,
        on,
        relationships=relationships,
        photo_consent=act.photo_consent,
    )


def undo(work: Work, event_id: UUID, correction: FamilyAct, on: date) -> None:
    """Undoes an act that was recorded in error, by another one that names it."""
    work.require("registry.write")
    of_this = select(col(HouseholdEvent.household_id), col(HouseholdEvent.member_id)).where(
        col(HouseholdEvent.facility_id) == work.here.id, col(HouseholdEvent.id) == event_id
    )
    for household_id, member_id in work.all(of_this):
        _demand_day(correction.occurred_on, None, on)
        _insert(work, household_id, member_id, "reversed", correction, reverses=event_id)
        _audit(work, household_id, "undone", correction, archived=False)
        return
    raise unknown_household()


def earliest_day(work: Work, member_id: UUID) -> date | None:
    """Returns the day of the last act that stands, before which no other one happened; None where there is none."""
    reversal = table_of(HouseholdEvent).alias("reversal").c
    stands = ~exists().where(reversal.reverses == col(HouseholdEvent.id))
    last = select(func.max(col(HouseholdEvent.occurred_on))).where(
        col(HouseholdEvent.member_id) == member_id, col(HouseholdEvent.kind) != "reversed", stands
    )
    day: date | None = work.scalar(last)
    return day


def _record(
    work: Work, protector: Protector, member_id: UUID, kind: str, act: FamilyAct, on: date, **values: Any
) -> bool:
    work.require("registry.write")
    member = _member(work, member_id)
    _demand_day(act.occurred_on, earliest_day(work, member_id), on)
    if member.nik_cipher and act.occurred_on < earliest_birth(protector.decrypt(member.nik_cipher), on):
        raise RegistryRefusal.BEFORE_BIRTH.invalid("occurred_on", name=member.full_name)
    if isinstance(act, MemberAct):
        values["age_band"] = act.age_band
    _insert(work, member.household_id, member_id, kind, act, **values)
    is_on_the_list = select(col(Household.active)).where(col(Household.id) == member.household_id)
    is_archived = work.scalar(is_on_the_list) is False
    _audit(work, member.household_id, kind, act, archived=is_archived)
    return is_archived


def _insert(work: Work, household_id: UUID, member_id: UUID, kind: str, act: FamilyAct, **values: Any) -> None:
    row = {
        "facility_id": work.here.id,
        "household_id": household_id,
        "member_id": member_id,
        "kind": kind,
        "occurred_on": act.occurred_on,
        "reason": act.reason,
    }
    insert_rows(work, HouseholdEvent, [row | values])


ACTIONS = {
    "joined": "registry.member_joined",
    "left": "registry.member_left",
    "died": "registry.member_died",
    "moved": "registry.member_moved",
    "recipient": "registry.member_recipient",
    "undone": "registry.member_undone",
}
"""Each kind of act as the audit log has it."""


def _audit(work: Work, household_id: UUID, kind: str, act: FamilyAct, *, archived: bool) -> None:
    details = {"on": act.occurred_on} | ({"archived": True} if archived else {})
    audit.record(work, ACTIONS[kind], subject(household_id), reason=act.reason, details=details)


def _demand_day(day: date, earliest: date | None, today: date) -> None:
    """Raises ``Invalid`` for a day that has not come, or before the last act."""
    if day > today:
        raise RegistryRefusal.DAY_TO_COME.invalid("occurred_on", day=today)
    if earliest and day < earliest:
        raise RegistryRefusal.BEFORE_LAST_ACT.invalid("occurred_on", day=earliest)


@dataclass(frozen=True, slots=True)
class _ActedOn:
    household_id: UUID
    full_name: str
    nik_cipher: bytes | None


def _member(work: Work, member_id: UUID) -> _ActedOn:
    columns = (col(Member.household_id), col(Member.full_name), col(Member.nik_cipher))
    of_this = select(*columns).where(col(Member.facility_id) == work.here.id, col(Member.id) == member_id)
    member = work.first(_ActedOn, of_this)
    if member is None:
        raise unknown_household()
    return member

"""The inmate behind a household: name, status, and a history of register numbers, which is never a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlmodel import col

from guyub.access import audit
from guyub.db.bulk import insert_rows, new_ids
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.registry.labels import LINKED_CATEGORIES
from guyub.registry.models import Household, Inmate, InmateEvent, InmateLink, InmateRegister
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import ChangeHousehold, ChangeInmateLink, ChangeInmateStatus, FamilyAct, NewInmateLink

LINK_ENDED = "registry.inmate_link_ended"
"""The end of a link as the audit log has it."""


def link_inmate(work: Work, inmate_links: Sequence[tuple[UUID, NewInmateLink]], on: date) -> None:
    """Links households to inmates, as sets. An inmate with the same register number and name is the same one."""
    if not inmate_links:
        return
    known = _by_register(work, [link.register_number for _, link in inmate_links if link.register_number])
    inmates = []
    links = []
    registers = []
    for fresh, (household_id, link) in zip(new_ids(work, len(inmate_links)), inmate_links, strict=True):
        key = (link.register_number, link.full_name.casefold())
        inmate_id = known.get(key) if link.register_number else None
        if inmate_id is None:
            inmate_id = fresh
            inmates.append(
                {"id": fresh, "facility_id": work.here.id, "full_name": link.full_name, "status": link.status}
            )
            if link.register_number:
                known[key] = fresh
                registers.append(_register_row(work, fresh, link.register_number, on))
        links.append(
            {
                "facility_id": work.here.id,
                "household_id": household_id,
                "inmate_id": inmate_id,
                "relationship": link.relationship,
            }
        )
    insert_rows(work, Inmate, inmates)
    insert_rows(work, InmateRegister, registers)
    insert_rows(work, InmateLink, links)


def change_inmate_link(work: Work, household_id: UUID, command: ChangeHousehold, on: date) -> bool:
    """Brings the link of one household up to date; true where something changed."""
    before = _link_of(work, household_id)
    inmate = command.inmate
    if before is None:
        link_inmate(work, [(household_id, inmate)] if inmate else [], on)
        return inmate is not None
    if command.category not in LINKED_CATEGORIES:
        raise RegistryRefusal.TIED.invalid("category")
    if inmate is None:
        return False
    if inmate.status != before.status:
        raise RegistryRefusal.STATUS_BY_AN_ACT.invalid("inmate.status")
    work.change(update(Inmate).where(col(Inmate.id) == before.inmate_id).values(full_name=inmate.full_name))
    linked = update(InmateLink).where(col(InmateLink.id) == before.id)
    work.change(linked.values(relationship=inmate.relationship))
    if inmate.register_number and inmate.register_number != before.number:
        insert_rows(work, InmateRegister, [_register_row(work, before.inmate_id, inmate.register_number, on)])
    now = (inmate.full_name, inmate.relationship, inmate.register_number or before.number)
    return now != (before.full_name, before.relationship, before.number)


def add_inmate(work: Work, household_id: UUID, link: NewInmateLink, on: date) -> None:
    """Links another inmate to a household. Raises ``Invalid`` where the category keeps no link."""
    work.require("registry.write")
    category = work.scalar(
        select(col(Household.category)).where(
            col(Household.facility_id) == work.here.id, col(Household.id) == household_id, col(Household.active)
        )
    )
    if category is None:
        raise RegistryRefusal.UNKNOWN_HOUSEHOLD.not_found()
    if category not in LINKED_CATEGORIES:
        raise RegistryRefusal.INMATE_NOT_NEEDED.invalid("full_name")
    link_inmate(work, [(household_id, link)], on)
    audit.record(work, "registry.add_inmate", f"household/{household_id}")


def change_link(work: Work, household_id: UUID, inmate_id: UUID, command: ChangeInmateLink, on: date) -> None:
    """Corrects the name of a linked inmate and the relationship, and adds a new register number; the status is an act."""
    work.require("registry.write")
    newest = select(col(InmateRegister.number)).where(col(InmateRegister.inmate_id) == inmate_id)
    number = work.scalar(newest.order_by(col(InmateRegister.seq).desc()).limit(1))
    linked = update(InmateLink).where(
        col(InmateLink.facility_id) == work.here.id,
        col(InmateLink.household_id) == household_id,
        col(InmateLink.inmate_id) == inmate_id,
        col(InmateLink.ended_on).is_(None),
    )
    if work.change(linked.values(relationship=command.relationship)) != 1:
        raise RegistryRefusal.UNKNOWN_HOUSEHOLD.not_found()
    work.change(update(Inmate).where(col(Inmate.id) == inmate_id).values(full_name=command.full_name))
    if command.register_number and command.register_number != number:
        insert_rows(work, InmateRegister, [_register_row(work, inmate_id, command.register_number, on)])
    audit.record(work, "registry.update_inmate", f"household/{household_id}")


def becomes_client_household(work: Work, household_id: UUID) -> None:
    """Makes the household of an inmate that of a probation client, as the inmate has become one."""
    work.require("registry.write")
    household = (
        col(Household.facility_id) == work.here.id,
        col(Household.id) == household_id,
        col(Household.category) == "inmate_family",
    )
    changed = update(Household).where(*household)
    if work.change(changed.values(category="probation_client", read_revision=col(Household.revision))):
        audit.record(work, "registry.update", f"household/{household_id}", details={"changed": ["category"]})


def end_link(work: Work, household_id: UUID, inmate_id: UUID, act: FamilyAct, on: date) -> None:
    """Ends the link of a household to an inmate whom it has nothing to do with; the link stays on record.

    Raises ``Invalid`` for a day that has not come, ``Refusal`` for the only link of a household that needs one.
    """
    work.require("registry.write")
    if act.occurred_on > on:
        raise RegistryRefusal.DAY_TO_COME.invalid("occurred_on", day=on)
    ended = update(InmateLink).where(
        col(InmateLink.facility_id) == work.here.id,
        col(InmateLink.household_id) == household_id,
        col(InmateLink.inmate_id) == inmate_id,
        col(InmateLink.ended_on).is_(None),
    )
    if work.change(ended.values(ended_on=act.occurred_on, end_reason=act.reason)) != 1:
        raise RegistryRefusal.UNKNOWN_HOUSEHOLD.not_found()
    details = {"on": act.occurred_on}
    audit.record(work, LINK_ENDED, f"household/{household_id}", reason=act.reason, details=details)


def change_status(work: Work, inmate_id: UUID, act: ChangeInmateStatus, on: date) -> None:
    """Records what an inmate became on a day: released, transferred, a client, or of another status inside."""
    work.require("registry.write")
    since = _since(work, inmate_id)
    if act.occurred_on > on:
        raise RegistryRefusal.DAY_TO_COME.invalid("occurred_on", day=on)
    if since and act.occurred_on < since:
        raise RegistryRefusal.BEFORE_LAST_ACT.invalid("occurred_on", day=since)
    row = {
        "facility_id": work.here.id,
        "inmate_id": inmate_id,
        "status": act.status,
        "destination": act.destination,
        "occurred_on": act.occurred_on,
        "reason": act.reason,
    }
    insert_rows(work, InmateEvent, [row])
    details = {"status": act.status, "on": act.occurred_on}
    audit.record(work, "registry.inmate_status", f"inmate/{inmate_id}", reason=act.reason, details=details)


def undo_status(work: Work, event_id: UUID, correction: FamilyAct, on: date) -> None:
    """Undoes a change of status that was recorded in error; the inmate is again what they were before."""
    work.require("registry.write")
    if correction.occurred_on > on:
        raise RegistryRefusal.DAY_TO_COME.invalid("occurred_on", day=on)
    of_this = (col(InmateEvent.facility_id) == work.here.id, col(InmateEvent.id) == event_id)
    for inmate_id, before in work.all(
        select(col(InmateEvent.inmate_id), col(InmateEvent.status_before)).where(*of_this)
    ):
        row = {
            "facility_id": work.here.id,
            "inmate_id": inmate_id,
            "status": before,
            "reverses": event_id,
            "occurred_on": correction.occurred_on,
            "reason": correction.reason,
        }
        insert_rows(work, InmateEvent, [row])
        audit.record(work, "registry.inmate_status_undone", f"inmate/{inmate_id}", reason=correction.reason)
        return
    raise RegistryRefusal.UNKNOWN_HOUSEHOLD.not_found()


def _since(work: Work, inmate_id: UUID) -> date | None:
    of_this = (col(Inmate.facility_id) == work.here.id, col(Inmate.id) == inmate_id)
    for row in work.all(select(col(Inmate.status_since)).where(*of_this)):
        since: date | None = row.status_since
        return since
    raise RegistryRefusal.UNKNOWN_HOUSEHOLD.not_found()


@dataclass(frozen=True, slots=True)
class _KeptLink:
    """``number`` is the newest register number of the inmate."""

    id: UUID
    inmate_id: UUID
    relationship: str
    full_name: str
    status: str
    number: str | None


def _link_of(work: Work, household_id: UUID) -> _KeptLink | None:
    newest = (
        select(col(InmateRegister.number))
        .where(col(InmateRegister.inmate_id) == col(Inmate.id))
        .order_by(col(InmateRegister.seq).desc())
        .limit(1)
        .correlate(Inmate)
    )
    link: Select[*tuple[Any, ...]] = (
        select(
            col(InmateLink.id),
            col(InmateLink.inmate_id),
            col(InmateLink.relationship),
            col(Inmate.full_name),
            col(Inmate.status),
            newest.scalar_subquery().label("number"),
        )
        .select_from(InmateLink)
        .join(Inmate, col(Inmate.id) == col(InmateLink.inmate_id))
        .where(
            col(InmateLink.facility_id) == work.here.id,
            col(InmateLink.household_id) == household_id,
            col(InmateLink.ended_on).is_(None),
        )
        .order_by(col(InmateLink.id))
        .limit(1)
    )
    return work.first(_KeptLink, link)


def _by_register(work: Work, numbers: Sequence[str]) -> dict[tuple[str, str], UUID]:
    if not numbers:
        return {}
    registered = (
        select(col(InmateRegister.number), col(Inmate.full_name), col(Inmate.id))
        .join(Inmate, col(Inmate.id) == col(InmateRegister.inmate_id))
        .where(col(InmateRegister.facility_id) == work.here.id, among(col(InmateRegister.number), numbers))
    )
    return {(row.number, row.full_name.casefold()): row.id for row in work.all(registered)}


def _register_row(work: Work, inmate_id: UUID, number: str, on: date) -> dict[str, object]:
    return {"facility_id": work.here.id, "inmate_id": inmate_id, "number": number, "since": on}

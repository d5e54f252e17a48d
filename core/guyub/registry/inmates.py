"""The inmate behind a household: name, status, and a history of register numbers, which is never a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlmodel import col

from guyub.db.bulk import insert_rows, new_ids
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.registry.labels import LINKED_CATEGORIES
from guyub.registry.models import Inmate, InmateLink, InmateRegister
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import ChangeHousehold, NewInmateLink


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
    renamed = update(Inmate).where(col(Inmate.id) == before.inmate_id)
    work.change(renamed.values(full_name=inmate.full_name, status=inmate.status))
    linked = update(InmateLink).where(col(InmateLink.id) == before.id)
    work.change(linked.values(relationship=inmate.relationship))
    if inmate.register_number and inmate.register_number != before.number:
        insert_rows(work, InmateRegister, [_register_row(work, before.inmate_id, inmate.register_number, on)])
    now = (inmate.full_name, inmate.status, inmate.relationship, inmate.register_number or before.number)
    return now != (before.full_name, before.status, before.relationship, before.number)


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
        .where(col(InmateLink.facility_id) == work.here.id, col(InmateLink.household_id) == household_id)
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

"""The inmate behind a household: name, status, and a history of register numbers, which is never a key."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.registry.bulk import insert_rows, new_ids
from guyub.registry.labels import LINKED_CATEGORIES
from guyub.registry.models import Inmate, InmateLink, InmateRegister
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import ChangeHousehold, NewInmateLink


def link_inmate(work: Work, ties: Sequence[tuple[UUID, NewInmateLink]], on: date) -> None:
    """Links households to inmates, as sets. An inmate with the same register number and name is the same one."""
    if not ties:
        return
    known = _by_register(work, [link.register_number for _, link in ties if link.register_number])
    inmates = []
    links = []
    registers = []
    for fresh, (household_id, link) in zip(new_ids(work, len(ties)), ties, strict=True):
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
    before = work.run(
        """SELECT l.id, l.inmate_id, l.relationship, i.full_name, i.status,
                  (SELECT r.number FROM guyub.inmate_register r WHERE r.inmate_id = i.id
                   ORDER BY r.seq DESC LIMIT 1) AS number
           FROM guyub.inmate_link l JOIN guyub.inmate i ON i.id = l.inmate_id
           WHERE l.facility_id = :here AND l.household_id = :household ORDER BY l.id LIMIT 1""",
        here=work.here.id,
        household=household_id,
    ).one_or_none()
    given = command.inmate
    if before is None:
        link_inmate(work, [(household_id, given)] if given else [], on)
        return given is not None
    if command.category not in LINKED_CATEGORIES:
        raise RegistryRefusal.TIED.invalid("category")
    if given is None:
        return False
    work.run(
        "UPDATE guyub.inmate SET full_name = :name, status = :status WHERE id = :id",
        name=given.full_name,
        status=given.status,
        id=before.inmate_id,
    )
    work.run(
        "UPDATE guyub.inmate_link SET relationship = :relationship WHERE id = :id",
        relationship=given.relationship,
        id=before.id,
    )
    if given.register_number and given.register_number != before.number:
        insert_rows(work, InmateRegister, [_register_row(work, before.inmate_id, given.register_number, on)])
    now = (given.full_name, given.status, given.relationship, given.register_number or before.number)
    return now != (before.full_name, before.status, before.relationship, before.number)


def _by_register(work: Work, numbers: Sequence[str]) -> dict[tuple[str, str], UUID]:
    if not numbers:
        return {}
    rows = work.run(
        """SELECT r.number, i.full_name, i.id FROM guyub.inmate_register r JOIN guyub.inmate i ON i.id = r.inmate_id
           WHERE r.facility_id = :here AND r.number = ANY (:numbers)""",
        here=work.here.id,
        numbers=list(numbers),
    )
    return {(row.number, row.full_name.casefold()): row.id for row in rows}


def _register_row(work: Work, inmate_id: UUID, number: str, on: date) -> dict[str, object]:
    return {"facility_id": work.here.id, "inmate_id": inmate_id, "number": number, "since": on}

"""Reads about people and roles."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person in one role; ``title`` is what that role is called at this type of facility."""

    id: UUID
    login: str
    full_name: str
    nip: str
    role: str
    title: Text
    acting: str


def people_of(work: Work, on: date, permission: str = "") -> list[Colleague]:
    """Returns who holds which role at the facility of this work on that day, in the order of roles and names.

    With ``permission`` only those whose role there grants it.
    """
    rows = work.run(
        """SELECT p.id, p.login, p.full_name, p.nip, r.code AS role, a.acting,
                  COALESCE(r.titles -> f.facility_type, r.titles -> 'default') AS title
           FROM guyub.role_assignment a
           JOIN guyub.person p ON p.id = a.person_id AND p.active
           JOIN guyub.role r ON r.code = a.role_code
           JOIN guyub.facility f ON f.id = a.facility_id
           WHERE a.facility_id = :facility AND a.valid_from <= :on AND (a.valid_until IS NULL OR a.valid_until >= :on)
             AND (:permission = '' OR :permission = ANY (r.permissions))
           ORDER BY r.code, p.full_name""",
        facility=work.here.id,
        on=on,
        permission=permission,
    )
    return [
        Colleague(row.id, row.login, row.full_name, row.nip, row.role, _title(row.title, row.role), row.acting)
        for row in rows
    ]


def _title(title: dict[str, str] | None, role: str) -> Text:
    return Text(**title) if title else Text.same(role)

"""Reads about people and roles."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, any_, literal, or_, select
from sqlmodel import col

from guyub.access.models import PersonModel, Role, RoleAssignment
from guyub.access.roles import title_at
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import part_of
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
    held, person = RoleAssignment, PersonModel
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(person.id),
            col(person.login),
            col(person.full_name),
            col(person.nip),
            col(Role.code).label("role"),
            col(held.acting),
            title_at(col(FacilityModel.facility_type)).label("title"),
        )
        .select_from(held)
        .join(person, and_(col(person.id) == col(held.person_id), col(person.active)))
        .join(Role, col(Role.code) == col(held.role_code))
        .join(FacilityModel, col(FacilityModel.id) == col(held.facility_id))
        .where(
            col(held.facility_id) == work.here.id,
            col(held.valid_from) <= on,
            or_(col(held.valid_until).is_(None), col(held.valid_until) >= on),
        )
        .order_by(col(Role.code), col(person.full_name))
    )
    if permission:
        statement = statement.where(literal(permission) == any_(col(Role.permissions)))
    return [part_of(row, Colleague, title=_title(row.title, row.role)) for row in work.all(statement)]


def _title(title: dict[str, str] | None, role: str) -> Text:
    return Text(**title) if title else Text.same(role)

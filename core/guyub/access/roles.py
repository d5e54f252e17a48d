"""Roles and what they may do: data of the installation, written as whole sets."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from guyub.access import labels
from guyub.access.models import Role, SeparationOfDuties
from guyub.db.bulk import insert_rows, recordset, save_rows, table_of
from guyub.db.unit_of_work import Work

PERMISSIONS = tuple(labels.PERMISSIONS)
"""All that a role can be allowed to do in the core."""

RoleScope = Literal["facility", "region", "national"]


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """A role as data: ``titles`` are what it is called by type of facility, or "default", in ``id`` and ``en``."""

    code: str
    scope: RoleScope
    titles: Mapping[str, Mapping[str, str]]
    permissions: tuple[str, ...]


def save_roles(work: Work, roles: Sequence[RoleRecord]) -> None:
    """Inserts new roles and brings the others up to date; the caller records it in the audit log."""
    work.require("access.manage")
    if roles:
        types = {column.name: column.type for column in table_of(Role).c}
        save_rows(work, Role, select(*recordset([asdict(role) for role in roles], types).c), ["code"])


def separate_duties(work: Work, pairs: Sequence[tuple[str, str]]) -> None:
    """Declares pairs of permissions that one person must not use on the same matter; the caller audits it."""
    work.require("access.manage")
    rows = [{"first_permission": first, "second_permission": second} for first, second in pairs]
    insert_rows(work, SeparationOfDuties, rows, unless_there=())


def title_at(facility_type: SQLColumnExpression[str]) -> ColumnElement[dict[str, str] | None]:
    """Returns what a role of the statement is called at that type of facility, in both languages."""
    titles = col(Role.titles)
    at_type = titles.op("->", return_type=JSONB())(facility_type)
    return func.coalesce(at_type, titles["default"], type_=JSONB)

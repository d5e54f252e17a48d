"""Reads through time: the facilities of a region, what each was called, and who held its posts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access.acting import PLH
from guyub.access.models import Role
from guyub.access.roles import title_at
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.facilities.models import FacilityName, Official
from guyub.facilities.queries import OfficialOnDay
from guyub.sdk.text import Text

EVER = date(1, 1, 1)
"""Since when a first name holds where nobody knows the day."""


@dataclass(frozen=True, slots=True)
class ListedFacility:
    """A facility as its region lists it; ``head`` is who signs as its head, empty while nobody is known."""

    code: str
    name: str
    facility_type: str
    facility_class: str
    variant: str
    city: str
    province: str
    zone: str
    managed_by: str
    opened_on: date | None
    closed_on: date | None
    successor: str
    head: str


@dataclass(frozen=True, slots=True)
class NameHeld:
    """``until`` is its last day, None for the one that holds; ``actor`` wrote it down."""

    since: date
    until: date | None
    name: str
    long_name: str
    facility_class: str
    region: str
    actor: str


@dataclass(frozen=True, slots=True)
class PostHeld:
    """Somebody in a post, in the time from ``since`` to ``until`` (None: until further notice)."""

    id: UUID
    official: OfficialOnDay
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class RoleOffered:
    """A role that officials of this facility can have, with its title for this type of facility."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class MovedAway:
    name: str
    region: str
    since: date


def facilities_of(work: Work, region_id: UUID, on: date) -> list[ListedFacility]:
    """Returns the facilities of a region in the order of their names, closed ones last. One query."""
    kept, successor = FacilityModel, aliased(FacilityModel)
    acting, since, until = col(Official.acting), col(Official.valid_from), col(Official.valid_until)
    head = (
        select(acting, col(Official.name))
        .where(
            col(Official.facility_id) == col(kept.id),
            col(Official.role_code) == "head",
            since <= on,
            or_(until.is_(None), until >= on),
        )
        .order_by((acting == PLH).desc(), since.desc())
        .limit(1)
        .lateral("head")
    )
    listed: Select[*tuple[Any, ...]] = (
        select(
            col(kept.code),
            col(kept.name),
            col(kept.facility_type),
            col(kept.facility_class),
            col(kept.variant),
            col(kept.city),
            col(kept.province),
            col(kept.zone),
            col(kept.managed_by),
            col(kept.opened_on),
            col(kept.closed_on),
            func.coalesce(col(successor.name), "").label("successor"),
            func.coalesce(func.ltrim(head.c.acting + " " + head.c.name), "").label("head"),
        )
        .outerjoin(successor, col(successor.id) == col(kept.merged_into))
        .outerjoin(head, true())
        .where(col(kept.region_id) == region_id)
        .order_by(col(kept.closed_on).is_not(None), func.lower(col(kept.name)), col(kept.code))
    )
    return work.rows(ListedFacility, listed)


def moved_away(work: Work, region_id: UUID) -> list[MovedAway]:
    """Returns facilities that stood under this office and now stand under another; their history went with them."""
    former = func.guyub.former_facilities(region_id).table_valued("name", "region_now", "since")
    return work.rows(MovedAway, select(former.c.name, former.c.region_now.label("region"), former.c.since))


def names(work: Work) -> list[NameHeld]:
    """Returns what the facility of this work was called, newest first; of two from one day only the one that counts."""
    since = col(FacilityName.valid_from)
    statement: Select[*tuple[Any, ...]] = (
        select(
            since.label("since"),
            col(FacilityName.name),
            col(FacilityName.long_name),
            col(FacilityName.facility_class),
            col(RegionModel.name).label("region"),
            col(FacilityName.actor),
        )
        .ext(distinct_on(since))
        .select_from(FacilityName)
        .join(RegionModel, col(RegionModel.id) == col(FacilityName.region_id))
        .where(col(FacilityName.facility_id) == work.here.id)
        .order_by(since.desc(), col(FacilityName.seq).desc())
    )
    rows = work.all(statement)
    return [
        part_of(row, NameHeld, until=_day_before(rows[at - 1].since) if at else None) for at, row in enumerate(rows)
    ]


def posts(work: Work) -> list[PostHeld]:
    """Returns who held which post of this facility, by role, the latest first."""
    role, acting, since = col(Official.role_code), col(Official.acting), col(Official.valid_from)
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Official.id),
            role.label("role"),
            col(Official.title),
            col(Official.name),
            col(Official.nip),
            acting,
            since.label("since"),
            col(Official.valid_until).label("until"),
        )
        .where(col(Official.facility_id) == work.here.id)
        .order_by((role == "head").desc(), role, since.desc(), (acting == PLH).desc())
    )
    return [part_of(row, PostHeld, official=part_of(row, OfficialOnDay)) for row in work.all(statement)]


def roles_here(work: Work) -> list[RoleOffered]:
    """Returns the roles that an official of this facility can have, titled for its type as the national file says."""
    code = col(Role.code)
    offered = (
        select(code, title_at(col(FacilityModel.facility_type)).label("title"))
        .select_from(Role)
        .join(FacilityModel, true())
        .where(col(FacilityModel.id) == work.here.id, col(Role.scope) == "facility")
        .order_by((code == "head").desc(), code)
    )
    return [part_of(row, RoleOffered, title=Text(id=row.title["id"], en=row.title["en"])) for row in work.all(offered)]


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > EVER else day

"""By which door a facility is changed: its files, or the web. At the other one it can only be read."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among, in_scope
from guyub.db.unit_of_work import Work
from guyub.facilities import service

ManagedBy = Literal["files", "web"]


def is_decided_by(work: Work) -> bool:
    """Returns whether this person holds a role over the region of the facility of this work; the database asks
    again."""
    return work.may("facilities.configure") and work.here.region in {region.code for region in work.regions}


def region_is_by_web(work: Work, region: str) -> bool:
    """Returns whether the values of a region (its code) are set through the web; one query."""
    held = work.scalar(select(col(RegionModel.managed_by)).where(col(RegionModel.code) == region))
    return held == "web"


def change_managed_by(work: Work, door: ManagedBy, reason: str) -> None:
    """Lets the facility of this work be changed by this door alone from now on; nothing that is recorded changes.

    Raises ``Invalid`` without a reason, ``Forbidden`` for all but the regional office and the nation.
    """
    work.require("facilities.configure")
    if not reason:
        raise ConfigurationRefusal.REASON.invalid("reason")
    service.set_managed_by(work, door)
    audit.record(work, "facilities.managed_by", work.here.code, reason=reason, details={"managed_by": door})


def change_managed_by_of_many(work: Work, facilities: Sequence[str], door: ManagedBy, reason: str) -> None:
    """Does the same for several facilities (their codes) at once: two statements, however many.

    Raises ``Invalid`` without a reason, ``Forbidden`` for all but their regional offices and the nation.
    """
    work.require("facilities.configure")
    if not reason:
        raise ConfigurationRefusal.REASON.invalid("reason")
    facility = FacilityModel
    changed = select(col(facility.id), col(facility.code), func.guyub.set_managed_by(col(facility.id), door)).where(
        among(col(facility.code), facilities), col(facility.managed_by) != door
    )
    rows = work.all(changed)
    details = {"managed_by": door, "reason": reason}
    audit.record_many(work, [AuditEntry(row.id, "facilities.managed_by", row.code, details) for row in rows])


def facilities_of(work: Work, *where: ColumnElement[bool]) -> Sequence[UUID]:
    """Returns the facilities within reach whose audit chains get a change made above them; one query."""
    inside = select(col(FacilityModel.id)).join(RegionModel, col(RegionModel.id) == col(FacilityModel.region_id))
    return work.scalars(inside.where(in_scope(col(FacilityModel.id)), *where))


def change_region_managed_by(work: Work, region: str, door: ManagedBy, reason: str) -> None:
    """Lets the values of a region (its code) for all below be set by this door alone from now on. Raises as
    ``change_managed_by``."""
    work.require("facilities.configure")
    if not reason:
        raise ConfigurationRefusal.REASON.invalid("reason")
    service.set_region_managed_by(work, region, door)
    chains = facilities_of(work, col(RegionModel.code) == region)
    details = {"managed_by": door, "reason": reason}
    audit.record_many(work, [AuditEntry(chain, "facilities.region_managed_by", region, details) for chain in chains])

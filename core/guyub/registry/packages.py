"""How many packages an institution receives changes by acts, each with its day and its reason; families receive one."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.access import audit
from guyub.db.bulk import insert_rows
from guyub.db.unit_of_work import Work
from guyub.registry.models import Household, PackageNumber
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import NewPackageNumber
from guyub.registry.service import hold_household, subject, unknown_household

CHANGED = "registry.packages"
"""The act as the audit log has it."""


def set_packages(work: Work, household_id: UUID, act: NewPackageNumber, on: date) -> None:
    """Gives an institution another number of packages from a day on; months that are listed already keep theirs.

    Raises ``Invalid`` for a household that is no institution, the number that it has already, a day to come, and one before the
    last such act.
    """
    work.require("registry.write")
    hold_household(work, household_id)
    of_this = select(col(Household.category), col(Household.packages)).where(
        col(Household.facility_id) == work.here.id, col(Household.id) == household_id, col(Household.active)
    )
    for row in work.all(of_this):
        _demand(act, row.category, row.packages, earliest_day(work, household_id), on)
        values = {"packages": act.packages, "occurred_on": act.occurred_on, "reason": act.reason}
        insert_rows(work, PackageNumber, [{"facility_id": work.here.id, "household_id": household_id, **values}])
        details = {"on": act.occurred_on, "before": row.packages, "packages": act.packages}
        audit.record(work, CHANGED, subject(household_id), reason=act.reason, details=details)
        return
    raise unknown_household()


def earliest_day(work: Work, household_id: UUID) -> date | None:
    """Returns the day of the last such act, before which no other one happened; None where there is none."""
    day: date | None = work.scalar(
        select(func.max(col(PackageNumber.occurred_on))).where(col(PackageNumber.household_id) == household_id)
    )
    return day


def _demand(act: NewPackageNumber, category: str, holds: int, earliest: date | None, today: date) -> None:
    if category != "institution":
        raise RegistryRefusal.PACKAGES_OF_INSTITUTIONS.invalid("packages")
    if act.packages == holds:
        raise RegistryRefusal.PACKAGES_ALREADY.invalid("packages")
    if act.occurred_on > today:
        raise RegistryRefusal.DAY_TO_COME.invalid("occurred_on", day=today)
    if earliest and act.occurred_on < earliest:
        raise RegistryRefusal.BEFORE_LAST_ACT.invalid("occurred_on", day=earliest)

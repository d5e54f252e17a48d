"""By which door a facility is changed: its files, or the web. At the other one it can only be read."""

from collections.abc import Sequence
from typing import Literal

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.db.unit_of_work import Work
from guyub.facilities import service
from guyub.sdk.errors import Invalid
from guyub.ui.problems import EMPTY

ManagedBy = Literal["files", "web"]


def is_decided_by(work: Work) -> bool:
    """Whether this person holds a role over the region of the facility of this work; the database asks again."""
    return work.may("facilities.configure") and work.here.region in {region.code for region in work.regions}


def change_managed_by(work: Work, door: ManagedBy, reason: str) -> None:
    """From now on the facility of this work is changed by this door alone; nothing that is recorded changes.

    Raises ``Invalid`` without a reason, ``Forbidden`` for all but the regional office and the nation.
    """
    work.require("facilities.configure")
    if not reason:
        raise Invalid("host.reason", *EMPTY, "reason")
    service.set_managed_by(work, door)
    audit.record(work, "facilities.managed_by", work.here.code, reason=reason, details={"managed_by": door})


def change_managed_by_of_many(work: Work, facilities: Sequence[str], door: ManagedBy, reason: str) -> None:
    """The same for several facilities (their codes) at once: two statements, however many.

    Raises ``Invalid`` without a reason, ``Forbidden`` for all but their regional offices and the nation.
    """
    work.require("facilities.configure")
    if not reason:
        raise Invalid("host.reason", *EMPTY, "reason")
    rows = work.run(
        """SELECT f.id, f.code, guyub.set_managed_by(f.id, :door) FROM guyub.facility f
           WHERE f.code = ANY (:codes) AND f.managed_by <> :door""",
        codes=list(facilities),
        door=door,
    ).all()
    details = {"managed_by": door, "reason": reason}
    audit.record_many(work, [AuditEntry(row.id, "facilities.managed_by", row.code, details) for row in rows])


def change_region_managed_by(work: Work, region: str, door: ManagedBy, reason: str) -> None:
    """From now on the values of a region (its code) for all below are set by this door alone. Raises as ``hand_over``."""
    work.require("facilities.configure")
    if not reason:
        raise Invalid("host.reason", *EMPTY, "reason")
    service.set_region_managed_by(work, region, door)
    chains = work.run(
        """SELECT f.id FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
           WHERE g.code = :region AND f.id = ANY ((SELECT guyub.scope())::uuid[])""",
        region=region,
    ).scalars()
    details = {"managed_by": door, "reason": reason}
    audit.record_many(work, [AuditEntry(chain, "facilities.region_managed_by", region, details) for chain in chains])

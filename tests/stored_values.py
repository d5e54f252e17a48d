"""Values in the configuration's table as they may come to stand there, beside what the doors accept."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from guyub.configuration.bulk_write import ValueAt, set_many
from guyub.db.unit_of_work import Work


def set_values(
    work: Work,
    plugin: str,
    values: Mapping[str, Any],
    *,
    valid_from: date,
    reason: str,
    region_id: UUID | None = None,
    facility_id: UUID | None = None,
    locked: frozenset[str] = frozenset(),
    config_version: int = 1,
) -> None:
    """Records values (JSON) at one layer from a day on as they are; ``None`` resets a field to what is inherited.

    It checks and audits nothing: what an earlier version of a plugin left, or a state that no door would make.
    """
    code = ""
    if facility_id is not None:
        code = work.run("SELECT code FROM guyub.facility WHERE id = :id", id=facility_id).scalar_one()
    elif region_id is not None:
        code = work.run("SELECT code FROM guyub.region WHERE id = :id", id=region_id).scalar_one()
    set_many(
        work,
        [
            ValueAt(
                "facility" if facility_id is not None else "region" if region_id is not None else "national",
                code,
                plugin,
                field,
                value,
                field in locked,
                valid_from,
                reason,
                config_version,
            )
            for field, value in sorted(values.items())
        ],
    )

"""Activations and values of many places at once, named by their codes: one statement each, whoever the door is.

The caller validates the values, with the plugin's own model, and records the operation in the audit log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Insert, Integer, ScalarSelect, Text, and_, func, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlmodel import col

from guyub.configuration.models import ConfigValue, PluginActivation
from guyub.configuration.store import LayerName
from guyub.db.bulk import recordset
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.unit_of_work import Work
from guyub.plugins.recorded_changes import note_change


@dataclass(frozen=True, slots=True)
class ActivationAt:
    """Holds whether a plugin runs at a facility (its code) from a day on."""

    facility: str
    plugin: str
    active: bool
    valid_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class ValueAt:
    """A field at one layer from a day on; ``place`` is the code of the region or facility, ``value`` None inherits."""

    layer: LayerName
    place: str
    plugin: str
    field: str
    value: Any
    locked: bool
    valid_from: date
    reason: str
    config_version: int = 1
    """The version of the plugin's configuration that the value is written for."""


_ACTIVATION_TYPES = {"facility": Text, "plugin": Text, "active": Boolean, "valid_from": Date, "reason": Text}
_VALUE_TYPES = {
    "layer": Text,
    "place": Text,
    "plugin": Text,
    "field": Text,
    "value": JSONB,
    "locked": Boolean,
    "valid_from": Date,
    "reason": Text,
    "config_version": Integer,
}


def activate_many(work: Work, activations: Sequence[ActivationAt]) -> None:
    """Adds one row each; the earlier states stay on record."""
    work.require("facilities.configure")
    if activations:
        row = _given(work, activations, _ACTIVATION_TYPES)
        facility = FacilityModel
        columns = (col(facility.id), row.c.plugin, row.c.active, row.c.valid_from, literal(work.login), row.c.reason)
        rows = select(*columns).select_from(row).join(facility, col(facility.code) == row.c.facility)
        names = ["facility_id", "plugin", "active", "valid_from", "actor", "reason"]
        work.change(insert(PluginActivation).from_select(names, rows, include_defaults=False))


def set_many(work: Work, values: Sequence[ValueAt]) -> None:
    """Adds one row each; the earlier values stay on record. The database refuses what lies under a lock.

    Taking a value back concerns the last one of that field at that place, so it counts for the version of that one.
    """
    work.require("facilities.configure")
    if values:
        work.change(_values_of(_given(work, values, _VALUE_TYPES), work.login))


def _values_of(row: TableValuedAlias, actor: str) -> Insert:
    region, facility = RegionModel, FacilityModel
    last = _last_version(row)
    columns = {
        "layer": row.c.layer,
        "region_id": col(region.id),
        "facility_id": col(facility.id),
        "plugin": row.c.plugin,
        "field": row.c.field,
        "value": row.c.value,
        "config_version": func.coalesce(last, row.c.config_version),
        "locked": row.c.locked,
        "valid_from": row.c.valid_from,
        "actor": literal(actor),
        "reason": row.c.reason,
    }
    rows = (
        select(*columns.values())
        .select_from(row)
        .outerjoin(region, and_(row.c.layer == "region", col(region.code) == row.c.place))
        .outerjoin(facility, and_(row.c.layer == "facility", col(facility.code) == row.c.place))
    )
    return insert(ConfigValue).from_select(list(columns), rows, include_defaults=False)


def _last_version(row: TableValuedAlias) -> ScalarSelect[int]:
    """Returns the version of the value that a row takes back, as a column; NULL for one that sets a value."""
    held = aliased(ConfigValue)
    return (
        select(col(held.config_version))
        .where(
            row.c.value.is_(None),
            col(held.plugin) == row.c.plugin,
            col(held.layer) == row.c.layer,
            col(held.field) == row.c.field,
            col(held.region_id).is_not_distinct_from(col(RegionModel.id)),
            col(held.facility_id).is_not_distinct_from(col(FacilityModel.id)),
        )
        .order_by(col(held.seq).desc())
        .limit(1)
        .correlate(row, RegionModel, FacilityModel)
        .scalar_subquery()
    )


def _given(work: Work, rows: Sequence[ActivationAt | ValueAt], types: Mapping[str, Any]) -> TableValuedAlias:
    """Returns the rows as a table of a statement, and notes that the configuration changes."""
    note_change(work)
    return recordset([asdict(row) for row in rows], types)

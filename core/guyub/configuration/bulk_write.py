"""Activations and values of many places at once, named by their codes: one statement each, whoever the door is.

The caller validates the values, with the plugin's own model, and records the operation in the audit log.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from guyub.configuration.store import LayerName
from guyub.db.unit_of_work import Work
from guyub.plugins.recorded_changes import note_change


@dataclass(frozen=True, slots=True)
class ActivationAt:
    """Whether a plugin runs at a facility (its code) from a day on."""

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


def activate_many(work: Work, activations: Sequence[ActivationAt]) -> None:
    """Adds one row each; the earlier states stay on record."""
    # Text: one operation on sets of JSON, which finds the ids of places by their codes.
    _insert(
        work,
        activations,
        """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor, reason)
           SELECT f.id, r.plugin, r.active, r.valid_from, :actor, r.reason
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (facility text, plugin text, active boolean, valid_from date, reason text)
           JOIN guyub.facility f ON f.code = r.facility""",
    )


def set_many(work: Work, values: Sequence[ValueAt]) -> None:
    """Adds one row each; the earlier values stay on record. The database refuses what lies under a lock.

    Taking a value back concerns the last one of that field at that place, so it counts for the version of that one.
    """
    # Text: one operation on sets of JSON, which finds the ids of places by their codes.
    _insert(
        work,
        values,
        """INSERT INTO guyub.config_value
               (layer, region_id, facility_id, plugin, field, value, config_version, locked, valid_from, actor, reason)
           SELECT r.layer, g.id, f.id, r.plugin, r.field, r.value, COALESCE(before.config_version, r.config_version), r.locked,
                  r.valid_from, :actor, r.reason
           FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS r (layer text, place text, plugin text, field text, value jsonb, locked boolean, valid_from date, reason text,
                      config_version integer)
           LEFT JOIN guyub.region g ON r.layer = 'region' AND g.code = r.place
           LEFT JOIN guyub.facility f ON r.layer = 'facility' AND f.code = r.place
           LEFT JOIN LATERAL (
               SELECT v.config_version FROM guyub.config_value v
               WHERE r.value IS NULL AND v.plugin = r.plugin AND v.layer = r.layer AND v.field = r.field
                 AND v.region_id IS NOT DISTINCT FROM g.id AND v.facility_id IS NOT DISTINCT FROM f.id
               ORDER BY v.seq DESC LIMIT 1) before ON true""",
    )


def _insert(work: Work, rows: Sequence[Any], statement: str) -> None:
    work.require("facilities.configure")
    if rows:
        note_change(work)
        names = [field.name for field in fields(rows[0])]
        plain = [{name: getattr(row, name) for name in names} for row in rows]
        work.run(statement, rows=json.dumps(plain, default=str), actor=work.login)

"""Layers, field by field: plugin default -> national -> region -> facility; a layer above may lock; every value has an origin."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from guyub.db.work import Work
from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

LAYERS = ("national", "region", "facility")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: ``layer`` is "default" or one of ``LAYERS``."""

    layer: str
    since: date | None = None
    locked: bool = False
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    config: Config
    origins: Mapping[str, Origin]


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
) -> None:
    """Records overrides at one layer from a day on; ``None`` resets a field to what is inherited. One statement."""
    rows = [
        {
            "layer": "facility" if facility_id else "region" if region_id else "national",
            "region_id": region_id,
            "facility_id": facility_id,
            "plugin": plugin,
            "field": field,
            "value": None if value is None else json.dumps(value),
            "locked": field in locked,
            "valid_from": valid_from,
            "actor": work.login,
            "reason": reason,
        }
        for field, value in sorted(values.items())
    ]
    if rows:
        work.run_many(
            "INSERT INTO guyub.config_value "
            "(layer, region_id, facility_id, plugin, field, value, locked, valid_from, actor, reason) VALUES (:layer, :region_id,"
            " :facility_id, :plugin, :field, CAST(:value AS jsonb), :locked, :valid_from, :actor, :reason)",
            rows,
        )


def resolve(work: Work, plugin: Plugin, facility_id: UUID, on: date) -> Resolved:
    """The validated configuration of a plugin at a facility on a day, and the origin of every field. One query.

    Raises ``Refusal`` when a stored value no longer validates: the plugin is then out of service at this facility alone.
    """
    rows = work.run(
        """SELECT DISTINCT ON (v.layer, v.field) v.layer, v.field, v.value, v.locked, v.valid_from, v.actor
           FROM guyub.config_value v
           WHERE v.plugin = :plugin AND v.valid_from <= :on
             AND (v.layer = 'national' OR v.facility_id = :facility
                  OR v.region_id = (SELECT f.region_id FROM guyub.facility f WHERE f.id = :facility))
           ORDER BY v.layer, v.field, v.valid_from DESC, v.id DESC""",
        plugin=plugin.slug, on=on, facility=facility_id,
    ).all()  # fmt: skip
    values: dict[str, Any] = {}
    origins = {name: Origin("default") for name in plugin.config.model_fields}
    for row in sorted(rows, key=lambda r: LAYERS.index(r.layer)):
        if row.value is None or origins.get(row.field, Origin("")).locked:
            continue
        values[row.field] = row.value
        origins[row.field] = Origin(row.layer, row.valid_from, row.locked, row.actor)
    return Resolved(_validated(plugin, values, origins), origins)


def _validated(plugin: Plugin, values: Mapping[str, Any], origins: Mapping[str, Origin]) -> Config:
    try:
        return plugin.config.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise Refusal(
            "host.config_invalid",
            Text(
                id="Konfigurasi {plugin} tidak sah: {field} ({layer}): {message}.",
                en="The configuration of {plugin} is not valid: {field} ({layer}): {message}.",
            ).format(
                plugin=plugin.title,
                field=".".join(map(str, first["loc"])),
                layer=origins[name].layer if name in origins else "?",
                message=first["msg"],
            ),
            Text(
                id="Perbaiki nilai tersebut pada lapisan asalnya.",
                en="Mend that value at the layer that it comes from.",
            ),
        ) from error

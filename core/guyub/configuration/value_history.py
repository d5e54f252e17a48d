"""Reads what was ever recorded of a plugin's configuration, at every layer: by whom, when, why, and from which day it
holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guyub.configuration.secret_values import masked
from guyub.configuration.store import LayerName
from guyub.db.unit_of_work import Work
from guyub.sdk.config import Config
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class ValueHistoryEntry:
    """One recorded value. ``value`` is JSON (a secret masked), None where it was reset to what is inherited.

    ``place`` names the layer; ``overruled``: a later entry of the same layer, field and day took its place. ``holds_until``
    is the day on which the next one of that layer begins, None while there is none.
    """

    layer: LayerName
    place: Text
    field: str
    value: Any
    config_version: int
    locked: bool
    valid_from: date
    holds_until: date | None
    recorded_at: datetime
    actor: str
    reason: str
    overruled: bool


def history(
    work: Work,
    plugin: str,
    *,
    facility: str = "",
    region: str = "",
    field: str | None = None,
    model: type[Config] | None = None,
) -> Sequence[ValueHistoryEntry]:
    """Returns all layers that the facility or the region (its code) inherits or holds, the latest recorded first; one
    query.

    Of a region under which the facility stood for a time, what counted there in that time. Without ``field`` of all fields.
    ``model`` is the plugin's configuration where it is installed: it tells secrets apart even where they were stored before
    they became secrets. ``guyub.configuration.resolution.resolve`` with a day, and ``known_at``, answers what applied on it.
    """
    # Text: one long set operation, with the memberships of a definer function beside it.
    rows = work.run(
        """WITH here AS (
               SELECT f.id, f.region_id FROM guyub.facility f
               WHERE f.code = :facility AND f.id = ANY ((SELECT guyub.scope())::uuid[])
               UNION ALL SELECT NULL, r.id FROM guyub.region r WHERE r.code = :region),
           stay AS (
               SELECT s.region_id, s.since, s.until FROM here, LATERAL guyub.region_memberships(here.id) s
               UNION ALL SELECT here.region_id, date '0001-01-01', NULL FROM here WHERE here.id IS NULL)
           SELECT v.layer, COALESCE(f.name, g.office_name, '') AS place, v.field, v.value, v.config_version, v.locked,
                  v.valid_from, v.recorded_at, v.actor, v.reason,
                  lead(v.seq) OVER same_day IS NOT NULL AS overruled, LEAST(next.day, left_it.day) AS holds_until
           FROM here
           JOIN guyub.config_value v ON v.layer = 'national' OR v.facility_id = here.id
                                     OR v.region_id IN (SELECT s.region_id FROM stay s)
           LEFT JOIN guyub.region g ON g.id = v.region_id
           LEFT JOIN guyub.facility f ON f.id = v.facility_id
           CROSS JOIN LATERAL (
               SELECT min(n.valid_from) AS day FROM guyub.config_value n
               WHERE n.plugin = v.plugin AND n.layer = v.layer AND n.field = v.field
                 AND n.region_id IS NOT DISTINCT FROM v.region_id AND n.facility_id IS NOT DISTINCT FROM v.facility_id
                 AND n.valid_from > v.valid_from) next
           CROSS JOIN LATERAL (
               SELECT max(s.until) AS day FROM stay s WHERE s.region_id = v.region_id AND v.region_id <> here.region_id) left_it
           WHERE v.plugin = :plugin
             AND (CAST(:field AS text) IS NULL OR v.field = :field)
             AND (v.region_id IS NULL OR EXISTS (
                  SELECT FROM stay s WHERE s.region_id = v.region_id AND v.valid_from < COALESCE(s.until, 'infinity')
                                       AND COALESCE(next.day, 'infinity') > s.since))
           WINDOW same_day AS (PARTITION BY v.layer, v.region_id, v.field, v.valid_from ORDER BY v.seq)
           ORDER BY v.seq DESC""",
        plugin=plugin,
        facility=facility,
        region=region,
        field=field,
    )
    return [
        ValueHistoryEntry(
            layer=row.layer,
            place=Text(id=row.place or "Nasional", en=row.place or "National"),
            field=row.field,
            value=masked(model, row.field, row.value),
            config_version=row.config_version,
            locked=row.locked,
            valid_from=row.valid_from,
            holds_until=row.holds_until,
            recorded_at=row.recorded_at,
            actor=row.actor,
            reason=row.reason,
            overruled=row.overruled,
        )
        for row in rows
    ]

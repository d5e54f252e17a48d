"""Reads what is stored of plugins' configuration, as rows: read for one facility in one statement, or for many of one
plugin."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from guyub.configuration.models import ConfigValue
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text

LayerName = Literal["national", "region", "facility"]
LAYERS: tuple[LayerName, ...] = ("national", "region", "facility")
NATIONAL = Text(id="Nasional", en="National")
INHERITED = Text(id="kembali ke nilai warisan", en="back to the inherited value")

_HELD, _REGION, _FACILITY = ConfigValue, RegionModel, FacilityModel
_OFFICE = aliased(RegionModel)


@dataclass(frozen=True, slots=True)
class StoredValue:
    """One value at one layer from a day on; ``value`` is JSON, None where it was reset to what is inherited.

    Of two rows for the same day the one with the higher number was recorded later.
    """

    seq: int
    layer: LayerName
    plugin: str
    field: str
    value: Any
    config_version: int
    locked: bool
    valid_from: date
    recorded_at: datetime
    actor: str
    reason: str
    place: str
    office: str = ""
    """Of a facility's row: the regional office, which alone may lock it there."""
    code: str = ""
    at: UUID | None = None
    """The code and the id of its region or facility."""

    @property
    def order(self) -> tuple[date, int]:
        """Returns the sort key of the rows of a field: of those that have begun, the greatest holds."""
        return (self.valid_from, self.seq)

    @property
    def place_name(self) -> Text:
        return NATIONAL if self.layer == "national" else Text(id=self.place, en=self.place)

    @property
    def keeper(self) -> Text:
        """Returns whose lock it is where it is locked."""
        return Text(id=self.office, en=self.office) if self.layer == "facility" else self.place_name


@dataclass(frozen=True, slots=True)
class RegionMembership:
    """Holds under which region (its code) a facility stood from a day on; the first stay holds for the days before it
    as well."""

    since: date
    region: str
    region_id: UUID


@dataclass(frozen=True, slots=True)
class InheritableRows:
    """The rows of one plugin that a facility may ever inherit or hold: those of a region count while it stood under it.

    ``regions`` has the rows of each of its ``stays``, in their order.
    """

    nation: Sequence[StoredValue]
    stays: tuple[RegionMembership, ...]
    regions: tuple[Sequence[StoredValue], ...]
    own: Sequence[StoredValue]

    def on(self, day: date) -> tuple[Sequence[StoredValue], ...]:
        """Returns the layers that count on a day, from the nation down."""
        return (self.nation, self.regions[stay_on(self.stays, day)], self.own)

    def days_after(self, day: date) -> set[date]:
        """Returns those on which something begins to count: a row, or a stay."""
        every = (self.nation, self.own, *self.regions)
        begin = {row.valid_from for rows in every for row in rows} | {stay.since for stay in self.stays[1:]}
        return {item for item in begin if item > day}


def stay_on(stays: Sequence[RegionMembership], day: date) -> int:
    """Returns the place in ``stays`` of the one that holds on a day."""
    return max(0, bisect_right(stays, day, key=lambda stay: stay.since) - 1)


def stays_at(facility_id: Mapped[UUID]) -> ScalarSelect[Any]:
    """Returns the stays of a facility as a column, to be read by ``stays_of``: there is one from the moment it is recorded."""
    region = aliased(RegionModel)
    stay = func.guyub.region_memberships(facility_id).table_valued("region_id", "since")
    as_json = func.jsonb_build_array(stay.c.since, col(region.code), col(region.id))
    joined = select(func.jsonb_agg(aggregate_order_by(as_json, stay.c.since))).select_from(stay)
    return joined.join(region, col(region.id) == stay.c.region_id).scalar_subquery()


def stays_of(rows: Sequence[tuple[str, str, str]]) -> tuple[RegionMembership, ...]:
    """Returns the stays; a change of the name alone begins no new one."""
    stays: list[RegionMembership] = []
    for since, region, region_id in rows:
        if not stays or stays[-1].region != region:
            stays.append(RegionMembership(date.fromisoformat(since), region, UUID(region_id)))
    return tuple(stays)


@dataclass(frozen=True, slots=True)
class StoredAt:
    """All plugins' rows that can matter at a facility on a day, by plugin and layer from the nation down."""

    facility: str
    rows: Mapping[str, tuple[Sequence[StoredValue], ...]]

    def of(self, plugin: str) -> tuple[Sequence[StoredValue], ...]:
        return self.rows.get(plugin, ((), (), ()))


def stored_at(work: Work, facility_id: UUID, on: date, known_at: datetime | None = None) -> StoredAt:
    """Returns what is stored for a facility on a day; one query. ``known_at`` leaves out what was recorded after that
    moment. Raises ``NotFound`` outside the scope.

    The region's rows are those of the one under which the facility stood on that day. Of each field, version and layer the
    newest value and the newest reset: a migration may need the value behind one.
    """
    result = work.run(_STORED_AT, facility=facility_id, on=on, known_at=known_at).all()
    if not result:
        raise ConfigurationRefusal.NO_FACILITY_HERE.not_found()
    rows = [part_of(row, StoredValue) for row in result if row.seq is not None]
    return StoredAt(result[0].facility, {slug: _by_layer(some) for slug, some in _grouped(rows).items()})


# Text, as the newest of three layers, each of its own rows, is one long set operation; it is read at every page.
_STORED_AT = """
    SELECT here.name AS facility, v.seq, v.layer, v.plugin, v.field, v.value, v.config_version, v.locked, v.valid_from,
           v.recorded_at, v.actor, v.reason, COALESCE(f.name, g.office_name, '') AS place, COALESCE(o.office_name, '') AS office,
           COALESCE(g.code, f.code, '') AS code, COALESCE(v.facility_id, v.region_id) AS at
    FROM guyub.facility here
    LEFT JOIN LATERAL guyub.region_memberships(here.id, COALESCE(CAST(:known_at AS timestamptz), 'infinity')) stood
      ON stood.since <= :on AND (stood.until IS NULL OR :on < stood.until)
    LEFT JOIN LATERAL (
        SELECT DISTINCT ON (c.plugin, c.layer, c.config_version, c.field, c.value IS NULL) c.*
        FROM (SELECT * FROM guyub.config_value WHERE layer = 'national'
              UNION ALL SELECT * FROM guyub.config_value WHERE region_id = stood.region_id
              UNION ALL SELECT * FROM guyub.config_value WHERE facility_id = here.id) c
        WHERE c.valid_from <= :on AND c.recorded_at <= COALESCE(CAST(:known_at AS timestamptz), 'infinity')
        ORDER BY c.plugin, c.layer, c.config_version, c.field, c.value IS NULL, c.valid_from DESC, c.seq DESC) v ON true
    LEFT JOIN guyub.region g ON g.id = v.region_id LEFT JOIN guyub.facility f ON f.id = v.facility_id
    LEFT JOIN guyub.region o ON o.id = f.region_id
    WHERE here.id = :facility AND here.id = ANY ((SELECT guyub.scope())::uuid[])"""


def stored_values(work: Work, *where: ColumnElement[bool]) -> list[StoredValue]:
    """Returns what was ever stored, as far as the conditions hold, in the order of places, fields and days; one query."""
    code = func.coalesce(col(_REGION.code), col(_FACILITY.code), "").label("code")
    statement = (
        select(
            col(_HELD.seq),
            col(_HELD.layer),
            col(_HELD.plugin),
            col(_HELD.field),
            col(_HELD.value),
            col(_HELD.config_version),
            col(_HELD.locked),
            col(_HELD.valid_from),
            col(_HELD.recorded_at),
            col(_HELD.actor),
            col(_HELD.reason),
            func.coalesce(col(_FACILITY.name), col(_REGION.office_name), "").label("place"),
            func.coalesce(col(_OFFICE.office_name), "").label("office"),
            code,
            func.coalesce(col(_HELD.facility_id), col(_HELD.region_id)).label("at"),
        )
        .select_from(_HELD)
        .outerjoin(_REGION, col(_REGION.id) == col(_HELD.region_id))
        .outerjoin(_FACILITY, col(_FACILITY.id) == col(_HELD.facility_id))
        .outerjoin(_OFFICE, col(_OFFICE.id) == col(_FACILITY.region_id))
        .where(*where)
    )
    order = (col(_HELD.layer), code, col(_HELD.plugin), col(_HELD.field), col(_HELD.valid_from), col(_HELD.seq))
    return work.rows(StoredValue, statement.order_by(*order))


def rows_at(work: Work, plugin: str = "", region: UUID | None = None) -> Mapping[UUID | None, list[StoredValue]]:
    """Returns what was ever stored of a plugin, or of all, by the id of its region or facility (None: the nation); one
    query.

    With ``region`` only the facilities of that region.
    """
    where = [col(_HELD.plugin) == plugin] if plugin else []
    if region is not None:
        where.append(or_(col(_HELD.facility_id).is_(None), col(_FACILITY.region_id) == region))
    at: defaultdict[UUID | None, list[StoredValue]] = defaultdict(list)
    for row in stored_values(work, *where):
        at[row.at].append(row)
    return at


def decides(work: Work, region: str) -> bool:
    """Returns whether the actor may configure a region (its code), and so lock values at its facilities; one query."""
    may = func.guyub.may_configure(None, col(_REGION.id), type_=Boolean)
    return bool(work.scalar(select(may).where(col(_REGION.code) == region)))


def _grouped(rows: Sequence[StoredValue]) -> dict[str, list[StoredValue]]:
    by_plugin: defaultdict[str, list[StoredValue]] = defaultdict(list)
    for row in rows:
        by_plugin[row.plugin].append(row)
    return by_plugin


def _by_layer(rows: Sequence[StoredValue]) -> tuple[Sequence[StoredValue], ...]:
    return tuple(tuple(row for row in rows if row.layer == layer) for layer in LAYERS)

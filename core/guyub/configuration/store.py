"""What is stored of plugins' configuration, as rows: read for one facility in one statement, or for many of one plugin."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.sdk.errors import NotFound
from guyub.sdk.text import Text

LayerName = Literal["national", "region", "facility"]
LAYERS: tuple[LayerName, ...] = ("national", "region", "facility")
NATIONAL = Text(id="Nasional", en="National")

_COLUMNS = """v.seq, v.layer, v.plugin, v.field, v.value, v.config_version, v.locked, v.valid_from, v.recorded_at, v.actor,
              v.reason, COALESCE(f.name, g.office_name, '') AS place, COALESCE(o.office_name, '') AS office"""
_PLACES = """LEFT JOIN guyub.region g ON g.id = v.region_id LEFT JOIN guyub.facility f ON f.id = v.facility_id
             LEFT JOIN guyub.region o ON o.id = f.region_id"""


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

    @property
    def order(self) -> tuple[date, int]:
        """Of the rows that have begun, the greatest holds."""
        return (self.valid_from, self.seq)

    @property
    def place_name(self) -> Text:
        return NATIONAL if self.layer == "national" else Text(id=self.place, en=self.place)

    @property
    def keeper(self) -> Text:
        """Whose lock it is where it is locked."""
        return Text(id=self.office, en=self.office) if self.layer == "facility" else self.place_name


@dataclass(frozen=True, slots=True)
class RegionMembership:
    """Under which region (its code) a facility stood from a day on; the first stay holds for the days before it as well."""

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
        """The layers that count on a day, from the nation down."""
        return (self.nation, self.regions[stay_on(self.stays, day)], self.own)

    def with_added(self, layer: LayerName, region: str, rows: Sequence[StoredValue]) -> "InheritableRows":
        """With further rows of one layer; ``region`` is the code of the region whose rows they are."""
        if not rows:
            return self
        if layer == "region":
            regions = zip(self.stays, self.regions, strict=True)
            return replace(
                self, regions=tuple((*held, *rows) if stay.region == region else held for stay, held in regions)
            )
        return (
            replace(self, own=(*self.own, *rows))
            if layer == "facility"
            else replace(self, nation=(*self.nation, *rows))
        )

    def days_after(self, day: date) -> set[date]:
        """Those on which something begins to count: a row, or a stay."""
        every = (self.nation, self.own, *self.regions)
        begin = {row.valid_from for rows in every for row in rows} | {stay.since for stay in self.stays[1:]}
        return {item for item in begin if item > day}


def stay_on(stays: Sequence[RegionMembership], day: date) -> int:
    """The place in ``stays`` of the one that holds on a day."""
    return max(0, bisect_right(stays, day, key=lambda stay: stay.since) - 1)


STAYS = """(SELECT jsonb_agg(jsonb_build_array(y.since, z.code, z.id) ORDER BY y.since)
              FROM guyub.region_memberships(f.id) y JOIN guyub.region z ON z.id = y.region_id)"""
"""SQL for the stays of the facility ``f``, to be read by ``stays_of``: there is one from the moment it is recorded."""


def stays_of(found: Sequence[tuple[str, str, str]]) -> tuple[RegionMembership, ...]:
    """A change of the name alone begins no new one."""
    stays: list[RegionMembership] = []
    for since, region, region_id in found:
        if not stays or stays[-1].region != region:
            stays.append(RegionMembership(date.fromisoformat(since), region, UUID(region_id)))
    return tuple(stays)


def layers_of(
    at: Mapping[UUID | None, Sequence[StoredValue]], facility_id: UUID, stays: tuple[RegionMembership, ...]
) -> InheritableRows:
    """Of what ``rows_at`` found."""
    regions = tuple(at.get(stay.region_id, ()) for stay in stays)
    return InheritableRows(at.get(None, ()), stays, regions, at.get(facility_id, ()))


@dataclass(frozen=True, slots=True)
class StoredAt:
    """All plugins' rows that can matter at a facility on a day, by plugin and layer from the nation down."""

    facility: str
    rows: Mapping[str, tuple[Sequence[StoredValue], ...]]

    def of(self, plugin: str) -> tuple[Sequence[StoredValue], ...]:
        return self.rows.get(plugin, ((), (), ()))


def stored_at(work: Work, facility_id: UUID, on: date, known_at: datetime | None = None) -> StoredAt:
    """One query. ``known_at`` leaves out what was recorded after that moment. Raises ``NotFound`` outside the scope.

    The region's rows are those of the one under which the facility stood on that day. Of each field, version and layer the
    newest value and the newest reset: a migration may need the value behind one.
    """
    found = work.run(
        f"""SELECT here.name AS facility, {_COLUMNS}
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
            {_PLACES}
            WHERE here.id = :facility AND here.id = ANY ((SELECT guyub.scope())::uuid[])""",
        facility=facility_id,
        on=on,
        known_at=known_at,
    ).all()
    if not found:
        raise _out_of_scope()
    rows = [StoredValue(*item[1:]) for item in found if item.seq is not None]
    return StoredAt(found[0].facility, {slug: _by_layer(some) for slug, some in _grouped(rows).items()})


@dataclass(frozen=True, slots=True)
class FacilityLayers:
    """A facility with the rows of one plugin that it may ever inherit or hold.

    ``decides``: whether the actor may configure its region, and so lock values here and release them.
    ``region_managed_by``: by which door the values of its region are set.
    """

    id: UUID
    code: str
    name: str
    active: bool
    managed_by: Literal["files", "web"]
    region_name: Text
    layers: InheritableRows
    decides: bool = False
    region_managed_by: Literal["files", "web"] = "files"


def places_below(work: Work, plugin: str, on: date, *, region: str = "", facility: str = "") -> list[FacilityLayers]:
    """The facilities in scope, or those of a region or the one (their codes), in the order of codes; two queries.

    ``active``: whether the plugin runs there on that day.
    """
    facilities = work.run(
        f"""SELECT f.id, f.code, f.name, f.managed_by, g.office_name, g.decides, g.managed_by AS region_managed_by,
                  COALESCE(a.active, false) AND (f.closed_on IS NULL OR f.closed_on >= :on) AS active, {STAYS} AS stays
           FROM guyub.facility f
           JOIN (SELECT r.id, r.code, r.office_name, r.managed_by, guyub.may_configure(NULL, r.id) AS decides
                 FROM guyub.region r OFFSET 0) g ON g.id = f.region_id
           LEFT JOIN LATERAL (
               SELECT a.active FROM guyub.plugin_activation a
               WHERE a.facility_id = f.id AND a.plugin = :plugin AND a.valid_from <= :on
               ORDER BY a.valid_from DESC, a.seq DESC LIMIT 1) a ON true
           WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])
             AND (:region = '' OR g.code = :region) AND (:facility = '' OR f.code = :facility)
           ORDER BY f.code""",
        plugin=plugin,
        on=on,
        region=region,
        facility=facility,
    ).all()
    at = rows_at(work, plugin)
    return [
        FacilityLayers(
            facility.id,
            facility.code,
            facility.name,
            facility.active,
            facility.managed_by,
            Text(id=facility.office_name, en=facility.office_name),
            layers_of(at, facility.id, stays_of(facility.stays)),
            facility.decides,
            facility.region_managed_by,
        )
        for facility in facilities
    ]


def rows_at(work: Work, plugin: str = "", region: UUID | None = None) -> Mapping[UUID | None, list[StoredValue]]:
    """What was ever stored of a plugin, or of all, by the id of its region or facility (None: the nation); one query.

    With ``region`` only the facilities of that region.
    """
    at: defaultdict[UUID | None, list[StoredValue]] = defaultdict(list)
    for row in work.run(
        f"""SELECT {_COLUMNS}, COALESCE(v.facility_id, v.region_id) AS at
            FROM guyub.config_value v
            {_PLACES}
            WHERE (:plugin = '' OR v.plugin = :plugin)
              AND (CAST(:region AS uuid) IS NULL OR v.facility_id IS NULL OR f.region_id = :region)""",
        plugin=plugin,
        region=region,
    ):
        at[row.at].append(StoredValue(*row[:-1]))
    return at


def decides(work: Work, region: str) -> bool:
    """Whether the actor may configure a region (its code), and so lock values at its facilities; one query."""
    return bool(
        work.run(
            "SELECT guyub.may_configure(NULL, g.id) FROM guyub.region g WHERE g.code = :code", code=region
        ).scalar()
    )


def _grouped(rows: Sequence[StoredValue]) -> dict[str, list[StoredValue]]:
    by_plugin: defaultdict[str, list[StoredValue]] = defaultdict(list)
    for row in rows:
        by_plugin[row.plugin].append(row)
    return by_plugin


def _by_layer(rows: Sequence[StoredValue]) -> tuple[Sequence[StoredValue], ...]:
    return tuple(tuple(row for row in rows if row.layer == layer) for layer in LAYERS)


def _out_of_scope() -> NotFound:
    return NotFound(
        "host.no_facility_here",
        Text(id="UPT ini di luar jangkauan Anda.", en="This facility is not within your reach."),
        Text(id="Buka UPT dari daftar UPT Anda.", en="Open a facility from the list of yours."),
    )

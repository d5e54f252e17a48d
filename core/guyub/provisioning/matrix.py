"""Facilities by programmes and funding sources: what runs where, with which configuration, and what stands out.

Read for a whole region at once, in a number of queries that does not grow with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from guyub.db.keys import Protector
from guyub.db.work import Work
from guyub.host import activations
from guyub.host.activations import NEVER, Standing
from guyub.host.config_checks import validated
from guyub.host.config_layers import Merged, merged
from guyub.host.config_rows import LAYERS, Row, rows_at
from guyub.host.configuration import invalid_at
from guyub.host.plugin_host import PluginHost
from guyub.host.secret_values import opened
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of

State = Literal["active", "from", "off", "quarantined"]
Layers = tuple[Sequence[Row], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A facility. ``closed_on`` is its last day where it is closed."""

    id: UUID
    code: str
    name: str
    facility_type: str
    facility_class: str
    managed_by: Literal["files", "web"]
    closed_on: date | None

    @property
    def is_open_to_change(self) -> bool:
        return self.managed_by == "web" and self.closed_on is None


@dataclass(frozen=True, slots=True)
class Column:
    """A programme or a funding source; ``plugin`` is None while it is not ready, and ``reason`` says why."""

    slug: str
    title: Text
    plugin: Plugin | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Notice:
    kind: Literal["invalid", "differs", "locked"]
    sentence: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """``since`` is the day of the state, ``until`` the last planned end of an active one.

    ``version`` is that of the configuration for which the oldest value in effect was written, ``changed`` the first day
    of the newest; both None where every value is the plugin's default.
    """

    state: State
    since: date | None
    until: date | None
    version: int | None
    changed: date | None
    warnings: tuple[Notice, ...]

    def is_(self, standing: str) -> bool:
        """ "active", "planned" (to begin, or to end) or "warnings"."""
        if standing == "active":
            return self.state in ("active", "quarantined")
        if standing == "planned":
            return self.state == "from" or self.until is not None
        return bool(self.warnings) or self.state == "quarantined"


@dataclass(frozen=True, slots=True)
class Line:
    place: Place
    cells: Mapping[str, Cell]

    def stands(self, standing: str) -> bool:
        """Whether it stands so in any column; "none" where nothing runs or will run, "" always."""
        cells = self.cells.values()
        if standing == "none":
            return all(one.state == "off" for one in cells)
        return not standing or any(one.is_(standing) for one in cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader wants to see of the facilities; "" for all."""

    facility_type: str = ""
    facility_class: str = ""
    words: str = ""
    standing: str = ""
    """As ``Line.stands`` has it."""

    def takes(self, place: Place) -> bool:
        return (
            self.facility_type in ("", place.facility_type)
            and self.facility_class in ("", place.facility_class)
            and all(word in f"{place.name} {place.code}".casefold() for word in self.words.casefold().split())
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many facilities stand how in one column."""

    column: Column
    active: int
    planned: int
    warned: int


def counted(columns: Sequence[Column], lines: Sequence[Line]) -> list[Counted]:
    found = []
    for column in columns:
        cells = [line.cells[column.slug] for line in lines]
        numbers = (sum(one.is_(standing) for one in cells) for standing in ("active", "planned", "warnings"))
        found.append(Counted(column, *numbers))
    return found


def places_of(work: Work, region_id: UUID, on: date) -> list[Place]:
    """The facilities of a region within reach, by name; one query."""
    rows = work.run(
        """SELECT f.id, f.code, f.name, f.facility_type, f.facility_class, f.managed_by,
                  CASE WHEN f.closed_on < :on THEN f.closed_on END AS closed_on
           FROM guyub.facility f
           WHERE f.region_id = :region AND f.id = ANY ((SELECT guyub.scope())::uuid[])
           ORDER BY lower(f.name), f.code""",
        region=region_id, on=on,
    )  # fmt: skip
    return [Place(*row) for row in rows]


def matrix(work: Work, host: PluginHost, region_id: UUID, on: date, protector: Protector) -> Matrix:
    """Three queries, however many facilities and plugins."""
    places = places_of(work, region_id, on)
    standings = activations.in_many(work, region_id, on)
    stored = rows_at(work, region=region_id)
    columns = columns_of(
        host, {slug for by_slug in standings.values() for slug, one in by_slug.items() if _is_used(one)}
    )
    by_slug = {column.slug: _layers(stored, region_id, column.slug) for column in columns}
    lines = [
        Line(
            place,
            {
                column.slug: _cell(
                    place, column, standings.get(place.id, {}).get(column.slug, NEVER),
                    (*by_slug[column.slug], _of(stored.get(place.id, ()), column.slug)), on, protector,
                )
                for column in columns
            },
        )
        for place in places
    ]  # fmt: skip
    return Matrix(columns, tuple(lines))


def columns_of(host: PluginHost, used: set[str]) -> tuple[Column, ...]:
    """Programmes first, then funding sources, each by title; then whatever else runs somewhere."""
    found = []
    ready = host.ready()
    for slug in sorted({one.slug for one in host.statuses()} | used):
        plugin = ready.get(slug)
        if plugin is not None and (plugin.program_types or plugin.funding_sources or slug in used):
            order = 0 if plugin.program_types else 1 if plugin.funding_sources else 2
            found.append((order, plugin.title.id, Column(slug, plugin.title, plugin, None)))
        elif plugin is None and slug in used:
            status = host.status(slug)
            found.append((3, slug, Column(slug, Text(id=slug, en=slug), None, status.reason)))
    return tuple(column for _, _, column in sorted(found, key=lambda one: one[:2]))


def _is_used(standing: Standing) -> bool:
    return standing.active or standing.next is not None


def _layers(stored: Mapping[UUID | None, Sequence[Row]], region_id: UUID, slug: str) -> Layers:
    return _of(stored.get(None, ()), slug), _of(stored.get(region_id, ()), slug)


def _of(rows: Sequence[Row], slug: str) -> Sequence[Row]:
    return [row for row in rows if row.plugin == slug]


def _cell(place: Place, column: Column, standing: Standing, layers: Layers, on: date, protector: Protector) -> Cell:
    now, coming = standing.now, standing.next
    state: State = "off"
    since = now.valid_from if now is not None else None
    until = coming.valid_from if standing.active and coming is not None and not coming.active else None
    if standing.active:
        state = "active" if column.plugin is not None else "quarantined"
    elif coming is not None and coming.active:
        state, since = "from", coming.valid_from
    if state == "off" or column.plugin is None:
        return Cell(state, since, until, None, None, ())
    day = since if state == "from" and since is not None else on
    try:
        found = merged(column.plugin, layers, day)
        warnings = list(_warnings(place, column.plugin, found, layers, day, protector))
    except Refusal as refusal:
        return Cell(state, since, until, None, None, (Notice("invalid", refusal.what),))
    begun = [row for rows in layers for row in rows if row.valid_from <= day and row.value is not None]
    return Cell(
        state, since, until, min((row.config_version for row in begun), default=None),
        max((one.since for one in found.origins.values() if one.since), default=None), tuple(warnings),
    )  # fmt: skip


def _warnings(
    place: Place, plugin: Plugin, found: Merged, layers: Layers, day: date, protector: Protector
) -> list[Notice]:
    warnings = []
    problems = validated(plugin.config, opened(protector, plugin.config, found.values))[1]
    if problems:
        warnings.append(Notice("invalid", invalid_at(place.name, plugin, found, problems[0]).what))
    above = merged(plugin, (*layers[: len(LAYERS) - 1], ()), day)
    own = [name for name, origin in found.origins.items() if origin.layer == "facility"]
    titles = {field.name: field.title for field in fields_of(plugin.config)}
    locked = [name for name in own if found.origins[name].locked]
    differing = [name for name in own if name in above.values and above.values[name] != found.values[name]]
    if differing:
        warnings.append(Notice("differs", _DIFFERS.format(fields=_named(differing, titles))))
    if locked:
        warnings.append(Notice("locked", _LOCKED.format(fields=_named(locked, titles))))
    return warnings


def _named(names: Sequence[str], titles: Mapping[str, Text]) -> Text:
    said = [titles.get(name, Text(id=name, en=name)) for name in names]
    return Text(id=", ".join(one.id for one in said), en=", ".join(one.en for one in said))


_DIFFERS = Text(id="Berbeda dari nilai wilayah: {fields}.", en="Differs from the region's value: {fields}.")
_LOCKED = Text(id="Dikunci di UPT ini: {fields}.", en="Locked at this facility: {fields}.")

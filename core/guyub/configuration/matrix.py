"""Facilities by programmes and funding sources: what runs where, with which configuration, and what stands out.

Read for a whole region at once, in a number of queries that does not grow with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from guyub.configuration import activations
from guyub.configuration.activations import NEVER, ActivationState, RegionFacility, region_facilities
from guyub.configuration.merge import MergedValues, merged
from guyub.configuration.resolution import invalid_at
from guyub.configuration.secret_values import opened
from guyub.configuration.store import LAYERS, StoredValue, rows_at
from guyub.configuration.validation import validated_for
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.searching import holds
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of

MatrixState = Literal["active", "from", "off", "quarantined"]
MatrixLayers = tuple[Sequence[StoredValue], ...]


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A programme or a funding source; ``plugin`` is None while it is not ready, and ``reason`` says why."""

    slug: str
    title: Text
    plugin: Plugin | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class MatrixNotice:
    kind: Literal["invalid", "differs", "locked"]
    sentence: Text


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Holds how a plugin stands at a facility: ``since`` is the day of the state, ``until`` the last planned end of an
    active one.

    ``version`` is that of the configuration for which the oldest value in effect was written, ``changed`` the first day
    of the newest; both None where every value is the plugin's default.
    """

    state: MatrixState
    since: date | None
    until: date | None
    version: int | None
    changed: date | None
    warnings: tuple[MatrixNotice, ...]

    def is_(self, standing: str) -> bool:
        """Returns whether the cell is "active", "planned" (to begin, or to end) or has "warnings"."""
        if standing == "active":
            return self.state in ("active", "quarantined")
        if standing == "planned":
            return self.state == "from" or self.until is not None
        return bool(self.warnings) or self.state == "quarantined"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    place: RegionFacility
    cells: Mapping[str, MatrixCell]

    def stands(self, standing: str) -> bool:
        """Returns whether it stands so in any column; "none" where nothing runs or will run, "" always."""
        cells = self.cells.values()
        if standing == "none":
            return all(cell.state == "off" for cell in cells)
        return not standing or any(cell.is_(standing) for cell in cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: tuple[MatrixColumn, ...]
    lines: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Holds which facilities a reader wants to see; "" means all."""

    facility_type: str = ""
    facility_class: str = ""
    words: str = ""
    standing: str = ""
    """As ``Line.stands`` has it."""

    def takes(self, place: RegionFacility) -> bool:
        return (
            self.facility_type in ("", place.facility_type)
            and self.facility_class in ("", place.facility_class)
            and holds(f"{place.name} {place.code}", self.words)
        )


@dataclass(frozen=True, slots=True)
class MatrixCounts:
    """Counts the facilities of one column by how the plugin stands there."""

    column: MatrixColumn
    active: int
    planned: int
    warned: int


def counted(columns: Sequence[MatrixColumn], lines: Sequence[MatrixRow]) -> list[MatrixCounts]:
    counts = []
    for column in columns:
        cells = [line.cells[column.slug] for line in lines]
        numbers = (sum(cell.is_(standing) for cell in cells) for standing in ("active", "planned", "warnings"))
        counts.append(MatrixCounts(column, *numbers))
    return counts


def matrix(work: Work, plugins: PluginRegistry, region_id: UUID, on: date, protector: Protector) -> Matrix:
    """Returns the matrix of a region; three queries, however many facilities and plugins."""
    places = region_facilities(work, region_id, on)
    standings = activations.in_many(work, region_id, on)
    stored = rows_at(work, region=region_id)
    columns = columns_of(
        plugins,
        {slug for by_slug in standings.values() for slug, activation in by_slug.items() if _is_used(activation)},
    )
    by_slug = {column.slug: _layers(stored, region_id, column.slug) for column in columns}
    lines = [
        MatrixRow(
            place,
            {
                column.slug: _cell(
                    place,
                    column,
                    standings.get(place.id, {}).get(column.slug, NEVER),
                    (*by_slug[column.slug], _of(stored.get(place.id, ()), column.slug)),
                    on,
                    protector,
                )
                for column in columns
            },
        )
        for place in places
    ]
    return Matrix(columns, tuple(lines))


def columns_of(plugins: PluginRegistry, used: set[str]) -> tuple[MatrixColumn, ...]:
    """Programmes first, then funding sources, each by title; then whatever else runs somewhere."""
    ordered = []
    ready = plugins.ready()
    for slug in sorted({status.slug for status in plugins.statuses()} | used):
        plugin = ready.get(slug)
        if plugin is not None and (plugin.program_types or plugin.funding_sources or slug in used):
            order = 0 if plugin.program_types else 1 if plugin.funding_sources else 2
            ordered.append((order, plugin.title.id, MatrixColumn(slug, plugin.title, plugin, None)))
        elif plugin is None and slug in used:
            status = plugins.status(slug)
            ordered.append((3, slug, MatrixColumn(slug, Text(id=slug, en=slug), None, status.reason)))
    return tuple(column for _, _, column in sorted(ordered, key=lambda item: item[:2]))


def _is_used(standing: ActivationState) -> bool:
    return standing.active or standing.next is not None


def _layers(stored: Mapping[UUID | None, Sequence[StoredValue]], region_id: UUID, slug: str) -> MatrixLayers:
    return _of(stored.get(None, ()), slug), _of(stored.get(region_id, ()), slug)


def _of(rows: Sequence[StoredValue], slug: str) -> Sequence[StoredValue]:
    return [row for row in rows if row.plugin == slug]


def _cell(
    place: RegionFacility,
    column: MatrixColumn,
    standing: ActivationState,
    layers: MatrixLayers,
    on: date,
    protector: Protector,
) -> MatrixCell:
    now, coming = standing.now, standing.next
    state: MatrixState = "off"
    since = now.valid_from if now is not None else None
    until = coming.valid_from if standing.active and coming is not None and not coming.active else None
    if standing.active:
        state = "active" if column.plugin is not None else "quarantined"
    elif coming is not None and coming.active:
        state, since = "from", coming.valid_from
    if state == "off" or column.plugin is None:
        return MatrixCell(state, since, until, None, None, ())
    day = since if state == "from" and since is not None else on
    try:
        merged_values = merged(column.plugin, layers, day)
        warnings = list(_warnings(place, column.plugin, merged_values, layers, day, protector))
    except Refusal as refusal:
        return MatrixCell(state, since, until, None, None, (MatrixNotice("invalid", refusal.what),))
    begun = [row for rows in layers for row in rows if row.valid_from <= day and row.value is not None]
    return MatrixCell(
        state,
        since,
        until,
        min((row.config_version for row in begun), default=None),
        max((origin.since for origin in merged_values.origins.values() if origin.since), default=None),
        tuple(warnings),
    )


def _warnings(
    place: RegionFacility,
    plugin: Plugin,
    merged_values: MergedValues,
    layers: MatrixLayers,
    day: date,
    protector: Protector,
) -> list[MatrixNotice]:
    warnings = []
    problems = validated_for(plugin, opened(protector, plugin.config, merged_values.values))[1]
    if problems:
        warnings.append(MatrixNotice("invalid", invalid_at(place.name, plugin, merged_values, problems[0]).what))
    above = merged(plugin, (*layers[: len(LAYERS) - 1], ()), day)
    own = [name for name, origin in merged_values.origins.items() if origin.layer == "facility"]
    titles = {field.name: field.title for field in fields_of(plugin.config)}
    locked = [name for name in own if merged_values.origins[name].locked]
    differing = [name for name in own if name in above.values and above.values[name] != merged_values.values[name]]
    if differing:
        warnings.append(MatrixNotice("differs", _DIFFERS.format(fields=_named(differing, titles))))
    if locked:
        warnings.append(MatrixNotice("locked", _LOCKED.format(fields=_named(locked, titles))))
    return warnings


def _named(names: Sequence[str], titles: Mapping[str, Text]) -> Text:
    return Text.join(", ", [titles.get(name, Text.same(name)) for name in names])


_DIFFERS = Text(id="Berbeda dari nilai wilayah: {fields}.", en="Differs from the region's value: {fields}.")
_LOCKED = Text(id="Dikunci di UPT ini: {fields}.", en="Locked at this facility: {fields}.")

"""The declared tables of many facilities at once: the matrix, comparisons, values on a day, changes, templates."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from guyub.configuration.activations import RegionFacility
from guyub.configuration.matrix import MatrixCell, MatrixColumn, MatrixRow
from guyub.configuration.tables import ON_DAY, FieldInEffect, lines
from guyub.sdk.page_tables import Column, Table, TableRows, Value
from guyub.sdk.text import Text
from guyub.ui.tables import key_of

_FIELD, _VALUE, _ACTION = Text(id="Isian", en="Field"), Text(id="Nilai", en="Value"), Text(id="Tindakan", en="Action")
_WHAT, _FROM, _AT = Text(id="Apa", en="What"), Text(id="Mulai", en="From"), Text(id="Di", en="At")
_BY, _REASON = Text(id="Oleh", en="By"), Text(id="Alasan", en="Reason")
_FILES, _WEB = Text(id="berkas", en="files"), Text(id="web", en="the web")
_MOST_CARDS = 6
_OFF = Text(id="tidak aktif", en="off")
_MATRIX_STATES = {
    "active": Text(id="aktif", en="active"),
    "quarantined": Text(id="dikarantina", en="quarantined"),
}
_FROM_DAY, _STOPS = Text(id="mulai {day}", en="from {day}"), Text(id="berhenti {day}", en="stops {day}")
_VERSION = Text(id="v{n}, {day}", en="v{n}, {day}")
_WARNINGS = {
    "invalid": Text(id="nilai tidak sah", en="invalid value"),
    "differs": Text(id="berbeda dari wilayah", en="differs from the region"),
    "locked": Text(id="terkunci", en="locked"),
}
_THROUGH_FILES, _THROUGH_WEB = (
    Text(id="melalui berkas", en="through files"),
    Text(id="melalui web", en="through the web"),
)


class Named(Protocol):
    @property
    def name(self) -> str: ...


def comparison(first: Named, second: Named, pairs: Sequence[Any]) -> TableRows[Any]:
    """Returns two facilities side by side; a file calls the columns as they are called."""

    def side(value: Sequence[Text], origin: Text) -> Value:
        return (*value, origin)

    names = [Text(id=place.name, en=place.name) for place in (first, second)]
    keys = [key_of(name) for name in names]
    if keys[0] == keys[1]:
        keys[1] += "_2"
    table: Table[Any] = Table(
        name="comparison",
        caption=Text(id="Perbandingan", en="Comparison"),
        main=True,
        columns=(
            Column("field", _FIELD, lambda row: (row.field, row.plugin)),
            Column(keys[0], names[0], lambda row: side(row.first.value, row.first.origin), cell="first_side"),
            Column(keys[1], names[1], lambda row: side(row.second.value, row.second.origin), cell="second_side"),
        ),
    )
    return table.of(pairs)


def _in_matrix(cell: MatrixCell) -> Value:
    if cell.state == "from" and cell.since:
        state = _FROM_DAY.format(day=f"{cell.since:%d/%m/%Y}")
    else:
        state = _MATRIX_STATES.get(cell.state, _OFF)
    until = _STOPS.format(day=f"{cell.until:%d/%m/%Y}") if cell.until else None
    changed = _VERSION.format(n=cell.version, day=f"{cell.changed:%d/%m/%Y}") if cell.changed else None
    warnings = (part for warning in cell.warnings for part in (_WARNINGS[warning.kind], warning.sentence))
    return state, until, changed, *warnings


def _door(place: RegionFacility) -> Text:
    if place.closed_on:
        return Text(id=f"ditutup {place.closed_on:%d/%m/%Y}", en=f"closed {place.closed_on:%d/%m/%Y}")
    return _FILES if place.managed_by == "files" else _WEB


def _cell_of(slug: str) -> Callable[[MatrixRow], MatrixCell]:
    return lambda row: row.cells[slug]


def matrix(columns: Sequence[MatrixColumn], rows: Sequence[MatrixRow]) -> TableRows[MatrixRow]:
    """Returns facilities by programmes and sources, for the form that changes many of them: all that its filter shows."""
    table: Table[MatrixRow] = Table(
        name="programmes_and_funding_sources_by_facility",
        caption=Text(id="Program dan sumber dana per UPT", en="Programmes and funding sources by facility"),
        dense=True,
        wide=len(columns) > _MOST_CARDS,
        fixed=True,
        columns=(
            Column("facility", Text(id="UPT", en="Facility"), lambda row: row.place.name, cell="matrix_facility"),
            Column(
                "managed_through",
                Text(id="Dikelola melalui", en="Managed through"),
                lambda row: _door(row.place),
                cell="matrix_door",
            ),
            *(_matrix_column(column) for column in columns),
        ),
    )
    return table.of(rows)


def _matrix_column(column: MatrixColumn) -> Column[MatrixRow]:
    of = _cell_of(column.slug)
    return Column(
        key_of(column.title),
        column.title,
        lambda row: _in_matrix(of(row)),
        cell="matrix_cell",
        part=of,
        quiet=lambda row: of(row).state == "off",
    )


VALUES_ON_DAY: Table[FieldInEffect] = replace(
    ON_DAY, name="values_on_that_day", caption=Text(id="Nilai pada hari itu", en="Values on that day")
)

TEMPLATE_VALUES: Table[Any] = Table(
    name="values_of_the_template",
    caption=Text(id="Nilai templat", en="Values of the template"),
    columns=(
        Column("field", _FIELD, lambda row: (row.title, row.plugin)),
        Column("value", _VALUE, lambda row: lines(row.value), cell="value"),
        Column("action", _ACTION, kind="action", cell="template_value_action"),
    ),
)

_FACILITIES = Text(id="{n} UPT", en="{n} facilities", en_one="{n} facility")
_FEW = 3


def _at(places: Sequence[str]) -> tuple[Text, str] | str:
    """Returns the names of facilities, of many after their number, as the page shows them."""
    names = ", ".join(places)
    return (_FACILITIES.format(n=len(places)), names) if len(places) > _FEW else names


_IDLE = Text(id="di sana plugin tidak aktif", en="the plugin is not active there")


def _reached(places: Sequence[str], idle: Sequence[str]) -> Value:
    """Returns where a change counts at once, and where only once the plugin is activated."""
    counts = _at(places) if places else ()
    later = _at(idle) if idle else ()
    parts = [*(counts if isinstance(counts, tuple) else (counts,)), *(later if isinstance(later, tuple) else (later,))]
    return (*parts, _IDLE) if idle else tuple(parts)


PLANNED: Table[Any] = Table(
    name="what_will_change",
    caption=Text(id="Yang akan berubah", en="What will change"),
    fixed=True,
    columns=(
        Column("what", _WHAT, lambda row: row.title),
        Column(
            "without_this_change",
            Text(id="Tanpa perubahan ini", en="Without this change"),
            lambda row: (*row.before, row.before_from),
            cell="planned_before",
        ),
        Column(
            "becomes", Text(id="Menjadi", en="Becomes"), lambda row: (*row.after, row.after_from), cell="planned_after"
        ),
        Column("from", _FROM, lambda row: row.since, kind="date"),
        Column("at", _AT, lambda row: _reached(row.places, row.idle), cell="reached"),
        Column("consequence", Text(id="Akibat", en="Consequence"), lambda row: row.consequence),
    ),
)

APPLIED: Table[Any] = Table(
    name="what_was_changed",
    caption=Text(id="Yang diubah", en="What was changed"),
    columns=(
        Column("what", _WHAT, lambda row: row.title),
        Column("before", Text(id="Sebelumnya", en="Before"), lambda row: lines(row.before), cell="before"),
        Column("became", Text(id="Menjadi", en="Became"), lambda row: lines(row.after), cell="after"),
        Column("from", _FROM, lambda row: row.since, kind="date"),
        Column("at", _AT, lambda row: _at(row.places), cell="places"),
    ),
)


def _reverts(plan: Any) -> Text | None:
    if plan.reverted_by:
        return Text(id="dibatalkan", en="taken back")
    return Text(id="pembatalan", en="takes one back") if plan.reverts else None


CHANGES: Table[Any] = Table(
    name="applied_changes",
    caption=Text(id="Perubahan yang diterapkan", en="Applied changes"),
    main=True,
    columns=(
        Column("what", _WHAT, lambda row: (*row[1], _reverts(row[0])), cell="applied_what"),
        Column("when", Text(id="Kapan", en="When"), lambda row: row[0].when, kind="moment"),
        Column("by", _BY, lambda row: (row[0].who, _THROUGH_FILES if row[0].door == "files" else _THROUGH_WEB)),
        Column("facilities", Text(id="UPT", en="Facilities"), lambda row: row[2], kind="number"),
        Column("reason", _REASON, lambda row: row[0].reason),
        Column("action", _ACTION, kind="action", cell="open_change"),
    ),
)

TEMPLATES: Table[Any] = Table(
    name="templates",
    caption=Text(id="Templat", en="Templates"),
    main=True,
    columns=(
        Column("name", Text(id="Nama", en="Name"), lambda row: (row[0].name, row[0].note)),
        Column(
            "kept_by",
            Text(id="Milik", en="Kept by"),
            lambda row: (
                Text(id="pusat", en="the nation") if row[0].is_national else Text(id="wilayah", en="the region")
            ),
        ),
        Column("fields", Text(id="Isian", en="Fields"), lambda row: row[0].count, kind="number"),
        Column(
            "last_changed",
            Text(id="Terakhir diubah", en="Last changed"),
            lambda row: (row[0].recorded_at, row[0].actor),
        ),
        Column("action", _ACTION, kind="action", cell="open_template"),
    ),
)

"""The declared tables of configuration: plugins, values with their origins, history, what a change does."""

from collections.abc import Sequence
from typing import Any, Protocol

from guyub.configuration.activations import ActivationState, FacilityActivations
from guyub.configuration.merge import ValueOrigin
from guyub.configuration.store import INHERITED
from guyub.configuration.value_history import ValueHistoryEntry
from guyub.facilities.tables import managed_through
from guyub.plugins.status import PluginStatus
from guyub.sdk.page_tables import Code, Column, Filter, Sentence, Table, Value
from guyub.sdk.plugin import PersonalData, Plugin
from guyub.sdk.text import Text

_FIELD, _VALUE, _ORIGIN = Text(id="Isian", en="Field"), Text(id="Nilai", en="Value"), Text(id="Asal", en="Origin")
_ACTION, _FACILITY = Text(id="Tindakan", en="Action"), Text(id="UPT", en="Facility")
_REASON, _STATE = Text(id="Alasan", en="Reason"), Text(id="Keadaan", en="State")
_PLUGIN, _DISTRIBUTION = Text(id="Plugin", en="Plugin"), Text(id="Paket", en="Distribution")
_ACTIVE = Code("active", Text(id="aktif", en="active"), "success", "check")
_NOT_ACTIVE = Code("not_active", Text(id="tidak aktif", en="not active"))
_INVALID = Code("invalid_value", Text(id="nilai tidak sah", en="invalid value"), "danger", "alert-triangle")
_STATES = {
    "ready": Code("ready", Text(id="siap", en="ready"), "success", "check"),
    "quarantined": Code("quarantined", Text(id="dikarantina", en="quarantined"), "danger", "alert-triangle"),
    "missing": Code("not_installed", Text(id="tidak terpasang", en="not installed"), "danger", "alert-triangle"),
}
_SINCE = Text(id="sejak {day}", en="since {day}")
_FROM = Text(id="mulai {day}", en="from {day}")
_ACTIVE_FROM = Text(id="aktif mulai {day}", en="active from {day}")
_STOPS_FROM = Text(id="berhenti mulai {day}", en="stops from {day}")
_LOCKED = Text(id="dikunci", en="locked")
_REPLACED = Text(id="diganti oleh catatan berikutnya", en="replaced by a later entry")
_REPLACED_FROM = Text(id="diganti mulai {day}", en="replaced from {day}")
_YEARS = Text(id="{n} tahun", en="{n} years")
_NOWHERE = Text(id="Tidak ada UPT yang menjalankannya", en="No facility runs it")


class FieldInEffect(Protocol):
    """A field with its value in lines, and where it comes from."""

    @property
    def field(self) -> Any: ...
    @property
    def value(self) -> Sequence[Text]: ...
    @property
    def origin(self) -> ValueOrigin: ...


def lines(texts: Sequence[Text]) -> Value:
    """Returns the lines of a value; ``cell="value"`` draws them one below the other, all alike."""
    return tuple(texts)


def set_by(origin: ValueOrigin) -> Value:
    return (origin.actor, origin.recorded_at) if origin.actor else None


_FIELD_COLUMN: Column[Any] = Column("field", _FIELD, lambda row: row.field.title)
_VALUE_COLUMN: Column[Any] = Column("value", _VALUE, lambda row: lines((*row.value, *row.later)), cell="value")
_ORIGIN_COLUMN: Column[Any] = Column("origin", _ORIGIN, lambda row: row.origin.sentence, cell="origin")

REGION_VALUES: Table[FieldInEffect] = Table(
    name="values_for_all_facilities",
    caption=Text(id="Nilai untuk semua UPT", en="Values for all facilities"),
    columns=(
        _FIELD_COLUMN,
        _VALUE_COLUMN,
        _ORIGIN_COLUMN,
        Column("action", _ACTION, kind="action", cell="region_value_action"),
    ),
)

VALUES: Table[FieldInEffect] = Table(
    name="configuration",
    caption=Text(id="Konfigurasi", en="Configuration"),
    columns=(
        _FIELD_COLUMN,
        _VALUE_COLUMN,
        _ORIGIN_COLUMN,
        Column("action", _ACTION, kind="action", cell="value_action"),
    ),
)

ON_DAY: Table[FieldInEffect] = Table(
    name="what_applied_on_that_day",
    caption=Text(id="Yang berlaku pada hari itu", en="What applied on that day"),
    columns=(
        _FIELD_COLUMN,
        _VALUE_COLUMN,
        _ORIGIN_COLUMN,
        Column("set_by", Text(id="Ditetapkan oleh", en="Set by"), lambda row: set_by(row.origin)),
        Column("reason", _REASON, lambda row: row.origin.reason),
    ),
)


def facilities(slug: str) -> Table[FacilityActivations]:
    """Returns the table of the facilities of a region, by whether a plugin runs there."""

    def state(row: FacilityActivations) -> Code:
        return _ACTIVE if slug in row.plugins else _NOT_ACTIVE

    return Table(
        name="facilities_of_this_region",
        caption=Text(id="UPT di wilayah ini", en="Facilities of this region"),
        main=True,
        columns=(
            Column("facility", _FACILITY, lambda row: row.place.name),
            Column("this_plugin", Text(id="Plugin ini", en="This plugin"), state),
            Column(
                "managed_through",
                Text(id="Dikelola melalui", en="Managed through"),
                lambda row: managed_through(row.place.managed_by),
            ),
            Column("action", _ACTION, kind="action", cell="open_at_facility"),
        ),
        filters=(
            Filter("state", Text(id="Plugin ini", en="This plugin"), state),
            Filter(
                "managed_through",
                Text(id="Dikelola melalui", en="Managed through"),
                lambda row: managed_through(row.place.managed_by),
            ),
        ),
    )


class PluginLine(Protocol):
    @property
    def status(self) -> PluginStatus: ...
    @property
    def title(self) -> Text: ...
    @property
    def plugin(self) -> Plugin | None: ...
    @property
    def standing(self) -> ActivationState: ...
    @property
    def places(self) -> Sequence[FacilityActivations]: ...
    @property
    def faults(self) -> Sequence[Text]: ...


def _state_of(row: PluginLine) -> Code:
    return _INVALID if row.faults and row.status.state == "ready" else _STATES[row.status.state]


def _here(row: PluginLine) -> Value:
    held, follows = row.standing, row.standing.next
    now: Value = Sentence(_SINCE, day=held.now.valid_from) if held.active and held.now else _NOT_ACTIVE.label
    later = Sentence(_ACTIVE_FROM if follows.active else _STOPS_FROM, day=follows.valid_from) if follows else None
    return now, later


def installed_plugins(facilities_in_all: int) -> Table[PluginLine]:
    """Returns the table of what is installed: in a region of so many facilities where it runs, at a facility whether it does."""
    return Table(
        name="plugins",
        caption=Text(id="Plugin", en="Plugins"),
        main=True,
        columns=(
            Column("plugin", _PLUGIN, lambda row: (row.title, row.plugin.summary if row.plugin else None)),
            Column("distribution", _DISTRIBUTION, lambda row: (row.status.distribution, row.status.version)),
            Column("state", _STATE, _state_of),
            Column("at_this_facility", Text(id="Di UPT ini", en="At this facility"), _here),
            Column(
                "active_at",
                Text(id="Aktif di", en="Active at"),
                lambda row: len(row.places),
                kind="number",
                cell="active_at",
            ),
            Column(
                "facilities",
                Text(id="UPT", en="Facilities"),
                lambda row: facilities_in_all,
                kind="number",
                on_page=False,
            ),
            Column("action", _ACTION, kind="action", cell="open_plugin"),
        ),
    )


AT_FACILITY, IN_REGION = ("active_at", "facilities"), ("at_this_facility",)
"""Columns of ``installed_plugins`` that are left out there."""


def _value_of(row: Any) -> Value:
    entry: ValueHistoryEntry = row.entry
    texts = (INHERITED,) if entry.value is None else tuple(row.value)
    return (*texts, _LOCKED if entry.locked else None)


def _in_effect(row: Any) -> Value:
    entry: ValueHistoryEntry = row.entry
    replaced: Value = _REPLACED if entry.overruled else None
    if not entry.overruled and entry.holds_until:
        replaced = Sentence(_REPLACED_FROM, day=entry.holds_until)
    return Sentence(_FROM, day=entry.valid_from), replaced


HISTORY: Table[Any] = Table(
    name="history_of_the_configuration",
    caption=Text(id="Riwayat konfigurasi", en="History of the configuration"),
    main=True,
    columns=(
        Column("field", _FIELD, lambda row: row.title),
        Column("value", _VALUE, _value_of, cell="history_value"),
        Column("layer", Text(id="Lapisan", en="Layer"), lambda row: row.entry.place),
        Column("in_effect", Text(id="Berlaku", en="In effect"), _in_effect),
        Column("recorded", Text(id="Dicatat", en="Recorded"), lambda row: (row.entry.recorded_at, row.entry.actor)),
        Column("reason", _REASON, lambda row: row.entry.reason),
    ),
)

PERSONAL_DATA: Table[PersonalData] = Table(
    name="personal_data_that_it_keeps",
    caption=Text(id="Data pribadi yang disimpan", en="Personal data that it keeps"),
    columns=(
        Column("what", Text(id="Apa", en="What")),
        Column("why", Text(id="Untuk apa", en="Why")),
        Column(
            "for_how_long",
            Text(id="Lamanya", en="For how long"),
            lambda row: Sentence(_YEARS, n=row.years),
            kind="number",
        ),
    ),
)

"""The declared tables of reports: figures by month, facility, region and source, reminders."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from guyub.programs.overview import MonthLine
from guyub.programs.tables import CYCLE_STATES
from guyub.reports.active_programs import month_url
from guyub.reports.by_source import SourceTotal
from guyub.reports.lateness import SHOWN
from guyub.reports.nation import RegionRow
from guyub.reports.overrides import Override
from guyub.reports.region import FacilityRow, PluginHere, UnopenedProgram
from guyub.reports.reminders import MATTERS, Late, Reminder
from guyub.reports.trend import MonthTotal
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.page_tables import Code, Column, Filter, Table, Value
from guyub.sdk.text import Text
from guyub.sdk.words import period_name
from guyub.ui.tables import key_of

_FACILITY, _MONTH = Text(id="UPT", en="Facility"), Text(id="Bulan", en="Month")
_SERVED, _LISTED = Text(id="Menerima", en="Received"), Text(id="Pada daftar", en="Listed")
_VALUE, _LEFT = Text(id="Nilai", en="Value"), Text(id="Dana tersisa", en="Money left")
_STATE, _PROGRAM = Text(id="Keadaan", en="State"), Text(id="Program", en="Programme")
_MATTER, _BY = Text(id="Perihal", en="Finding"), Text(id="Oleh", en="By")
_SENT, _READ = Text(id="Dikirim", en="Sent"), Text(id="Dibaca", en="Read")
_NONE = Text(id="tidak ada", en="none")


def _code(label: Text) -> Code:
    return Code(key_of(label), label)


MONTHS: Table[MonthTotal] = Table(
    name="figures_of_each_month",
    caption=Text(id="Angka tiap bulan", en="Figures of each month"),
    columns=(
        Column("month", _MONTH, lambda row: row.period, kind="period"),
        Column(
            "closed_of_those_opened",
            Text(id="Selesai dari yang dibuka", en="Closed of those opened"),
            lambda row: row.closed,
            kind="number",
            cell="closed_of",
        ),
        Column("opened", Text(id="Dibuka", en="Opened"), lambda row: row.months, kind="number", on_page=False),
        Column("cancelled", Text(id="Dibatalkan", en="Cancelled"), lambda row: row.cancelled or None, kind="number"),
        Column(
            "packages",
            Text(id="Paket diserahkan", en="Packages"),
            kind="number",
        ),
        Column("served", _SERVED, lambda row: row.received, kind="number", cell="served"),
        Column("listed", _LISTED, kind="number", on_page=False),
        Column(
            "value_handed_over",
            Text(id="Nilai diserahkan", en="Value handed over"),
            lambda row: row.value or None,
            kind="money",
        ),
        Column("money_in", Text(id="Dana masuk", en="Money in"), lambda row: row.income or None, kind="money"),
    ),
)

ByCategory = tuple[str, tuple[int, int]]
"""The code of a category with how many of it are listed and served."""

BY_CATEGORY: Table[ByCategory] = Table(
    name="families_with_their_package_by_category",
    caption=Text(id="Keluarga yang menerima paket menurut kategori", en="Households with their package by category"),
    columns=(
        Column("category", Text(id="Kategori", en="Category"), lambda row: CATEGORIES.get(row[0], row[0])),
        Column("served", _SERVED, lambda row: row[1][1], kind="number", cell="served_of_category"),
        Column("listed", _LISTED, lambda row: row[1][0], kind="number"),
    ),
)

SPENT: Table[SourceTotal] = Table(
    name="spent_by_source",
    caption=Text(id="Dibayarkan menurut sumber", en="Spent by source"),
    columns=(
        Column("source", Text(id="Sumber", en="Source"), lambda row: row.title),
        Column("spent", Text(id="Dibayarkan", en="Spent"), kind="money"),
        Column("left_today", Text(id="Tersisa hari ini", en="Left today"), lambda row: row.left, kind="money"),
    ),
)

LEFT: Table[SourceTotal] = Table(
    name="what_is_left_by_source",
    caption=Text(id="Yang tersisa menurut sumber", en="What is left by source"),
    columns=(
        Column("source", Text(id="Sumber", en="Source"), lambda row: row.title),
        Column("left", Text(id="Tersisa", en="Left"), kind="money"),
    ),
)

BY_STATE: Table[tuple[Text, int]] = Table(
    name="months_by_state",
    caption=Text(id="Bulan program menurut keadaan", en="Months by state"),
    columns=(
        Column("state", _STATE, lambda row: row[0]),
        Column("months", Text(id="Bulan program", en="Months"), lambda row: row[1], kind="number"),
    ),
)


class FiguresInView(Protocol):
    """Holds what the overview of a region and that of the nation have in common."""

    @property
    def by_state(self) -> Mapping[str, int]: ...
    @property
    def by_category(self) -> Mapping[str, tuple[int, int]]: ...
    @property
    def sources(self) -> Sequence[SourceTotal]: ...
    @property
    def trend(self) -> Sequence[MonthTotal]: ...


def figures(view: FiguresInView) -> dict[str, Any]:
    """Returns the tables of an overview, by their names in its templates."""
    return {
        "by_state": BY_STATE.of((label, view.by_state[state]) for state, label in SHOWN.items()),
        "by_category": BY_CATEGORY.of(view.by_category.items()),
        "spent": SPENT.of(view.sources),
        "months": MONTHS.of(reversed(view.trend)),
    }


def period_text(period: date) -> Text:
    return Text(id=period_name(period, "id"), en=period_name(period, "en"))


def recent_months(links: bool, facility: str, names_program: bool) -> Table[MonthLine]:
    """Returns the table of the latest months of a facility; ``names_program`` where it runs several."""
    return Table(
        name="recent_months",
        caption=Text(id="Bulan-bulan terakhir", en="Recent months"),
        columns=(
            Column(
                "month",
                _MONTH,
                lambda row: row.period,
                kind="period",
                cell="month_of_program" if names_program else "",
                link=lambda row, base: month_url(facility, row) if links else "",
            ),
            Column("programme", _PROGRAM, lambda row: row.title, on_page=False),
            Column("state", _STATE, lambda row: CYCLE_STATES[row.state], cell="month_state"),
            Column(
                "families", Text(id="Keluarga", en="Households"), lambda row: row.received, kind="number", cell="served"
            ),
            Column("listed", _LISTED, kind="number", on_page=False),
            Column("value", _VALUE, lambda row: row.value or None, kind="money"),
        ),
    )


def _titles(row: FacilityRow) -> Text | None:
    titles = [*(month.title for month in row.months), *(program.title for program in (*row.not_opened, *row.not_due))]
    return Text.join("; ", titles) if titles else None


def _unopened(program: UnopenedProgram) -> Text:
    """Returns the step of a month without a cycle; that it is late stands in a column of its own."""
    return SHOWN["not_due" if program.state == "not_due" else "not_opened"]


def _steps(row: FacilityRow) -> Code | None:
    """Returns the state of each month; a JSON file has the code of each."""
    labels = [
        *(SHOWN[month.step] for month in row.months),
        *(_unopened(program) for program in (*row.not_opened, *row.not_due)),
    ]
    return Code("; ".join(key_of(label) for label in labels), Text.join("; ", labels)) if labels else None


def by_facility(caption: Text) -> Table[FacilityRow]:
    """Returns the table of a month at each facility that runs a programme."""
    return Table(
        name="month_by_facility",
        caption=caption,
        main=True,
        columns=(
            Column("facility", _FACILITY, lambda row: row.place.name, cell="facility_figures"),
            Column("programme", _PROGRAM, _titles, cell="months_of_facility"),
            Column("state", Text(id="Tahap", en="State"), _steps, on_page=False),
            Column(
                "late",
                Text(id="Terlambat", en="Late"),
                lambda row: row.states.count("late"),
                kind="number",
                on_page=False,
            ),
            Column(
                "distribution",
                Text(id="Penyaluran", en="Distribution"),
                lambda row: tuple(month.distribution_on for month in row.months),
                cell="distribution_days",
            ),
            Column("served", _SERVED, lambda row: row.received, kind="number", cell="served"),
            Column("listed", _LISTED, kind="number", on_page=False),
            Column("value", _VALUE, lambda row: row.value or None, kind="money"),
            Column("money_left", _LEFT, lambda row: row.left if row.money else None, kind="money"),
        ),
        filters=(
            Filter(
                "state", Text(id="Tahap", en="State"), lambda row: tuple(_code(SHOWN[state]) for state in row.states)
            ),
        ),
    )


def _under_way(row: RegionRow) -> int:
    return sum(row.by_state[state] for state in ("planned", "proposed", "approved", "distributing"))


def by_region(caption: Text, month: str) -> Table[RegionRow]:
    """Returns the table of a month in each region; ``month`` as addresses have it."""
    return Table(
        name="month_by_region",
        caption=caption,
        main=True,
        columns=(
            Column(
                "region",
                Text(id="Wilayah", en="Region"),
                lambda row: row.name,
                link=lambda row, base: f"/region/{row.code}/?month={month}",
            ),
            Column("facilities", Text(id="UPT", en="Facilities"), kind="number"),
            Column(
                "not_opened",
                Text(id="Belum dibuka", en="Not opened"),
                lambda row: row.by_state["not_opened"],
                kind="number",
            ),
            Column("under_way", Text(id="Berjalan", en="Under way"), _under_way, kind="number"),
            Column("closed", Text(id="Selesai", en="Closed"), kind="number"),
            Column(
                "cancelled",
                Text(id="Dibatalkan", en="Cancelled"),
                lambda row: row.by_state["cancelled"],
                kind="number",
            ),
            Column("late", Text(id="Terlambat", en="Late"), kind="number"),
            Column(
                "packages",
                Text(id="Paket diserahkan", en="Packages"),
                kind="number",
            ),
            Column("served", _SERVED, lambda row: row.received, kind="number", cell="served"),
            Column("listed", _LISTED, kind="number", on_page=False),
            Column("value", _VALUE, lambda row: row.value or None, kind="money"),
            Column("money_left", _LEFT, lambda row: row.left if row.sources else None, kind="money"),
        ),
    )


def _plugins(plugins_here: Sequence[PluginHere]) -> Value:
    not_ready = Text(id="{slug}: tidak siap", en="{slug}: not ready")
    return tuple(_code(plugin.title if plugin.ready else not_ready.format(slug=plugin.slug)) for plugin in plugins_here)


def programs(own: Mapping[UUID, Sequence[Override]]) -> Table[FacilityRow]:
    """Returns the table of what runs at each facility, and what it has set otherwise than its region."""
    differs = Text(id="{field}: {own} (bawaan: {inherited})", en="{field}: {own} (inherited: {inherited})")

    def overrides(row: FacilityRow) -> Value:
        values = own[row.place.id]
        return (
            Text.join(
                "; ", (differs.format(field=item.field, own=item.own, inherited=item.inherited) for item in values)
            )
            if values
            else _NONE
        )

    return Table(
        name="programmes_and_funding_sources",
        caption=Text(id="Program dan sumber dana", en="Programmes and funding sources"),
        main=True,
        columns=(
            Column("facility", _FACILITY, lambda row: row.place.name, link=lambda row, base: f"/f/{row.place.code}/"),
            Column(
                "programmes",
                Text(id="Program", en="Programmes"),
                lambda row: _plugins(row.programs),
                cell="programs_here",
            ),
            Column(
                "sources", Text(id="Sumber dana", en="Sources"), lambda row: _plugins(row.sources), cell="sources_here"
            ),
            Column(
                "other_than_the_region_s",
                Text(id="Berbeda dari wilayah", en="Other than the region's"),
                overrides,
                cell="overrides",
            ),
        ),
    )


LATE: Table[Late] = Table(
    name="what_is_late",
    caption=Text(id="Yang terlambat", en="What is late"),
    fixed=True,
    columns=(
        Column("facility", _FACILITY, lambda row: row.name, cell="late_facility"),
        Column("matter", _MATTER, lambda row: MATTERS[row.matter], cell="late_matter"),
        Column("programme", _PROGRAM, lambda row: row.title, on_page=False),
        Column("month", _MONTH, lambda row: row.period, kind="period", on_page=False),
        Column("day", Text(id="Batas", en="Day"), kind="date", on_page=False),
    ),
)

REMINDERS_SENT: Table[Reminder] = Table(
    name="reminders_that_were_sent",
    caption=Text(id="Pengingat yang sudah dikirim", en="Reminders that were sent"),
    columns=(
        Column("facility", _FACILITY),
        Column("matter", _MATTER, lambda row: row.sentence),
        Column("sent", _SENT, lambda row: row.sent_at, kind="moment", cell="sent"),
        Column("by", _BY, lambda row: row.sent_by, on_page=False),
        Column("read", _READ, lambda row: row.seen_at, kind="moment", cell="read"),
        Column("read_by", Text(id="Dibaca oleh", en="Read by"), lambda row: row.seen_by, on_page=False),
    ),
)

REMINDERS_HERE: Table[Reminder] = Table(
    name="reminders",
    caption=Text(id="Pengingat", en="Reminders"),
    main=True,
    columns=(
        Column("matter", _MATTER, lambda row: row.sentence, cell="matter_with_remedy"),
        Column("what_to_do", Text(id="Yang diharapkan", en="What to do"), lambda row: row.remedy, on_page=False),
        Column("sent", _SENT, lambda row: row.sent_at, kind="moment", cell="sent"),
        Column("by", _BY, lambda row: row.sent_by, on_page=False),
        Column("read", _READ, kind="action", cell="acknowledge"),
    ),
)

"""Holds what a plugin's report answers, checked against its columns: so that a page, a CSV file and a workbook show the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.db.unit_of_work import Work
from guyub.plugins.crash import naming
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.plugin_session import calling
from guyub.plugins.refusals import PluginsRefusal
from guyub.sdk.contexts import ReportContext
from guyub.sdk.plugin import Plugin
from guyub.sdk.reports import Report, ReportColumn
from guyub.sdk.text import Text

ReportCell = str | int | Decimal | date | Text | None
ReportRow = Sequence[ReportCell]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "text": (str, Text),
    "rupiah": (int,),
    "integer": (int,),
    "quantity": (Decimal, int),
    "date": (date,),
}


@dataclass(frozen=True, slots=True)
class ReportTable:
    """``totals`` has a value for each column that adds up, None for the others; it is empty where no column does."""

    columns: tuple[ReportColumn, ...]
    rows: Sequence[ReportRow]
    totals: Sequence[int | Decimal | None]


def report_of(plugin: Plugin, key: str) -> Report[Any]:
    """Raises ``NotFound``; a report without a permission is shown to nobody."""
    for report in plugin.reports:
        if report.key == key and report.permission:
            return report
    raise PluginsRefusal.UNKNOWN_REPORT.not_found(key=key, title=plugin.title)


def table_of(
    work: Work, plugins: PluginRegistry, plugin: Plugin, report: Report[Any], since: date, until: date, today: date
) -> ReportTable:
    """Returns the rows of the report at the facility of this work; what it writes is rolled back.

    Raises ``PluginCrashed`` when it fails, or answers something else than its columns say.
    """
    work.require(report.permission)
    config = plugins.resolve(work, plugin.slug, work.here.id, today).config
    what = f"report {report.key}"
    with (
        naming(plugin, what, work.here.code),
        calling(work.session, plugin.slug, what, work.here.code, keep=False, installed=plugins.installed) as session,
    ):
        answer = report.rows(ReportContext(config, work.here, since, until, session))
        rows = [[_cell(column, row) for column in report.columns] for row in answer]
        return ReportTable(report.columns, rows, _totals(report.columns, rows))


def _cell(column: ReportColumn, row: Mapping[str, Any]) -> ReportCell:
    value: ReportCell = row[column.key]
    if value is not None and (isinstance(value, bool) or not isinstance(value, _KINDS[column.kind])):
        raise TypeError(f"column {column.key} is {column.kind}, not {type(value).__name__}")
    return value


def _totals(columns: Sequence[ReportColumn], rows: Sequence[ReportRow]) -> list[int | Decimal | None]:
    if not any(column.total for column in columns):
        return []
    return [
        sum(number for row in rows if isinstance(number := row[at], int | Decimal)) if column.total else None
        for at, column in enumerate(columns)
    ]

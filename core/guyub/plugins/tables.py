"""The declared table of a plugin's report: its columns are those that the report declares."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from guyub.plugins.report_table import ReportCell, ReportRow, ReportTable
from guyub.sdk.page_tables import Column, Kind, Table, TableRows
from guyub.sdk.reports import Report
from guyub.ui.tables import key_of

_KINDS: Mapping[str, Kind] = {"rupiah": "money", "integer": "number", "quantity": "quantity", "date": "date"}
_MOST_CARDS = 6
"""Columns: a wider report is no row of cards on a phone."""


def report_rows(report: Report[Any], report_table: ReportTable) -> TableRows[ReportRow]:
    keys = _keys(report_table)
    table: Table[ReportRow] = Table(
        name=name_of(report),
        caption=report.title,
        main=True,
        totals_in_files=True,
        wide=len(keys) > _MOST_CARDS,
        columns=tuple(
            Column(key, column.title, _cell(at), _KINDS.get(column.kind, "text"))
            for at, (key, column) in enumerate(zip(keys, report_table.columns, strict=True))
        ),
    )
    totals = {key: total for key, total in zip(keys, report_table.totals, strict=False) if total is not None}
    return table.of(report_table.rows, totals=totals)


def name_of(report: Report[Any]) -> str:
    """Returns the name of the table in the address of its files."""
    return key_of(report.title)


def _cell(at: int) -> Any:
    def cell(row: ReportRow) -> ReportCell:
        return row[at]

    return cell


def _keys(table: ReportTable) -> list[str]:
    """Returns keys made of the English titles; a second of the same gets a number."""
    seen = Counter[str]()
    keys = []
    for column in table.columns:
        key = key_of(column.title)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}_{seen[key]}")
    return keys

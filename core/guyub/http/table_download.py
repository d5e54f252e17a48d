"""Makes a file of a table of a page: what the reader sees there, all rows of it."""

from collections.abc import Mapping
from typing import IO, Any

from guyub.db.unit_of_work import Work
from guyub.sdk.errors import Forbidden, NotFound
from guyub.sdk.page_tables import TableRows
from guyub.sdk.text import Text
from guyub.ui.collected_files import FILES
from guyub.ui.collecting import Collected
from guyub.ui.render import PageContext, Pages
from guyub.ui.table_files import table_file, written
from guyub.ui.tables import every_row


def table_of(pages: Pages, template: str, page: PageContext, name: str, data: Mapping[str, object]) -> Collected:
    """Returns the table of that name. Raises ``NotFound`` when the page has no such table for this reader."""
    table = pages.table(template, page, name, **data)
    if table is None:
        raise NotFound(
            "web.no_table",
            Text(id="Halaman ini tidak memiliki tabel “{name}”.", en="This page has no table “{name}”.").format(
                name=name
            ),
            Text(
                id="Buka halamannya, lalu pilih CSV, XLSX atau JSON di bawah tabel.",
                en="Open the page, then choose CSV, XLSX or JSON below the table.",
            ),
        )
    return table


def declared_table(name: str, data: Mapping[str, object]) -> TableRows[Any] | None:
    """Returns the declared table of that name among what a page is made of."""
    return next((given for given in data.values() if isinstance(given, TableRows) and given.name == name), None)


def written_file(table: TableRows[Any], page: PageContext, shape: str, work: Work) -> tuple[IO[bytes], int]:
    """Returns the rows that the page in view has selected, as a file, and their number."""
    rows = every_row(table, page.here, work, page.lang, page.zone)
    return written(table_file(table, rows, page.lang, page.zone, page.now), shape)


def name_of(table: str, page: PageContext, shape: str) -> str:
    """Returns ``households-rutan-pekalongan-2024-11-16.csv``."""
    parts = (table.replace("_", "-"), page.base.rsplit("/", 1)[-1], page.today.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{shape}"


def only_to_read() -> Forbidden:
    """Returns the refusal of a file to a reader with a purpose only: a purpose ends after hours, and a file of households
    would outlive it."""
    return Forbidden(
        "access.purpose_no_file",
        Text(
            id="Akses dengan tujuan hanya untuk membaca: tabelnya tidak dapat diunduh sebagai berkas.",
            en="Access for a purpose is for reading only: its tables cannot be taken as files.",
        ),
        Text(
            id="Baca pada halamannya, atau minta berkasnya kepada UPT yang bersangkutan.",
            en="Read them on the page, or ask the facility for the file.",
        ),
    )


def file_of(table: Collected, page: PageContext, shape: str) -> tuple[bytes, str, str]:
    """Returns content, name and media type."""
    write, media_type = FILES[shape]
    return write(table, page.now), name_of(table.name, page, shape), media_type

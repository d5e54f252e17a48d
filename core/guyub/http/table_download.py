"""Makes a file of a table of a page: what the reader sees there, all rows of it."""

from collections.abc import Mapping
from typing import IO, Any

from guyub.db.unit_of_work import Work
from guyub.http.refusals import HttpRefusal
from guyub.sdk.errors import Forbidden
from guyub.sdk.page_tables import TableRows
from guyub.ui.collected_files import FILES
from guyub.ui.collecting import Collected
from guyub.ui.render import PageContext, Pages
from guyub.ui.table_files import table_file, written
from guyub.ui.tables import every_row


def table_of(pages: Pages, template: str, page: PageContext, name: str, data: Mapping[str, object]) -> Collected:
    """Returns the table of that name. Raises ``NotFound`` when the page has no such table for this reader."""
    table = pages.table(template, page, name, **data)
    if table is None:
        raise HttpRefusal.NO_TABLE.not_found(name=name)
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
    """A purpose ends after hours; a file of families would outlive it."""
    return HttpRefusal.PURPOSE_NO_FILE.forbidden()


def file_of(table: Collected, page: PageContext, shape: str) -> tuple[bytes, str, str]:
    """Returns content, name and media type."""
    write, media_type = FILES[shape]
    return write(table, page.now), name_of(table.name, page, shape), media_type

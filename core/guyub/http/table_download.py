"""Makes a file of a table of a page: what the reader sees there, all rows of it."""

from collections.abc import Mapping
from typing import IO, Any

from guyub.db.unit_of_work import Work
from guyub.http.refusals import HttpRefusal
from guyub.sdk.errors import Forbidden
from guyub.sdk.page_tables import TableRows
from guyub.ui.render import PageContext
from guyub.ui.table_files import table_file, written
from guyub.ui.tables import every_row, is_narrowed


def table_of(name: str, data: Mapping[str, object]) -> TableRows[Any]:
    """Returns the table of that name among what a page is made of. Raises ``NotFound`` when this reader has none."""
    for item in data.values():
        if isinstance(item, TableRows) and item.name == name:
            return item
    raise HttpRefusal.NO_TABLE.not_found(name=name)


def written_file(table: TableRows[Any], page: PageContext, shape: str, work: Work) -> tuple[IO[bytes], int]:
    """Returns the rows that the page in view has selected, as a file, and their number."""
    rows = every_row(table, page.here, work, page.lang, page.zone)
    of_all = not is_narrowed(table, page.here)
    return written(table_file(table, rows, page.lang, page.zone, page.now, of_all=of_all), shape)


def name_of(table: str, page: PageContext, shape: str) -> str:
    """Returns ``households-rutan-pekalongan-2024-11-16.csv``."""
    parts = (table.replace("_", "-"), page.base.rsplit("/", 1)[-1], page.today.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{shape}"


def only_to_read() -> Forbidden:
    """Returns the refusal of a file to a reader with a purpose only: a purpose ends after hours, and a file of households
    would outlive it."""
    return HttpRefusal.PURPOSE_NO_FILE.forbidden()

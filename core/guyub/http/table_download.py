"""A table of a page as a file: what the reader sees there, all rows of it."""

from collections.abc import Mapping

from guyub.sdk.errors import Forbidden, NotFound
from guyub.sdk.text import Text
from guyub.ui.collecting import Collected
from guyub.ui.render import PageContext, Pages
from guyub.ui.table_files import FILES


def table_of(pages: Pages, template: str, page: PageContext, name: str, data: Mapping[str, object]) -> Collected:
    """Raises ``NotFound`` when the page has no such table for this reader."""
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


def only_to_read() -> Forbidden:
    """A purpose ends after hours; a file of families would outlive it."""
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
    """Content, name and media type."""
    write, media_type = FILES[shape]
    parts = (table.name.replace("_", "-"), page.base.rsplit("/", 1)[-1], page.today.isoformat())
    return write(table, page.now), f"{'-'.join(part for part in parts if part)}.{shape}", media_type

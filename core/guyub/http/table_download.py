"""Makes a file of a table of a page: what the reader sees there, all rows of it."""

import re
from collections.abc import Mapping, Sequence
from typing import IO, Any, Protocol, runtime_checkable
from urllib.parse import parse_qs, urlsplit

from guyub.db.unit_of_work import Work
from guyub.http.refusals import HttpRefusal
from guyub.sdk.errors import Forbidden
from guyub.sdk.page_tables import TableRows
from guyub.sdk.text import Text
from guyub.ui.cells import plain_name
from guyub.ui.render import PageContext
from guyub.ui.table_files import table_file, written
from guyub.ui.tables import every_row, is_narrowed

_SUBJECTS = ("slug", "plugin", "code")
"""The parameters of routes that say what a page is about, below the place in view: a plugin, a fund, a facility of a region."""
_DAYS = ("month", "on", "since", "until")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)


@runtime_checkable
class NamesFiles(Protocol):
    """Names what a page is about, where its address does not say it in words: the programme and the month of a
    cycle."""

    @property
    def file_subject(self) -> Text: ...

    @property
    def file_period(self) -> str: ...


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


def name_of(
    caption: Text, page: PageContext, shape: str, data: Mapping[str, object], parameters: Mapping[str, object]
) -> str:
    """Returns ``daftar-penyaluran-bantuan-sosial-sembako-rutan-pekalongan-2024-11.csv``: what it is, of what, of which place,
    and of which month or day; of today where the page is of no other. It is in the reader's language.

    ``data`` is what the page is made of, ``parameters`` are those of its route.
    """
    named = next((item for item in data.values() if isinstance(item, NamesFiles)), None)
    place = page.base.rsplit("/", 1)[-1]
    if named is not None:
        subject, day = named.file_subject.in_(page.lang), named.file_period
    else:
        subject = next((str(parameters[name]) for name in _SUBJECTS if name in parameters), "")
        day = _days_asked(page.here) or page.today.isoformat()
    parts = [plain_name(part) for part in (caption.in_(page.lang), subject, place)]
    return f"{'-'.join(part for part in (*parts, day) if part)}.{shape}"


def _days_asked(address: str) -> str:
    """Returns the month or the days that an address asks for."""
    asked: Mapping[str, Sequence[str]] = parse_qs(urlsplit(address).query)
    days = (asked[name][0].strip() for name in _DAYS if name in asked)
    return "-".join(day for day in days if _DAY.fullmatch(day))


def only_to_read() -> Forbidden:
    """Returns the refusal of a file to a reader with a purpose only: a purpose ends after hours, and a file of households
    would outlive it."""
    return HttpRefusal.PURPOSE_NO_FILE.forbidden()

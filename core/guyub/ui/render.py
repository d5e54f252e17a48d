"""Turns a template and what a page knows of its reader into HTML, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from guyub.db.unit_of_work import CodeName
from guyub.sdk.facility import Facility
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.page_tables import Code, Column, Kind, TableRows, Value
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, format_day, format_moment, period_name
from guyub.ui import charts
from guyub.ui.model_fields import FormField
from guyub.ui.parsing import parse_date, parse_month
from guyub.ui.possible_days import possible_days
from guyub.ui.table_values import parts, spoken
from guyub.ui.tables import Head, ShownTable, shown

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"
ICONS = frozenset(
    line.strip() for line in (HERE / "icons.txt").read_text().splitlines() if line.strip() and not line.startswith("#")
)

_PLAIN_ZONE = "Asia/Jakarta"
_NOT_KEPT = frozenset({"page", "after", "seen", "table", "export"})
"""A file has all rows of a filter, wherever the reader is in the list."""
_MADE_HERE = frozenset({"page", "ui", "field"})


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the menu. It is marked on its own page and on those below it; ``exact`` marks its own page alone."""

    label: Text
    url: str
    icon: str
    exact: bool = False

    def is_active(self, path: str) -> bool:
        return path == self.url if self.exact else path == self.url or path.startswith(self.url.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class Flash:
    """Said once, on the page after an action. ``kind``: success, warning or danger."""

    kind: str
    text: Text


@dataclass(frozen=True, slots=True)
class PurposeNotice:
    """Stands above every page of a facility that is open for a purpose: which, in whose words, until when."""

    title: Text
    words: str
    until: datetime
    minutes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """Holds what every page knows, under the name ``page``.

    ``path`` is the address without its query, ``here`` with it. Facility pages have ``facility``, region pages ``region``;
    ``now`` is the application's clock in the zone of the place; ``theme`` is "light", "dark" or "" (as the device has it).
    ``answers_form`` says that a form that was sent is answered with this page, and ``here`` is what Back comes to.
    """

    lang: str
    path: str
    here: str
    csrf_token: str
    now: datetime
    theme: str = ""
    answers_form: bool = False
    reader: str = ""
    login: str = ""
    facility: Facility | None = None
    region: CodeName | None = None
    facilities: tuple[CodeName, ...] = ()
    regions: tuple[CodeName, ...] = ()
    permissions: frozenset[str] = frozenset()
    navigation: tuple[NavItem, ...] = ()
    flash: Flash | None = None
    banner: Text | None = None
    purpose: PurposeNotice | None = None
    downloads: bool = False
    """Whether this very page can be asked for again, with one of its tables as a file."""

    def download_url(self, table: str, shape: str) -> str:
        """Returns the address in view with its filter, and a table of it as ``csv``, ``xlsx`` or ``json``."""
        parts = urlsplit(self.here)
        kept = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if name not in _NOT_KEPT and not name.endswith(".page")
        ]
        return f"{parts.path}?{urlencode([*kept, ('table', table), ('export', shape)])}"

    @property
    def base(self) -> str:
        """Returns where the addresses of this place begin: ``/f/rutan-pekalongan``, ``/region/jawa-tengah`` or nothing."""
        if self.facility:
            return f"/f/{self.facility.code}"
        return f"/region/{self.region.code}" if self.region else ""

    @property
    def place(self) -> str:
        """Returns the name of the facility or region in view."""
        place = self.facility or self.region
        return place.name if place else ""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> str:
        return self.facility.zone if self.facility else _PLAIN_ZONE

    def may(self, permission: str) -> bool:
        return permission in self.permissions


class Pages:
    """All templates, each under the name of its room: ``registry/list.html``; ``ui/`` is the frame itself.

    ``folders`` maps a room to the folder of its templates. No room's name hides another's, so nobody can put a template in
    the place of one that belongs to someone else. A fault in a template (an unknown name or icon) raises at once.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        if "ui" in folders:
            raise ValueError("the name ui belongs to the frame of the pages")
        self._environment = Environment(
            loader=PrefixLoader(
                {room: FileSystemLoader(folder) for room, folder in {**folders, "ui": TEMPLATES}.items()}
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.do"],
            finalize=_in_the_readers_language,
        )
        self._environment.globals |= _FUNCTIONS
        self._environment.filters |= _FORMATS

    def render(self, template: str, page: PageContext, /, **data: object) -> str:
        """Renders a template, which sees ``page``, the components ``ui`` and ``field``, the functions below, and ``data``."""
        if taken := _MADE_HERE & data.keys():
            raise ValueError(f"a page has its own {', '.join(sorted(taken))}")
        common: dict[str, Any] = {"page": page}
        for name, file in (("field", "ui/fields.html"), ("ui", "ui/components.html")):
            common[name] = self._environment.get_template(file).make_module(common)
        return self._environment.get_template(template).render(common, **data)

    def names(self) -> list[str]:
        return self._environment.list_templates()


@pass_context
def _in_the_readers_language(context: Context, value: Any) -> Any:
    return _say(context, value) if isinstance(value, Text) else value


@pass_context
def _t(context: Context, id: str, en: str, en_one: str = "", /, **values: object) -> str:
    """Returns a sentence written in place, with the English one for a count of one; ``values`` fill its ``{placeholders}``."""
    text = Text(id=id, en=en, en_one=en_one)
    return (text.format(**values) if values else text).in_(_page(context).lang)


@pass_context
def _say(context: Context, text: Text | str) -> str:
    return text.in_(_page(context).lang) if isinstance(text, Text) else text


@pass_context
def _may(context: Context, permission: str) -> bool:
    return _page(context).may(permission)


@pass_context
def _quantity(context: Context, quantity: Decimal | int) -> str:
    return format_quantity(quantity, _page(context).lang)


@pass_context
def _day(context: Context, day: date) -> str:
    """Returns ``16 November 2024``."""
    return format_date(day, _page(context).lang)


@pass_context
def _weekday_date(context: Context, day: date) -> str:
    """Returns ``Sabtu, 16 November 2024``."""
    return format_day(day, _page(context).lang)


@pass_context
def _picks(context: Context, form_field: FormField, typed: str) -> list[tuple[str, str]]:
    """Returns what a field offers in the reader's language, and what stands in it though it is not offered."""
    lang = _page(context).lang
    known = [(code, label.in_(lang)) for code, label in form_field.options]
    return known if not typed or typed in dict(known) else [*known, (typed, typed)]


@pass_context
def _typed_day(context: Context, value: date | str | None, kind: str) -> str:
    """Returns the day or month of a field in words, "" for what is none: ``Sabtu, 16 November 2024``, ``November 2024``."""
    lang, parse = _page(context).lang, parse_month if kind == "month" else parse_date
    try:
        day = value if isinstance(value, date) else parse(value or "")
    except ValueError:
        return ""
    return period_name(day, lang) if kind == "month" else format_day(day, lang)


@pass_context
def _moment(context: Context, moment: datetime) -> str:
    """Returns ``16 November 2024 pukul 09.00 WIB``, in the zone of the facility in view."""
    page = _page(context)
    return format_moment(moment, page.zone, page.lang)


@pass_context
def _period(context: Context, month: date) -> str:
    """Returns ``November 2024``."""
    return period_name(month, _page(context).lang)


@pass_context
def _shown_table(context: Context, rows: TableRows[Any]) -> ShownTable:
    """Returns what the page in view shows of a declared table."""
    page = _page(context)
    return shown(rows, rows.address or page.here, page.lang, page.zone)


def _bar_values(rows: TableRows[Any]) -> list[int | Decimal]:
    """Returns the figures of the second column."""
    figures = (rows.columns[1].of(row) for row in rows.rows)
    return [figure if isinstance(figure, int | Decimal) else 0 for figure in figures]


@dataclass(frozen=True, slots=True)
class CellPart:
    """A line of a cell: a badge or text."""

    code: Code | None
    text: str
    breaks: bool
    """Whether a word of it may be longer than the place for it."""


_LONGEST_WORD = 20
"""Letters that fit a column; whoever breaks shorter words takes a name or a number apart."""


@pass_context
def _cell_parts(context: Context, head: Head, row: Any) -> list[CellPart]:
    """Returns what a cell of a declared table says, the main thing first."""
    page, above = _page(context), head.column
    return [
        _said(part, above.kind if not at else "text", page) for at, part in enumerate(_lines(above, row) or [None])
    ] + [_said(part, column.kind, page) for column in above.below if column.on_page for part in _lines(column, row)]


def _lines(column: Column[Any], row: Any) -> list[Value]:
    value = column.of(row)
    return parts(value if isinstance(value, tuple) else (value,))


def _said(part: Value, kind: Kind, page: PageContext) -> CellPart:
    breaks = isinstance(part, str) and any(len(word) > _LONGEST_WORD for word in part.split())
    return CellPart(part if isinstance(part, Code) else None, spoken(part, page.lang, page.zone, kind), breaks)


@pass_context
def _spoken(context: Context, value: Value, kind: Any = "text") -> str:
    """Returns a value as the cells of a table say it."""
    page = _page(context)
    return spoken(value, page.lang, page.zone, kind)


def icon(name: str, label: str = "") -> Markup:
    """Returns one icon of the sprite; without ``label`` it is decoration that no screen reader mentions."""
    if name not in ICONS:
        raise LookupError(f"no icon {name!r} in icons.txt")
    spoken = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup('<svg class="icon"{} focusable="false"><use href="{}#icon-{}"/></svg>').format(
        spoken, static("vendor/icons.svg"), name
    )


def static(path: str) -> str:
    """Returns the address of a static file; it carries a digest of the content, so browsers may keep the file for ever."""
    return f"/static/{path}?v={_digest(path)}"


@cache
def _digest(path: str) -> str:
    return sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def _page(context: Context) -> PageContext:
    page: PageContext = context["page"]
    return page


_FORMATS: dict[str, Any] = {
    "say": _say,
    "rupiah": format_rupiah,
    "grouped": group,
    "quantity": _quantity,
    "day": _day,
    "weekday_date": _weekday_date,
    "moment": _moment,
    "period": _period,
}
"""Functions and filters."""

_FUNCTIONS: dict[str, Any] = {
    **_FORMATS,
    "t": _t,
    "may": _may,
    "icon": icon,
    "static": static,
    "shown_table": _shown_table,
    "cell_parts": _cell_parts,
    "bar_values": _bar_values,
    "typed_day": _typed_day,
    "picks": _picks,
    "spoken": _spoken,
    "possible_days": possible_days,
    "bar_chart": charts.bars,
    "sparkline_chart": charts.sparkline,
}

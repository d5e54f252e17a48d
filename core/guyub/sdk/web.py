"""Pages of a plugin under ``/f/{facility}/p/{slug}``: routes with a permission each, and answers that are plain data."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from re import compile as pattern
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args

from pydantic import BaseModel

from guyub.sdk.checks import is_line, require
from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid
from guyub.sdk.facility import Facility
from guyub.sdk.funding import Receipt
from guyub.sdk.session import PluginSession
from guyub.sdk.text import Text

C = TypeVar("C", bound=Config)
M = TypeVar("M", bound=BaseModel)
M_co = TypeVar("M_co", bound=BaseModel, covariant=True)

Method = Literal["GET", "POST"]
Kind = Literal["success", "warning", "danger"]

_MEDIA_TYPE = pattern(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?[A-Za-z0-9_.-]+=[A-Za-z0-9_.-]+)*")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """A page from a template of the plugin: ``template`` is its name in the folder ``templates`` ("list.html").

    Raises ``TypeError`` for a status that is none of 200 to 599, and for data that is no mapping of names.
    """

    template: str
    data: Mapping[str, object]
    status: int = 200

    def __post_init__(self) -> None:
        require(is_line(self.template, _LONGEST), "a page names its template, like 'list.html'")
        data: object = self.data
        require(isinstance(data, Mapping) and all(isinstance(name, str) for name in data), "data of a page has names")
        require(type(self.status) is int and 200 <= self.status <= 599, "status of a page is a number from 200 to 599")


@dataclass(frozen=True, slots=True)
class Redirect:
    """The answer that leads on to another page of the plugin ("/collections"), which shows ``flash`` once. Raises
    ``TypeError`` for others."""

    path: str
    flash: Text | None = None
    kind: Kind = "success"

    def __post_init__(self) -> None:
        path: object = self.path
        leads = isinstance(path, str) and path.startswith("/") and is_line(path, _LONGEST)
        require(leads, "a redirect leads to a page of the plugin, like '/collections'")
        flash: object = self.flash
        require(flash is None or isinstance(flash, Text), f"flash of a redirect is a Text, not {type(flash).__name__}")
        require(self.kind in get_args(Kind), "kind of a redirect is success, warning or danger")


@dataclass(frozen=True, slots=True)
class File:
    """A file to download; ``inline`` opens it in the browser where that can. Raises ``TypeError`` for a name or media type
    that is none, and for content that is no bytes."""

    content: bytes
    name: str
    media_type: str
    inline: bool = False

    def __post_init__(self) -> None:
        require(isinstance(self.content, bytes), f"content of a file is bytes, not {type(self.content).__name__}")
        require(is_line(self.name, 255), "a file has a name of one line, like 'list.csv'")
        media: object = self.media_type
        known = isinstance(media, str) and _MEDIA_TYPE.fullmatch(media) is not None
        require(known, "a file has a media type, like 'text/csv'")
        require(isinstance(self.inline, bool), "inline is true or false")


Answer = Page | Redirect | File
"""What a handler gives back. It is rendered after the transaction was committed, so what a page says is so."""


@dataclass(frozen=True, slots=True)
class Pager:
    """The rows of a list that a page shows, for ``{{ ui.pager(pager) }}``: from ``first`` to ``last``, counted from 1.

    ``total`` is None where counting costs too much. ``previous``, ``next`` and ``start`` are addresses, empty where there is
    none; ``start`` is for a list that can only be read onwards. Raises ``TypeError`` for a number that is none: the component
    writes the numbers, so they come as they were counted.
    """

    first: int
    last: int
    total: int | None = None
    previous: str = ""
    next: str = ""
    start: str = ""

    def __post_init__(self) -> None:
        numbers: tuple[object, ...] = (
            (self.first, self.last) if self.total is None else (self.first, self.last, self.total)
        )
        require(all(type(number) is int for number in numbers), "first, last and total of a pager are whole numbers")
        addresses: tuple[object, ...] = (self.previous, self.next, self.start)
        require(all(isinstance(address, str) for address in addresses), "the addresses of a pager are texts")


class FormEntry(Protocol[M_co]):
    """A form made from a model, as it was typed. In a template: ``{% call field.form(page.path, entry.summary) %}``, then
    ``{{ field.model(entry) }}`` and ``{{ field.submit(...) }}``, then ``{% endcall %}``."""

    @property
    def model(self) -> M_co | None:
        """Returns the checked model; None while something is wrong or nothing was sent."""
        ...

    @property
    def problems(self) -> Mapping[str, Text]:
        """Returns what is wrong, by the name of the field: for the sentence beside it."""
        ...

    @property
    def summary(self) -> Mapping[str, Text]:
        """Returns the same for the list on top of the form, each sentence after the title of its field."""
        ...

    def refused(self, refusal: Invalid) -> "FormEntry[M_co]":
        """Returns the form with a refusal beside the field that it names."""
        ...


@dataclass(frozen=True, kw_only=True)
class Visit(ABC, Generic[C]):
    """One request of a signed-in person at a facility where the plugin is active, within one transaction.

    The transaction is committed when the handler returns and rolled back when it raises; a GET never writes. A ``Refusal``
    that a handler raises becomes its page of explanation by itself.
    """

    facility: Facility
    now: datetime
    """The application's clock in the facility's zone."""
    lang: str
    config: C
    session: PluginSession
    reader: str
    """The person's name."""
    login: str
    permissions: frozenset[str]
    path: Mapping[str, str] = field(default_factory=dict)
    """Values of the address: ``/collections/{number}`` gives ``visit.path["number"]``."""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    """What was sent, the first value of each name; ``read`` understands a whole form."""

    @property
    def today(self) -> date:
        return self.now.date()

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def page(self, template: str, /, *, status: int = 200, **data: object) -> Page:
        """Returns a page. The template sees ``page``, ``ui`` and ``field`` as the core's do, ``plugin`` (slug, title, base)
        and ``data``."""
        return Page(template, data, status)

    def redirect(self, path: str, flash: Text | None = None) -> Redirect:
        return Redirect(path, flash)

    def file(self, content: bytes, name: str, media_type: str, *, inline: bool = False) -> File:
        return File(content, name, media_type, inline)

    @abstractmethod
    def blank(self, model: type[M], values: Mapping[str, Any] | None = None) -> FormEntry[M]:
        """Returns an empty form, or one that shows ``values`` (python values by field)."""

    @abstractmethod
    def read(self, model: type[M]) -> FormEntry[M]:
        """Returns the form as it was sent, checked by its model; amounts and days are understood as people write them."""

    @abstractmethod
    def audit(
        self, action: str, subject: str, *, reason: str = "", details: Mapping[str, object] | None = None
    ) -> None:
        """Adds an entry to the facility's audit log, under the plugin's slug ("infak.collect"). Call it once for each
        operation that writes, last. ``details`` hold no personal value."""

    @abstractmethod
    def receive(self, source: str, receipt: Receipt, *, again: bool = False) -> str:
        """Books a receipt of the plugin's own funding source (its key) and returns the code of its fund. One of a month whose
        book is closed is booked today where the box "Catatan susulan" is ticked, which ``field.model`` adds by itself.

        ``again`` says that a document that was recorded before is recorded once more on purpose: ask for it with a box of that
        name. Raises ``Invalid`` as the source's ``post`` does, at ``again`` for what was recorded before, and ``Forbidden`` for
        a reader who may not receive money.
        """


Handler = Callable[[Any], Answer]
"""``def show(visit: Visit[InfakConfig]) -> Answer``; synchronous."""
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` begins with "/" and may hold ``{values}`` of one segment each."""

    method: Method
    path: str
    permission: str
    handler: Handler


class Router:
    """The pages of a plugin, in the order in which they are declared::

        routes = Router()

        @routes.get("/collections", permission="infak.read")
        def collections(visit: Visit[InfakConfig]) -> Answer:
            return visit.page("collections.html", rows=...)

    A route without a permission is not mounted, and is reported.
    """

    def __init__(self) -> None:
        self._routes: list[Route] = []

    @property
    def routes(self) -> tuple[Route, ...]:
        return tuple(self._routes)

    def get(self, path: str, *, permission: str = "") -> Callable[[H], H]:
        """Declares a page to read: what it writes is rolled back."""
        return self._add("GET", path, permission)

    def post(self, path: str, *, permission: str = "") -> Callable[[H], H]:
        """Declares a form that is sent; answer with a redirect, or with the page of the form and status 422."""
        return self._add("POST", path, permission)

    def _add(self, method: Method, path: str, permission: str) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self._routes.append(Route(method, path, permission, handler))
            return handler

        return register


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the facility's menu, for those who hold ``permission``; ``icon`` is one of the page frame's icons."""

    title: Text
    path: str
    permission: str
    icon: str = "package"

"""Visits to the pages of a plugin: what each handler answers with empty tables and with rows, when it is opened and sent."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial
from inspect import iscoroutinefunction, signature
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from psycopg.errors import UniqueViolation
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from starlette.datastructures import FormData

from guyub.access.roles import PERMISSIONS
from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.funding import Receipt
from guyub.sdk.plugin import Plugin
from guyub.sdk.session import TransactionGuarded
from guyub.sdk.web import Answer, FormEntry, Route, Visit
from guyub.testing.contexts import A_DAY, A_FACILITY, funding_context
from guyub.testing.pages import routes, values_in
from guyub.testing.samples import attempts
from guyub.testing.sandbox import Sandbox
from guyub.ui import forms

M = TypeVar("M", bound=BaseModel)

BASE = f"/f/{A_FACILITY.code}/p/"
NOW = datetime.combine(A_DAY, time(9), ZoneInfo(A_FACILITY.zone))
_VALUES = ("1", "contoh", "2024-11", "00000000-0000-0000-0000-000000000007")
"""What may stand in an address; a page need not understand each of them."""
_ENOUGH = 2
"""Addresses to follow for each route."""


@dataclass
class Notes:
    """Holds what a handler asked for: the models that it read, its last form, and what it gave to the audit log."""

    models: list[type[BaseModel]] = field(default_factory=list)
    entry: Any = None
    audited: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit. ``answer`` is None where the handler raised; a ``Refusal`` is an answer in words. ``wrote`` names what
    kinds of statements changed something."""

    route: Route
    case: str
    path: str
    answer: Any
    raised: Exception | None
    wrote: tuple[str, ...]
    notes: Notes

    @property
    def what(self) -> str:
        return f"{self.route.method} {self.route.path}{self.case and f', {self.case}'}"

    @property
    def crashed(self) -> bool:
        """Returns whether the handler raised an error. A duplicate is no crash: samples are sent more than once."""
        return self.raised is not None and not isinstance(self.raised, Refusal) and not _is_twice(self.raised)


@dataclass(frozen=True, kw_only=True)
class TrialVisit(Visit[Any]):
    """A visit like the host's, with nothing of the core behind it: a receipt is posted by its source and not booked."""

    _plugin: Plugin
    _sent: FormData
    _notes: Notes
    _writes: bool

    def blank(self, model: type[M], values: Mapping[str, Any] | None = None) -> FormEntry[M]:
        return forms.filled(model, {} if values is None else values)

    def read(self, model: type[M]) -> FormEntry[M]:
        self._notes.models.append(model)
        entry = forms.read(model, self._sent)
        self._notes.entry = entry
        return entry

    def audit(
        self, action: str, subject: str, *, reason: str = "", details: Mapping[str, object] | None = None
    ) -> None:
        self._demand_writing("audit")
        arguments: tuple[object, ...] = (action, subject, reason)
        if not all(isinstance(item, str) for item in arguments):
            raise TypeError(f"audit takes an action, a subject and a reason as text, not {arguments!r}")
        self._notes.audited.append(action)

    def receive(self, source: str, receipt: Receipt, *, again: bool = False) -> str:
        self._demand_writing("receive")
        for funding_source in self._plugin.funding_sources:
            if funding_source.key == source and type(receipt) in funding_source.receipts:
                return str(funding_source.post(funding_context(self.config), receipt).fund.code)
        raise LookupError(f"the plugin has no source {source!r} that understands {type(receipt).__name__}")

    def _demand_writing(self, what: str) -> None:
        if not self._writes:
            raise TransactionGuarded(f"a page that is only opened writes nothing: {what} belongs into a POST")


def visits(sandbox: Sandbox, config: Config) -> Iterator[Visited]:
    """Visits all pages: opens them while nothing is there, sends them empty and filled in (which is kept), and opens them
    again."""
    every = [
        route for route in routes(sandbox.plugin) if not iscoroutinefunction(route.handler) and _takes_a_visit(route)
    ]
    opened = [route for route in every if route.method == "GET"]
    for route in opened:
        yield _visit(sandbox, config, route, "with no rows")
    for route in every:
        if route.method == "POST":
            empty = _visit(sandbox, config, route, "sent empty", FormData())
            yield empty
            for sent in _filled(empty.notes.models):
                yield _visit(sandbox, config, route, "filled in", sent)
    sandbox.fill()
    for route in opened:
        yield _visit(sandbox, config, route, "with rows")


def followed(sandbox: Sandbox, config: Config, addresses: Iterable[str]) -> Iterator[Visited]:
    """Visits the pages with values in their path that addresses below the plugin's base lead to ("/collections/7")."""
    most: Counter[Route] = Counter()
    for path in dict.fromkeys(addresses):
        for route in routes(sandbox.plugin):
            values = _values_of(route, path.partition("?")[0])
            if values and most[route] < _ENOUGH and _takes_a_visit(route) and not iscoroutinefunction(route.handler):
                most[route] += 1
                yield from _at(sandbox, config, route, values)


def _at(sandbox: Sandbox, config: Config, route: Route, values: Mapping[str, str]) -> Iterator[Visited]:
    case = f"as {route.path.format_map(values)}"
    if route.method == "GET":
        yield _asked(sandbox, config, route, case, None, values)
        return
    empty = _asked(sandbox, config, route, f"{case}, sent empty", FormData(), values)
    yield empty
    for sent in _filled(empty.notes.models):
        yield _asked(sandbox, config, route, f"{case}, filled in", sent, values)


def _values_of(route: Route, path: str) -> Mapping[str, str]:
    """Returns the values in the path; none where the path does not fit or has no value."""
    match = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.path), path)
    return match.groupdict() if match else {}


def _takes_a_visit(route: Route) -> bool:
    return len(signature(route.handler).parameters) == 1


def _visit(sandbox: Sandbox, config: Config, route: Route, case: str, sent: FormData | None = None) -> Visited:
    """Visits with the first value of its address that the page understands."""
    ask = partial(_asked, sandbox, config, route, case, sent)
    first = ask(dict.fromkeys(values_in(route.path), _VALUES[0]))
    if not first.crashed or not values_in(route.path):
        return first
    others = (ask(dict.fromkeys(values_in(route.path), value)) for value in _VALUES[1:])
    return next((other for other in others if not other.crashed), first)


def _asked(
    sandbox: Sandbox, config: Config, route: Route, case: str, sent: FormData | None, values: Mapping[str, str]
) -> Visited:
    path = route.path.format_map(values)
    notes, writes = Notes(), sent is not None
    form = FormData() if sent is None else sent
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    answer: Answer | None = None
    raised: Exception | None = None
    sandbox.written.clear()
    try:
        with sandbox.calling(f"{route.method} {route.path}", keep=writes) as session:
            visit = TrialVisit(
                facility=A_FACILITY,
                now=NOW,
                lang="id",
                config=config,
                session=session,
                reader="Petugas Contoh",
                login="contoh",
                permissions=permissions(sandbox.plugin),
                path=values,
                query={},
                form=typed,
                _plugin=sandbox.plugin,
                _sent=form,
                _notes=notes,
                _writes=writes,
            )
            answer = route.handler(visit)
    except Exception as error:  # an author's code may raise anything
        raised = error
    return Visited(route, case, path, answer, raised, tuple(sandbox.written), notes)


def _is_twice(error: Exception) -> bool:
    return isinstance(error, IntegrityError) and isinstance(error.orig, UniqueViolation)


def permissions(plugin: Plugin) -> frozenset[str]:
    """Returns all that a reader can have."""
    return frozenset(PERMISSIONS) | {permission.key for permission in plugin.permissions}


def _filled(models: list[type[BaseModel]]) -> Iterator[FormData]:
    """Yields what a browser sends for each sample of the first model that was read, from the barest to the fullest."""
    for model in models[:1]:
        for values in attempts(model):
            typed = forms.filled(model, values).typed
            yield FormData([(name, value) for name, several in typed.items() for value in several])

"""The questions that a plugin can be asked without a database, at a facility and with a configuration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import signature
from typing import Any, Never
from uuid import UUID

from sqlalchemy.exc import OperationalError

from guyub.plugins.hook_arguments import by_name
from guyub.plugins.hook_checks import faults, hook_methods
from guyub.sdk.config import Config
from guyub.sdk.contexts import RegionContext
from guyub.sdk.events import EVENTS, Event
from guyub.sdk.facility import Facility
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.plugin import Plugin
from guyub.testing.contexts import (
    A_DAY,
    A_FACILITY,
    enrolment,
    funding_context,
    hook_context,
    program_context,
    spending,
)
from guyub.testing.samples import attempts, made


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """Holds what came of a question: the answer, or what was raised instead of one."""

    answer: Any = None
    raised: Exception | None = None


@dataclass(frozen=True, slots=True)
class PluginCall:
    """A question to a plugin: ``owner`` and ``method`` say who is asked, ``case`` in which situation."""

    owner: type
    method: str
    case: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def ask(self) -> CallOutcome:
        try:
            return CallOutcome(self.function(*self.arguments))
        except Exception as error:  # an author's code may raise anything
            return CallOutcome(raised=error)


class DatabaseGone(OperationalError):
    """The error that a statement raises when the server went away."""

    def __init__(self) -> None:
        super().__init__("SELECT 1", {}, Exception("the server closed the connection"))


class BrokenSession:
    """A session whose every statement fails; it remembers whether there was one."""

    def __init__(self) -> None:
        self.was_asked = False

    def _fail(self, *_arguments: Any, **_options: Any) -> Never:
        self.was_asked = True
        raise DatabaseGone

    execute = scalar = scalars = get = add = add_all = delete = flush = refresh = _fail


def of_programs(plugin: Plugin, config: Config, facility: Facility = A_FACILITY) -> Iterator[PluginCall]:
    ctx = program_context(config, facility)
    for kind in plugin.program_types:
        for method in ("schedule", "quota", "exclusion_group"):
            yield PluginCall(type(kind), method, "", getattr(kind, method), (config,))
        for method in ("eligibility", "criteria", "package"):
            yield PluginCall(type(kind), method, "", getattr(kind, method), (ctx,))


def of_sources(plugin: Plugin, config: Config, facility: Facility = A_FACILITY) -> Iterator[PluginCall]:
    ctx = funding_context(config, facility)
    for source in plugin.funding_sources:
        for model in source.receipts:
            receipts = (made(model, values) for values in attempts(model))
            for receipt in receipts:
                if receipt is not None:
                    yield PluginCall(type(source), "post", model.key, source.post, (ctx, receipt))


_NOT_CALLED = frozenset({"HOOK001", "HOOK004", "HOOK005"})
"""The rules of a hook's name, kind and arguments."""


def of_hooks(
    plugin: Plugin, config: Config, facility: Facility = A_FACILITY, session: BrokenSession | None = None
) -> Iterator[PluginCall]:
    """Yields each hook that the plugin implements, in cases that happen: an empty batch, a fund without evidence, an event
    of a kind that is not known yet, one that comes twice. The database fails."""
    failing: Any = session or BrokenSession()
    ctx = hook_context(config, facility, A_DAY, failing)
    of_region = RegionContext((facility,), A_DAY, failing)
    # One that the host cannot call gives no answer; its own rule reports it.
    cannot_be_called = {fault.attribute for fault in faults(plugin) if fault.code in _NOT_CALLED}
    for name, function, _options in hook_methods(plugin):
        if name not in cannot_be_called:
            for case, arguments in _cases(name, plugin):
                context = of_region if name == "guyub_region_attention" else ctx
                known = HOOKS[name].arguments
                wanted = [argument for argument in signature(function).parameters if argument in known]
                asked = by_name(getattr(plugin, name), wanted, known)
                yield PluginCall(type(plugin), name, case, asked, (context, *arguments))


def _cases(name: str, plugin: Plugin) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if name == "guyub_review_enrolment":
        yield "a list of three", (enrolment(plugin.slug),)
        yield "a list of another programme", (enrolment("bansos", 1),)
        yield "an empty list", (enrolment(plugin.slug, 0),)
    elif name == "guyub_review_spending":
        yield "a fund with its evidence", (spending(plugin.slug),)
        yield "a fund without evidence", (spending(plugin.slug, evidence=()),)
        yield "an empty evidence", (spending(plugin.slug, evidence=("",)),)
        yield "a sensitive fund", (spending(plugin.slug, sensitive=True),)
        yield "a fund of another source", (spending("csr_funding", evidence=("", "x; y: z")),)
    elif name == "guyub_on_event":
        for number, kind in enumerate((*EVENTS, "contoh.kelak")):
            yield f"the event {kind}", (_event(number, kind),)
        yield "an event that comes twice", (_event(0, next(iter(EVENTS))),)
    elif name == "guyub_household_panels":
        yield "a household", (UUID(int=1),)
    else:
        yield "the facility", ()


def _event(number: int, kind: str) -> Event:
    at = datetime.combine(A_DAY, datetime.min.time(), UTC)
    return Event(UUID(int=number), kind, "contoh/2024-11", A_DAY, at, _details(kind))


_WORDS = frozenset({"source", "receipt", "evidence"})
"""Details that are no numbers."""


def _details(kind: str) -> dict[str, str | int]:
    """Returns the details that are documented for the kind of event; none for a kind that is not known yet."""
    _, _, listed = EVENTS[kind].en.partition("details: ") if kind in EVENTS else ("", "", "")
    return {key: "CONTOH-01" if key in _WORDS else 5 for key in listed.split(", ") if key}

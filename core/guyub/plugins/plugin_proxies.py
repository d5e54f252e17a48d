"""Holds what a plugin declares for programmes and money, as the core asks it: an error or a wrong answer names the plugin."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter
from typing import Any, TypeVar

from guyub.plugins.crash import naming
from guyub.plugins.dispatch import SLOW_SECONDS
from guyub.plugins.refusals import PluginsRefusal
from guyub.sdk.checks import is_line, require
from guyub.sdk.config import PackageItem
from guyub.sdk.funding import FundingContext, FundingSource, Posting, Receipt
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import Criterion, MoneyLine, PackageLine, ProgramContext, ProgramType, Rule
from guyub.sdk.schedules import schedule_problem
from guyub.sdk.text import Text

log = logging.getLogger("guyub.plugins")

T = TypeVar("T")

MOST_HOUSEHOLDS = 1_000_000
LONGEST_GROUP = 60

DECLARED = Text(
    id="Plugin “{title}” ({slug}) gagal pada {what}: {case}. Kode: {code}.",
    en="The plugin “{title}” ({slug}) failed in {what}: {case}. Code: {code}.",
)
"""The sentence for a failure of what a plugin declares; for ``naming``."""


class _Door:
    """The one way from the core into a plugin's own classes: whatever is raised there becomes ``PluginCrashed``."""

    def __init__(self, plugin: Plugin, key: str) -> None:
        self._plugin = plugin
        self._key = key

    def ask(
        self, method: str, facility: str, checked: Callable[[Any], T], function: Callable[..., Any], *arguments: Any
    ) -> T:
        what = f"{self._key}.{method}()"
        began = perf_counter()
        with naming(self._plugin, what, facility, sentence=DECLARED):
            answer = checked(function(*arguments))
        took = perf_counter() - began
        if took > SLOW_SECONDS:
            labels = {"plugin": self._plugin.slug, "hook": what, "facility": facility, "seconds": took}
            log.warning("plugin %s took %.2f s in %s at %s", self._plugin.slug, took, what, facility, extra=labels)
        return answer


class GuardedProgram(ProgramType[Any]):
    """A programme type of a plugin; each method raises ``PluginCrashed`` where the plugin's own fails or answers wrongly."""

    def __init__(self, plugin: Plugin, kind: ProgramType[Any]) -> None:
        self._kind = kind
        self.key, self.title, self.benefit = kind.key, kind.title, kind.benefit
        self._door = _Door(plugin, self.key)

    def schedule(self, config: Any) -> str:
        return self._door.ask("schedule", "", self._followed, self._kind.schedule, config)

    def _followed(self, answer: object) -> str:
        rule = _line(answer)
        if (problem := schedule_problem(rule)) is not None:
            raise PluginsRefusal.SCHEDULE.refusal(title=self.title, problem=problem)
        return rule

    def quota(self, config: Any) -> int:
        return self._door.ask("quota", "", _quota, self._kind.quota, config)

    def exclusion_group(self, config: Any) -> str:
        return self._door.ask("exclusion_group", "", _group, self._kind.exclusion_group, config)

    def eligibility(self, ctx: ProgramContext[Any]) -> Sequence[Rule]:
        return self._door.ask("eligibility", ctx.facility.code, _rules, self._kind.eligibility, ctx)

    def criteria(self, ctx: ProgramContext[Any]) -> Sequence[Criterion]:
        return self._door.ask("criteria", ctx.facility.code, _criteria, self._kind.criteria, ctx)

    def package(self, ctx: ProgramContext[Any]) -> Sequence[PackageLine]:
        return self._door.ask("package", ctx.facility.code, _package, self._kind.package, ctx)


class GuardedSource(FundingSource[Any]):
    """A funding source of a plugin; ``post`` raises ``PluginCrashed`` for an error and for a posting that cannot be booked."""

    def __init__(self, plugin: Plugin, source: FundingSource[Any]) -> None:
        self._source = source
        self.key, self.title, self.receipts = source.key, source.title, source.receipts
        self._door = _Door(plugin, self.key)

    def post(self, ctx: FundingContext[Any], receipt: Receipt) -> Posting:
        def checked(answer: object) -> Posting:
            return _posting(answer, receipt)

        return self._door.ask("post", ctx.facility.code, checked, self._source.post, ctx, receipt)

    def needed(self, ctx: FundingContext[Any], receipt: type[Receipt]) -> Sequence[str]:
        def checked(answer: object) -> Sequence[str]:
            if not isinstance(answer, tuple | list):
                raise TypeError("needed() answers a tuple of fields")
            unknown = [name for name in answer if name not in receipt.model_fields]
            require(not unknown, f"needed() answers fields of {receipt.__name__}, not {unknown!r}")
            return tuple(answer)

        return self._door.ask("needed", ctx.facility.code, checked, self._source.needed, ctx, receipt)


def _posting(answer: object, receipt: Receipt) -> Posting:
    require(type(answer) is Posting, f"post() answers a Posting, not {type(answer).__name__}")
    assert isinstance(answer, Posting)
    stated = getattr(receipt, "received_on", None)
    require(
        not isinstance(stated, date) or answer.received_on == stated, "a posting is of the day that its receipt states"
    )
    return answer


def _line(answer: object) -> str:
    require(is_line(answer, 500), "a recurrence is one line of text")
    return str(answer)


def _quota(answer: object) -> int:
    require(type(answer) is int, f"quota() answers a whole number, not {type(answer).__name__}")
    assert isinstance(answer, int)
    require(1 <= answer <= MOST_HOUSEHOLDS, f"a quota is from 1 to {MOST_HOUSEHOLDS} packages, not {answer}")
    return answer


def _group(answer: object) -> str:
    require(is_line(answer, LONGEST_GROUP), f"an exclusion group is one line of 1 to {LONGEST_GROUP} letters")
    return str(answer)


def _rules(answer: object) -> list[Rule]:
    return _keyed("eligibility", answer, Rule)


def _criteria(answer: object) -> list[Criterion]:
    return _keyed("criteria", answer, Criterion)


def _package(answer: object) -> list[PackageLine]:
    return _all("package", answer, (PackageItem, MoneyLine))


def _keyed(method: str, answer: object, kind: type[T]) -> list[T]:
    kinds = _all(method, answer, (kind,))
    keys = [getattr(item, "key", "") for item in kinds]
    require(len(set(keys)) == len(keys), f"{method}() answers one key twice")
    return kinds


def _all(method: str, answer: object, kinds: tuple[type[Any], ...]) -> list[Any]:
    named = " or ".join(kind.__name__ for kind in kinds)
    require(isinstance(answer, list | tuple), f"{method}() answers a list or tuple, not {type(answer).__name__}")
    assert isinstance(answer, list | tuple)
    for item in answer:
        require(isinstance(item, kinds), f"{method}() answers {named}, not {type(item).__name__}")
    return list(answer)

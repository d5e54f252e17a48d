"""Programme types answer every configuration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dateutil.rrule import rrulestr

from guyub.sdk.config import PackageItem
from guyub.sdk.program import Criterion, MoneyLine
from guyub.sdk.program import Rule as Condition
from guyub.testing.calls import PluginCall, of_programs
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH003",
    "A programme type answers with the right kind of thing, for every configuration that its model accepts.",
    why="What a facility may set must work; the cycle cannot be opened otherwise.",
    fix="mend the method, or let the model refuse such a configuration",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config):
        for of_program in of_programs(specimen.plugin, config):
            wrong = _wrong(of_program)
            if wrong:
                yield RULE.broken(
                    f"{of_program.owner.__name__}.{of_program.method}: {wrong}",
                    specimen.member(of_program.owner, of_program.method),
                )


def _wrong(one: PluginCall) -> str:
    outcome = one.ask()
    if outcome.raised is not None:
        return f"raises {type(outcome.raised).__name__}: {outcome.raised}"
    return _KINDS[one.method](outcome.answer)


def _schedule(answer: Any) -> str:
    try:
        rrulestr(answer, dtstart=None, ignoretz=True)
    except (ValueError, TypeError, AttributeError):
        return f"{answer!r} is no recurrence rule of RFC 5545"
    return ""


def _quota(answer: Any) -> str:
    return "" if type(answer) is int and answer > 0 else f"{answer!r} is no number of households"


def _group(answer: Any) -> str:
    return "" if isinstance(answer, str) and answer else f"{answer!r} is no name of a group"


def _of(answer: Any, *kinds: type) -> str:
    if not isinstance(answer, Sequence) or not all(isinstance(item, kinds) for item in answer):
        return f"gives {answer!r}, no sequence of {' or '.join(kind.__name__ for kind in kinds)}"
    keys = [item.key for item in answer if hasattr(item, "key")]
    return f"a key stands there twice: {', '.join(keys)}" if len(keys) != len(set(keys)) else ""


_KINDS: Mapping[str, Callable[[Any], str]] = {
    "schedule": _schedule,
    "quota": _quota,
    "exclusion_group": _group,
    "eligibility": lambda answer: _of(answer, Condition),
    "criteria": lambda answer: _of(answer, Criterion),
    "package": lambda answer: _of(answer, PackageItem, MoneyLine),
}

"""Programme types answer every configuration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dateutil.rrule import rrulestr

from guyub.sdk.config import PackageItem
from guyub.sdk.program import Criterion, MoneyLine
from guyub.sdk.program import Rule as Condition
from guyub.testing.asking import Question, of_programs
from guyub.testing.rule import Finding, Rule
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen

RULE = Rule(
    "BEH003",
    "A programme type answers with the right kind of thing, for every configuration that its model accepts.",
    why="What a facility may set must work; the cycle cannot be opened otherwise.",
    fix="mend the method, or let the model refuse such a configuration",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for config in configurations(specimen.plugin.config):
        for one in of_programs(specimen.plugin, config):
            wrong = _wrong(one)
            if wrong:
                yield RULE.broken(f"{one.owner.__name__}.{one.method}: {wrong}", specimen.member(one.owner, one.method))


def _wrong(one: Question) -> str:
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
    if not isinstance(answer, Sequence) or not all(isinstance(one, kinds) for one in answer):
        return f"gives {answer!r}, no sequence of {' or '.join(kind.__name__ for kind in kinds)}"
    keys = [one.key for one in answer if hasattr(one, "key")]
    return f"a key stands there twice: {', '.join(keys)}" if len(keys) != len(set(keys)) else ""


_KINDS: Mapping[str, Callable[[Any], str]] = {
    "schedule": _schedule,
    "quota": _quota,
    "exclusion_group": _group,
    "eligibility": lambda answer: _of(answer, Condition),
    "criteria": lambda answer: _of(answer, Criterion),
    "package": lambda answer: _of(answer, PackageItem, MoneyLine),
}

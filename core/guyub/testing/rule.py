"""A rule of conformance, and the decorator ``@rule`` that makes one from the function that checks it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from guyub.testing.finding import RuleFinding, SourcePlace
from guyub.testing.plugin_under_test import PluginUnderTest

RuleFamily = Literal["package", "hooks", "config", "data", "web", "behaviour", "docs"]
FAMILIES: tuple[RuleFamily, ...] = get_args(RuleFamily)
_PREFIXES: dict[str, RuleFamily] = dict(
    zip(("PKG", "HOOK", "CONF", "DATA", "WEB", "BEH", "DOC"), FAMILIES, strict=True)
)


@dataclass(frozen=True, slots=True)
class Violation:
    """Holds what breaks a rule, in a sentence, and where."""

    sentence: str
    place: SourcePlace


RuleCheck = Callable[[PluginUnderTest], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class ConformanceRule:
    """``holds`` is what must be so, ``why`` what goes wrong otherwise, ``fix`` what the author does about it. ``check`` yields
    what is wrong beyond what the host refuses under the same id."""

    id: str
    holds: str
    why: str
    fix: str
    check: RuleCheck

    @property
    def family(self) -> RuleFamily:
        return _PREFIXES[re.sub(r"\d", "", self.id)]

    def violations(self, specimen: PluginUnderTest) -> list[Violation]:
        """Returns what breaks the rule, each once; what the host refuses where the rule's own check has no better words."""
        return list(dict.fromkeys(self.check(specimen)) or dict.fromkeys(_refused_by_host(self.id, specimen)))

    def broken(self, sentence: str, place: SourcePlace) -> RuleFinding:
        return RuleFinding(self.id, sentence, self.fix, place)


def rule(id: str, holds: str, *, why: str, fix: str) -> Callable[[RuleCheck], ConformanceRule]:
    """Makes the decorated function the check of a rule."""
    return lambda check: ConformanceRule(id, holds, why, fix, check)


def host_rule(id: str, holds: str, *, why: str, fix: str) -> ConformanceRule:
    """Makes a rule that the host checks when it loads a plugin: nothing is checked a second time."""
    return ConformanceRule(id, holds, why, fix, lambda _specimen: ())


def _refused_by_host(rule_id: str, specimen: PluginUnderTest) -> Iterator[Violation]:
    for fault in specimen.declaration_faults:
        if fault.code == rule_id:
            yield Violation(fault.text.en, specimen.place_of(fault))

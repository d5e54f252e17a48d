"""Runs the rules of conformance over a plugin: all that ``guyub plugin check`` and the fixture ``conformance`` do."""

import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args

from guyub.testing import rules as rule_folder
from guyub.testing.plugin_under_test import NotLoaded, PluginUnderTest, opened
from guyub.testing.rule import ConformanceRule, RuleFinding

RuleFamily = Literal["package", "hooks", "config", "data", "web", "behaviour", "docs"]
RuleCheck = Callable[[PluginUnderTest], Iterable[RuleFinding]]

_SAYS_AGAIN = "PKG011"
"""The host's own word on a declaration: heard where no other rule has said it better."""


@dataclass(frozen=True, slots=True)
class FamilyRule:
    """A rule of one family with the function that checks it: the ``RULE`` and the ``check`` of a module of ``rules/``."""

    rule: ConformanceRule
    family: RuleFamily
    check: RuleCheck


@cache
def rules() -> tuple[FamilyRule, ...]:
    """Every rule: family after family, by id."""
    found: list[FamilyRule] = []
    for family in get_args(RuleFamily):
        package = import_module(f"{rule_folder.__name__}.{family}")
        modules = [
            import_module(iter_module.name)
            for iter_module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
        ]
        found += sorted(
            (FamilyRule(module.RULE, family, module.check) for module in modules), key=lambda item: item.rule.id
        )
    return tuple(found)


def check(slug_or_path: str | Path) -> list[RuleFinding]:
    """What is wrong with the plugin of a folder or with an installed one; empty when it conforms.

    Raises ``guyub.sdk.errors.NotFound`` where there is none.
    """
    with opened(slug_or_path) as specimen:
        return findings(specimen)


def findings(specimen: PluginUnderTest, chosen: Sequence[FamilyRule] | None = None) -> list[RuleFinding]:
    """By file and line within a rule."""
    found: list[RuleFinding] = []
    stumbled: list[RuleFinding] = []
    for rule in rules() if chosen is None else chosen:
        try:
            broken = dict.fromkeys(rule.check(specimen))
        except NotLoaded:
            continue
        except (
            Exception
        ) as error:  # what an author declares may be anything; a rule that stumbles over it does not hold
            sentence = f"this cannot be checked, it raises {type(error).__name__}: {error}"
            stumbled.append(rule.rule.broken(sentence, specimen.start))
        else:
            found += sorted(broken, key=lambda finding: (str(finding.place.path), finding.place.line))
    # What rules stumble over is nearly always what another one names, and so is what the host complains of.
    return [finding for finding in found if finding.rule != _SAYS_AGAIN] or found or stumbled

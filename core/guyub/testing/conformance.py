"""Runs the rules of conformance over a plugin: all that ``guyub plugin check`` and the fixture ``conformance`` do."""

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args

from guyub.sdk.text import Text
from guyub.testing import rules as rule_folder
from guyub.testing.plugin_under_test import NotLoaded, PluginUnderTest, opened
from guyub.testing.project import Project, bad_exemption
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


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What one rule found; ``stumbled`` where it could not be checked, as what it asked raised."""

    rule: str
    broken: tuple[RuleFinding, ...] = ()
    stumbled: bool = False


@dataclass(frozen=True, slots=True)
class ExemptedFinding:
    """What does not count, as the author exempted the rule with a reason."""

    finding: RuleFinding
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``findings`` are what is wrong with a plugin; it conforms where there are none."""

    findings: tuple[RuleFinding, ...]
    exempted: tuple[ExemptedFinding, ...] = ()


def check(slug_or_path: str | Path) -> list[RuleFinding]:
    """What is wrong with the plugin of a folder or with an installed one; empty when it conforms. It runs in this process:
    ``guyub.testing.separate_check`` holds out against a plugin that hangs or ends its process.

    Raises ``guyub.sdk.errors.NotFound`` where there is none, ``Invalid`` for a bad exemption.
    """
    with opened(slug_or_path) as specimen:
        exempt = exemptions(specimen.project)
        return list(result([run(rule, specimen) for rule in rules()], exempt, specimen.project).findings)


def findings(specimen: PluginUnderTest, chosen: Sequence[FamilyRule]) -> list[RuleFinding]:
    """What the chosen rules find, by file and line within a rule; no exemption counts."""
    return list(result([run(rule, specimen) for rule in chosen], {}, specimen.project).findings)


def run(rule: FamilyRule, specimen: PluginUnderTest) -> RuleRun:
    """One rule on one plugin. What an author declares may be anything: a rule that stumbles over it does not hold."""
    try:
        broken = dict.fromkeys(rule.check(specimen))
    except NotLoaded:
        return RuleRun(rule.rule.id)
    except SystemExit as error:
        sentence = f"what it asks ends the process: SystemExit {error}"
        return RuleRun(rule.rule.id, (rule.rule.broken(sentence, specimen.line_of(error)),))
    except Exception as error:
        sentence = f"this cannot be checked, it raises {type(error).__name__}: {error}"
        return RuleRun(rule.rule.id, (rule.rule.broken(sentence, specimen.start),), stumbled=True)
    return RuleRun(
        rule.rule.id, tuple(sorted(broken, key=lambda finding: (str(finding.place.path), finding.place.line)))
    )


def result(runs: Iterable[RuleRun], exempt: Mapping[str, str], project: Project) -> CheckResult:
    """What counts of what the rules found, and what does not. An exemption of which nothing was found is named as well."""
    done = tuple(runs)
    counted = [(rule_run, finding) for rule_run in done for finding in rule_run.broken if finding.rule not in exempt]
    found = [finding for rule_run, finding in counted if not rule_run.stumbled]
    stumbled = [finding for rule_run, finding in counted if rule_run.stumbled]
    # What rules stumble over is nearly always what another one names, and so is what the host complains of.
    said = [finding for finding in found if finding.rule != _SAYS_AGAIN] or found or stumbled
    exempted = [
        ExemptedFinding(finding, exempt[finding.rule])
        for rule_run in done
        for finding in rule_run.broken
        if finding.rule in exempt
    ]
    named = {item.finding.rule for item in exempted}
    exempted += [
        ExemptedFinding(_kept_for_nothing(rule, project), reason)
        for rule, reason in exempt.items()
        if rule not in named and any(rule_run.rule == rule for rule_run in done)
    ]
    return CheckResult(tuple(said), tuple(exempted))


def exemptions(project: Project) -> dict[str, str]:
    """The reasons of a project by rule. Raises ``Invalid`` for a rule that there is not and for one without a reason."""
    known = {item.rule.id for item in rules()}
    reasons: dict[str, str] = {}
    for rule, reason in project.exempt.items():
        if rule not in known:
            near = get_close_matches(rule.upper(), known, 1)
            raise bad_exemption(
                project.file,
                Text(id="tidak ada aturan “{rule}”{near}.", en="there is no rule “{rule}”{near}.").format(
                    rule=rule, near=f" ({near[0]}?)" if near else ""
                ),
            )
        if not isinstance(reason, str) or not reason.strip():
            raise bad_exemption(
                project.file,
                Text(
                    id="aturan {rule} dikecualikan tanpa alasan.", en="the rule {rule} is exempted without a reason."
                ).format(rule=rule),
            )
        reasons[rule] = " ".join(reason.split())
    return reasons


def _kept_for_nothing(rule: str, project: Project) -> RuleFinding:
    return RuleFinding(
        rule, "nothing breaks this rule", "take the exemption out of pyproject.toml", project.line_with(rule)
    )

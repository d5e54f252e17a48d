"""``check`` runs the rules of conformance over a plugin, as ``guyub plugin check`` and the fixture ``conformance`` do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from guyub.sdk.text import Text
from guyub.testing.finding import RuleFinding
from guyub.testing.plugin_under_test import NotLoaded, PluginUnderTest, opened
from guyub.testing.project import Project, bad_exemption
from guyub.testing.rule import FAMILIES, ConformanceRule
from guyub.testing.rules import (
    behaviour,
    config,
    data,
    declaration,
    docs,
    hook_answers,
    hooks,
    package,
    programs,
    receipts,
    visits,
    web,
)

_MODULES = (package, hooks, config, data, web, visits, behaviour, hook_answers, programs, receipts, docs)


@cache
def rules() -> tuple[ConformanceRule, ...]:
    """Returns every rule: family after family, by id."""
    declared = [thing for module in _MODULES for thing in vars(module).values() if isinstance(thing, ConformanceRule)]
    return tuple(sorted((*declared, *declaration.RULES), key=lambda rule: (FAMILIES.index(rule.family), rule.id)))


@dataclass(frozen=True, slots=True)
class RuleRun:
    """Holds what one rule found; it ``stumbled`` where it could not be checked, because what it asked raised."""

    rule: str
    broken: tuple[RuleFinding, ...] = ()
    stumbled: bool = False


@dataclass(frozen=True, slots=True)
class ExemptedFinding:
    """A finding that does not count, since the author exempted its rule with a reason."""

    finding: RuleFinding
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings of a check; a plugin conforms where there are none."""

    findings: tuple[RuleFinding, ...]
    exempted: tuple[ExemptedFinding, ...] = ()


def check(slug_or_path: str | Path) -> list[RuleFinding]:
    """Returns what is wrong with the plugin of a folder or with an installed one; empty when it conforms. It runs in this
    process: ``guyub.testing.separate_check`` holds out against a plugin that hangs or ends its process.

    Raises ``guyub.sdk.errors.NotFound`` where there is none, ``Invalid`` for a bad exemption.
    """
    with opened(slug_or_path) as specimen:
        exempt = exemptions(specimen.project)
        return list(result([run(rule, specimen) for rule in rules()], exempt, specimen.project).findings)


def findings(specimen: PluginUnderTest, selected: Sequence[ConformanceRule]) -> list[RuleFinding]:
    """Returns what the selected rules find, by file and line within a rule; no exemption counts."""
    return list(result([run(rule, specimen) for rule in selected], {}, specimen.project).findings)


def run(rule: ConformanceRule, specimen: PluginUnderTest) -> RuleRun:
    """Runs one rule on one plugin. A rule that raises over what an author declared does not hold."""
    try:
        violations = rule.violations(specimen)
    except NotLoaded:
        return RuleRun(rule.id)
    except SystemExit as error:
        sentence = f"what it asks ends the process: SystemExit {error}"
        return RuleRun(rule.id, (rule.broken(sentence, specimen.line_of(error)),))
    except Exception as error:
        sentence = f"this cannot be checked, it raises {type(error).__name__}: {error}"
        return RuleRun(rule.id, (rule.broken(sentence, specimen.start),), stumbled=True)
    broken = [rule.broken(violation.sentence, violation.place) for violation in violations]
    return RuleRun(rule.id, tuple(sorted(broken, key=lambda finding: (str(finding.place.path), finding.place.line))))


def result(runs: Iterable[RuleRun], exempt: Mapping[str, str], project: Project) -> CheckResult:
    """Splits the findings of the rules into those that count and those that are exempted. It names an exemption that
    nothing needs."""
    rule_runs = tuple(runs)
    counted = [
        (rule_run, finding) for rule_run in rule_runs for finding in rule_run.broken if finding.rule not in exempt
    ]
    certain = [finding for rule_run, finding in counted if not rule_run.stumbled]
    stumbled = [finding for rule_run, finding in counted if rule_run.stumbled]
    exempted = [
        ExemptedFinding(finding, exempt[finding.rule])
        for rule_run in rule_runs
        for finding in rule_run.broken
        if finding.rule in exempt
    ]
    named = {item.finding.rule for item in exempted}
    exempted += [
        ExemptedFinding(_kept_for_nothing(rule, project), reason)
        for rule, reason in exempt.items()
        if rule not in named and any(rule_run.rule == rule for rule_run in rule_runs)
    ]
    # What rules stumble over is nearly always what another one names.
    return CheckResult(tuple(certain or stumbled), tuple(exempted))


def exemptions(project: Project) -> dict[str, str]:
    """Returns the reasons of a project by rule. Raises ``Invalid`` for a rule that there is not and for one without a
    reason."""
    known = {rule.id for rule in rules()}
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

"""Criteria and conditions can be explained and compared."""

from collections.abc import Iterator

from sqlalchemy import Boolean

from guyub.sdk.program import ProgramType
from guyub.testing.contexts import program_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH005",
    "A criterion has words and a weight above zero; a condition has a reason and gives yes or no.",
    why="Staff read both beside every household; a weight of nothing explains nothing.",
    fix="leave criteria without weight out, give every one both languages, and end conditions in a comparison",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for kind in specimen.plugin.program_types:
        first = next(iter(configurations(specimen.plugin.config)), None)
        for config in configurations(specimen.plugin.config):
            ctx = program_context(config)
            if config is first and type(kind).criteria is not ProgramType.criteria and not kind.criteria(ctx):
                yield RULE.broken(f"{kind.key} has no criterion as it comes", specimen.member(type(kind), "criteria"))
            for criterion in kind.criteria(ctx):
                if type(criterion.weight) is not int or criterion.weight <= 0:
                    sentence = f"the criterion {criterion.key} has the weight {criterion.weight!r}"
                    yield RULE.broken(sentence, specimen.member(type(kind), "criteria"))
                if not criterion.label.id or not criterion.label.en:
                    yield RULE.broken(
                        f"the criterion {criterion.key} has no words", specimen.member(type(kind), "criteria")
                    )
            for rule in kind.eligibility(ctx):
                if not rule.otherwise.id or not rule.otherwise.en:
                    yield RULE.broken(
                        f"the condition {rule.key} has no reason", specimen.member(type(kind), "eligibility")
                    )
                if not isinstance(rule.expression.type, Boolean):
                    sentence = f"the condition {rule.key} gives {rule.expression.type}, not yes or no"
                    yield RULE.broken(sentence, specimen.member(type(kind), "eligibility"))

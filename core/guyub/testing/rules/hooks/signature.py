"""Hooks take what they are given."""

import inspect
from collections.abc import Iterator

from guyub.sdk.hookspecs import HOOKS
from guyub.testing.implementations import implementations
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK005",
    "A hook has exactly the arguments of its specification, in its order, without defaults.",
    why="The core calls by position; an argument that it does not know would never be filled.",
    fix="write the arguments as the reference of hooks has them",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for name, function, _options in implementations(specimen.plugin):
        if name not in HOOKS:
            continue
        wanted = ("self", *HOOKS[name].arguments)
        given = inspect.signature(function).parameters.values()
        plain = all(value.kind is value.POSITIONAL_OR_KEYWORD and value.default is value.empty for value in given)
        if not plain or tuple(value.name for value in given) != wanted:
            sentence = f"{name} takes {inspect.signature(function)}, the core gives ({', '.join(wanted)})"
            yield RULE.broken(sentence, specimen.function(function))

"""Hooks take what they are given."""

import inspect
from collections.abc import Iterator

from guyub.sdk.hookspecs import HOOKS
from guyub.testing.implementations import implementations
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "HOOK005",
    "A hook has exactly the arguments of its specification, in its order, without defaults.",
    why="The core calls by position; an argument that it does not know would never be filled.",
    fix="write the arguments as the reference of hooks has them",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for name, function, _options in implementations(specimen.plugin):
        if name not in HOOKS:
            continue
        wanted = ("self", *HOOKS[name].arguments)
        given = inspect.signature(function).parameters.values()
        plain = all(one.kind is one.POSITIONAL_OR_KEYWORD and one.default is one.empty for one in given)
        if not plain or tuple(one.name for one in given) != wanted:
            sentence = f"{name} takes {inspect.signature(function)}, the core gives ({', '.join(wanted)})"
            yield RULE.broken(sentence, specimen.function(function))

"""Hooks are plain functions."""

import inspect
from collections.abc import Iterator

from guyub.testing.implementations import implementations
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "HOOK004",
    "A hook is neither async nor a generator.",
    why="The core calls it inside its own transaction and takes its answer at once.",
    fix="write `def`, and return a list",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for name, function, _options in implementations(specimen.plugin):
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            yield RULE.broken(f"{name} is async", specimen.function(function))
        elif inspect.isgeneratorfunction(function):
            yield RULE.broken(f"{name} is a generator", specimen.function(function))

"""Handlers are plain functions of a visit."""

import inspect
from collections.abc import Iterator

from guyub.testing.pages import routes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB010",
    "A handler is a synchronous function of exactly one argument, the visit.",
    why="It runs inside one transaction on a thread of its own; the host calls it with the visit and nothing else.",
    fix="write `def page(visit: Visit[…]) -> Answer`",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for route in routes(specimen.plugin):
        where = f"{route.method} {route.path}"
        if inspect.iscoroutinefunction(route.handler):
            yield RULE.broken(f"the handler of {where} is async", specimen.function(route.handler))
        elif len(inspect.signature(route.handler).parameters) != 1:
            sentence = f"the handler of {where} takes {inspect.signature(route.handler)}"
            yield RULE.broken(sentence, specimen.function(route.handler))

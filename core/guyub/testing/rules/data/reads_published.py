"""SQL of the plugin names no unpublished table of the core."""

import re
from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import strings

RULE = ConformanceRule(
    "DATA008",
    "Statements read and write own tables; of the core they read guyub.household_facts alone.",
    why="The core's tables change without notice, and what writes to them goes round its checks and its audit.",
    fix="take guyub.sdk.households, what the context gives, or visit.receive",
)

_NAMED = re.compile(r"\b(?:from|join|into|update|table|delete\s+from)\s+guyub\.(\w+)", re.IGNORECASE)
_PUBLISHED = frozenset({"household_facts"})


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        for node, text in strings(source.tree):
            for table in sorted({*_NAMED.findall(text)} - _PUBLISHED):
                yield RULE.broken(f"a statement names guyub.{table}", source.at(node))

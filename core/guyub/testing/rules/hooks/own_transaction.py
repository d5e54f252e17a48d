"""The core ends its own transaction."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls

RULE = ConformanceRule(
    "HOOK008",
    "Nothing commits, rolls back or closes a session, or opens one of its own.",
    why="A plugin works inside the core's transaction: money, audit and its own rows are kept together or not at all.",
    fix="leave it to the core; raise a Refusal to have everything undone",
)

_ENDS = frozenset({"commit", "rollback", "close", "begin", "begin_nested"})
_OPENS = frozenset({"create_engine", "sessionmaker", "psycopg.connect"})


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            owner, _, method = name.rpartition(".")
            if method in _ENDS and owner.rpartition(".")[2] in ("session", "connection"):
                yield RULE.broken(f"it calls {name}()", source.at(node))
            elif name in _OPENS or method in _OPENS:
                yield RULE.broken(f"it opens the database with {name}()", source.at(node))

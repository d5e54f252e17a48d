"""The day and the moment are given."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls

RULE = ConformanceRule(
    "HOOK009",
    "Nothing asks the machine for the date or the time.",
    why="A facility has a zone of its own, a cycle is scored again later, and a test needs a day that it can choose.",
    fix="take ctx.on, ctx.period, visit.today or visit.now",
)

_CLOCKS = (
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.localtime",
    "time.time_ns",
    "func.now",
    "func.current_date",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if any(name == clock or name.endswith(f".{clock}") for clock in _CLOCKS):
                yield RULE.broken(f"it calls {name}()", source.at(node))

"""Reports have columns that can be told apart."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB016",
    "A report has columns with keys of their own and titles in both languages; only numbers are added up.",
    why="The core shows, totals and exports it by them.",
    fix="give every column a key of its own and a Text, and total=True to amounts alone",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for report in specimen.plugin.reports:
        place = specimen.member(type(report), "columns")
        keys = [column.key for column in report.columns]
        if not keys or len(keys) != len(set(keys)):
            yield RULE.broken(f"the report {report.key} has no column, or one key twice", place)
        for column in report.columns:
            if not column.title.id or not column.title.en:
                yield RULE.broken(f"the column {column.key} of {report.key} has no title", place)
            if column.total and column.kind in ("text", "date"):
                yield RULE.broken(f"the column {column.key} of {report.key} is {column.kind} and added up", place)

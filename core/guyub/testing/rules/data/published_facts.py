"""Rules and criteria read the published facts alone."""

from collections.abc import Iterator

from sqlalchemy import TableClause
from sqlalchemy.sql import visitors

from guyub.sdk.queries import Expression, households
from guyub.testing.contexts import program_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "DATA004",
    "The expressions of rules and criteria are over guyub.sdk.household and no other table.",
    why="The core runs them as one statement over all households; the facts hold no names and no numbers of persons.",
    fix="write the expression with the columns of guyub.sdk.household",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for kind in specimen.plugin.program_types:
        for config in configurations(specimen.plugin.config):
            ctx = program_context(config)
            for method, asked in (("eligibility", kind.eligibility(ctx)), ("criteria", kind.criteria(ctx))):
                for item in asked:
                    for table in sorted(_tables(item.expression) - {households.fullname}):
                        sentence = f"{item.key} reads {table}"
                        yield RULE.broken(sentence, specimen.member(type(kind), method))


def _tables(expression: Expression) -> set[str]:
    parts = list(visitors.iterate(expression))
    columns = (getattr(element, "table", None) for element in parts)
    return {str(part.fullname) for part in (*parts, *columns) if isinstance(part, TableClause)}

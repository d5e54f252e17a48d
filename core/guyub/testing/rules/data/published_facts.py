"""Rules and criteria read the published facts alone."""

from collections.abc import Iterator

from sqlalchemy import TableClause
from sqlalchemy.sql import visitors

from guyub.sdk.queries import Expression, households
from guyub.testing.contexts import program_context
from guyub.testing.rule import Finding, Rule
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen

RULE = Rule(
    "DATA004",
    "The expressions of rules and criteria are over guyub.sdk.household and no other table.",
    why="The core runs them as one statement over all households; the facts hold no names and no numbers of persons.",
    fix="write the expression with the columns of guyub.sdk.household",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for kind in specimen.plugin.program_types:
        for config in configurations(specimen.plugin.config):
            ctx = program_context(config)
            for method, asked in (("eligibility", kind.eligibility(ctx)), ("criteria", kind.criteria(ctx))):
                for one in asked:
                    for table in sorted(_tables(one.expression) - {households.fullname}):
                        sentence = f"{one.key} reads {table}"
                        yield RULE.broken(sentence, specimen.member(type(kind), method))


def _tables(expression: Expression) -> set[str]:
    parts = list(visitors.iterate(expression))
    columns = (getattr(element, "table", None) for element in parts)
    return {str(one.fullname) for one in (*parts, *columns) if isinstance(one, TableClause)}

"""Whatever a plugin makes is declared."""

from collections.abc import Iterator

from guyub.sdk.funding import FundingSource, Receipt
from guyub.sdk.program import ProgramType
from guyub.sdk.reports import Report
from guyub.testing.own_classes import own_classes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK011",
    "Every programme type, source and report that a plugin writes stands in its declaration, and every receipt at a source.",
    why="The core knows only what is declared; the rest is never asked, and nobody is told.",
    fix="list an instance in program_types, funding_sources or reports, a receipt in receipts of its source, or remove it",
)

_LISTS: dict[type, str] = {
    ProgramType: "program_types",
    FundingSource: "funding_sources",
    Report: "reports",
    Receipt: "receipts",
}


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    plugin = specimen.plugin
    declared = {
        type(program_type_) for program_type_ in (*plugin.program_types, *plugin.funding_sources, *plugin.reports)
    }
    declared |= {receipt for source in plugin.funding_sources for receipt in source.receipts}
    # What only serves as the base of others is no thing of its own.
    bases = {base for item in declared for base in item.__mro__}
    for owner in own_classes(specimen):
        for base, name in _LISTS.items():
            if issubclass(owner, base) and owner not in declared | bases:
                yield RULE.broken(f"{owner.__name__} does not stand in {name}", specimen.member(owner))

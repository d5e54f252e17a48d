"""Answering changes nothing."""

from collections.abc import Iterator

from guyub.testing.calls import of_programs, of_sources
from guyub.testing.crawl import crawl_of
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations
from guyub.testing.side_effects import watched

RULE = ConformanceRule(
    "BEH002",
    "Programme types, sources and pages write no file, open no connection and start no program.",
    why="They are asked for previews and explanations too, inside transactions that may be undone.",
    fix="do it in guyub_on_event, which comes after the commit",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config)[:1]:
        for of_program in (*of_programs(specimen.plugin, config), *of_sources(specimen.plugin, config)):
            with watched(specimen.package) as deeds:
                of_program.ask()
            for deed in deeds:
                yield RULE.broken(f"{of_program.owner.__name__}.{of_program.method} {deed.what}", deed.place)
    for deed in crawl_of(specimen).deeds:
        yield RULE.broken(f"a page {deed.what}", deed.place)

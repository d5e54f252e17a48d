"""Answering changes nothing."""

from collections.abc import Iterator

from guyub.testing.calls import of_hooks, of_programs, of_sources
from guyub.testing.crawl import crawl_of
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations
from guyub.testing.side_effects import MAY_CALL_OUTSIDE, watched

RULE = ConformanceRule(
    "BEH002",
    "Programme types, sources, hooks and pages write no file, open no connection and start no program; guyub_on_event and "
    "guyub_health may.",
    why="They are asked for previews and explanations too, inside transactions that may be undone.",
    fix="do it in guyub_on_event, which comes after the commit",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config)[:1]:
        for ask in (of_programs, of_sources, of_hooks):
            for call in ask(specimen.plugin, config):
                if call.method in MAY_CALL_OUTSIDE:
                    continue
                with watched(specimen.package) as deeds:
                    call.ask()
                for deed in deeds:
                    yield RULE.broken(f"{call.owner.__name__}.{call.method} {deed.what}", deed.place)
    for deed in crawl_of(specimen).deeds:
        yield RULE.broken(f"a page {deed.what}", deed.place)

"""Answering changes nothing."""

from collections.abc import Iterator

from guyub.testing.asking import of_programs, of_sources
from guyub.testing.rule import Finding, Rule
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen
from guyub.testing.tour import tour_of
from guyub.testing.watching import watched

RULE = Rule(
    "BEH002",
    "Programme types, sources and pages write no file, open no connection and start no program.",
    why="They are asked for previews and explanations too, inside transactions that may be undone.",
    fix="do it in guyub_on_event, which comes after the commit",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for config in configurations(specimen.plugin.config)[:1]:
        for one in (*of_programs(specimen.plugin, config), *of_sources(specimen.plugin, config)):
            with watched(specimen.package) as deeds:
                one.ask()
            for deed in deeds:
                yield RULE.broken(f"{one.owner.__name__}.{one.method} {deed.what}", deed.place)
    for deed in tour_of(specimen).deeds:
        yield RULE.broken(f"a page {deed.what}", deed.place)

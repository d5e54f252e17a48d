"""Entry point, slug and module carry one name."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import ImportFailure, PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG001",
    "One entry point in group guyub, named as the slug, in the module guyub_<slug>.",
    why="The slug names the schema, the addresses and the permissions.",
    fix='write `<slug> = "guyub_<slug>:plugin"` below [project.entry-points.guyub]',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    place = specimen.project.line_with("entry-points")
    if len(specimen.project.entries) != 1:
        names = ", ".join(specimen.project.entries) or "none"
        yield RULE.broken(f"a distribution has one entry point in group guyub, this one has: {names}", place)
        return
    if specimen.module != f"guyub_{specimen.entry}":
        yield RULE.broken(f"the entry point “{specimen.entry}” is in the module {specimen.module}", place)
    if not isinstance(specimen.loaded, ImportFailure) and specimen.loaded.slug != specimen.entry:
        sentence = f"the slug is “{specimen.loaded.slug}”, the entry point “{specimen.entry}”"
        yield RULE.broken(sentence, specimen.attribute("slug"))

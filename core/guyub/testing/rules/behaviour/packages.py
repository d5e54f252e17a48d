"""A package is worth something, and of the kind that the programme gives."""

from collections.abc import Iterator

from guyub.sdk.config import PackageItem
from guyub.sdk.program import MoneyLine
from guyub.sdk.text import Text
from guyub.testing.contexts import program_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH004",
    "A package has lines, each of whole rupiah above zero or of goods with a price; `benefit` says which of the two.",
    why="Approval reserves what the lines say, and the papers say goods or money by `benefit`.",
    fix='set benefit to "goods" or "money" as the package is, and let the model refuse an empty or free package',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for kind in specimen.plugin.program_types:
        place = specimen.member(type(kind), "package")
        wanted = MoneyLine if kind.benefit == "money" else PackageItem
        for config in configurations(specimen.plugin.config):
            lines = kind.package(program_context(config))
            if not lines:
                yield RULE.broken(f"{kind.key} gives an empty package", place)
            for line in lines:
                label: object = getattr(line, "label", Text(id="", en=""))
                if not isinstance(label, Text):
                    yield RULE.broken(f"{kind.key} calls its money {label!r}, which is no Text", place)
                if not isinstance(line, wanted):
                    yield RULE.broken(f"{kind.key} gives {kind.benefit}, but a line is a {type(line).__name__}", place)
                elif isinstance(line, MoneyLine) and (type(line.amount) is not int or line.amount <= 0):
                    yield RULE.broken(f"{kind.key} gives {line.amount!r} rupiah", place)
                elif isinstance(line, PackageItem) and line.price <= 0:
                    yield RULE.broken(f"{kind.key} gives {line.code} without a price", place)

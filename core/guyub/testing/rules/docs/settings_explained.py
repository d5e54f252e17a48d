"""The README explains every setting and every field of a receipt."""

import re
from collections.abc import Iterator

from guyub.testing.declared_fields import models
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "DOC001",
    "README.md names every field of the configuration and of the receipts in a table, as | `name` |, and none that is not there.",
    why="It is what an administrator reads before switching a plugin on.",
    fix="add or take out the row of the table",
)

_ROW = re.compile(r"^\|\s*`([\w.]+)`\s*\|", re.MULTILINE)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    named = {match.rpartition(".")[2] for match in _ROW.findall(specimen.project.readme)}
    known = {name for model in models(specimen) for name in model.model_fields}
    for name in sorted(known - named):
        yield RULE.broken(f"the README does not explain `{name}`", SourcePlace(specimen.project.readme_file))
    for number, line in enumerate(specimen.project.readme.splitlines(), 1):
        for name in _ROW.findall(line):
            if name.rpartition(".")[2] not in known:
                yield RULE.broken(
                    f"the README explains `{name}`, which is no field",
                    SourcePlace(specimen.project.readme_file, number),
                )

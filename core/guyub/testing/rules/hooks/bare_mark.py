"""The mark of a hook has no options."""

from collections.abc import Iterator

from guyub.testing.implementations import implementations
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "HOOK003",
    "@hookimpl stands bare: no specname, wrapper, tryfirst, trylast or optionalhook.",
    why="Every plugin is called by itself, in the order of slugs; a wrapper would stand between the core and another plugin.",
    fix="write @hookimpl without parentheses",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for name, function, options in implementations(specimen.plugin):
        chosen = [option for option, value in (options or {}).items() if value]
        if chosen:
            yield RULE.broken(f"{name} is marked with {', '.join(chosen)}", specimen.function(function))

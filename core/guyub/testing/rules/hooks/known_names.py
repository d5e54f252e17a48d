"""What a class overrides has the name of what is overridden."""

from collections.abc import Iterator
from difflib import get_close_matches

from guyub.sdk.config import Config
from guyub.sdk.funding import FundingSource, Receipt
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.reports import Report
from guyub.testing.declared_fields import models
from guyub.testing.own_classes import own_classes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK010",
    "A method or attribute of a plugin, programme type, source, receipt or report is not spelled almost like one of the API.",
    why="Nobody reads a misspelt one, and what it should have replaced goes on silently.",
    fix="take the name from the reference, or one that cannot be mistaken for it",
)

_BASES = (Plugin, ProgramType, FundingSource, Receipt, Report)
_NEAR = 0.82
_SAME = 0.92


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    fields = {name for model in models(specimen) for name in model.model_fields}
    for owner in own_classes(specimen):
        base = next((base for base in _BASES if issubclass(owner, base)), None)
        if base is None or issubclass(owner, Config):
            continue
        known = _names(base) - set(vars(owner))
        for name in vars(owner):
            # Names of hooks are HOOK001's.
            if name.startswith(("_", "guyub_", "model_")) or name in fields or name in _names(base):
                continue
            near = get_close_matches(name, known, 1, _NEAR) or _beside(owner, base, name)
            if near:
                sentence = f"{owner.__name__}.{name} is nothing that the core reads; {near[0]} is meant?"
                yield RULE.broken(sentence, specimen.member(owner, name))


def _names(base: type) -> set[str]:
    return {name for name in (*vars(base), *base.__annotations__) if not name.startswith(("_", "model_"))}


def _beside(owner: type, base: type, name: str) -> list[str]:
    """Almost the same name as one that stands there too: for a method that is a matter of taste, for a value it is none."""
    return [] if callable(vars(owner)[name]) else get_close_matches(name, _names(base), 1, _SAME)

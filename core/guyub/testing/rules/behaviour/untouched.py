"""Calls leave the plugin as it was."""

import sys
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from guyub.testing.calls import of_hooks, of_programs, of_sources
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH012",
    "No list, dict or set of the plugin's modules changes while it is called.",
    why="It is memory that all facilities share, that every process has a copy of, and that a restart loses.",
    fix="make such a value inside the function, or keep it in a table",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    before = _containers(specimen)
    for config in configurations(specimen.plugin.config)[:2]:
        for ask in (of_programs, of_sources, of_hooks):
            for call in ask(specimen.plugin, config):
                call.ask()
    for (module, name), kept in _containers(specimen).items():
        if kept != before.get((module, name), kept):
            yield RULE.broken(f"{module}.{name} is another after the calls", _place(specimen, module, name))


def _containers(specimen: PluginUnderTest) -> dict[tuple[str, str], Any]:
    modules = [
        module
        for name, module in sys.modules.items()
        if name == specimen.module or name.startswith(f"{specimen.module}.")
    ]
    return {
        (module.__name__, name): deepcopy(value)
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("__") and type(value) in (list, dict, set)
    }


def _place(specimen: PluginUnderTest, module: str, name: str) -> SourcePlace:
    for source in specimen.sources:
        if source.module == module:
            for node in source.tree.body:
                targets = getattr(node, "targets", [getattr(node, "target", None)])
                if any(getattr(target, "id", "") == name for target in targets):
                    return source.at(node)
    return specimen.start

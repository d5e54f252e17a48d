"""Calls leave the plugin as it was."""

import sys
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from guyub.testing.asking import of_hooks, of_programs, of_sources
from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen

RULE = Rule(
    "BEH012",
    "No list, dict or set of the plugin's modules changes while it is called.",
    why="It is memory that all facilities share, that every process has a copy of, and that a restart loses.",
    fix="make such a value inside the function, or keep it in a table",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    before = _containers(specimen)
    for config in configurations(specimen.plugin.config)[:2]:
        for ask in (of_programs, of_sources, of_hooks):
            for one in ask(specimen.plugin, config):
                one.ask()
    for (module, name), kept in _containers(specimen).items():
        if kept != before.get((module, name), kept):
            yield RULE.broken(f"{module}.{name} is another after the calls", _place(specimen, module, name))


def _containers(specimen: Specimen) -> dict[tuple[str, str], Any]:
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


def _place(specimen: Specimen, module: str, name: str) -> Place:
    for source in specimen.sources:
        if source.module == module:
            for node in source.tree.body:
                targets = getattr(node, "targets", [getattr(node, "target", None)])
                if any(getattr(target, "id", "") == name for target in targets):
                    return source.at(node)
    return specimen.start

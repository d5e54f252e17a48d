"""A plugin keeps nothing between two calls."""

import ast
from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest, SourceModule
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls, classes, dotted

RULE = ConformanceRule(
    "HOOK006",
    "Plugins, programme types, sources and reports assign nothing to self, hold no list, dict or set that can change, cache "
    "nothing, and no function uses `global`.",
    why="One instance serves all facilities at once; what it remembers of one would show at another.",
    fix="take everything from the context, and keep what must last in a table of the plugin",
)

_CACHES = frozenset({"cache", "lru_cache", "cached_property"})
_CHANGEABLE = frozenset({"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque"})
_ASKED = frozenset({"self", "cls", "ctx", "visit"})
_BASES = frozenset({"Plugin", "ProgramType", "FundingSource", "Report"})


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        yield from _globals(source)
        yield from _caches(source)
        for node in classes(source.tree):
            if _BASES & {_base(base) for base in node.bases}:
                yield from _assignments(source, node)
                yield from _containers(source, node)
    for owner in (
        specimen.plugin,
        *specimen.plugin.program_types,
        *specimen.plugin.funding_sources,
        *specimen.plugin.reports,
    ):
        if kept := vars(owner):
            sentence = f"an instance of {type(owner).__name__} holds {', '.join(kept)}"
            yield RULE.broken(sentence, specimen.member(type(owner)))


def _base(node: ast.expr) -> str:
    return dotted(node.value if isinstance(node, ast.Subscript) else node).rpartition(".")[2]


def _assignments(source: SourceModule, owner: ast.ClassDef) -> Iterator[RuleFinding]:
    for node in ast.walk(owner):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            inner = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(inner, ast.Attribute) and dotted(inner).split(".")[0] in ("self", "cls"):
                yield RULE.broken(f"{owner.name} assigns {dotted(inner)}", source.at(node))
    for call, name in calls(owner):
        if name in ("setattr", "object.__setattr__"):
            yield RULE.broken(f"{owner.name} sets an attribute with {name}", source.at(call))


def _containers(source: SourceModule, owner: ast.ClassDef) -> Iterator[RuleFinding]:
    """One that is empty is there to be filled; what is declared once and only read is none of this."""
    for node in owner.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if _is_to_be_filled(value):
            yield RULE.broken(f"{owner.name} holds a container that all facilities share", source.at(node))


def _is_to_be_filled(value: ast.expr | None) -> bool:
    if isinstance(value, ast.List | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in _CHANGEABLE and not value.args


def _caches(source: SourceModule) -> Iterator[RuleFinding]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and {arg.arg for arg in node.args.args[:2]} & _ASKED:
            for mark in node.decorator_list:
                name = dotted(mark.func if isinstance(mark, ast.Call) else mark)
                if name.rpartition(".")[2] in _CACHES:
                    yield RULE.broken(f"{node.name} keeps its answers ({name})", source.at(node))


def _globals(source: SourceModule) -> Iterator[RuleFinding]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Global):
            yield RULE.broken(f"a function assigns the global {', '.join(node.names)}", source.at(node))

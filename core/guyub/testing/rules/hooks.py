"""Rules of the code that is called: it keeps no state, asks no clock, and ends no transaction."""

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from guyub.sdk.config import Config
from guyub.sdk.funding import FundingSource, Receipt
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.reports import Report
from guyub.testing.declared_fields import models
from guyub.testing.own_classes import own_classes
from guyub.testing.plugin_under_test import PluginUnderTest, SourceModule
from guyub.testing.rule import Violation, rule
from guyub.testing.source_reading import calls, classes, dotted

_CACHES = frozenset({"cache", "lru_cache", "cached_property"})
_CHANGEABLE = frozenset({"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque"})
_ASKED = frozenset({"self", "cls", "ctx", "visit"})
_STATELESS = frozenset({"Plugin", "ProgramType", "FundingSource", "Report"})
_ENDS = frozenset({"commit", "rollback", "close", "begin", "begin_nested"})
_OPENS = frozenset({"create_engine", "sessionmaker", "psycopg.connect"})
_CLOCKS = (
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.localtime",
    "time.time_ns",
    "func.now",
    "func.current_date",
)
_OVERRIDDEN = (Plugin, ProgramType, FundingSource, Receipt, Report)
_NEAR = 0.82
_SAME = 0.92
_LISTS: dict[type, str] = {
    ProgramType: "program_types",
    FundingSource: "funding_sources",
    Report: "reports",
    Receipt: "receipts",
}


@rule(
    "HOOK006",
    "Plugins, programme types, sources and reports assign nothing to self, hold no list, dict or set that can change, cache "
    "nothing, and no function uses `global`.",
    why="One instance serves all facilities at once; what it remembers of one would show at another.",
    fix="take everything from the context, and keep what must last in a table of the plugin",
)
def no_state(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        yield from _globals(source)
        yield from _caches(source)
        for node in classes(source.tree):
            if _STATELESS & {_base(base) for base in node.bases}:
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
            yield Violation(sentence, specimen.member(type(owner)))


def _base(node: ast.expr) -> str:
    return dotted(node.value if isinstance(node, ast.Subscript) else node).rpartition(".")[2]


def _assignments(source: SourceModule, owner: ast.ClassDef) -> Iterator[Violation]:
    for node in ast.walk(owner):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            inner = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(inner, ast.Attribute) and dotted(inner).split(".")[0] in ("self", "cls"):
                yield Violation(f"{owner.name} assigns {dotted(inner)}", source.at(node))
    for call, name in calls(owner):
        if name in ("setattr", "object.__setattr__"):
            yield Violation(f"{owner.name} sets an attribute with {name}", source.at(call))


def _containers(source: SourceModule, owner: ast.ClassDef) -> Iterator[Violation]:
    """Finds empty containers, which are there to be filled; one that is declared once and only read is fine."""
    for node in owner.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if _is_to_be_filled(value):
            yield Violation(f"{owner.name} holds a container that all facilities share", source.at(node))


def _is_to_be_filled(value: ast.expr | None) -> bool:
    if isinstance(value, ast.List | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in _CHANGEABLE and not value.args


def _caches(source: SourceModule) -> Iterator[Violation]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and {arg.arg for arg in node.args.args[:2]} & _ASKED:
            for mark in node.decorator_list:
                name = dotted(mark.func if isinstance(mark, ast.Call) else mark)
                if name.rpartition(".")[2] in _CACHES:
                    yield Violation(f"{node.name} keeps its answers ({name})", source.at(node))


def _globals(source: SourceModule) -> Iterator[Violation]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Global):
            yield Violation(f"a function assigns the global {', '.join(node.names)}", source.at(node))


@rule(
    "HOOK007",
    "Importing the plugin writes no file, opens no connection and starts no program.",
    why="It is imported whenever Guyub starts, at every facility and in `guyub plugin list`, active or not.",
    fix="do it in a hook, where a context says for whom; guyub_on_event may call the outside",
)
def quiet_import(specimen: PluginUnderTest) -> Iterator[Violation]:
    for deed in specimen.deeds:
        yield Violation(f"importing the plugin {deed.what}", deed.place)


@rule(
    "HOOK008",
    "Nothing commits, rolls back or closes a session, or opens one of its own.",
    why="A plugin works inside the core's transaction: money, audit and its own rows are kept together or not at all.",
    fix="leave it to the core; raise a Refusal to have everything undone",
)
def own_transaction(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            owner, _, method = name.rpartition(".")
            if method in _ENDS and owner.rpartition(".")[2] in ("session", "connection"):
                yield Violation(f"it calls {name}()", source.at(node))
            elif name in _OPENS or method in _OPENS:
                yield Violation(f"it opens the database with {name}()", source.at(node))


@rule(
    "HOOK009",
    "Nothing asks the machine for the date or the time.",
    why="A facility has a zone of its own, a cycle is scored again later, and a test needs a day that it can choose.",
    fix="take ctx.on, ctx.period, visit.today or visit.now",
)
def no_clock(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if any(name == clock or name.endswith(f".{clock}") for clock in _CLOCKS):
                yield Violation(f"it calls {name}()", source.at(node))


@rule(
    "HOOK010",
    "A method or attribute of a plugin, programme type, source, receipt or report is not spelled almost like one of the API.",
    why="Nobody reads a misspelt one, and what it should have replaced goes on silently.",
    fix="take the name from the reference, or one that cannot be mistaken for it",
)
def known_names(specimen: PluginUnderTest) -> Iterator[Violation]:
    fields = {name for model in models(specimen) for name in model.model_fields}
    for owner in own_classes(specimen):
        base = next((base for base in _OVERRIDDEN if issubclass(owner, base)), None)
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
                yield Violation(sentence, specimen.member(owner, name))


def _names(base: type) -> set[str]:
    return {name for name in (*vars(base), *base.__annotations__) if not name.startswith(("_", "model_"))}


def _beside(owner: type, base: type, name: str) -> list[str]:
    """Finds a name that is almost the same as one beside it: that is a matter of taste for a method, and an error for a
    value."""
    return [] if callable(vars(owner)[name]) else get_close_matches(name, _names(base), 1, _SAME)


@rule(
    "HOOK011",
    "Every programme type, source and report that a plugin writes stands in its declaration, and every receipt at a source.",
    why="The core knows only what is declared; the rest is never asked, and nobody learns of it.",
    fix="list an instance in program_types, funding_sources or reports, a receipt in receipts of its source, or remove it",
)
def all_declared(specimen: PluginUnderTest) -> Iterator[Violation]:
    plugin = specimen.plugin
    declared = {
        type(program_type_) for program_type_ in (*plugin.program_types, *plugin.funding_sources, *plugin.reports)
    }
    declared |= {receipt for source in plugin.funding_sources for receipt in source.receipts}
    # What only serves as the base of others is no thing of its own.
    bases = {base for item in declared for base in item.__mro__}
    for owner in own_classes(specimen):
        for base, name in _LISTS.items():
            if issubclass(owner, base) and owner not in declared | bases:
                yield Violation(f"{owner.__name__} does not stand in {name}", specimen.member(owner))

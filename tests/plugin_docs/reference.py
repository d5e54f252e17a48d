"""The parts of the plugin reference that come from the code: ``python -m tests.plugin_docs.reference`` brings them up to date.

The page is prose with parts between ``<!-- from NAME -->`` and ``<!-- end -->``; a test compares each with the code.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

from pydantic import BaseModel
from sqlalchemy.dialects import postgresql

from guyub.access.roles import PERMISSIONS
from guyub.registry.questionnaire import STANDARD_QUESTIONS
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.events import EVENTS
from guyub.sdk.hookspecs import HOOKS, Hooks
from guyub.sdk.plugin import Plugin
from guyub.sdk.queries import households
from guyub.testing import pytest_plugin
from guyub.testing.conformance import rules
from guyub.ui.model_fields import FieldKind
from guyub.ui.render import ICONS

PAGE = Path(__file__).parents[2] / "docs/plugins/reference.md"
GUIDE = PAGE.parents[1] / "developers/pages.md"
"""Where the components of pages are described, for the core's pages as well."""
_PART = re.compile(r"(<!-- from ([\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_LEFT_OUT = frozenset({"Hooks", "Plugin"})
"""Each has a part of its own."""


def rewritten(page: str) -> str:
    """The page with every part as the code has it."""
    return _PART.sub(lambda found: f"{found[1]}{part(found[2])}{found[3]}", page)


def part(name: str) -> str:
    made = _TABLES[name]() if name in _TABLES else "\n".join(_module(name))
    return made.rstrip() + "\n"


def parts_in(page: str) -> list[str]:
    return [name for _, name, _ in _PART.findall(page)]


# --- classes and functions ---------------------------------------------------------------------------------------


def _module(name: str) -> Iterator[str]:
    module = import_module(name)
    tree = ast.parse(inspect.getsource(module))
    notes = _notes(tree)
    for node in tree.body:
        for given in _names(node):
            thing = getattr(module, given, None)
            if given.startswith("_") or given in _LEFT_OUT or type(thing).__name__ == "TypeVar":
                continue
            if isinstance(node, ast.FunctionDef):
                yield from (f"### `{signature(node)}`", "", prose(ast.get_docstring(node)), "")
            elif isinstance(node, ast.ClassDef):
                yield from (f"### `{given}{_construction(node, thing)}`", "", prose(ast.get_docstring(node)), "")
                yield from _members(node, thing)
                yield ""
            elif given in notes:
                yield from (f"### `{given}`", "", prose(notes[given]), "")


def _members(node: ast.ClassDef, owner: type) -> Iterator[str]:
    notes = _notes(node)
    for child in node.body:
        if any(name.startswith("_") for name in _names(child)):
            continue
        if isinstance(child, ast.FunctionDef):
            said = prose(ast.get_docstring(child))
            is_property = any(ast.unparse(item) == "property" for item in child.decorator_list)
            shown = f"{child.name}: {ast.unparse(child.returns)}" if is_property and child.returns else signature(child)
            yield f"- `{shown}`" + (f": {said}" if said else "")
        elif isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name):
            yield f"- `{_attribute(child)}`" + _described(owner, child.target.id, notes)


def _described(owner: type, name: str, notes: Mapping[str, str]) -> str:
    if isinstance(owner, type) and issubclass(owner, BaseModel) and name in owner.model_fields:
        said: Any = owner.model_fields[name].json_schema_extra
        return f": {said['help']['en']}" if isinstance(said, dict) else ""
    return f": {prose(notes[name])}" if name in notes else ""


def _attribute(node: ast.AnnAssign) -> str:
    default = ""
    if node.value is not None and not isinstance(node.value, ast.Call):
        default = f" = {ast.unparse(node.value)}"
    return f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}{default}"


def _construction(node: ast.ClassDef, owner: type) -> str:
    if is_dataclass(owner):
        given = [
            field.name + ("" if _is_needed(field) else "=…")
            for field in fields(owner)
            if not field.name.startswith("_")
        ]
        return f"({', '.join(given)})"
    made = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
    return (
        signature(made[0]).removeprefix("__init__").removesuffix(" -> None") if made and made[0].args.args[1:] else ""
    )


def _is_needed(one: Any) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def signature(node: ast.FunctionDef) -> str:
    """As it is written, without ``self``."""
    given = re.sub(r"^self(, )?", "", ast.unparse(node.args))
    return f"{node.name}({given})" + (f" -> {ast.unparse(node.returns)}" if node.returns else "")


def prose(text: str | None) -> str:
    """A docstring as Markdown in one paragraph; an indented example becomes code."""
    if not text:
        return ""
    told, _, example = text.replace("``", "`").partition("::\n")
    plain = re.sub(r"\s*\n\s*", " ", told.strip())
    plain = re.sub(r" - `", "\n- `", plain)
    if example:
        code, _, rest = dedent(example).strip().partition("\n\nA ")
        plain += f":\n\n```python\n{code}\n```" + (f"\n\nA {rest}" if rest else "")
    return plain


def _notes(node: ast.Module | ast.ClassDef) -> dict[str, str]:
    """The strings that stand below assignments, by name."""
    found: dict[str, str] = {}
    for first, second in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(second, ast.Expr)
            and isinstance(second.value, ast.Constant)
            and isinstance(second.value.value, str)
        ):
            found |= dict.fromkeys(_names(first), inspect.cleandoc(second.value.value))
    return found


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


# --- tables ------------------------------------------------------------------------------------------------------


def _table(*heads: str) -> list[str]:
    return [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]


def _attributes() -> str:
    tree = _class(Plugin)
    notes = _notes(tree)
    lines = _table("attribute", "type", "default", "")
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            kind = ast.unparse(node.annotation).removeprefix("ClassVar[").removesuffix("]").replace("|", "\\|")
            default = f"`{ast.unparse(node.value)}`" if node.value is not None else "needed"
            lines.append(f"| `{node.target.id}` | `{kind}` | {default} | {prose(notes.get(node.target.id))} |")
    return "\n".join(lines)


def _hooks() -> str:
    lines = []
    for node in _class(Hooks).body:
        if isinstance(node, ast.FunctionDef):
            policy = HOOKS[node.name]
            kept = "what it writes is kept" if policy.writes else "what it writes is rolled back"
            lines += [f"### `{signature(node)}`", "", prose(ast.get_docstring(node)), ""]
            lines += [f"On failure: `{policy.on_failure}`; {kept}.", ""]
    return "\n".join(lines)


def _class(owner: type) -> ast.ClassDef:
    (found,) = ast.parse(inspect.getsource(owner)).body
    assert isinstance(found, ast.ClassDef)
    return found


def _events() -> str:
    return "\n".join(_table("kind", "what happened") + [f"| `{kind}` | {said.en} |" for kind, said in EVENTS.items()])


def _facts() -> str:
    named = [
        f"| `household.{column.name}` | `{column.type.compile(postgresql.dialect())}` |"
        for column in households.columns
    ]
    return "\n".join(_table("fact", "type") + named)


def _answers() -> str:
    asked = [
        f"| `{question.key}` | {question.kind} | {question.label.en}{'' if question.required else ' (may be left out)'} |"
        for question in STANDARD_QUESTIONS
    ]
    return "\n".join(_table("key", "kind", "question") + asked)


def _components() -> str:
    """Of `ui`: the table without what only the core's pages show; of `field`: the paragraph that lists them."""
    guide = GUIDE.read_text(encoding="utf-8")
    ui, fields = (guide.partition(f"## Components: `{name}`\n")[2].partition("\n## ")[0] for name in ("ui", "field"))
    shown = "\n".join(line for line in ui.strip().splitlines() if "ui.plugin_" not in line)
    (listed,) = (part for part in fields.split("\n\n") if "field.form(action" in part)
    return f"{shown}\n\n{listed.strip()}"


def _rules() -> str:
    lines: list[str] = []
    family = ""
    for rule in rules():
        if rule.family != family:
            family = rule.family
            lines += ["", f"### Rules: {family}", "", *_table("id", "what must hold", "why", "what to do")]
        said = (rule.holds, rule.why, rule.fix)
        lines.append(f"| {rule.id} | {' | '.join(text.replace('|', chr(92) + '|') for text in said)} |")
    return "\n".join(lines).lstrip()


def _fixtures() -> str:
    tree = ast.parse(inspect.getsource(pytest_plugin))
    lines = _table("fixture", "")
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any("fixture" in ast.unparse(item) for item in node.decorator_list):
            lines.append(f"| `{node.name}` | {prose(ast.get_docstring(node))} |")
    return "\n".join(lines)


_TABLES: Mapping[str, Callable[[], str]] = {
    "attributes": _attributes,
    "hooks": _hooks,
    "events": _events,
    "facts": _facts,
    "answers": _answers,
    "components": _components,
    "rules": _rules,
    "fixtures": _fixtures,
    "categories": lambda: "\n".join(
        _table("category", "") + [f"| `{one}` | {said.en} |" for one, said in CATEGORIES.items()]
    ),
    "icons": lambda: " ".join(f"`{icon}`" for icon in sorted(ICONS)),
    "permissions": lambda: " ".join(f"`{permission}`" for permission in PERMISSIONS),
    "kinds": lambda: " ".join(f"`{arg}`" for arg in get_args(FieldKind)),
}

if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

"""Reads Python files without running them: imports, calls, strings."""

import ast
from collections.abc import Iterator

_IMPORTING = frozenset({"import_module", "__import__"})


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    """Yields each imported module by its full name; relative imports are the package's own and left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _IMPORTING:
            yield from ((node, module) for argument in node.args[:1] if (module := constant(argument)))
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # `from guyub import host` names a module as well.
            yield from (
                (node, f"{node.module}.{alias.name}" if node.module == "guyub" else node.module) for alias in node.names
            )


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yields each call with the dotted name of what is called: ``ctx.session.commit``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def strings(tree: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

"""What the SDK lets a plugin declare or answer is read by somebody: no attribute promises what does not happen.

By names: an attribute counts as read where any code reads one of its name, so a common name may hide one that is not.
"""

import ast
import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import guyub.sdk

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "guyub"
# The author's kit checks what a plugin says; that alone makes nothing happen.
NOT_READERS = ("testing", "scaffold")

NOT_READ_YET = {
    "Finding.household_id": "the list of a proposal marks its households, in the step that is planned next",
    "Finding.fund_code": "the sources of a proposal mark their funds, in the step that is planned next",
}
ONLY_DOCUMENTED = {
    "HookPolicy.on_failure": "the reference prints it, and the fault injection of hooks holds the host to it",
}
# What the SDK offers to plugins: a reader is not needed for each, ours use some of it. Hooks are called by their names.
OFFERED = {"Hooks", "HookContext", "ProgramContext", "Visit", "Facility", "Event", "FormValues", "TransactionGuarded"}


def declared() -> set[str]:
    """Returns ``Class.attribute`` for all that classes of the SDK annotate or define publicly."""
    found = set()
    for name in guyub.sdk.__all__:
        value = getattr(guyub.sdk, name)
        if not inspect.isclass(value) or not value.__module__.startswith("guyub.sdk") or name in OFFERED:
            continue
        methods = {
            key for key, member in vars(value).items() if inspect.isfunction(member) or isinstance(member, property)
        }
        found |= {f"{name}.{key}" for key in methods | set(inspect.get_annotations(value)) if not key.startswith("_")}
    return found


def names_read(sources: Iterable[str], templates: Iterable[str] = ()) -> set[str]:
    """Returns the names of attributes that Python code reads, by a dot or by ``getattr``, or that a template reads."""
    found: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "getattr"
                and isinstance(node.args[1], ast.Constant)
            ):
                found.add(str(node.args[1].value))
    for template in templates:
        found |= set(re.findall(r"\.(\w+)", template))
    return found


def everybody() -> set[str]:
    code = [
        path.read_text()
        for folder in (CORE, *sorted(ROOT.glob("plugins/*/guyub_*")))
        for path in sorted(folder.rglob("*.py"))
        if path.relative_to(folder).parts[0] not in NOT_READERS
    ]
    return names_read(code, [path.read_text() for path in sorted(CORE.rglob("*.html"))])


def test_whatever_a_plugin_declares_is_read():
    read = everybody()
    unread = {attribute for attribute in declared() if attribute.partition(".")[2] not in read}
    assert unread - NOT_READ_YET.keys() - ONLY_DOCUMENTED.keys() == set()


def test_what_is_excused_is_still_there():
    assert set(NOT_READ_YET) | set(ONLY_DOCUMENTED) <= declared()


def test_an_attribute_that_nobody_reads_is_found():
    read = names_read(["a.title\nb.summary = 1\ngetattr(c, 'slug')"], ["{{ d.years }}"])
    assert {"title", "slug", "years"} <= read
    assert "summary" not in read

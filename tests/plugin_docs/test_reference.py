"""The reference says what the code says: every name of the SDK, every hook, every rule, and nothing that is not there."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import guyub.sdk
from guyub.sdk.hookspecs import HOOKS
from guyub.testing.conformance import rules
from tests.plugin_docs.reference import PAGE, part, parts_in, rewritten

TEXT = PAGE.read_text(encoding="utf-8")
INSIDE = {
    "guyub.sdk.bounds",
    "guyub.sdk.checks",
    "guyub.sdk.categories",
    "guyub.sdk.queries",
    "guyub.sdk.schedules",
    "guyub.sdk.searching",
    "guyub.sdk.typed",
    "guyub.sdk.unseen",
}
"""Modules without a part: three are for the SDK itself, of the others a table shows the content."""


@pytest.mark.parametrize("name", parts_in(TEXT))
def test_a_part_of_the_reference_is_as_the_code_has_it(name: str):
    shown = re.search(rf"<!-- from {re.escape(name)} -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
    assert shown is not None
    assert shown[1] == part(name), "python -m tests.plugin_docs.reference brings it up to date"


def test_every_module_of_the_sdk_has_a_part():
    modules = {f"guyub.sdk.{iter_module.name}" for iter_module in pkgutil.iter_modules(guyub.sdk.__path__)}
    assert modules - INSIDE == {name for name in parts_in(TEXT) if name.startswith("guyub.sdk")}


def test_every_name_that_the_sdk_exports_is_in_the_reference():
    assert [name for name in guyub.sdk.__all__ if not re.search(rf"`(?:\w+\.)*{name}\b", TEXT)] == []


def test_every_hook_and_every_rule_is_in_the_reference():
    assert [name for name in HOOKS if f"### `{name}(" not in TEXT] == []
    assert [rule.id for rule in rules() if f"| {rule.id} |" not in TEXT] == []


def test_bringing_the_page_up_to_date_changes_nothing():
    assert rewritten(TEXT) == TEXT


@pytest.mark.parametrize("page", sorted(PAGE.parent.glob("*.md")), ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#:]*)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert not target or (page.parent / target).is_file(), target


@pytest.mark.parametrize("page", sorted(PAGE.parent.glob("*.md")), ids=lambda page: page.name)
def test_what_the_pages_name_of_guyub_is_there(page: Path):
    for name in set(re.findall(r"`(guyub\.(?:sdk|testing)(?:\.\w+)*)`", page.read_text(encoding="utf-8"))):
        module, _, attribute = name.rpartition(".")
        try:
            import_module(name)
        except ModuleNotFoundError:
            assert hasattr(import_module(module), attribute), name

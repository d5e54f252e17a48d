"""Receipts have a key and a title."""

import re
from collections.abc import Iterator

from guyub.sdk.text import Text
from guyub.testing.declared_fields import receipts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF012",
    "Every receipt has a key of its own (small letters, digits, _) and a title in both languages.",
    why="The address of its form is made from the key, and the title stands above it.",
    fix="set key and title in the class of the receipt",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    keys: list[str] = []
    for receipt in receipts(specimen):
        title, key = getattr(receipt, "title", None), getattr(receipt, "key", None)
        if not isinstance(title, Text) or not title.id.strip() or not title.en.strip():
            yield RULE.broken(f"{receipt.__name__} has no title in both languages", specimen.member(receipt))
        if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            yield RULE.broken(f"the key of {receipt.__name__} is {key!r}", specimen.member(receipt))
        elif key in keys:
            yield RULE.broken(f"{key} is the key of two receipts", specimen.member(receipt))
        keys.append(str(key))

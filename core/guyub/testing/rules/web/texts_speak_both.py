"""Sentences in code speak both languages."""

import ast
import re
from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls, constant

RULE = ConformanceRule(
    "WEB009",
    "Every Text has something in Indonesian and in English, with the same {placeholders}.",
    why="A placeholder that only one language has is an error page to the readers of the other.",
    fix="write Text(id=…, en=…) with both sentences and the same names in braces",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] == "Text":
                wrong = _wrong(node)
                if wrong:
                    yield RULE.broken(wrong, source.at(node))


def _wrong(node: ast.Call) -> str:
    named = dict(zip(("id", "en"), node.args, strict=False)) | {
        keyword.arg or "": keyword.value for keyword in node.keywords
    }
    if not {"id", "en"} <= named.keys():
        return "a Text has one language"
    said = {lang: constant(named[lang]) for lang in ("id", "en")}
    empty = [lang for lang, text in said.items() if text is not None and not text.strip()]
    if empty and len(empty) < 2:
        return f"a Text says nothing in “{empty[0]}”"
    if said["id"] is None or said["en"] is None:
        return ""
    own, other = ({*re.findall(r"{(\w+)", text)} for text in (said["id"], said["en"]))
    return f"only one language has {', '.join(sorted(own ^ other))}" if own != other else ""

"""``python -m tests.glossary``: the words of the house in sentences, names and docstrings, as ``make lint`` checks them.

One concept has one term. A word of ``SECOND_WORDS`` is refused everywhere, one of ``IN_SENTENCES`` in English sentences.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "core" / "guyub", *sorted(ROOT.glob("plugins/*/guyub_*")))

SECOND_WORDS = {
    "paperwork": "document",
    "clash": "issue",
    "clashes": "issues",
    "at work": "active",
    "mend": "fix",
    "mended": "fixed",
    "mistake": "error, refusal, finding, issue",
    "mistakes": "errors, refusals, findings, issues",
    "spot": "layer, scope",
    "stands still": "is stopped",
    "trail": "audit log",
    "switched off": "deactivated",
    "switched on": "activated",
    "chosen": "selected",
    "objection": "issue",
    "oddities": "findings",
    "oddity": "finding",
    "orders": "campaigns",
    "tie": "inmate link",
    "told": "described, shown, reported",
    "income slip": "receipt, acknowledgement",
}
IN_SENTENCES = {
    "families": "households",
    "family": "household",
    "matter": "finding",
    "matters": "findings",
    "an order": "campaign",
    "new order": "campaign",
    "paper": "document",
    "papers": "documents",
    "served": "received",
    "stand against": "block",
    "stands against": "blocks",
    "this order": "campaign",
}
"""Words that English sentences use for nothing else; as names they may mean something else."""
STANDING_PHRASES = ("family card", "paper size", "in this order", "told apart")
"""The terms of others, which contain such a word."""

Kind = Literal["sentence", "name", "comment"]


class Wording(NamedTuple):
    """Words of the house at one place; a docstring is a comment here."""

    line: int
    text: str
    kind: Kind
    path: str = ""


_IN_TEMPLATE = re.compile(
    r"""\bt\(\s*(?:"[^"]*"|'[^']*')\s*,\s*(?:"([^"]*)"|'([^']*)')(?:\s*,\s*(?:"([^"]*)"|'([^']*)'))?"""
)


def of_code(source: str) -> Iterator[Wording]:
    """Yields each English sentence (``Text(en=...)``), each name that the source defines, each docstring and comment."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Text":
            for keyword in node.keywords:
                if keyword.arg in ("en", "en_one"):
                    for part in ast.walk(keyword.value):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield Wording(part.lineno, part.value, "sentence")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield Wording(node.lineno, _words(node.name), "name")
        elif isinstance(node, ast.arg):
            yield Wording(node.lineno, _words(node.arg), "name")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield Wording(node.lineno, _words(node.id), "name")
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Wording(node.lineno, node.value.value, "comment")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Wording(token.start[0], token.string, "comment")


def of_template(source: str) -> Iterator[Wording]:
    """Yields each English sentence (``t("…", "…")``)."""
    for match in _IN_TEMPLATE.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield from (Wording(line, sentence, "sentence") for sentence in match.groups() if sentence)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name)


def uses(text: str, word: str) -> bool:
    """Returns whether the text has the word, outside placeholders and the terms of others."""
    text = re.sub(r"\{\w+\}", " ", text)
    for phrase in STANDING_PHRASES:
        text = re.sub(rf"\b{re.escape(phrase)}\b", " ", text, flags=re.IGNORECASE)
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def everything() -> Iterator[Wording]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            yield from (wording._replace(path=str(path.relative_to(ROOT))) for wording in of_code(path.read_text()))
        for path in sorted(folder.rglob("*.html")):
            yield from (wording._replace(path=str(path.relative_to(ROOT))) for wording in of_template(path.read_text()))


def complaints(wordings: list[Wording]) -> list[str]:
    """Returns a sentence for each word that the house calls otherwise."""
    return [
        f"{wording.path}:{wording.line}: “{word}” is called “{term}” here"
        for wording in wordings
        for words in (SECOND_WORDS, IN_SENTENCES if wording.kind == "sentence" else {})
        for word, term in words.items()
        if uses(wording.text, word)
    ]


if __name__ == "__main__":
    wrong = complaints(list(everything()))
    print(*wrong, sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))

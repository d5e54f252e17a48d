"""``python -m tests.glossary``: the words of the house in English sentences and in names, as ``make lint`` checks them.

One concept has one term. A word of ``SECOND_WORDS`` is refused; one of ``STILL_THERE`` stands in no more places than are
counted here, and whoever takes one out lowers the number.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "core" / "guyub", *sorted(ROOT.glob("plugins/*/guyub_*")))

SECOND_WORDS = {
    "paperwork": "document",
    "clash": "issue",
    "clashes": "issues",
    "mend": "fix",
    "mended": "fixed",
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
    "income slip": "receipt, acknowledgement",
}
STILL_THERE = {
    "at work": ("active", 1),
    "mistake": ("refusal, finding, issue", 5),
    "mistakes": ("refusals, findings, issues", 4),
    "spot": ("layer, scope", 12),
    "told": ("described, shown", 14),
}

_IN_TEMPLATE = re.compile(
    r"""\bt\(\s*(?:"[^"]*"|'[^']*')\s*,\s*(?:"([^"]*)"|'([^']*)')(?:\s*,\s*(?:"([^"]*)"|'([^']*)'))?"""
)


def of_code(source: str) -> Iterator[tuple[int, str]]:
    """Yields the line and text of each English sentence (``Text(en=...)``) and each name that the source defines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Text":
            for keyword in node.keywords:
                if keyword.arg in ("en", "en_one"):
                    for part in ast.walk(keyword.value):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield part.lineno, part.value
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, _words(node.name)
        elif isinstance(node, ast.arg):
            yield node.lineno, _words(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, _words(node.id)


def of_template(source: str) -> Iterator[tuple[int, str]]:
    """Yields the line and text of each English sentence (``t("…", "…")``)."""
    for match in _IN_TEMPLATE.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield from ((line, sentence) for sentence in match.groups() if sentence)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name)


def uses(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def everything() -> Iterator[tuple[str, int, str]]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            yield from ((str(path.relative_to(ROOT)), line, text) for line, text in of_code(path.read_text()))
        for path in sorted(folder.rglob("*.html")):
            yield from ((str(path.relative_to(ROOT)), line, text) for line, text in of_template(path.read_text()))


def complaints(found: list[tuple[str, int, str]]) -> list[str]:
    said = [
        f"{path}:{line}: “{word}” is called “{term}” here"
        for path, line, text in found
        for word, term in SECOND_WORDS.items()
        if uses(text, word)
    ]
    for word, (term, most) in STILL_THERE.items():
        count = sum(uses(text, word) for _, _, text in found)
        if count > most:
            said.append(f"“{word}” stands in {count} places, {most} are known: write “{term}” in the new ones")
    return said


if __name__ == "__main__":
    wrong = complaints(list(everything()))
    print(*wrong, sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))

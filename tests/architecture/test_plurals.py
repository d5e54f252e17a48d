"""No English sentence says "1 households": one that counts things has the words for a count of one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "core" / "guyub", *sorted(ROOT.glob("plugins/*/guyub_*")))
THINGS = (
    "candidates changes characters cycles days documents entries errors facilities families fields files funds households "
    "items letters lines members minutes months packages people places plugins receipts recipients rows seconds signs steps "
    "surveys"
)
_COUNTED = re.compile(r"{\w+[^}]*} (?:\w+ )?(?:" + "|".join(THINGS.split()) + r")\b")
_A_BOUND = re.compile(r"(at most|at least|1 to) {\w+}|{\w+} characters at most")
"""What the code fixes, and nobody counts."""
_IN_TEMPLATE = re.compile(r"""\bt\(\s*"[^"]*"\s*,\s*"([^"]*)"(\s*,\s*")?""")


def of_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Text":
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            english = ast.unparse(keywords["en"]) if "en" in keywords else ""
            if "en_one" not in keywords and _COUNTED.search(english) and not _A_BOUND.search(english):
                yield english


def of_template(source: str) -> Iterator[str]:
    for english, singular in _IN_TEMPLATE.findall(source):
        if _COUNTED.search(english) and not singular:
            yield english


def test_every_sentence_that_counts_things_can_count_one():
    without: list[str] = []
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.suffix == ".py":
                without += (f"{name}: {sentence}" for sentence in of_code(path.read_text(encoding="utf-8")))
            elif path.suffix == ".html":
                without += (f"{name}: {sentence}" for sentence in of_template(path.read_text(encoding="utf-8")))
    assert without == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Text(id="{n} keluarga", en="{n} households")', 1),
        ('Text(id="{n} keluarga", en="{n:g} other households wait")', 1),
        ('Text(id="{n} keluarga", en="{n} households", en_one="{n} household")', 0),
        ('Text(id="{a} dan {b}", en="{a} and {b}")', 0),
    ],
)
def test_the_question_can_fail(source: str, found: int):
    assert len(list(of_code(source))) == found
    template = source.replace("Text(id=", "t(").replace("en=", "").replace("en_one=", "")
    assert len(list(of_template(template))) == found

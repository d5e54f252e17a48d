"""A sentence is asserted where it is made: two tests that know its words are two places to change them."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKERS = ("core/guyub/**/*.py", "plugins/*/guyub_*/**/*.py")
TESTS = ("tests/**/*.py", "plugins/*/tests/**/*.py")
LONG, TELLING = 40, 25
"""Letters of a sentence that counts, and of a part of one that no other sentence has by chance."""


def sentences(source: str) -> Iterator[str]:
    """The long ones that are made here, in both languages."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Text":
            yield from (words for words in _literals(call) if _letters(words) >= LONG)


def asserted(source: str) -> Iterator[str]:
    """What stands in assertions, and in the cases that a test is asserted for."""
    for node in ast.walk(ast.parse(source)):
        is_cases = (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "parametrize"
        )
        if isinstance(node, ast.Assert) or is_cases:
            wanted = node.test if isinstance(node, ast.Assert) else node
            yield from (words for words in _literals(wanted) if _letters(words) >= TELLING)


def asserted_again(made: Iterable[str], tests: Mapping[str, str]) -> dict[str, list[str]]:
    """By sentence the files of tests that assert it, where they are several."""
    parts = {words: [part for part in re.split(r"\{[^}]*\}", words) if _letters(part) >= TELLING] for words in made}
    files: dict[str, set[str]] = defaultdict(set)
    for file, source in tests.items():
        for literal in asserted(source):
            for words in parts:
                if literal in words or any(part.strip() in literal for part in parts[words]):
                    files[words].add(file)
    return {words: sorted(names) for words, names in files.items() if len(names) > 1}


def _literals(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield " ".join(part.value.split())


def _letters(words: str) -> int:
    return sum(letter.isalpha() for letter in words)


def _read(patterns: Iterable[str]) -> dict[str, str]:
    files = [file for pattern in patterns for file in sorted(ROOT.glob(pattern))]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


def test_no_sentence_is_asserted_in_several_files():
    """Assert the code of a refusal, or a figure; the whole sentence stands in the test of the room that makes it."""
    made = {words for source in _read(MAKERS).values() for words in sentences(source)}
    assert len(made) > 1000
    assert asserted_again(made, _read(TESTS)) == {}


MADE = 'Text(id="Dana {fund} tidak cukup untuk semua keluarga pada bulan itu.", en="Short.")'
PART = 'assert "tidak cukup untuk semua keluarga pada" in page'


def test_the_question_can_fail():
    (words,) = sentences(MADE)
    cases = '@pytest.mark.parametrize("said", ["tidak cukup untuk semua keluarga pada"])\ndef test(): ...'
    assert asserted_again([words], {"a": PART, "b": PART, "c": 'assert "tidak cukup" in page'}) == {words: ["a", "b"]}
    assert asserted_again([words], {"a": PART, "b": cases}) == {words: ["a", "b"]}
    assert asserted_again([words], {"a": PART}) == {}

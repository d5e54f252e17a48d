"""Columns of a table: what stands above each, and what each cell says of itself when the row becomes a card."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from guyub.sdk.text import Text


class Said(str):
    """A sentence in the reader's language that still knows its English words: names are made of those, in any language."""

    en: str

    @classmethod
    def of(cls, said: str, en: str) -> "Said":
        made = cls(said)
        made.en = en
        return made


def name_of(label: Any) -> str:
    """``money_left`` of "Money left": the same in every language, and whatever values were filled in."""
    words = label.en if isinstance(label, Said | Text) else str(label)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "column"


@dataclass(frozen=True)
class Column:
    label: str
    kind: str = ""
    """"number" (right-aligned figures), "action" (buttons, its heading is heard only), "narrow", or nothing."""
    name: str = ""
    """Its key in a JSON file."""

    @cached_property
    def attributes(self) -> Markup:
        """For a cell: its label and class."""
        said = Markup(' data-label="{}"').format(self.label) if self.kind != "action" else Markup("")
        return said + (Markup(' class="cell-{}"').format(self.kind) if self.kind else Markup(""))


class Cells:
    """Of one row; called once for each of its cells, in the order of the columns: ``<td{{ cell() }}>``.

    ``cell(value=…)``: what a file has in the place of a cell that says more than one thing.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns = iter(columns)

    def __call__(self, value: object = None) -> Markup:
        return next(self._columns).attributes


def columns(given: Iterable[Any], say: Callable[[Any], str]) -> list[Column]:
    """From labels, or pairs of label and kind."""
    found = []
    for one in given:
        label, kind = (one[0], one[1]) if isinstance(one, tuple | list) else (one, "")
        found.append(Column(say(label), kind, name_of(label)))
    return found

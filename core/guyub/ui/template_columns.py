"""Columns of a table: what stands above each, and what each cell says of itself when the row becomes a card."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from guyub.sdk.text import Text


class Said(str):
    """A sentence in the reader's language that still knows its English words: ``en`` as it was written, of which names are
    made, and ``told`` with its values filled in, which a JSON file has in any language."""

    en: str
    told: str

    @classmethod
    def of(cls, said: str, en: str, told: str | None = None) -> "Said":
        made = cls(said)
        made.en, made.told = en, en if told is None else told
        return made


class Code(Said):
    """What a badge says: a JSON file has its code, of several those of each."""

    @classmethod
    def of(cls, said: str, en: str, told: str | None = None) -> "Code":
        made = cls(said)
        made.en, made.told = en, "; ".join(name_of(part) for part in (told or en).split("; "))
        return made


def joined(parts: Iterable[Said], *, code: bool = False) -> Said | None:
    """Several sentences as one; None for none. ``code``: they are states, told as their codes."""
    said = list(parts)
    kind = Code if code else Said
    return kind.of("; ".join(said), "; ".join(item.told for item in said)) if said else None


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
    more: tuple["Column", ...] = ()
    """Columns that a file has beside this one, for what else the cell says: ``cell(served, listed)``."""

    @cached_property
    def attributes(self) -> Markup:
        """For a cell: its label and class."""
        said = Markup(' data-label="{}"').format(self.label) if self.kind != "action" else Markup("")
        return said + (Markup(' class="cell-{}"').format(self.kind) if self.kind else Markup(""))


class Cells:
    """Of one row; called once for each of its cells, in the order of the columns: ``<td{{ cell() }}>``.

    ``cell(value=…)``: what a file has in the place of a cell that says more than one thing; ``cell(a, b)`` where its column has
    more than one in a file.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns = iter(columns)

    def __call__(self, *values: object, value: object = None) -> Markup:
        return next(self._columns).attributes


def columns(given: Iterable[Any], say: Callable[[Any], str]) -> list[Column]:
    """From labels, or label and kind, or label, kind and the labels of what else a file has of it."""
    found = []
    for value in given:
        label, kind, *more = value if isinstance(value, tuple | list) else (value, "")
        beside = tuple(Column(say(other), kind, name_of(other)) for other in (more[0] if more else ()))
        found.append(Column(say(label), kind, name_of(label), beside))
    return found

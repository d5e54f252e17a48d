"""Columns of a table: what stands above each, and what each cell says of itself when the row becomes a card."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: str = ""
    """"number" (right-aligned figures), "action" (buttons, its heading is heard only), "narrow", or nothing."""

    @property
    def attributes(self) -> Markup:
        """For a cell: its label and class."""
        said = Markup(' data-label="{}"').format(self.label) if self.kind != "action" else Markup("")
        return said + (Markup(' class="cell-{}"').format(self.kind) if self.kind else Markup(""))


class Cells:
    """Of one row; called once for each of its cells, in the order of the columns: ``<td{{ cell() }}>``."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns = iter(columns)

    def __call__(self) -> Markup:
        return next(self._columns).attributes


def columns(given: Iterable[Any], say: Callable[[Any], str]) -> list[Column]:
    """From labels, or pairs of label and kind."""
    return [Column(say(one[0]), one[1]) if isinstance(one, tuple | list) else Column(say(one)) for one in given]

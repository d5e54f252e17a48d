"""Describes how much of a page one plugin may take: what goes beyond is cut, and that it was is said."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from guyub.sdk.panels import AttentionItem, Card, HealthCheck, Line, Panel
from guyub.sdk.text import Text

MOST_ITEMS = 20
"""Cards, panels, items or checks of one plugin on one page."""
MOST_LINES = 30
"""Lines of one card or panel."""
LONGEST = 500
"""Letters of one title, figure, label or value."""


def shortened(items: Sequence[Any], title: Text) -> Iterator[Any]:
    """Returns the items, shortened, of one plugin, which is called ``title``, and of one kind."""
    for item in items[:MOST_ITEMS]:
        yield _one(item)
    if len(items) > MOST_ITEMS:
        yield _note(items[0], title, len(items) - MOST_ITEMS)


def _one(item: Any) -> Any:
    if isinstance(item, Card):
        return replace(item, title=_cut(item.title), figure=_cut(item.figure), lines=_lines(item.lines))
    if isinstance(item, Panel):
        return replace(item, title=_cut(item.title), lines=_lines(item.lines))
    if isinstance(item, AttentionItem):
        return replace(item, text=_cut(item.text))
    if isinstance(item, HealthCheck):
        return replace(item, what=_cut(item.what), remedy=item.remedy and _cut(item.remedy))
    return item


def _note(like: Any, title: Text, left: int) -> Any:
    notice = _MORE.format(title=title, left=left)
    if isinstance(like, Card):
        return Card(title, lines=(Line(_CUT, notice),))
    if isinstance(like, Panel):
        return Panel(title, (Line(_CUT, notice),))
    if isinstance(like, HealthCheck):
        return HealthCheck(notice, True)
    return AttentionItem(notice)


def _lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    kept = tuple(Line(_cut(line.label), _cut(line.value)) for line in lines[:MOST_LINES])
    if len(lines) <= MOST_LINES:
        return kept
    return (*kept, Line(_CUT, _MORE_LINES.format(left=len(lines) - MOST_LINES)))


def _cut(words: Any) -> Any:
    if isinstance(words, Text):
        return Text(id=_cut(words.id), en=_cut(words.en)) if max(len(words.id), len(words.en)) > LONGEST else words
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


_CUT = Text(id="Dipotong", en="Cut off")
_MORE = Text(
    id="{title}: {left} lagi tidak ditampilkan; plugin ini mengirim terlalu banyak untuk satu halaman.",
    en="{title}: {left} more are not shown; this plugin sent too much for one page.",
    en_one="{title}: {left} more is not shown; this plugin sent too much for one page.",
)
_MORE_LINES = Text(
    id="{left} baris lagi tidak ditampilkan.",
    en="{left} more lines are not shown.",
    en_one="{left} more line is not shown.",
)

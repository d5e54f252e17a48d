"""Small pictures of a few figures, drawn on the server: no script, no style, and the figures beside them as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import shorten, wrap

from markupsafe import Markup, escape

_BAR = Markup(
    '<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect width="{}" height="4"/></svg>'
)
_LINE = Markup(
    '<svg class="sparkline" viewBox="0 0 {width} 24" role="img" aria-label="{label}" focusable="false">'
    '<polyline points="{points}"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
)
_STEP = 12
_COLUMNS = Markup(
    '<svg class="w-100 text-primary" viewBox="0 0 {width} 48" height="120" preserveAspectRatio="none" role="img" '
    'aria-label="{label}" focusable="false">{columns}<path d="M0 47.5h{width}" stroke="currentColor"/></svg>'
)
_COLUMN = Markup('<rect x="{x}" y="{y}" width="8" height="{height}" fill="currentColor"><title>{label}</title></rect>')


def bars(values: Sequence[int]) -> list[Markup]:
    """Returns one bar for each value, the longest for the greatest; values below zero count as none."""
    most = max([*values, 0])
    return [_BAR.format(round(100 * max(value, 0) / most, 1) if most else 0) for value in values]


def sparkline(values: Sequence[int], label: str) -> Markup:
    """Returns the course of ``values`` from left to right; ``label`` says the same in words. Nothing for fewer than two."""
    if len(values) < 2:
        return Markup("")
    low, span = min(values), max(values) - min(values) or 1
    points = [(2 + _STEP * at, round(21 - 18 * (value - low) / span, 1)) for at, value in enumerate(values)]
    return _LINE.format(
        width=points[-1][0] + 2,
        label=label,
        points=" ".join(f"{x},{y}" for x, y in points),
        x=points[-1][0],
        y=points[-1][1],
    )


def columns(values: Sequence[tuple[int, str]], label: str) -> Markup:
    """Returns one column for each (value, label) from left to right; a table beside it says the same to those who
    cannot see it."""
    most = max([value for value, _ in values] + [0]) or 1
    drawn = Markup("").join(
        _COLUMN.format(x=10 * at + 1, y=round(47 - height, 1), height=round(height, 1), label=label)
        for at, (value, label) in enumerate(values)
        for height in (46 * max(value, 0) / most,)
    )
    return _COLUMNS.format(width=max(10 * len(values), 10), label=label, columns=drawn)


# --- tiles -------------------------------------------------------------------------------------------------------

_LETTERS = 17
"""How many letters stand in one line of a tile."""
_MARKS = {
    "empty": "M4 8h8",
    "none_due": "M4 6h8M4 10h8",
    "open": "M8 2a6 6 0 1 0 .01 0z",
    "half": "M8 2a6 6 0 1 0 .01 0zM8 2v12",
    "dot": "M8 2a6 6 0 1 0 .01 0zM8 7a1 1 0 1 0 .01 0z",
    "arrow": "M2 8h11M9 4l4 4-4 4",
    "check": "M2 9l4 4L14 3",
    "warning": "M8 2l7 12H1zM8 6v4M8 12v.5",
    "cross": "M3 3l10 10M13 3L3 13",
}
"""A symbol for each state: what colour says is said by shape and word as well."""
_TONES = {
    "neutral": "text-secondary",
    "primary": "text-primary",
    "success": "text-green",
    "warning": "text-yellow",
    "danger": "text-red",
    "info": "text-azure",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on a map of tiles. ``mark`` is a key of ``_MARKS``, ``kind`` that of a badge; ``label`` is all of it in words."""

    name: str
    state: str
    mark: str
    kind: str
    url: str
    label: str


def tile_map(tiles: Sequence[Tile], label: str) -> Markup:
    """Tiles in the order given, row by row: six to a row where there is room, two on a phone; each leads to its place."""
    drawn = "".join(map(_tile, tiles))
    across = "row row-cols-2 row-cols-sm-3 row-cols-lg-4 row-cols-xl-6 g-2"
    # What comes from elsewhere is escaped where it is put in.
    return Markup(f'<ul class="list-unstyled mb-0 {across}" aria-label="{escape(label)}">{drawn}</ul>')  # noqa: S704 - see above


def _tile(tile: Tile) -> str:
    """Escapes what is not written here: a format of markup would escape each part anew, for every tile."""
    return (
        f'<li class="col"><a href="{escape(tile.url)}"><svg class="w-100 d-block" viewBox="0 0 150 76" role="img">'
        f'<title>{escape(tile.label)}</title><g class="{_TONES[tile.kind]}">'
        '<rect x="1" y="1" width="148" height="74" rx="8" fill="currentColor" fill-opacity=".08" stroke="currentColor"/>'
        f'<path transform="translate(9 50)" d="{_MARKS[tile.mark]}" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"/></g><g class="text-body" fill="currentColor" font-size="12">'
        f'{_lines(tile.name)}<text x="31" y="62">{escape(_cut(tile.state, _LETTERS))}</text></g></svg></a></li>'
    )


@lru_cache(maxsize=2048)
def _lines(name: str) -> str:
    parts = wrap(name, _LETTERS) or [""]
    shown = [*parts[:2], *([_cut(" ".join(parts[2:]), _LETTERS)] if len(parts) > 2 else [])]
    first, step = (20, 17) if len(shown) < 3 else (17, 14)
    return "".join(
        f'<text x="9" y="{first + step * at}" font-weight="600">{escape(words)}</text>'
        for at, words in enumerate(shown)
    )


def _cut(words: str, letters: int) -> str:
    if len(words) <= letters:
        return words
    return shorten(words, letters, placeholder="…") if " " in words else words[: letters - 1] + "…"

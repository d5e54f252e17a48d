"""Small pictures of a few figures, drawn on the server: no script, no style, and the figures beside them as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

from markupsafe import Markup

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
_COLUMN = Markup('<rect x="{x}" y="{y}" width="8" height="{height}" fill="currentColor"><title>{said}</title></rect>')


def bars(values: Sequence[int]) -> list[Markup]:
    """One bar for each value, the longest for the greatest; values below zero count as none."""
    most = max([*values, 0])
    return [_BAR.format(round(100 * max(value, 0) / most, 1) if most else 0) for value in values]


def sparkline(values: Sequence[int], label: str) -> Markup:
    """The course of ``values`` from left to right; ``label`` says the same in words. Nothing for fewer than two."""
    if len(values) < 2:
        return Markup("")
    low, span = min(values), max(values) - min(values) or 1
    points = [(2 + _STEP * at, round(21 - 18 * (value - low) / span, 1)) for at, value in enumerate(values)]
    return _LINE.format(
        width=points[-1][0] + 2, label=label, points=" ".join(f"{x},{y}" for x, y in points), x=points[-1][0],
        y=points[-1][1],
    )  # fmt: skip


def columns(values: Sequence[tuple[int, str]], label: str) -> Markup:
    """One column for each (value, said) from left to right; a table beside it says the same to who cannot see it."""
    most = max([value for value, _ in values] + [0]) or 1
    drawn = Markup("").join(
        _COLUMN.format(x=10 * at + 1, y=round(47 - height, 1), height=round(height, 1), said=said)
        for at, (value, said) in enumerate(values)
        for height in (46 * max(value, 0) / most,)
    )
    return _COLUMNS.format(width=max(10 * len(values), 10), label=label, columns=drawn)


# --- tiles -------------------------------------------------------------------------------------------------------

_WIDE, _HIGH, _GAP = 180, 76, 8
_LETTERS = 21
"""How many letters of a name stand beside the symbol in one line of a tile."""
_MARKS = {
    "empty": "M4 8h8",
    "open": "M8 2a6 6 0 1 0 .01 0z",
    "half": "M8 2a6 6 0 1 0 .01 0zM8 2v12",
    "dot": "M8 2a6 6 0 1 0 .01 0zM8 7a1 1 0 1 0 .01 0z",
    "arrow": "M2 8h11M9 4l4 4-4 4",
    "check": "M2 9l4 4L14 3",
    "warning": "M8 2l7 12H1zM8 6v4M8 12v.5",
    "cross": "M3 3l10 10M13 3L3 13",
}
"""A symbol for each state: what colour says is said by shape and word as well."""
_MAP = Markup(
    '<svg class="w-100 {when}" viewBox="0 0 {width} {height}" role="group" aria-label="{label}">{tiles}</svg>'
)
_TILE = Markup(
    '<a href="{url}"><title>{said}</title><g transform="translate({x} {y})">'
    '<g class="{tone}"><rect x="1" y="1" width="178" height="74" rx="8" fill="currentColor" fill-opacity=".08" '
    'stroke="currentColor"/><path transform="translate(10 49)" d="{mark}" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></g>'
    '<g class="text-body" fill="currentColor" font-size="12">{lines}<text x="34" y="62">{state}</text></g></g></a>'
)
_NAME = Markup('<text x="10" y="{y}" font-weight="600">{words}</text>')
_TONES = {
    "neutral": "text-secondary", "primary": "text-primary", "success": "text-green", "warning": "text-yellow",
    "danger": "text-red", "info": "text-azure",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on a map of tiles. ``mark`` is a key of ``_MARKS``, ``kind`` that of a badge; ``said`` is all of it in words."""

    name: str
    state: str
    mark: str
    kind: str
    url: str
    said: str


def tile_map(tiles: Sequence[Tile], label: str) -> Markup:
    """Tiles in the order given, row by row: five to a row where there is room, two on a phone; each leads to its place."""
    return _tiles(tiles, label, 5, "d-none d-md-block") + _tiles(tiles, label, 2, "d-md-none")


def _tiles(tiles: Sequence[Tile], label: str, across: int, when: str) -> Markup:
    drawn = Markup("").join(
        _TILE.format(
            url=one.url, said=one.said, x=at % across * (_WIDE + _GAP), y=at // across * (_HIGH + _GAP),
            tone=_TONES[one.kind], mark=_MARKS[one.mark], lines=_lines(one.name), state=_cut(one.state, _LETTERS - 3),
        )
        for at, one in enumerate(tiles)
    )  # fmt: skip
    rows = -(-len(tiles) // across)
    return _MAP.format(
        when=when, width=across * (_WIDE + _GAP) - _GAP, height=max(rows * (_HIGH + _GAP) - _GAP, 1), label=label,
        tiles=drawn,
    )  # fmt: skip


def _lines(name: str) -> Markup:
    parts = wrap(name, _LETTERS) or [""]
    shown = [*parts[:2], *([_cut(" ".join(parts[2:]), _LETTERS)] if len(parts) > 2 else [])]
    first, step = (20, 17) if len(shown) < 3 else (17, 14)
    return Markup("").join(_NAME.format(y=first + step * at, words=words) for at, words in enumerate(shown))


def _cut(words: str, letters: int) -> str:
    if len(words) <= letters:
        return words
    return shorten(words, letters, placeholder="…") if " " in words else words[: letters - 1] + "…"

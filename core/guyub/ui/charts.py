"""Small pictures of a few figures, drawn on the server: no script, no style, and the figures beside them as text."""

from collections.abc import Sequence

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

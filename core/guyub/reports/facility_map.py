"""The map of tiles: one for each facility of a region, or each region of the nation, with its state in shape, word and colour."""

from collections.abc import Mapping, Sequence

from guyub.reports.lateness import SHOWN, CycleStateShown
from guyub.reports.nation import RegionRow
from guyub.reports.region import FacilityRow
from guyub.sdk.money import group
from guyub.sdk.text import Text
from guyub.ui.charts import Tile

MARKS: Mapping[str, tuple[str, str]] = {
    "late": ("warning", "warning"),
    "not_opened": ("open", "neutral"),
    "planned": ("dot", "neutral"),
    "proposed": ("half", "info"),
    "approved": ("half", "primary"),
    "distributing": ("arrow", "primary"),
    "closed": ("check", "success"),
    "cancelled": ("cross", "neutral"),
    "not_due": ("none_due", "neutral"),
    "no_program": ("empty", "neutral"),
}
"""State -> symbol and kind, the state that most needs somebody first: of several programmes that one is drawn."""


def of_facilities(rows: Sequence[FacilityRow], lang: str) -> list[Tile]:
    return [_facility(row, lang) for row in rows]


def _facility(row: FacilityRow, lang: str) -> Tile:
    states: list[CycleStateShown] = ["late", *row.states] if row.late > row.states.count("late") else row.states
    state = min(states, key=list(MARKS).index)
    more = f" (+{len(states) - 1})" if len(states) > 1 and "late" not in states[:1] else ""
    shown = SHOWN[state].in_(lang) + more
    others = [SHOWN[item].in_(lang) for item in dict.fromkeys(states) if item != state]
    mark, kind = MARKS[state]
    # Where every name has it, "Kelas" tells no two of them apart.
    name = row.place.name.replace(" Kelas ", " ")
    return Tile(name, shown, mark, kind, f"/f/{row.place.code}/", f"{name}: {', '.join([shown, *others])}")


_CLOSED = Text(id="{closed} dari {months} selesai", en="{closed} of {months} closed")
_LATE = Text(id="{late} terlambat", en="{late} late")
_NONE = Text(id="Tanpa program", en="No programme")


def of_regions(rows: Sequence[RegionRow], month: str, lang: str) -> list[Tile]:
    """Returns the map of facilities; ``month`` like "2024-11" is where the tiles lead."""
    return [_region(row, month, lang) for row in rows]


def _region(row: RegionRow, month: str, lang: str) -> Tile:
    closed = _CLOSED.format(closed=group(row.closed), months=group(row.months))
    parts = [closed if row.months else _NONE, *([_LATE.format(late=group(row.late))] if row.late else [])]
    labels = [part.in_(lang) for part in reversed(parts)]
    if row.late:
        mark, kind = MARKS["late"]
    elif not row.months:
        mark, kind = MARKS["no_program"]
    else:
        mark, kind = MARKS["closed" if row.closed == row.months else "distributing" if row.received else "planned"]
    return Tile(
        row.name, labels[0], mark, kind, f"/region/{row.code}/?month={month}", f"{row.name}: {', '.join(labels)}"
    )

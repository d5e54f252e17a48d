"""Holds what a cycle was opened with, as its readers need it: they open with any row of the books, also a damaged one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class SettledCriterion:
    """A part of the score, with the most points that it gives."""

    key: str
    label: Text
    weight: int


def title_of(plugin: str, kept: object) -> Text:
    """Returns the title that a cycle was opened with; without one, the plugin's slug."""
    return _pair(kept, plugin)


def cycle_title(plugin: str, settings: object) -> Text:
    return title_of(plugin, _mapping(settings).get("title"))


def gives_money(settings: object) -> bool:
    return _mapping(settings).get("benefit") == "money"


def criteria_of(settings: object) -> list[SettledCriterion]:
    return [
        SettledCriterion(str(criterion["key"]), _pair(criterion.get("label"), str(criterion["key"])), _whole(criterion))
        for criterion in map(_mapping, _sequence(_mapping(settings).get("criteria")))
        if criterion.get("key")
    ]


def most_points(settings: object) -> int:
    """Returns the score of a household that meets every criterion in full."""
    return sum(criterion.weight for criterion in criteria_of(settings))


def points_of(reasons: object, criterion: str) -> Decimal:
    """Returns the points of one criterion in the kept reasons of a score; none where no number is kept."""
    points = _mapping(reasons).get(criterion)
    return Decimal(str(points)) if isinstance(points, int | float) else Decimal(0)


def reason_of(settings: object, rule: str) -> Text:
    """Returns why the rule of that key leaves a household out; a reason that staff wrote is returned as it is."""
    for kept in map(_mapping, _sequence(_mapping(settings).get("rules"))):
        if kept.get("key") == rule:
            return _pair(kept.get("otherwise"), rule)
    return Text.same(rule)


def _whole(criterion: Mapping[str, Any]) -> int:
    weight = criterion.get("weight")
    return weight if isinstance(weight, int) else 0


def _pair(kept: object, instead: str) -> Text:
    words = _mapping(kept)
    indonesian, english = words.get("id"), words.get("en")
    if isinstance(indonesian, str) and isinstance(english, str):
        return Text(id=indonesian, en=english)
    return Text.same(instead)


def _mapping(kept: object) -> Mapping[str, Any]:
    return kept if isinstance(kept, Mapping) else {}


def _sequence(kept: object) -> Sequence[Any]:
    return kept if isinstance(kept, list) else []

"""A plan to be read: what is the same at many facilities is one line with their number."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guyub.provisioning.consequences import Consequence
from guyub.provisioning.effects import Effective
from guyub.provisioning.plans import Change
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Group:
    """Changes that differ in nothing but the facility. ``facilities`` are codes; none for the nation or a region.

    ``follow`` are the facilities where the value in effect changes, ``keep`` those that keep their own. New records of one
    kind are together as well, though each is one of its own: then ``change`` is the first of them.
    """

    change: Change
    facilities: tuple[str, ...]
    follow: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def are_new_records(self) -> bool:
        """Whether there is more than one, so that the first speaks for itself only."""
        return _is_record(self.change) and len(self.facilities) > 1

    def as_json(self) -> dict[str, Any]:
        plain = self.change.as_json()
        del plain["facility"]
        if self.are_new_records:
            plain["new"] = None  # as many as there are facilities: they stand among the changes
        return plain | {
            "count": len(self.facilities),
            "facilities": list(self.facilities),
            "follow": list(self.follow),
            "keep": list(self.keep),
        }


@dataclass(frozen=True, slots=True)
class Becomes:
    """Facilities at which one value in effect becomes another in the same way."""

    effect: Effective
    facilities: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        plain = self.effect.as_json()
        del plain["facility"], plain["region"]
        return plain | {"count": len(self.facilities), "facilities": list(self.facilities)}


@dataclass(frozen=True, slots=True)
class Told:
    """Consequences of one kind; ``amount`` is their sum in rupiah."""

    first: Consequence
    facilities: tuple[str, ...]
    amount: int


def groups(changes: Sequence[Change], effects: Sequence[Effective]) -> list[Group]:
    """In the order of the changes."""
    found: dict[str, tuple[Change, list[str]]] = {}
    for change in changes:
        one = change.as_json()
        if _is_record(change):
            one["new"] = None if change.facility else one["region"]
        del one["facility"]
        known = found.setdefault(json.dumps(one, sort_keys=True), (change, []))
        if change.facility:
            known[1].append(change.facility)
    return [
        Group(change, tuple(codes), *(_below(change, effects) if not codes else ((), ())))
        for change, codes in found.values()
    ]


def _is_record(change: Change) -> bool:
    return isinstance(change.new, dict) and not change.what.startswith("config.")


def _below(change: Change, effects: Sequence[Effective]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of a value of the nation or of a region: who follows, and who keeps another."""
    slug, _, name = change.what.removeprefix("config.").removesuffix(".locked").partition(".")
    mine = [
        one
        for one in effects
        if (one.plugin, one.field, one.on) == (slug, name, change.valid_from)
        and (not change.region or one.region == change.region)
        and one.active
    ]
    follow = sorted({one.facility for one in mine if one.kind in ("changes", "loses_its_own")})
    keep = sorted({one.facility for one in mine if one.kind == "keeps_its_own"})
    return tuple(follow), tuple(keep)


def becoming(effects: Sequence[Effective]) -> list[Becomes]:
    """What changes in effect where the plugin runs."""
    found: dict[str, tuple[Effective, list[str]]] = {}
    for effect in effects:
        if effect.active and effect.kind in ("changes", "loses_its_own"):
            one = effect.as_json()
            del one["facility"], one["region"]
            # The origin of a facility's own value names the facility.
            for origin in ("old_origin", "new_origin"):
                if one[origin]["layer"] == "facility":
                    one[origin]["place"] = ""
            found.setdefault(json.dumps(one, sort_keys=True), (effect, []))[1].append(effect.facility)
    return [Becomes(effect, tuple(codes)) for effect, codes in found.values()]


def told(consequences: Sequence[Consequence]) -> list[Told]:
    found: dict[tuple[str, str, str], list[Consequence]] = {}
    for one in consequences:
        reference = "" if one.kind == "fund" else one.reference
        found.setdefault((one.kind, one.plugin, reference), []).append(one)
    return [
        Told(some[0], tuple(dict.fromkeys(one.facility for one in some)), sum(one.amount for one in some))
        for some in found.values()
    ]


def listed(codes: Sequence[str], most: int) -> Text:
    """Names up to some, and how many more."""
    shown = ", ".join(codes[:most])
    more = len(codes) - most
    if more <= 0:
        return Text(id=shown, en=shown)
    return Text(id=f"{shown} dan {more} lainnya", en=f"{shown} and {more} more")
